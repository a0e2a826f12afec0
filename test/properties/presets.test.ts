// A preset is a name for its keys and nothing besides.

import { presetNames } from "@accrete/db/policies/policy.ts";
import { presets } from "@accrete/db/policies/presets.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { expected, heardUnder, noRate } from "./answers.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds } from "./stored.ts";
import { placeOf, settingsOf, someCase } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

describe("every preset", () => {
  it(
    "answers what its keys answer, set one by one, and what the model answers under them; a key said besides goes before the preset's",
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ company, delivery, questions }) => {
          const place = await placeOf(db, { company, delivery });
          const accountIds = await place.read(storedAccountIds);
          const [question] = questions;
          if (!question) return;
          for (const preset of presetNames) {
            const asked = { ...question, policy: presets[preset] };
            const model = expected(company, settingsOf(company), asked);
            // The exact refusal for want of a rate is another property's; another netting may want other rates.
            if (model[0]?.startsWith(noRate)) continue;
            const byName = await heardUnder(place, asked, accountIds, { preset });
            expect(byName.preset).toBe(preset);
            expect(byName).toEqual(await heardUnder(place, asked, accountIds, presets[preset]));
            expect(byName.answer).toEqual(model);
            const besides = { ...asked, policy: { ...presets[preset], netting: "DAY" as const } };
            const modelBesides = expected(company, settingsOf(company), besides);
            if (modelBesides[0]?.startsWith(noRate)) continue;
            const changed = await heardUnder(place, besides, accountIds, { preset, netting: "DAY" });
            expect(changed.preset).toBeNull();
            expect(changed.answer).toEqual(modelBesides);
          }
        }),
        runs(5),
      );
    },
    timeoutMs,
  );
});
