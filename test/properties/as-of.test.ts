// Two clocks: what was answered once can be answered again, whatever facts came later.

import { getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { type AnswerText, heardFrom } from "./answers.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds } from "./stored.ts";
import { go, merge, options, someCase, stateRates, unmerge } from "./taking.ts";

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
        fc.asyncProperty(someCase, async ({ questions: asked, company, delivery }) => {
          const questions = asked.slice(0, 2);
          const place = await world(db, options);
          await stateRates(place, company);
          const answersAsOf = async (version: bigint) => {
            const accountIds = await place.read(storedAccountIds);
            const answers: AnswerText[] = [];
            for (const question of questions) answers.push(await heardFrom(place, question, accountIds, version));
            return answers;
          };
          const given = new Map<bigint, AnswerText[]>();
          const answerNow = async () => {
            const { version } = await place.read(getLedgerVersion);
            given.set(version, await answersAsOf(version));
          };
          for (const step of delivery.steps) {
            await go(db, place, step);
            await answerNow();
          }
          await merge(place, company);
          await answerNow();
          for (const { from } of [...company.merges].reverse()) await unmerge(place, from);
          for (const [version, answers] of given)
            expect(await answersAsOf(version), `as of ${version}`).toEqual(answers);
        }),
        runs(6, 2),
      );
    },
    timeoutMs,
  );
});
