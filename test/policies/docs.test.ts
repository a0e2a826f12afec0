// docs/policies.md and docs/workspaces.md show every key, value, preset and choice as the code has them, and their examples are taken.

import { policyKeys, presetNames, settableKeys } from "@accrete/db/policies/policy.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textOf } from "../house/tree.ts";
import { answerOf } from "../schema/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { change } from "../workspaces/writing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const policies = textOf("docs/policies.md");
const examplesOf = (page: string) => [...page.matchAll(/^```graphql\n([\s\S]*?)\n```$/gm)].map(([, text = ""]) => text);

test("every key is told with its values, the built-in one first, and every preset with its page", () => {
  const rows = [...policies.matchAll(/^\| `(\w+)` \| ([^|]+) \| \S.* \|$/gm)].map(([, key = "", cell = ""]) => [
    key,
    cell.split(", ").map((value) => value.replaceAll("`", "")),
  ]);
  const values = (key: string) =>
    key === "reactivationWindowDays" ? ["none (null)", "0 to 36500"] : [...policyKeys[key as keyof typeof policyKeys]];
  expect(rows).toEqual(settableKeys.map((key) => [key, values(key)]));
  const presets = [...policies.matchAll(/^\| \[`(\w+)`\]\(presets\//gm)].map(([, name]) => name);
  expect(presets).toEqual(presetNames);
});

test("the examples are taken as they stand", async () => {
  const books = await world(db);
  for (const source of [...examplesOf(policies), ...examplesOf(textOf("docs/workspaces.md"))]) {
    const answer = source.startsWith("mutation") ? await change(books, source) : await answerOf(books, source);
    expect(answer).not.toEqual({});
  }
});
