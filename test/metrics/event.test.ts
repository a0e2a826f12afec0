// EVENT: every movement counts as what it was when it happened. Each metric on small books, worked by hand.

import * as formulas from "@accrete/db/metrics/formulas.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { booksOf, byGroup, counted, drivenBy, told, windowOf } from "./books.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const q4 = windowOf("2025-10", "2026-01");

/** A quarter in which everything happens: someone grows and shrinks, someone leaves, comes, returns, and a newcomer grows. */
async function busyQuarter() {
  const books = booksOf(await world(db));
  for (const name of ["grower", "leaver", "newcomer", "returner", "sleeper"]) await books.account(name);
  await books.move("grower", { on: "2024-03-01", what: "NEW", amount: 1_000 });
  await books.move(
    "grower",
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 300 },
    { on: "2025-11-05", what: "EXPANSION/TIER", amount: 200 },
    { on: "2025-12-05", what: "CONTRACTION/SEAT", amount: -100 },
  );
  await books.move("leaver", { on: "2024-03-01", what: "NEW", amount: 500 });
  await books.move("leaver", { on: "2025-12-31", what: "CHURN", amount: -500 });
  await books.move("newcomer", { on: "2025-10-01", what: "NEW", amount: 400 });
  await books.move("newcomer", { on: "2025-11-20", what: "EXPANSION/SEAT", amount: 50 });
  await books.move("returner", { on: "2024-01-01", what: "NEW", amount: 80 });
  await books.move("returner", { on: "2024-06-01", what: "CHURN", amount: -80 });
  await books.move("returner", { on: "2025-10-10", what: "REACTIVATION", amount: 120 });
  await books.move("sleeper", { on: "2024-03-01", what: "NEW", amount: 2_500 });
  return books;
}

test("a quarter's flows, balances and counts, each a sum of its own", async () => {
  const { total, rows, residualMinor } = await (await busyQuarter()).ask({ window: q4 });
  expect(told(total)).toEqual({
    opening: 4_000,
    new: 400,
    reactivation: 120,
    expansion: 550,
    contraction: 100,
    churned: 500,
    closing: 4_470,
  });
  expect(drivenBy(total.money.expansionMinor)).toEqual({ SEAT: 350, TIER: 200 });
  expect(drivenBy(total.money.contractionMinor)).toEqual({ SEAT: 100 });
  expect(counted(total)).toEqual({
    openingAccounts: 3,
    newAccounts: 1,
    reactivatedAccounts: 1,
    expandingAccounts: 2,
    contractingAccounts: 1,
    churnedAccounts: 1,
    closingAccounts: 4,
    lostAccounts: 1,
    movementCount: 7,
  });
  expect(residualMinor).toBe(0n);
  expect(rows).toEqual([total]);
});

test("retention is the cohort's: a newcomer's growth inside the window is expansion, and in nobody's nrr", async () => {
  const { total } = await (await busyQuarter()).ask({ window: q4 });
  // grower 1,400 + sleeper 2,500 of 4,000; the bridge would say (4,000 + 550 − 100 − 500) ÷ 4,000 = 0.9875.
  expect(formulas.nrr(total, "NONE")).toBe("0.975000");
  expect(formulas.grr(total, "NONE")).toBe("0.875000");
  expect(formulas.logoChurnRate(total, "NONE")).toBe("0.333333");
  expect(formulas.topDriver(total)).toBe("SEAT");
  expect(formulas.quickRatio(total)).toBe("1.783333");
});

