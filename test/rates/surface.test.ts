// Rates as the API states and lists them.

import { afterAll, beforeAll, expect, test } from "vitest";
import { answerOf } from "../schema/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { change } from "../workspaces/writing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const dated = `mutation { setFxRates(rateSet: "Bank", kind: DATED, rates: [
  { fromCurrency: "EUR", toCurrency: "USD", fromOn: "2025-01-01", rate: "1.04" }
  { fromCurrency: "EUR", toCurrency: "USD", fromOn: "2025-07-01", rate: "1.170" }
  { fromCurrency: "GBP", toCurrency: "USD", fromOn: "2025-01-01", rate: "1.25" }
]) { changed unchanged restatements ledgerVersion refusals { code } rateSet { name kind } } }`;

test("a list of rates makes its set, and is listed by pair, by day and as of a version", async () => {
  const books = await world(db);
  expect(await change(books, dated)).toEqual({
    setFxRates: {
      changed: 3,
      unchanged: 0,
      restatements: 0,
      ledgerVersion: "2",
      refusals: [],
      rateSet: { name: "Bank", kind: "DATED" },
    },
  });
  await change(
    books,
    `mutation { setFxRates(rateSet: "Bank", rates: [
      { fromCurrency: "EUR", toCurrency: "USD", fromOn: "2025-07-01", rate: "1.18" }
      { fromCurrency: "GBP", toCurrency: "USD", fromOn: "2025-01-01", rate: null }
    ]) { changed } }`,
  );
  const row = "totalCount nodes { fromCurrency toCurrency fromOn untilOn rate ledgerVersion }";
  const { rateSets, before } = await answerOf<Record<"rateSets" | "before", unknown>>(
    books,
    `{ rateSets { name kind all: rates { ${row} } march: rates(on: "2025-03-01", fromCurrency: "EUR") { nodes { rate } }
         early: rates(on: "2024-12-31") { totalCount } }
       before: rateSets(asOf: { ledgerVersion: "2" }) { rates(on: "2025-08-01") { nodes { fromCurrency rate } } } }`,
  );
  const eur = { fromCurrency: "EUR", toCurrency: "USD" };
  expect(rateSets).toEqual([
    {
      name: "Bank",
      kind: "DATED",
      all: {
        totalCount: 2,
        nodes: [
          { ...eur, fromOn: "2025-01-01", untilOn: "2025-07-01", rate: "1.04", ledgerVersion: "2" },
          { ...eur, fromOn: "2025-07-01", untilOn: null, rate: "1.18", ledgerVersion: "3" },
        ],
      },
      march: { nodes: [{ rate: "1.04" }] },
      early: { totalCount: 0 },
    },
  ]);
  expect(before).toEqual([
    {
      rates: {
        nodes: [
          { fromCurrency: "EUR", rate: "1.17" },
          { fromCurrency: "GBP", rate: "1.25" },
        ],
      },
    },
  ]);
});

test("a rate of a CONSTANT set has no days", async () => {
  const books = await world(db);
  await change(
    books,
    `mutation { setFxRates(rateSet: "Plan", kind: CONSTANT, rates: [{ fromCurrency: "JPY", toCurrency: "USD", rate: "0.0067" }]) { changed } }`,
  );
  const { rateSets } = await answerOf<{ rateSets: unknown }>(
    books,
    "{ rateSets { kind rates { nodes { fromCurrency fromOn untilOn rate } } } }",
  );
  expect(rateSets).toEqual([
    {
      kind: "CONSTANT",
      rates: { nodes: [{ fromCurrency: "JPY", fromOn: null, untilOn: null, rate: "0.0067" }] },
    },
  ]);
});

test("refused rows are told with index, field, code and fix, and nothing is written; a rate left out withdraws nothing", async () => {
  const books = await world(db);
  await change(books, dated);
  const { setFxRates } = await change<{ setFxRates: unknown }>(
    books,
    `mutation { setFxRates(rateSet: "Bank", rates: [
      { fromCurrency: "EUR", toCurrency: "USD", fromOn: "2025-02-01", rate: "1.1" }
      { fromCurrency: "EUR", toCurrency: "EUR", fromOn: "2025-02-01", rate: "1" }
      { fromCurrency: "EUR", toCurrency: "USD", fromOn: "2025-01-01" }
    ]) { changed ledgerVersion rateSet { name } refusals { index field code message fix } } }`,
  );
  expect(setFxRates).toEqual({
    changed: 0,
    ledgerVersion: "2",
    rateSet: null,
    refusals: [
      {
        index: 1,
        field: "toCurrency",
        code: "CURRENCIES_EQUAL",
        message: "The rate is from 'EUR' into the same currency.",
        fix: "Leave the row out: an amount of the reporting currency is never converted.",
      },
      {
        index: 2,
        field: "rate",
        code: "RATE_OUT_OF_RANGE",
        message: "The rate '' is not above 0 and below 1,000,000,000 with at most 12 decimals.",
        fix: "Send how many units of the second currency one unit of the first is worth.",
      },
    ],
  });
});

test("the sets that questions read are chosen by name, stand on the workspace, and are in the log of settings", async () => {
  const books = await world(db);
  await change(books, dated);
  const sets = "constantRateSet { name } reportedRateSet { name }";
  expect(await change(books, `mutation { setRateSets(reported: "Bank") { ${sets} } }`)).toEqual({
    setRateSets: { constantRateSet: null, reportedRateSet: { name: "Bank" } },
  });
  const { workspace, settingsChanges } = await answerOf<Record<string, unknown>>(
    books,
    `{ workspace(asOf: { ledgerVersion: "2" }) { ${sets} } settingsChanges { nodes { changes { setting from to } } } }`,
  );
  expect(workspace).toEqual({ constantRateSet: null, reportedRateSet: null });
  expect(settingsChanges).toEqual({
    nodes: [{ changes: [{ setting: "REPORTED_RATE_SET", from: null, to: "Bank" }] }],
  });
  await expect(change(books, `mutation { setRateSets(constant: "Bank") { id } }`)).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    field: "constant",
    message: "The rate set 'Bank' is DATED; a CONSTANT one is needed here.",
  });
});
