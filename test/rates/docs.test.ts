// docs/rates.md keeps its word: its refusals are the code's, its conversions come out as it says, and its example is asked.

import { parseMoney } from "@accrete/db/kernel/money.ts";
import { parseDecimal } from "@accrete/db/kernel/rational.ts";
import { convertMinor } from "@accrete/db/rates/convert.ts";
import { rateFaults, rateListFaults } from "@accrete/db/rates/faults.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textOf } from "../house/tree.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { change } from "../workspaces/writing.ts";

const page = textOf("docs/rates.md");

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test("its refusals are those that a list can have", () => {
  const told = [...page.matchAll(/^\| `([A-Z_]+)` \| \S.* \| \S.* \|$/gm)].map(([, code]) => code);
  const fileOnly = ["RATE_SET_OF_OTHER_KIND"];
  const codes = Object.keys({ ...rateFaults, ...rateListFaults }).filter((code) => !fileOnly.includes(code));
  expect(told.filter((code) => code !== "CONSTANT" && code !== "DATED")).toEqual(codes);
});

test("its conversions come out as it says", () => {
  const rows = [...page.matchAll(/^\| ([\d,.]+) ([A-Z]{3}) \| ([\d.]+) \| ([\d,.]+) ([A-Z]{3}) \|/gm)];
  expect(rows).toHaveLength(6);
  for (const [row, amount = "", from = "", rate = "", result = "", to = ""] of rows) {
    const minor = (text: string, currency: string) => parseMoney(text.replaceAll(",", ""), currency) ?? -1n;
    const exact = parseDecimal(rate) ?? { num: 0n, den: 1n };
    expect(convertMinor(minor(amount, from), exact, { from, to }), row).toBe(minor(result, to));
  }
});

test("its example is answered as it says", async () => {
  const [, source = ""] = /^```graphql\n([\s\S]*?)\n```$/m.exec(page) ?? [];
  const [, answer = ""] = /^```json\n([\s\S]*?)\n```$/m.exec(page) ?? [];
  expect({ data: await change(await world(db), source) }).toEqual(JSON.parse(answer));
});