test("the worked example of docs/metrics.md: every derived sum and every rate of the busy quarter", async () => {
  const { total } = await (await busyQuarter()).ask({ window: q4 });
  expect([
    formulas.netExpansionMinor(total),
    formulas.netExistingChangeMinor(total),
    formulas.netNewMinor(total),
    total.money.cumulativeExpansionMinor,
  ]).toEqual([450_00n, -50_00n, 470_00n, 490_00n]);
  expect({
    gross: formulas.grossExpansionRate(total, "NONE"),
    net: formulas.netExpansionRate(total, "NONE"),
    newLogo: formulas.newLogoGrowthRate(total, "NONE"),
    grossNew: formulas.expansionShareOfGrossNew(total),
    netNew: formulas.expansionShareOfNetNew(total),
    toNew: formulas.expansionToNewRatio(total),
  }).toEqual({
    gross: "0.137500",
    net: "0.112500",
    newLogo: "0.100000",
    grossNew: "0.578947",
    netNew: "1.170213",
    toNew: "1.375000",
  });
});

test("ARR beyond the first contract counts accounts that are there at the end, and never below 0", async () => {
  const { total } = await (await busyQuarter()).ask({ window: q4 });
  // grower 1,400 − 1,000; newcomer 450 − 400; returner 120 − 80; sleeper 0; leaver gone.
  expect(total.money.cumulativeExpansionMinor).toBe(490_00n);
});

test("$500 to $750 a month is expansion of ARR 3,000, MRR 250", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 6_000 });
  await books.move("acme", { on: "2025-10-15", what: "EXPANSION/TIER", amount: 3_000 });
  const { total } = await books.ask({ window: q4 });
  expect(formulas.expansionMinor(total)).toBe(3_000_00n);
  expect(formulas.mrrMinor(formulas.expansionMinor(total))).toBe(250_00n);
  expect(formulas.grossExpansionRate(total, "NONE")).toBe("0.500000");
});

test("a window holds its first day and not its last", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-09-30", what: "NEW", amount: 100 });
  await books.move("acme", { on: "2025-10-01", what: "EXPANSION/SEAT", amount: 10 });
  await books.move("acme", { on: "2025-12-31", what: "EXPANSION/SEAT", amount: 5 });
  await books.move("acme", { on: "2026-01-01", what: "EXPANSION/SEAT", amount: 1 });
  expect(told((await books.ask({ window: q4 })).total)).toEqual({ opening: 100, expansion: 15, closing: 115 });
});

test("each period of a grain is a window of its own, and flows add up to the total over time", async () => {
  const { rows, total } = await (await busyQuarter()).ask({ window: q4, grain: "MONTH" });
  expect(rows.map((row) => [row.period.label, told(row)])).toEqual([
    ["2025-10", { opening: 4_000, new: 400, reactivation: 120, expansion: 300, closing: 4_820 }],
    ["2025-11", { opening: 4_820, expansion: 250, closing: 5_070 }],
    ["2025-12", { opening: 5_070, contraction: 100, churned: 500, closing: 4_470 }],
  ]);
  expect(rows.map((row) => formulas.nrr(row, "NONE"))).toEqual(["1.075000", "1.051867", "0.881657"]);
  expect(told(total)).toMatchObject({ opening: 4_000, expansion: 550, closing: 4_470 });
});

test("an account that leaves and comes back twice is counted each time, and once among those that expand", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  await books.move(
    "acme",
    { on: "2025-10-02", what: "CHURN", amount: -60 },
    { on: "2025-10-02", what: "CHURN", amount: -40 },
    { on: "2025-10-20", what: "REACTIVATION", amount: 50 },
    { on: "2025-11-02", what: "CHURN", amount: -50 },
    { on: "2025-11-20", what: "REACTIVATION", amount: 70 },
    { on: "2025-12-01", what: "EXPANSION/SEAT", amount: 1 },
    { on: "2025-12-02", what: "EXPANSION/SEAT", amount: 1 },
  );
  const { total } = await books.ask({ window: q4 });
  expect(counted(total)).toEqual({
    openingAccounts: 1,
    churnedAccounts: 2,
    reactivatedAccounts: 2,
    expandingAccounts: 1,
    closingAccounts: 1,
    movementCount: 7,
  });
  // Nobody is lost over the window as a whole.
  expect(formulas.logoChurnRate(total, "NONE")).toBe("0.000000");
});

