// SNAPSHOT: an account's change over the period is read from its ends, typed anew, and shared over what has its sign.

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
const snapshot = { method: "SNAPSHOT" } as const;

/** Books with one account that had 1,000 before the quarter. */
async function acme(...entries: Parameters<ReturnType<typeof booksOf>["move"]>[1][]) {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 1_000 });
  await books.move("acme", ...entries);
  return books;
}

test("event expansion is 520 where snapshot is 70: round trips and newcomers' moves are seen by one of them", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 400 },
    { on: "2025-11-05", what: "CONTRACTION/SEAT", amount: -330 },
  );
  await books.account("newcomer");
  await books.move("newcomer", { on: "2025-10-05", what: "NEW", amount: 200 });
  await books.move("newcomer", { on: "2025-12-05", what: "EXPANSION/TIER", amount: 120 });
  const event = (await books.ask({ window: q4 })).total;
  expect(told(event)).toEqual({ opening: 1_000, new: 200, expansion: 520, contraction: 330, closing: 1_390 });
  const ends = await books.ask({ window: q4, policy: snapshot });
  expect(told(ends.total)).toEqual({ opening: 1_000, new: 320, expansion: 70, closing: 1_390 });
  expect(drivenBy(ends.total.money.expansionMinor)).toEqual({ SEAT: 70 });
  // Retention is of the cohort in both methods.
  expect(formulas.nrr(event, "NONE")).toBe("1.070000");
  expect(formulas.nrr(ends.total, "NONE")).toBe("1.070000");
  expect(ends.residualMinor).toBe(0n);
});

test("churn counts what was there at the start, whatever grew before", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 400 },
    { on: "2025-12-05", what: "CHURN", amount: -1_400 },
  );
  const { total } = await books.ask({ window: q4, policy: snapshot });
  expect(told(total)).toEqual({ opening: 1_000, churned: 1_000 });
  expect(counted(total)).toEqual({ openingAccounts: 1, churnedAccounts: 1, lostAccounts: 1, movementCount: 1 });
});

test("ARR that is there at the end is new or reactivated by whether there ever was any before the start", async () => {
  const books = booksOf(await world(db));
  for (const name of ["first", "again", "blip", "within"]) await books.account(name);
  await books.move("first", { on: "2025-12-31", what: "NEW", amount: 10 });
  await books.move("again", { on: "2025-01-01", what: "NEW", amount: 5 });
  await books.move("again", { on: "2025-02-01", what: "CHURN", amount: -5 });
  await books.move("again", { on: "2025-10-01", what: "REACTIVATION", amount: 20 });
  // Came and went inside the window: never there at an end.
  await books.move("blip", { on: "2025-10-10", what: "NEW", amount: 40 });
  await books.move("blip", { on: "2025-10-20", what: "CHURN", amount: -40 });
  // Came, went and came back inside the window: had none before its start.
  await books.move("within", { on: "2025-10-10", what: "NEW", amount: 40 });
  await books.move("within", { on: "2025-10-20", what: "CHURN", amount: -40 });
  await books.move("within", { on: "2025-11-20", what: "REACTIVATION", amount: 80 });
  const { total } = await books.ask({ window: q4, policy: snapshot });
  expect(told(total)).toEqual({ new: 90, reactivation: 20, closing: 110 });
  expect(counted(total)).toEqual({ newAccounts: 2, reactivatedAccounts: 1, closingAccounts: 3, movementCount: 3 });
});

test("drivers with the sign of the change share it in proportion; those against it take nothing", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 300 },
    { on: "2025-10-06", what: "EXPANSION/TIER", amount: 100 },
    { on: "2025-10-07", what: "CONTRACTION/PRICE", amount: -200 },
    { on: "2025-10-08", what: "EXPANSION/USAGE", amount: 50 },
    { on: "2025-10-09", what: "CONTRACTION/USAGE", amount: -50 },
  );
  const { total } = await books.ask({ window: q4, policy: snapshot });
  expect(drivenBy(total.money.expansionMinor)).toEqual({ SEAT: 150, TIER: 50 });
  expect(drivenBy(total.money.contractionMinor)).toEqual({});
  expect(total.counts.movementCount).toBe(2);
});

