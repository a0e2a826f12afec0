// Other currencies read in the reporting one: at one rate each, or at the rates of the days. Every amount is worked by hand.

import * as formulas from "@accrete/db/metrics/formulas.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { booksOf, byGroup, counted, told, windowOf } from "./books.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const q1 = windowOf("2026-01", "2026-04");
const reported = { currency: "REPORTED" } as const;

/** 10,000 euros since 2025, which nobody touches. */
async function flatEuros() {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-03-01", what: "NEW", amount: 10_000, currency: "EUR", line: "one" });
  return books;
}

test("the worked example of docs/currency.md: 10,000 euros stand still while the euro goes from 1.17 to 0.96 dollars", async () => {
  const books = await flatEuros();
  await books.rates("DATED", { EUR: { "2025-01-01": "1.17", "2026-02-10": "0.96" } });
  await books.rates("CONSTANT", { EUR: "1.10" });
  const { total, rows, residualMinor } = await books.ask({ window: q1, policy: reported });
  expect(told(total)).toEqual({ opening: 11_700, fx: -2_100, closing: 9_600 });
  expect(residualMinor).toBe(0n);
  expect([formulas.nrr(total, "NONE"), formulas.grr(total, "NONE")]).toEqual(["1.000000", "1.000000"]);
  expect(counted(total)).toEqual({ openingAccounts: 1, closingAccounts: 1 });
  expect(rows).toEqual([total]);
  const constant = await books.ask({ window: q1 });
  expect(told(constant.total)).toEqual({ opening: 11_000, closing: 11_000 });
});

test("a movement is read at its day's rate, balances at their boundary's, and the rest is what rates did", async () => {
  const books = await flatEuros();
  await books.move("acme", {
    on: "2026-02-10",
    what: "EXPANSION/SEAT",
    amount: 1_000,
    currency: "EUR",
    line: "one",
  });
  await books.rates("DATED", { EUR: { "2025-01-01": "1.00", "2026-02-01": "1.20", "2026-03-15": "1.10" } });
  // Opening 10,000 × 1.00; the seats 1,000 × 1.20; closing 11,000 × 1.10 = 12,100. What is left: 900.
  const { total, rows } = await books.ask({ window: q1, grain: "MONTH", policy: reported });
  expect(told(total)).toEqual({ opening: 10_000, expansion: 1_200, fx: 900, closing: 12_100 });
  expect(rows.map(told)).toEqual([
    { opening: 10_000, closing: 10_000 },
    // 10,000 × 0.20 before the seats came.
    { opening: 10_000, expansion: 1_200, fx: 2_000, closing: 13_200 },
    { opening: 13_200, fx: -1_100, closing: 12_100 },
  ]);
  // The cohort's end at the opening's rate: 11,000 × 1.00.
  expect([formulas.nrr(total, "NONE"), formulas.grr(total, "NONE")]).toEqual(["1.100000", "1.000000"]);
  // Beyond the first ARR, both at the closing's rate: 12,100 − 11,000.
  expect(total.money.cumulativeExpansionMinor).toBe(1_100_00n);
});

test("a snapshot nets converted movements, never rates: churn is what was taken away, at its day's rate", async () => {
  const books = await flatEuros();
  await books.move("acme", { on: "2026-02-10", what: "CHURN", amount: -10_000, currency: "EUR", line: "one" });
  await books.rates("DATED", { EUR: { "2025-01-01": "1.00", "2026-02-01": "1.20" } });
  for (const policy of [reported, { ...reported, method: "SNAPSHOT" }, { ...reported, netting: "MONTH" }] as const) {
    const { total, residualMinor } = await books.ask({ window: q1, policy });
    expect([told(total), residualMinor]).toEqual([{ opening: 10_000, churned: 12_000, fx: 2_000 }, 0n]);
    expect([formulas.nrr(total, "NONE"), formulas.logoChurnRate(total, "NONE")]).toEqual(["0.000000", "1.000000"]);
  }
});

