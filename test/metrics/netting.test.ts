// Netting: one change per account and interval, typed on the interval's own ends; and sharing that is the same however it is grouped.

import * as formulas from "@accrete/db/metrics/formulas.ts";
import type { Dimension } from "@accrete/db/metrics/question.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { booksOf, counted, drivenBy, told, windowOf } from "./books.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const q4 = windowOf("2025-10", "2026-01");

/** Books with one account that had 1,000 before the quarter. */
async function acme(...entries: Parameters<ReturnType<typeof booksOf>["move"]>[1][]) {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 1_000 });
  await books.move("acme", ...entries);
  return books;
}

test("netting per day and per month: what one day or one month cancels is seen by neither", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 100 },
    { on: "2025-10-05", what: "CONTRACTION/PRICE", amount: -30 },
    { on: "2025-10-20", what: "CONTRACTION/SEAT", amount: -50 },
    { on: "2025-11-10", what: "EXPANSION/TIER", amount: 10 },
  );
  const of = async (netting: "NONE" | "DAY" | "MONTH") => {
    const { total, residualMinor } = await books.ask({ window: q4, policy: { netting } });
    expect(residualMinor).toBe(0n);
    const { expansion = 0, contraction = 0 } = told(total);
    return { expansion, contraction, movements: total.counts.movementCount };
  };
  expect(await of("NONE")).toEqual({ expansion: 110, contraction: 80, movements: 4 });
  expect(await of("DAY")).toEqual({ expansion: 80, contraction: 50, movements: 3 });
  expect(await of("MONTH")).toEqual({ expansion: 30, contraction: 0, movements: 2 });
});

test("a month's net change is typed on its own ends: churn and return within it are a mere contraction", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "CHURN", amount: -1_000 },
    { on: "2025-10-25", what: "REACTIVATION", amount: 700 },
    { on: "2025-11-05", what: "CHURN", amount: -700 },
    { on: "2025-12-25", what: "REACTIVATION", amount: 800 },
  );
  const { rows, total } = await books.ask({ window: q4, grain: "MONTH", policy: { netting: "MONTH" } });
  expect(rows.map(told)).toEqual([
    { opening: 1_000, contraction: 300, closing: 700 },
    { opening: 700, churned: 700 },
    { reactivation: 800, closing: 800 },
  ]);
  expect(drivenBy(rows[0]?.money.contractionMinor ?? total.money.contractionMinor)).toEqual({ OTHER: 300 });
  expect(counted(total)).toEqual({
    openingAccounts: 1,
    contractingAccounts: 1,
    churnedAccounts: 1,
    reactivatedAccounts: 1,
    closingAccounts: 1,
    movementCount: 3,
  });
});

test("a month is cut at the window's edges and at the grain's, so what nets depends on where they lie", async () => {
  const books = await acme(
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 100 },
    { on: "2025-10-20", what: "CONTRACTION/SEAT", amount: -100 },
  );
  const of = async (fromOn: string, untilOn: string) =>
    told((await books.ask({ window: { fromOn, untilOn }, policy: { netting: "MONTH" } })).total);
  expect(await of("2025-10-01", "2025-11-01")).toEqual({ opening: 1_000, closing: 1_000 });
  expect(await of("2025-10-10", "2025-11-01")).toEqual({ opening: 1_100, contraction: 100, closing: 1_000 });
  const weeks = await books.ask({
    window: windowOf("2025-10", "2025-11"),
    grain: "WEEK",
    policy: { netting: "MONTH" },
  });
  expect(weeks.rows.map(told)).toEqual([
    { opening: 1_000, expansion: 100, closing: 1_100 },
    { opening: 1_100, closing: 1_100 },
    { opening: 1_100, closing: 1_100 },
    { opening: 1_100, contraction: 100, closing: 1_000 },
    { opening: 1_000, closing: 1_000 },
  ]);
  expect(told(weeks.total)).toEqual({ opening: 1_000, closing: 1_000 });
});