test("shares are whole minor units: the largest remainders are served first, equal ones in the drivers' order", async () => {
  // A change of 1.00 over three equal drivers: 34 + 33 + 33 cents.
  const books = await acme(
    { on: "2025-10-05", what: "EXPANSION/USAGE", amount: 1 },
    { on: "2025-10-05", what: "EXPANSION/TIER", amount: 1 },
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 1 },
    { on: "2025-10-06", what: "CONTRACTION/PRICE", amount: -2 },
  );
  const { total } = await books.ask({ window: q4, policy: snapshot });
  expect(drivenBy(total.money.expansionMinor)).toEqual({ SEAT: 0.34, TIER: 0.33, USAGE: 0.33 });
  // A change of 0.02 over weights 1, 1 and 4: 0.33, 0.33 and 1.33 cents; the one left goes to the first of equal remainders.
  const small = await acme(
    { on: "2025-10-05", what: "EXPANSION/USAGE", amount: 4 },
    { on: "2025-10-05", what: "EXPANSION/TIER", amount: 1 },
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 1 },
    { on: "2025-10-06", what: "CONTRACTION/PRICE", amount: -598n },
  );
  const tiny = (await small.ask({ window: q4, policy: snapshot })).total;
  expect(drivenBy(tiny.money.expansionMinor)).toEqual({ SEAT: 0.01, USAGE: 0.01 });
  // TIER's share is nothing, so it is no change of its own.
  expect(tiny.counts.movementCount).toBe(2);
});

test("amounts whose products outgrow 64 bits are shared exactly", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 1n });
  await books.move(
    "acme",
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 4_000_000_000_000_001n },
    { on: "2025-10-05", what: "EXPANSION/TIER", amount: 4_000_000_000_000_002n },
    { on: "2025-10-06", what: "CONTRACTION/PRICE", amount: -2_000_000_000_000_000n },
  );
  const { total } = await books.ask({ window: q4, policy: snapshot });
  // 6,000,000,000,000,003 × 4,000,000,000,000,001 ÷ 8,000,000,000,000,003 = 3,000,000,000,000,001.125 less a hair.
  expect(total.money.expansionMinor.SEAT).toBe(3_000_000_000_000_001n);
  expect(total.money.expansionMinor.TIER).toBe(3_000_000_000_000_002n);
});

test("where no driver has the sign of the change, it is OTHER", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "CONTRACTION/SEAT", amount: -100 },
    { on: "2025-11-05", what: "CHURN", amount: -900 },
    { on: "2025-12-05", what: "REACTIVATION", amount: 1_250 },
  );
  const { total } = await books.ask({ window: q4, policy: snapshot });
  expect(told(total)).toEqual({ opening: 1_000, expansion: 250, closing: 1_250 });
  expect(drivenBy(total.money.expansionMinor)).toEqual({ OTHER: 250 });
});

test("a driver's share goes on to the products behind it that have its sign", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "hub/solo");
  await books.account("acme");
  const app = { product: "app", plan: "basic" };
  const hub = { product: "hub", plan: "solo" };
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 600, ...app });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 400, ...hub });
  await books.move(
    "acme",
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 300, ...app },
    { on: "2025-10-06", what: "EXPANSION/SEAT", amount: 100, ...hub },
    { on: "2025-11-05", what: "CONTRACTION/PRICE", amount: -200, ...hub },
  );
  const answer = await books.ask({ window: q4, policy: snapshot, groupBy: ["PRODUCT"] });
  // The change of 200 is all SEAT, shared 3 : 1; what is left of each product's own change is transfer.
  expect(byGroup(answer, ({ group }) => group.product)).toEqual({
    app: { opening: 600, expansion: 150, in: 150, closing: 900 },
    hub: { opening: 400, expansion: 50, out: 150, closing: 300 },
  });
  expect(told(answer.total)).toEqual({ opening: 1_000, expansion: 200, in: 150, out: 150, closing: 1_200 });
  expect(answer.residualMinor).toBe(0n);
  // The filter on a product has the same numbers as its row.
  const filtered = await books.ask({ window: q4, policy: snapshot, filter: { product: ["hub"] } });
  expect(told(filtered.total)).toEqual({ opening: 400, expansion: 50, out: 150, closing: 300 });
});

test("a change that is OTHER for want of a driver stands on the products where it happened, without transfer", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "hub/solo");
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100, product: "app", plan: "basic" });
  await books.move("acme", { on: "2025-10-05", what: "CHURN", amount: -100, product: "app", plan: "basic" });
  await books.move(
    "acme",
    { on: "2025-11-05", what: "REACTIVATION", amount: 70, product: "app", plan: "basic" },
    { on: "2025-11-05", what: "REACTIVATION", amount: 10, product: "hub", plan: "solo" },
  );
  const answer = await books.ask({ window: q4, policy: snapshot, groupBy: ["PRODUCT"] });
  // −20 in all: the app lost 30, the hub won 10. The loss is the app's, and 10 of what it lost went to the hub.
  expect(byGroup(answer, ({ group }) => group.product)).toEqual({
    app: { opening: 100, contraction: 20, out: 10, closing: 70 },
    hub: { in: 10, closing: 10 },
  });
  expect(answer.residualMinor).toBe(0n);
});

