// Bands by the account's whole ARR: lower bounds inclusive, at the opening or at the closing, never touched by a filter on lines.

import * as formulas from "@accrete/db/metrics/formulas.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { booksOf, byGroup, counted, told, wholeQuestion, windowOf } from "./books.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const q4 = windowOf("2025-10", "2026-01");
const segment = ({ group }: { group: { segment: string | null } }) => group.segment;

test("a band holds its lower bound: 100,000.00 is Enterprise and 99,999.99 is not", async () => {
  const books = booksOf(await world(db));
  for (const [name, amount] of Object.entries({ a: 100_000, b: 99_999.99, c: 25_000, d: 24_999.99, e: 0.01 })) {
    await books.account(name);
    await books.move(name, { on: "2025-01-01", what: "NEW", amount });
  }
  const answer = await books.ask({ window: q4, groupBy: ["SEGMENT"] });
  expect(byGroup(answer, segment)).toEqual({
    Enterprise: { opening: 100_000, closing: 100_000 },
    "Mid-Market": { opening: 124_999.99, closing: 124_999.99 },
    SMB: { opening: 25_000, closing: 25_000 },
  });
  expect(Object.keys(byGroup(answer, segment))).toEqual(["Enterprise", "Mid-Market", "SMB"]);
});

test("at the opening: the band of the opening balance, and for those without one of their first evening with ARR", async () => {
  const books = booksOf(await world(db));
  for (const name of ["grower", "newcomer", "blip"]) await books.account(name);
  await books.move("grower", { on: "2025-01-01", what: "NEW", amount: 20_000 });
  await books.move("grower", { on: "2025-11-01", what: "EXPANSION/SEAT", amount: 100_000 });
  // Its first day ends at 30,000: Mid-Market, whatever it grows to and whatever its first movement was.
  await books.move(
    "newcomer",
    { on: "2025-10-10", what: "NEW", amount: 20_000 },
    { on: "2025-10-10", what: "NEW", amount: 10_000 },
  );
  await books.move("newcomer", { on: "2025-10-11", what: "EXPANSION/SEAT", amount: 200_000 });
  await books.move("blip", { on: "2025-10-10", what: "NEW", amount: 150_000 });
  await books.move("blip", { on: "2025-10-20", what: "CHURN", amount: -150_000 });
  for (const policy of [{}, { netting: "MONTH" }] as const) {
    const answer = await books.ask({ window: q4, groupBy: ["SEGMENT"], policy });
    expect(byGroup(answer, segment)).toMatchObject({
      "Mid-Market": { closing: 230_000 },
      SMB: { opening: 20_000, expansion: 100_000, closing: 120_000 },
    });
  }
  const event = await books.ask({ window: q4, groupBy: ["SEGMENT"] });
  expect(byGroup(event, segment)).toMatchObject({
    Enterprise: { new: 150_000, churned: 150_000 },
    "Mid-Market": { new: 30_000, expansion: 200_000 },
  });
  // Each month reads the bands anew.
  const months = await books.ask({ window: q4, grain: "MONTH", groupBy: ["SEGMENT"] });
  expect(months.rows.map((row) => [row.period.label, row.group.segment, told(row).closing])).toEqual([
    ["2025-10", "Enterprise", undefined],
    ["2025-10", "Mid-Market", 230_000],
    ["2025-10", "SMB", 20_000],
    ["2025-11", "Enterprise", 230_000],
    ["2025-11", "SMB", 120_000],
    ["2025-12", "Enterprise", 350_000],
  ]);
});

test("at the closing: the opening balance moves to the closing band, and all flows stand there", async () => {
  const books = booksOf(await world(db));
  for (const name of ["grower", "shrinker", "leaver", "stayer"]) await books.account(name);
  await books.move("grower", { on: "2025-01-01", what: "NEW", amount: 20_000 });
  await books.move("grower", { on: "2025-11-01", what: "EXPANSION/SEAT", amount: 100_000 });
  await books.move("shrinker", { on: "2025-01-01", what: "NEW", amount: 110_000 });
  await books.move("shrinker", { on: "2025-11-01", what: "CONTRACTION/SEAT", amount: -60_000 });
  // Its last evening with ARR is at 24,000.
  await books.move("leaver", { on: "2025-01-01", what: "NEW", amount: 40_000 });
  await books.move("leaver", { on: "2025-10-05", what: "CONTRACTION/PRICE", amount: -16_000 });
  await books.move("leaver", { on: "2025-12-05", what: "CHURN", amount: -24_000 });
  await books.move("stayer", { on: "2025-01-01", what: "NEW", amount: 1_000 });
  const answer = await books.ask({ window: q4, groupBy: ["SEGMENT"], policy: { segmentAt: "CLOSING" } });
  expect(byGroup(answer, segment)).toEqual({
    Enterprise: { opening: 110_000, out: 110_000, in: 20_000, expansion: 100_000, closing: 120_000 },
    "Mid-Market": { opening: 40_000, out: 40_000, in: 110_000, contraction: 60_000, closing: 50_000 },
    SMB: { opening: 21_000, out: 20_000, in: 40_000, contraction: 16_000, churned: 24_000, closing: 1_000 },
  });
  expect(told(answer.total)).toMatchObject({ opening: 171_000, in: 170_000, out: 170_000, closing: 171_000 });
  // Retention, opening accounts and lost ones stay where the cohort stood at the start.
  expect(answer.rows.map((row) => formulas.nrr(row, "NONE"))).toEqual(["0.454545", "0.000000", "5.761905"]);
  expect(answer.rows.map((row) => counted(row).openingAccounts)).toEqual([1, 1, 2]);
  expect(answer.rows.map((row) => counted(row).closingAccounts)).toEqual([1, 1, 1]);
  expect(answer.rows.map((row) => formulas.logoChurnRate(row, "NONE"))).toEqual(["0.000000", "1.000000", "0.000000"]);
  expect(answer.rows.map((row) => counted(row).churnedAccounts)).toEqual([undefined, undefined, 1]);
});

