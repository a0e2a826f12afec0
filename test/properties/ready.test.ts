// Ready-made movements against the model: what is possible is booked, whatever the order of the files, and what is not is refused.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dayOf } from "../model/calendar.ts";
import { byText, type ReadyMovement } from "../model/facts.ts";
import { afterFile } from "../model/ready.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { accountRow, fileOf, movementRow } from "./files.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedLedger } from "./stored.ts";
import { send } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const days = ["2024-01-01", "2024-01-02", "2024-02-01", "2024-03-01"].map(dayOf);

/** A few rows in which sense is likely, and nonsense not rare: ids, days and amounts meet again and again. */
const someMovement: fc.Arbitrary<ReadyMovement> = fc
  .record({
    id: fc.nat({ max: 40 }),
    accountId: fc.constantFrom("a", "a", "a", "b"),
    on: fc.constantFrom(...days),
    shape: fc.constantFrom("NEW", "NEW", "NEW", "REACTIVATION", "EXPANSION", "CONTRACTION", "CHURN", "CHURN"),
    size: fc.constantFrom(100n, 100n, 50n, 30n),
    sign: fc.constantFrom("fits", "fits", "fits", "fits", "fits", "fits", "fits", "fits", "contradicts"),
    driver: fc.constantFrom("fits", "fits", "fits", "fits", "fits", "fits", "fits", "fits", "contradicts"),
  } as const)
  .map(({ id, accountId, on, shape, size, sign, driver }) => {
    const rises = shape === "NEW" || shape === "REACTIVATION" || shape === "EXPANSION";
    const needsDriver = shape === "EXPANSION" || shape === "CONTRACTION";
    return {
      movementId: `m${id}`,
      accountId,
      on,
      type: shape,
      driver: needsDriver === (driver === "fits") ? "SEAT" : null,
      amount: rises === (sign === "fits") ? size : -size,
      currency: "USD",
      plan: null,
      kind: null,
      isAddOn: false,
      motion: null,
      campaign: null,
      bookedOn: null,
    };
  });

const someFiles = fc.array(fc.array(someMovement, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 });

const account = (accountId: string) =>
  accountRow({
    accountId,
    from: dayOf("1990-01-01"),
    name: accountId,
    parentId: null,
    channel: null,
    region: null,
    industry: null,
    owner: null,
    attributes: {},
  });

describe("ready-made movements", () => {
  it(
    "are booked where every day of their accounts makes sense, and refused as a whole file where one does not",
    async () => {
      const outcomes = { booked: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(someFiles, async (files) => {
          const place = await world(db);
          for (const file of fileOf("accounts", "csv", [account("a"), account("b")])) await send(db, place, file);
          let known: readonly ReadyMovement[] = [];
          for (const rows of files) {
            const next = afterFile(known, rows);
            for (const file of fileOf("movements", "csv", rows.map(movementRow))) {
              const { outcome, faults } = await send(db, place, file);
              expect(outcome === "REFUSED", JSON.stringify(faults)).toBe(next === null);
            }
            known = next ?? known;
            if (next === null) outcomes.refused += 1;
            else outcomes.booked += 1;
          }
          const { movements } = await place.read(storedLedger);
          const words = (one: Pick<ReadyMovement, "accountId" | "on" | "type" | "driver" | "amount">) =>
            `${one.accountId} ${one.on} ${one.type} ${one.driver} ${one.amount}`;
          expect(movements.map(words).sort(byText)).toEqual(known.map(words).sort(byText));
        }),
        runs(30),
      );
      // Neither answer is so rare that the other one would do.
      expect(Math.min(outcomes.booked, outcomes.refused)).toBeGreaterThan((outcomes.booked + outcomes.refused) / 10);
    },
    timeoutMs,
  );
});