test("the parts of one divided change are one movement, in the total and in each row they reach", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "app/pro");
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100, product: "app", plan: "basic" });
  const part = { on: "2025-10-02", what: "EXPANSION/TIER", product: "app", change: "upgrade" } as const;
  await books.move("acme", { ...part, amount: 30, plan: "basic" }, { ...part, amount: 20, plan: "pro" });
  const byPlan = await books.ask({ window: q4, groupBy: ["PLAN"] });
  expect(byPlan.rows.map((row) => [row.group.plan, row.counts.movementCount])).toEqual([
    ["basic", 1],
    ["pro", 1],
  ]);
  expect(byPlan.total.counts.movementCount).toBe(1);
  const byProduct = await books.ask({ window: q4, groupBy: ["PRODUCT"] });
  expect(byProduct.rows.map((row) => [row.group.product, row.counts.movementCount])).toEqual([["app", 1]]);
});

test("a movement that was taken back counts nowhere: not in sums, not in counts, not as the first ARR", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-03-01", what: "NEW", amount: 999 });
  await books.reverse("acme 2025-03-01 NEW");
  await books.move("acme", { on: "2025-04-01", what: "NEW", amount: 100 });
  await books.move("acme", { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 70 });
  await books.reverse("acme 2025-10-05 EXPANSION/SEAT");
  await books.move("acme", { on: "2025-10-05", what: "EXPANSION/TIER", amount: 40 });
  const { total, rows } = await books.ask({ window: q4, groupBy: ["COHORT"] });
  expect(told(total)).toEqual({ opening: 100, expansion: 40, closing: 140 });
  expect(drivenBy(total.money.expansionMinor)).toEqual({ TIER: 40 });
  expect(counted(total)).toEqual({ openingAccounts: 1, expandingAccounts: 1, closingAccounts: 1, movementCount: 1 });
  expect(total.money.cumulativeExpansionMinor).toBe(40_00n);
  expect(rows.map((row) => row.group.cohort)).toEqual(["2025-04"]);
});

test("the ledger can be read as it was at an earlier version, reversals and attributes included", async () => {
  const books = booksOf(await world(db));
  await books.account("acme", { "1990-01-01": { channel: "web" } });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  await books.move("acme", { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 70 });
  const before = (await books.ask({ window: q4 })).ledgerVersion;
  await books.reverse("acme 2025-10-05 EXPANSION/SEAT");
  const now = await books.ask({ window: q4 });
  expect(now.ledgerVersion).toBe(before + 1n);
  expect(told(now.total)).toEqual({ opening: 100, closing: 100 });
  const then = await books.ask({ window: q4, asOf: { ledgerVersion: before }, groupBy: ["CHANNEL"] });
  expect(then.ledgerVersion).toBe(before);
  expect(byGroup(then, ({ group }) => group.channel)).toEqual({ web: { opening: 100, expansion: 70, closing: 170 } });
  await expect(books.ask({ window: q4, asOf: { ledgerVersion: before + 2n } })).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    field: "asOf",
  });
});

test("an empty ledger answers with a total of zeros, no rows, and null ratios", async () => {
  const { rows, total, residualMinor, currency } = await booksOf(await world(db, { currency: "JPY" })).ask({
    window: q4,
    grain: "MONTH",
    groupBy: ["SEGMENT", "DRIVER"],
  });
  expect(rows).toEqual([]);
  expect(told(total)).toEqual({});
  expect(total.money.openingMinor).toBe(0n);
  expect(formulas.nrr(total, "NONE")).toBeNull();
  expect(formulas.topDriver(total)).toBeNull();
  expect(residualMinor).toBe(0n);
  expect(currency).toBe("JPY");
});

test("another workspace's movements are in nobody else's numbers", async () => {
  await busyQuarter();
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-10-05", what: "NEW", amount: 7 });
  expect(told((await books.ask({ window: q4 })).total)).toEqual({ new: 7, closing: 7 });
});