test("who was there when the window opened, and at no month's end, returns to the window and is new to a later month", async () => {
  const books = booksOf(await world(db));
  await books.account("birch");
  await books.move("birch", { on: "2025-10-10", what: "NEW", amount: 100 });
  await books.move("birch", { on: "2025-10-25", what: "CHURN", amount: -100 });
  await books.move("birch", { on: "2025-12-05", what: "REACTIVATION", amount: 120 });
  const window = { fromOn: "2025-10-15", untilOn: "2026-01-01" };
  const { rows, total } = await books.ask({ window, grain: "MONTH", policy: { netting: "MONTH" } });
  expect(told(total)).toEqual({ opening: 100, churned: 100, reactivation: 120, closing: 120 });
  expect(rows.map(told)).toEqual([
    { opening: 100, churned: 100 },
    { new: 120, closing: 120 },
  ]);
  const whole = await books.ask({ window, policy: { netting: "MONTH" } });
  expect(told(whole.total)).toEqual(told(total));
});

test("a return too small to be seen at first keeps its own gap when it grows", async () => {
  const books = booksOf(await world(db));
  await books.account("birch");
  const dinars = { currency: "KWD", line: "one" } as const;
  await books.move("birch", { on: "2025-01-05", what: "NEW", amount: 10_000n, ...dinars });
  await books.move("birch", { on: "2025-06-10", what: "CHURN", amount: -10_000n, ...dinars });
  await books.move("birch", { on: "2025-09-20", what: "REACTIVATION", amount: 1n, ...dinars });
  await books.move("birch", { on: "2025-11-10", what: "EXPANSION/SEAT", amount: 10_000n, ...dinars });
  await books.rates("CONSTANT", { KWD: "0.7" });
  // 0.001 dinar is 0.0007 dollars, 0.00; 10.001 dinars are 7.00. From 10 June to 20 September are 102 days.
  for (const netting of ["DAY", "MONTH"] as const) {
    const of = async (reactivationWindowDays: number) =>
      told((await books.ask({ window: q4, policy: { netting, reactivationWindowDays } })).total);
    expect(await of(101)).toEqual({ new: 7, closing: 7 });
    expect(await of(102)).toEqual({ reactivation: 7, closing: 7 });
  }
});

test("coarser groupings are sums of finer ones, whatever is netted", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "app/pro", "hub/solo");
  await books.account("acme", { "1990-01-01": { channel: "web" }, "2025-11-15": { channel: "sales" } });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100, product: "app", plan: "basic" });
  await books.move(
    "acme",
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 7, product: "app", plan: "basic", motion: "a" },
    { on: "2025-10-06", what: "EXPANSION/SEAT", amount: 11, product: "app", plan: "pro", motion: "b" },
    { on: "2025-10-07", what: "EXPANSION/TIER", amount: 13, product: "hub", plan: "solo" },
    { on: "2025-11-20", what: "EXPANSION/SEAT", amount: 5, product: "hub", plan: "solo", motion: "a" },
    { on: "2025-12-01", what: "CONTRACTION/PRICE", amount: -17, product: "app", plan: "pro" },
  );
  const expansions = async (groupBy: Dimension[], policy: object) => {
    const { rows, total } = await books.ask({ window: q4, groupBy, policy });
    const sum = rows.reduce((all, row) => all + formulas.expansionMinor(row), 0n);
    expect(sum).toBe(formulas.expansionMinor(total));
    return rows;
  };
  for (const policy of [{ method: "SNAPSHOT" }, { netting: "MONTH" }, { netting: "DAY" }]) {
    const fine = await expansions(["PRODUCT", "PLAN", "CHANNEL", "DRIVER", "MOTION"], policy);
    for (const coarse of await expansions(["PRODUCT"], policy)) {
      const parts = fine.filter(({ group }) => group.product === coarse.group.product);
      expect(parts.reduce((all, row) => all + formulas.expansionMinor(row), 0n)).toBe(formulas.expansionMinor(coarse));
    }
  }
});
