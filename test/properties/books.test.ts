// The whole way through Postgres: random facts in files that arrive by detours, the ledger that comes of them, and questions about it.

import { hashState } from "@accrete/db/movements/hash.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booksOf } from "../model/companies.ts";
import { byText } from "../model/facts.ts";
import { sumOf } from "../model/fraction.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { expected, heardFrom } from "./answers.ts";
import { asText } from "./product.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds, storedLedger, sumOfAllRows } from "./stored.ts";
import { settings, someCase, take } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const sorted = (texts: readonly string[]) => [...texts].sort(byText);

describe("facts that arrive in any order, in several files, with mistakes that are corrected later", () => {
  it(
    "lead to the model's ledger and answers of the final facts, and to the state that these alone lead to; told again they change nothing",
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ questions, company, delivery }) => {
          const books = booksOf(company, settings);
          const place = await world(db, settings);
          for (const file of delivery.files) await take(db, place, file);
          const stored = await place.read(storedLedger);
          expect(sorted(asText(stored))).toEqual(sorted(asText(books)));

          const all = await place.read(sumOfAllRows);
          for (const accountId of new Set(books.movements.map((movement) => movement.accountId))) {
            const own = books.movements.filter((movement) => movement.accountId === accountId);
            expect(all.get(accountId)).toBe(sumOf(own.map(({ amount }) => amount)));
          }

          const accountIds = await place.read(storedAccountIds);
          for (const question of questions) {
            expect(await heardFrom(place, question, accountIds)).toEqual(expected(books, question));
          }

          const state = await place.read(hashState);
          for (const file of delivery.final) {
            const again = await take(db, place, file);
            expect([again.outcome, again.rowsChanged, again.movementsAppended]).toEqual(["UNCHANGED", 0, 0]);
          }
          expect(await place.read(hashState)).toBe(state);

          const elsewhere = await world(db, settings);
          for (const file of delivery.final) await take(db, elsewhere, file);
          expect(await elsewhere.read(hashState)).toBe(state);
        }),
        runs(50),
      );
    },
    timeoutMs,
  );
});