test("yen have no decimals and dinars three: each balance is rounded once, half-even, and a movement is the difference", async () => {
  const books = booksOf(await world(db));
  for (const name of ["yen", "dinar", "cents"]) await books.account(name);
  // 1,000,000 yen and 12.345 dinars.
  await books.move("yen", { on: "2025-03-01", what: "NEW", amount: 1_000_000n, currency: "JPY", line: "y" });
  await books.move("dinar", { on: "2025-03-01", what: "NEW", amount: 12_345n, currency: "KWD", line: "k" });
  await books.move("cents", { on: "2025-03-01", what: "NEW", amount: 1n, currency: "EUR", line: "c" });
  await books.move("cents", { on: "2025-03-02", what: "EXPANSION/SEAT", amount: 2n, currency: "EUR", line: "c" });
  await books.rates("CONSTANT", { JPY: "0.0067", KWD: "3.25", EUR: "0.5" });
  const window = windowOf("2025-03", "2025-04");
  const { rows, total, residualMinor } = await books.ask({ window, groupBy: ["ACCOUNT"] });
  // 6,700.00; 12.345 × 3.25 = 40.12125 → 40.12. The cents: 1 × 0.5 = 0.5 → 0; 3 × 0.5 = 1.5 → 2, so the second movement is 2.
  expect(Object.fromEntries(rows.map(({ group, money }) => [group.account, money.closingMinor]))).toEqual({
    cents: 2n,
    dinar: 40_12n,
    yen: 6_700_00n,
  });
  expect(told(rows[0] ?? total)).toEqual({ expansion: 0.02, closing: 0.02 });
  expect(residualMinor).toBe(0n);
});

test("each line is rounded for itself, so that the row of a currency and the total agree", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move(
    "acme",
    { on: "2025-03-01", what: "NEW", amount: 1n, currency: "EUR", line: "a" },
    { on: "2025-03-01", what: "NEW", amount: 3n, currency: "EUR", line: "b" },
    { on: "2025-03-01", what: "NEW", amount: 100, currency: "USD", line: "c" },
  );
  await books.rates("CONSTANT", { EUR: "0.5" });
  const window = windowOf("2025-03", "2025-04");
  // 0.5 → 0 and 1.5 → 2.
  const byCurrency = await books.ask({ window, groupBy: ["CURRENCY"] });
  expect(byGroup(byCurrency, ({ group }) => group.currency)).toEqual({
    EUR: { new: 0.02, closing: 0.02 },
    USD: { new: 100, closing: 100 },
  });
  expect(told(byCurrency.total)).toEqual({ new: 100.02, closing: 100.02 });
  // What is ready-made is rounded per account, product, plan, kind, add-on and currency.
  await books.account("ready");
  await books.move(
    "ready",
    { on: "2025-03-01", what: "NEW", amount: 1n, currency: "EUR" },
    { on: "2025-03-01", what: "NEW", amount: 3n, currency: "EUR" },
  );
  const ready = await books.ask({ window, filter: { accountExternalIds: ["ready"] } });
  expect(told(ready.total)).toEqual({ new: 0.02, closing: 0.02 });
});

test("a line that goes on in another currency is rounded anew: nothing of one currency is read at the other's rate", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move(
    "acme",
    { on: "2026-01-15", what: "NEW", amount: 667n, currency: "EUR", line: "one" },
    { on: "2026-02-02", what: "EXPANSION/SEAT", amount: 6_667n, currency: "KWD", line: "one" },
    { on: "2026-02-02", what: "CONTRACTION/SEAT", amount: -667n, currency: "EUR", line: "one" },
  );
  await books.rates("CONSTANT", { EUR: "1.17", KWD: "3.25" });
  // 6.67 × 1.17 = 7.8039 → 7.80; 6.667 × 3.25 = 21.66775 → 21.67.
  const { total, residualMinor } = await books.ask({ window: q1 });
  expect(told(total)).toEqual({ new: 7.8, expansion: 21.67, contraction: 7.8, closing: 21.67 });
  expect(residualMinor).toBe(0n);
});