test("a plan that goes and comes back is a transfer in each quarter, and none over the year", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "app/pro");
  await books.account("acme");
  await books.move("acme", { on: "2024-06-01", what: "NEW", amount: 100, product: "app", plan: "basic" });
  await books.transfer("acme", { on: "2025-02-01", amount: 100, from: ["app", "basic"], to: ["app", "pro"] });
  await books.transfer("acme", { on: "2025-08-01", amount: 100, from: ["app", "pro"], to: ["app", "basic"] });
  const year = windowOf("2025-01", "2026-01");
  const quarters = await books.ask({ window: year, grain: "QUARTER", groupBy: ["PLAN"], policy: snapshot });
  expect(quarters.rows.map((row) => [row.period.label, row.group.plan, told(row)])).toEqual([
    ["2025-Q1", "basic", { opening: 100, out: 100 }],
    ["2025-Q1", "pro", { in: 100, closing: 100 }],
    ["2025-Q2", "pro", { opening: 100, closing: 100 }],
    ["2025-Q3", "basic", { in: 100, closing: 100 }],
    ["2025-Q3", "pro", { opening: 100, out: 100 }],
    ["2025-Q4", "basic", { opening: 100, closing: 100 }],
  ]);
  expect(told(quarters.total)).toEqual({ opening: 100, closing: 100 });
  // Under EVENT both changes happened, and both are told.
  const event = await books.ask({ window: year, grain: "QUARTER", groupBy: ["PLAN"] });
  expect(told(event.total)).toEqual({ opening: 100, in: 200, out: 200, closing: 100 });
});

test("equal remainders go to the product first in the order of the source's ids, those without one last", async () => {
  const books = booksOf(await world(db));
  await books.catalog("zebra/z", "apple/a");
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 10 });
  await books.move(
    "acme",
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 1 },
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 1, product: "zebra", plan: "z" },
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 1, product: "apple", plan: "a" },
    { on: "2025-10-06", what: "CONTRACTION/PRICE", amount: -1n - 100n },
  );
  // 1.99 in three: 0.67, 0.66, 0.66.
  const { rows } = await books.ask({ window: q4, policy: snapshot, groupBy: ["PRODUCT"] });
  expect(rows.map((row) => [row.group.product, drivenBy(row.money.expansionMinor).SEAT])).toEqual([
    ["apple", 0.67],
    ["zebra", 0.66],
    [null, 0.66],
  ]);
});

test("motions and campaigns share what their line has, and only what has the sign", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 300, motion: "sales-led", campaign: "spring" },
    { on: "2025-10-06", what: "EXPANSION/SEAT", amount: 100, motion: "product-led" },
    { on: "2025-10-07", what: "CONTRACTION/SEAT", amount: -200, motion: "success-led" },
    { on: "2025-11-07", what: "EXPANSION/TIER", amount: 40 },
  );
  const { rows, total } = await books.ask({ window: q4, policy: snapshot, groupBy: ["MOTION", "CAMPAIGN"] });
  expect(told(total)).toMatchObject({ expansion: 240 });
  expect(rows.map(({ group, money }) => [group.motion, group.campaign, drivenBy(money.expansionMinor)])).toEqual([
    ["product-led", null, { SEAT: 50 }],
    ["sales-led", "spring", { SEAT: 150 }],
    [null, null, { TIER: 40 }],
  ]);
  expect(rows[1]?.money.baseMinor).toBe(1_000_00n);
  expect(formulas.grossExpansionRate(rows[1] ?? total, "NONE")).toBe("0.150000");
  const filtered = await books.ask({ window: q4, policy: snapshot, filter: { motion: ["sales-led"] } });
  expect(told(filtered.total)).toEqual({ opening: 1_000, expansion: 150, closing: 1_240 });
  expect(filtered.residualMinor).toBe(0n);
});

test("netting is ignored under SNAPSHOT", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 100 },
    { on: "2025-11-20", what: "CONTRACTION/SEAT", amount: -40 },
  );
  const plain = await books.ask({ window: q4, policy: snapshot });
  const netted = await books.ask({ window: q4, policy: { ...snapshot, netting: "MONTH" } });
  expect(netted.total).toEqual(plain.total);
});
