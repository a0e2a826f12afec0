// The product's metrics against the naive model: random companies, told by real imports and mutations, and random questions about each.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { expected, heardFrom } from "./answers.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds } from "./stored.ts";
import { placeOf, settingsOf, someCase } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

describe("the metrics of random companies", () => {
  it(
    "equal the model's to the last minor unit under every policy, row by row and column by column, with nothing left over",
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ company, delivery, questions }) => {
          const place = await placeOf(db, { company, delivery });
          const accountIds = await place.read(storedAccountIds);
          for (const question of questions) {
            const heard = await heardFrom(place, question, accountIds);
            expect(heard, JSON.stringify(question)).toEqual(expected(company, settingsOf(company), question));
          }
        }),
        runs(50),
      );
    },
    timeoutMs,
  );
});