test("a line that goes on in another account is rounded in each for itself", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.account("birch");
  await books.move("acme", { on: "2026-01-15", what: "NEW", amount: 667n, currency: "EUR", line: "one" });
  await books.move("birch", { on: "2026-02-02", what: "NEW", amount: 667n, currency: "EUR", line: "one" });
  await books.move("acme", { on: "2026-02-02", what: "CHURN", amount: -667n, currency: "EUR", line: "one" });
  await books.rates("CONSTANT", { EUR: "1.17" });
  // 6.67 × 1.17 = 7.8039 → 7.80, twice; 13.34 × 1.17 = 15.6078 is nobody's balance.
  const { total, residualMinor } = await books.ask({ window: q1 });
  expect([told(total), residualMinor]).toEqual([{ new: 15.6, churned: 7.8, closing: 7.8 }, 0n]);
});

test("a plan change carries the balance at the day's rate, and what rates did until then stays with the old plan", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "app/pro");
  await books.account("acme");
  const line = { currency: "EUR", line: "one", product: "app" } as const;
  await books.move("acme", { ...line, on: "2025-03-01", what: "NEW", amount: 10_000, plan: "basic" });
  await books.transfer("acme", {
    on: "2026-02-10",
    amount: 10_000,
    from: ["app", "basic"],
    to: ["app", "pro"],
    currency: "EUR",
    lines: ["one", "one"],
  });
  await books.move("acme", { ...line, on: "2026-02-10", what: "EXPANSION/TIER", amount: 5_000, plan: "pro" });
  await books.rates("DATED", { EUR: { "2025-01-01": "1.00", "2026-02-01": "1.20", "2026-03-01": "1.10" } });
  for (const policy of [reported, { ...reported, method: "SNAPSHOT" }] as const) {
    const answer = await books.ask({ window: q1, groupBy: ["PLAN"], policy });
    expect(byGroup(answer, ({ group }) => group.plan)).toEqual({
      basic: { opening: 10_000, fx: 2_000, out: 12_000 },
      // 15,000 × (1.10 − 1.20).
      pro: { in: 12_000, expansion: 6_000, fx: -1_500, closing: 16_500 },
    });
    expect(answer.residualMinor).toBe(0n);
    expect(told(answer.total)).toEqual({
      opening: 10_000,
      expansion: 6_000,
      in: 12_000,
      out: 12_000,
      fx: 500,
      closing: 16_500,
    });
    expect(formulas.nrr(answer.total, "NONE")).toBe("1.500000");
  }
});

test("an attribute change carries the balance as it stood valued last, and the next revaluation is the new value's", async () => {
  const books = booksOf(await world(db));
  await books.account("acme", { "1990-01-01": { channel: "web" }, "2026-02-15": { channel: "sales" } });
  await books.move("acme", { on: "2025-03-01", what: "NEW", amount: 10_000, currency: "EUR", line: "one" });
  await books.rates("DATED", { EUR: { "2025-01-01": "1.00", "2026-02-01": "1.20" } });
  const answer = await books.ask({ window: q1, groupBy: ["CHANNEL"], policy: reported });
  expect(byGroup(answer, ({ group }) => group.channel)).toEqual({
    sales: { in: 10_000, fx: 2_000, closing: 12_000 },
    web: { opening: 10_000, out: 10_000 },
  });
  // By months January's end is a point too, and still at 1.00; February's change again carries 10,000.
  const months = await books.ask({ window: q1, grain: "MONTH", groupBy: ["CHANNEL"], policy: reported });
  expect(months.rows.map((row) => [row.period.label, row.group.channel, told(row)])).toEqual([
    ["2026-01", "web", { opening: 10_000, closing: 10_000 }],
    ["2026-02", "sales", { in: 10_000, fx: 2_000, closing: 12_000 }],
    ["2026-02", "web", { opening: 10_000, out: 10_000 }],
    ["2026-03", "sales", { opening: 12_000, closing: 12_000 }],
  ]);
  expect([answer.residualMinor, months.residualMinor]).toEqual([0n, 0n]);
});