test("the band of an account that left on the first day is that of the balance it came with", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 40_000 });
  await books.move("acme", { on: "2025-10-01", what: "CHURN", amount: -40_000 });
  for (const segmentAt of ["OPENING", "CLOSING"] as const) {
    const answer = await books.ask({ window: q4, groupBy: ["SEGMENT"], policy: { segmentAt } });
    expect(byGroup(answer, segment)).toEqual({ "Mid-Market": { opening: 40_000, churned: 40_000 } });
  }
});

test("a band is of the whole account, though only some of its lines are looked at", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "hub/solo");
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 90_000, product: "app", plan: "basic" });
  await books.move("acme", {
    on: "2025-02-01",
    what: "EXPANSION/CROSS_SELL",
    amount: 10_000,
    product: "hub",
    plan: "solo",
  });
  await books.move("acme", { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 500, product: "hub", plan: "solo" });
  const answer = await books.ask({ window: q4, groupBy: ["SEGMENT"], filter: { product: ["hub"] } });
  expect(byGroup(answer, segment)).toEqual({ Enterprise: { opening: 10_000, expansion: 500, closing: 10_500 } });
  const none = await books.ask({ window: q4, groupBy: ["PRODUCT"], filter: { segment: ["SMB"] } });
  expect(none.rows).toEqual([]);
  const both = await books.ask({ window: q4, filter: { segment: ["SMB", "Enterprise"] } });
  expect(told(both.total)).toEqual({ opening: 100_000, expansion: 500, closing: 100_500 });
});

describe("the total shows what went from band to band in the window as one period, whatever the bands of its months", () => {
  // South's 400 go from north to west, which is Enterprise throughout, on 10 March; north changed its size on 10 February.
  const ofNorth = { "Mid-Market": 30_000, Enterprise: 120_000 };

  async function northOf(before: keyof typeof ofNorth, after: keyof typeof ofNorth) {
    const books = await world(db);
    const parents = ["north,North,,", "west,West,,", "south,South,north,", "south,South,west,2026-03-10"];
    await books.importText(
      "catalog",
      "product_id,product_name,family,plan_id,plan_name,rank\napp,App,app,basic,Basic,1",
    );
    await books.importText("accounts", ["account_id,name,parent_id,effective_on", ...parents].join("\n"));
    const columns =
      "line_id,contract_id,account_id,product_id,plan_id,from_on,until_on,quantity,unit_price,billing_interval,currency";
    const lines = [
      `n,c1,north,app,basic,2025-01-01,2026-02-10,1,${ofNorth[before]},YEAR,USD`,
      `n,c1,north,app,basic,2026-02-10,,1,${ofNorth[after]},YEAR,USD`,
      "w,c2,west,app,basic,2025-01-01,,1,120000,YEAR,USD",
      "s,c3,south,app,basic,2025-01-01,,1,400,YEAR,USD",
    ];
    await books.importText("contract-lines", [columns, ...lines].join("\n"));
    return (grain: "WHOLE" | "MONTH") =>
      books.read((tx) =>
        askExpansionMetrics(
          tx,
          wholeQuestion({
            window: windowOf("2026-01", "2026-04"),
            grain,
            groupBy: ["SEGMENT"],
            policy: { accountLevel: "ULTIMATE_PARENT", hierarchyAt: "AS_OF_EVENT" },
          }),
        ),
      );
  }

  test("Mid-Market at the window's opening and Enterprise in March: 400 went", async () => {
    const ask = await northOf("Mid-Market", "Enterprise");
    expect(byGroup(await ask("WHOLE"), segment)).toEqual({
      Enterprise: { opening: 120_000, in: 400, closing: 120_400 },
      "Mid-Market": { opening: 30_400, expansion: 90_000, out: 400, closing: 120_000 },
    });
    const months = await ask("MONTH");
    const march = months.rows.filter(({ period }) => period.label === "2026-03");
    expect(march.map((row) => [segment(row), told(row)])).toEqual([
      ["Enterprise", { opening: 240_400, closing: 240_400 }],
    ]);
    for (const { total, residualMinor } of [months, await ask("WHOLE")]) {
      expect(told(total)).toEqual({ opening: 150_400, expansion: 90_000, in: 400, out: 400, closing: 240_400 });
      expect(residualMinor).toBe(0n);
    }
  });

  test("Enterprise at the window's opening and Mid-Market in March: nothing went, but in March", async () => {
    const ask = await northOf("Enterprise", "Mid-Market");
    expect(byGroup(await ask("WHOLE"), segment)).toEqual({
      Enterprise: { opening: 240_400, contraction: 90_000, closing: 150_400 },
    });
    const months = await ask("MONTH");
    const march = months.rows.filter(({ period }) => period.label === "2026-03");
    expect(march.map((row) => [segment(row), told(row)])).toEqual([
      ["Enterprise", { opening: 120_000, in: 400, closing: 120_400 }],
      ["Mid-Market", { opening: 30_400, out: 400, closing: 30_000 }],
    ]);
    for (const { total, residualMinor } of [months, await ask("WHOLE")]) {
      expect(told(total)).toEqual({ opening: 240_400, contraction: 90_000, closing: 150_400 });
      expect(residualMinor).toBe(0n);
    }
  });
});
