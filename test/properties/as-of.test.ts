// Two clocks: what was answered once can be answered again, whatever facts came later.

import { getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { type AnswerText, heardFrom } from "./answers.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds } from "./stored.ts";
import { go, options, someCase, stateRates } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

describe("facts that arrive later", () => {
  it(
    "leave every answer that was once given to be had again, as of the ledger version at which it was given",
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ questions, company, delivery }) => {
          const place = await world(db, options);
          await stateRates(place, company);
          const given: { readonly version: bigint; readonly answers: AnswerText[] }[] = [];
          for (const step of delivery.steps) {
            await go(db, place, step);
            const { version } = await place.read(getLedgerVersion);
            const accountIds = await place.read(storedAccountIds);
            const answers: AnswerText[] = [];
            for (const question of questions) answers.push(await heardFrom(place, question, accountIds));
            given.push({ version, answers });
          }
          const accountIds = await place.read(storedAccountIds);
          for (const { version, answers } of given) {
            const again: AnswerText[] = [];
            for (const question of questions) again.push(await heardFrom(place, question, accountIds, version));
            expect(again, `as of ${version}`).toEqual(answers);
          }
        }),
        runs(15),
      );
    },
    timeoutMs,
  );
});
