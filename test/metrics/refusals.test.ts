// What a question is refused for, each with its code and the field at fault.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { type Books, booksOf, told, windowOf } from "./books.ts";

let db: TestDatabase;
let books: Books;
beforeAll(async () => {
  db = await testDatabase();
  books = booksOf(await world(db));
  await books.catalog("app/basic");
  for (const name of ["dollar", "euro", "yen"]) await books.account(name);
  await books.move("dollar", { on: "2025-01-01", what: "NEW", amount: 100 });
  await books.move("euro", { on: "2025-01-01", what: "NEW", amount: 50 });
  await books.move("euro", { on: "2025-03-05", what: "EXPANSION/SEAT", amount: 10, currency: "EUR" });
  await books.move("yen", { on: "2025-03-04", what: "NEW", amount: 10, currency: "JPY" });
  await books.reverse("yen 2025-03-04 NEW");
});
afterAll(() => db.drop());

const q1 = windowOf("2025-01", "2025-04");

test("an amount in another currency has no rate: the currency and its first day are named", async () => {
  // The yen were taken back.
  const refused = expect(books.ask({ window: q1 })).rejects;
  await refused.toMatchObject({ code: "RATE_MISSING", message: expect.stringMatching(/EUR.*USD.*2025-03-05/) });
});

test("what lies after the window, or in accounts that are not asked for, needs no rate", async () => {
  expect(told((await books.ask({ window: windowOf("2025-01", "2025-03-05") })).total)).toMatchObject({ closing: 150 });
  expect(told((await books.ask({ window: q1, filter: { accountExternalIds: ["dollar"] } })).total)).toMatchObject({
    closing: 100,
  });
  await expect(books.ask({ window: q1, filter: { accountIds: [books.accountId("euro")] } })).rejects.toMatchObject({
    code: "RATE_MISSING",
  });
});

test("a filter by currency leaves the others out, except where whole accounts are read", async () => {
  const filter = { currency: ["USD"] };
  expect(told((await books.ask({ window: q1, filter, groupBy: ["CURRENCY"] })).total)).toEqual({
    new: 150,
    closing: 150,
  });
  for (const question of [
    { policy: { method: "SNAPSHOT" } },
    { policy: { netting: "DAY" } },
    { groupBy: ["SEGMENT"] },
    { filter: { currency: ["EUR", "USD"] } },
  ] as const) {
    await expect(books.ask({ window: q1, filter, ...question })).rejects.toMatchObject({ code: "RATE_MISSING" });
  }
});

test("a dimension or an attribute named twice", async () => {
  await expect(books.ask({ window: q1, groupBy: ["PLAN", "SEGMENT", "PLAN"] })).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    field: "groupBy",
  });
  await expect(books.ask({ window: q1, groupByAttributes: ["tier", "tier"] })).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    field: "groupByAttributes",
  });
});

test("days in the filter of a question that has its window", async () => {
  await expect(books.ask({ window: q1, filter: { effectiveFromOn: "2025-01-01" } })).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    field: "filter.effectiveFromOn",
  });
});

test("a window without days, and one of more than 400 periods", async () => {
  await expect(books.ask({ window: { fromOn: "2025-04-01", untilOn: "2025-04-01" } })).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    field: "window",
  });
  await expect(books.ask({ window: windowOf("2020-01", "2025-01"), grain: "DAY" })).rejects.toMatchObject({
    code: "TOO_COMPLEX",
    message: expect.stringContaining("400"),
  });
});

test("ten attributes are grouped or filtered by, eleven are too many", async () => {
  const names = Array.from({ length: 11 }, (_, index) => `attribute ${index}`);
  const ten = names.slice(1);
  const question = { window: q1, filter: { accountExternalIds: ["dollar"] } };
  expect((await books.ask({ ...question, groupByAttributes: ten })).rows).toHaveLength(1);
  await expect(books.ask({ ...question, groupByAttributes: names })).rejects.toMatchObject({
    code: "TOO_COMPLEX",
    field: "groupByAttributes",
  });
  const attributes = names.map((name) => ({ name, value: null }));
  await expect(books.ask({ window: q1, filter: { attributes } })).rejects.toMatchObject({
    code: "TOO_COMPLEX",
    field: "filter.attributes",
  });
});

test("values that do not exist choose nothing, and an empty list chooses nothing", async () => {
  const filters = [
    { accountExternalIds: ["nobody"] },
    { accountExternalIds: ["dollar"], channel: ["nowhere"] },
    { accountExternalIds: ["dollar"], product: [] },
    { accountExternalIds: ["dollar"], attributes: [] },
    { accountExternalIds: ["dollar"], attributes: [{ name: "tier", value: "gold" }] },
  ];
  for (const filter of filters) expect(told((await books.ask({ window: q1, filter })).total)).toEqual({});
  const withoutTier = { accountExternalIds: ["dollar"], attributes: [{ name: "tier", value: null }] };
  expect(told((await books.ask({ window: q1, filter: withoutTier })).total)).toEqual({ new: 100, closing: 100 });
});

