// The whole way through Postgres: random facts in files that arrive by detours, the ledger that comes of them, and questions about it.

import { hashState } from "@accrete/db/movements/hash.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booksOf } from "../model/books.ts";
import { byText, type ModelMovement } from "../model/facts.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { expected, heardFrom } from "./answers.ts";
import { asText } from "./product.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds, storedLedger, sumOfAllRows } from "./stored.ts";
import { go, merge, options, placeOf, settingsOf, someJourney, stateRates, take, unmerge } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const sorted = (texts: readonly string[]) => [...texts].sort(byText);

/** What stands, by account and currency. */
function sumsOf(movements: readonly ModelMovement[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { accountId, currency, amount } of movements) {
    const label = `${accountId} ${currency}`;
    sums.set(label, (sums.get(label) ?? 0n) + amount);
  }
  return sums;
}

describe("facts that arrive in any order, in several files, with mistakes that are corrected later", () => {
  it(
    "lead to the model's ledger and answers of the final facts, and to the state that these alone lead to; told again they change nothing, and merges undone leave no trace",
    async () => {
      await fc.assert(
        fc.asyncProperty(someJourney, async ({ questions, company, delivery, goesTwice }) => {
          const settings = settingsOf(company);
          const place = await world(db, options);
          for (const step of delivery.steps) await go(db, place, step);
          await stateRates(place, company);
          const apart = await place.read(hashState);

          await merge(place, company);
          const books = booksOf(company, settings);
          expect(sorted(asText(await place.read(storedLedger)))).toEqual(sorted(asText(books)));
          const all = await place.read(sumOfAllRows);
          for (const [label, sum] of sumsOf(books.movements)) expect(all.get(label), label).toBe(sum);

          const accountIds = await place.read(storedAccountIds);
          for (const question of questions) {
            const heard = await heardFrom(place, question, accountIds);
            expect(heard, JSON.stringify(question)).toEqual(expected(company, settings, question));
          }

          if (!goesTwice) return;
          const together = await place.read(hashState);
          for (const { from } of [...company.merges].reverse()) await unmerge(place, from);
          expect(await place.read(hashState)).toBe(apart);
          for (const file of delivery.final) {
            const again = await take(db, place, file);
            expect([again.outcome, again.rowsChanged, again.movementsAppended]).toEqual(["UNCHANGED", 0, 0]);
          }
          expect(await place.read(hashState)).toBe(apart);

          const elsewhere = await placeOf(db, { company, delivery });
          expect(await elsewhere.read(hashState)).toBe(together);
        }),
        runs(50, 1),
      );
    },
    timeoutMs,
  );
});