test("several lines into several: a minor unit between the rounded sides stands in the transfers, wherever they are read", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "app/pro");
  await books.account("acme");
  const of = (line: string, plan: string) => ({ currency: "EUR", product: "app", line, plan }) as const;
  // Two lines of 1 cent become one of 2: at 0.5 they are 0 + 0 before and 1 after.
  await books.move(
    "acme",
    { ...of("a", "basic"), on: "2025-03-01", what: "NEW", amount: 1n },
    { ...of("b", "basic"), on: "2025-03-01", what: "NEW", amount: 1n },
    { ...of("c", "basic"), on: "2025-03-01", what: "NEW", amount: 100_00n },
  );
  for (const from of ["a", "b"]) {
    await books.transfer("acme", {
      on: "2025-04-10",
      amount: 0.01,
      from: ["app", "basic"],
      to: ["app", "pro"],
      currency: "EUR",
      lines: [from, "d"],
    });
  }
  await books.rates("CONSTANT", { EUR: "0.5" });
  const window = windowOf("2025-04", "2025-05");
  const plain = await books.ask({ window });
  expect(told(plain.total)).toEqual({ opening: 50, in: 0.01, closing: 50.01 });
  const plans = await books.ask({ window, groupBy: ["PLAN"] });
  expect(byGroup(plans, ({ group }) => group.plan)).toEqual({
    basic: { opening: 50, closing: 50 },
    pro: { in: 0.01, closing: 0.01 },
  });
  expect([plain.residualMinor, plans.residualMinor]).toEqual([0n, 0n]);
});

test("bands read balances at the treatment's rates", async () => {
  const books = await flatEuros();
  await books.move("acme", { on: "2025-04-01", what: "EXPANSION/SEAT", amount: 12_000, currency: "EUR", line: "one" });
  await books.rates("DATED", { EUR: { "2025-01-01": "1.10", "2026-02-10": "1.20" } });
  await books.rates("CONSTANT", { EUR: "1.20" });
  const segment = async (policy: object) =>
    (await books.ask({ window: q1, groupBy: ["SEGMENT"], policy })).rows.map(({ group }) => group.segment);
  // 22,000 × 1.10 = 24,200; × 1.20 = 26,400.
  expect(await segment({})).toEqual(["Mid-Market"]);
  expect(await segment(reported)).toEqual(["SMB"]);
  const closing = await books.ask({ window: q1, groupBy: ["SEGMENT"], policy: { ...reported, segmentAt: "CLOSING" } });
  expect(byGroup(closing, ({ group }) => group.segment)).toEqual({
    "Mid-Market": { in: 24_200, fx: 2_200, closing: 26_400 },
    SMB: { opening: 24_200, out: 24_200 },
  });
});

test("an account that was there before has its growth beyond its first ARR at the closing's rate", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-03-01", what: "NEW", amount: 100, currency: "GBP", line: "p" });
  await books.move("acme", { on: "2025-06-01", what: "EXPANSION/SEAT", amount: 500, currency: "EUR", line: "e" });
  await books.move("acme", { on: "2025-06-01", what: "CONTRACTION/SEAT", amount: -100, currency: "GBP", line: "p" });
  await books.rates("DATED", { EUR: { "2025-01-01": "1.00" }, GBP: { "2025-01-01": "1.30", "2026-03-31": "1.50" } });
  // Its pounds are gone, and still its first ARR: 500 − 100 × 1.50.
  const { total } = await books.ask({ window: q1, policy: reported });
  expect([told(total), total.money.cumulativeExpansionMinor]).toEqual([{ opening: 500, closing: 500 }, 350_00n]);
  const netted = await books.ask({ window: q1, policy: { ...reported, netting: "MONTH" } });
  expect(netted.total.money.cumulativeExpansionMinor).toBe(350_00n);
});

test("a period that opened after the first month's end sets its closing against that end's balance", async () => {
  const books = await flatEuros();
  await books.move("acme", { on: "2025-03-20", what: "EXPANSION/SEAT", amount: 500, currency: "EUR", line: "one" });
  await books.rates("CONSTANT", { EUR: "2" });
  const beyond = async (policy: object) =>
    (await books.ask({ window: q1, policy })).total.money.cumulativeExpansionMinor;
  expect([await beyond({}), await beyond({ netting: "MONTH" })]).toEqual([1_000_00n, 0n]);
});