test("text that looks like SQL is text", async () => {
  const filter = { accountExternalIds: ["dollar"], channel: ["'; drop table movements; --"] };
  expect((await books.ask({ window: q1, filter, groupByAttributes: ["a' or '1'='1", '"quoted"'] })).rows).toEqual([]);
  expect(told((await books.ask({ window: q1, filter: { accountExternalIds: ["dollar"] } })).total)).toMatchObject({
    new: 100,
  });
});

/** 100 euros from 10 February on, after rates from 1 February; a refused question names the day. */
async function lateRates() {
  const late = booksOf(await world(db));
  await late.account("euro");
  await late.account("pound");
  await late.move("euro", { on: "2025-01-10", what: "NEW", amount: 100, currency: "EUR" });
  await late.move("euro", { on: "2025-02-10", what: "EXPANSION/SEAT", amount: 10, currency: "EUR" });
  await late.move("pound", { on: "2025-03-15", what: "NEW", amount: 10, currency: "GBP" });
  return late;
}

const missing = (currency: string, on: string) => ({
  code: "RATE_MISSING",
  message: `There is no rate from ${currency} to USD for ${on}.`,
});

test("at constant rates a currency without one is named with the first day of an amount in it", async () => {
  const late = await lateRates();
  const ask = (untilOn: string) => late.ask({ window: windowOf("2025-02", untilOn) });
  await expect(ask("2025-04")).rejects.toMatchObject(missing("EUR", "2025-01-10"));
  await late.rates("CONSTANT", { EUR: "2" });
  await expect(ask("2025-04")).rejects.toMatchObject(missing("GBP", "2025-03-15"));
  expect(told((await ask("2025-03-15")).total)).toEqual({ opening: 200, expansion: 20, closing: 220 });
});

test("at changing rates the earliest day without one is named: of a balance at a boundary, or of a movement", async () => {
  const late = await lateRates();
  const policy = { currency: "REPORTED" } as const;
  const ask = (fromOn: string, more: object = {}) => late.ask({ window: windowOf(fromOn, "2025-03"), policy, ...more });
  await expect(ask("2025-02")).rejects.toMatchObject(missing("EUR", "2025-01-31"));
  await late.rates("DATED", { EUR: { "2025-02-01": "2" } });
  await expect(ask("2025-02")).rejects.toMatchObject(missing("EUR", "2025-01-31"));
  await expect(ask("2025-01")).rejects.toMatchObject(missing("EUR", "2025-01-10"));
  // February as a whole is no period of its own here, so that only the day of its end needs a rate.
  expect(told((await ask("2025-02-02")).total)).toEqual({ opening: 200, expansion: 20, closing: 220 });
  await expect(ask("2025-02-02", { window: windowOf("2025-02-02", "2025-04") })).rejects.toMatchObject(
    missing("GBP", "2025-03-15"),
  );
});

test("a rate that only a period's own boundary needs is missed where that period is asked for", async () => {
  const late = booksOf(await world(db));
  await late.account("euro");
  await late.move("euro", { on: "2025-01-10", what: "NEW", amount: 100, currency: "EUR" });
  await late.move("euro", { on: "2025-02-10", what: "CHURN", amount: -100, currency: "EUR" });
  await late.rates("DATED", { EUR: { "2025-02-05": "2" } });
  const policy = { currency: "REPORTED" } as const;
  await expect(late.ask({ window: windowOf("2025-01-11", "2025-03"), policy })).rejects.toMatchObject(
    missing("EUR", "2025-01-10"),
  );
  const weeks = { window: windowOf("2025-02-06", "2025-02-12"), grain: "DAY", policy } as const;
  expect(told((await late.ask(weeks)).total)).toEqual({ opening: 200, churned: 200 });
});

test("the cohort's end and the first ARR need rates of their own days, though nothing of the currency is left", async () => {
  const late = booksOf(await world(db));
  await late.account("both");
  await late.move("both", { on: "2025-01-10", what: "NEW", amount: 100, currency: "GBP", line: "p" });
  await late.move("both", { on: "2025-01-12", what: "EXPANSION/SEAT", amount: 80, line: "d" });
  await late.move("both", { on: "2025-01-12", what: "CONTRACTION/SEAT", amount: -100, currency: "GBP", line: "p" });
  await late.move("both", { on: "2025-02-10", what: "EXPANSION/SEAT", amount: 50, currency: "EUR", line: "e" });
  const policy = { currency: "REPORTED" } as const;
  const window = windowOf("2025-02", "2025-03");
  await late.rates("DATED", { EUR: { "2025-02-10": "2" } });
  await expect(late.ask({ window, policy })).rejects.toMatchObject(missing("EUR", "2025-01-31"));
  await late.rates("DATED", { EUR: { "2025-01-31": "2" } });
  // How far it is beyond its first pounds cannot be told.
  await expect(late.ask({ window, policy })).rejects.toMatchObject(missing("GBP", "2025-02-28"));
  await late.rates("DATED", { GBP: { "2025-02-28": "1.5" } });
  const { total } = await late.ask({ window, policy });
  expect([told(total), total.money.cumulativeExpansionMinor]).toEqual([
    { opening: 80, expansion: 100, closing: 180 },
    30_00n,
  ]);
});
