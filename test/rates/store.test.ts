// Rate sets as they are kept: what a list states, what it cannot, and what was known when.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { convertedMinor, rateSpans } from "@accrete/db/rates/convert.ts";
import { listRates } from "@accrete/db/rates/list.ts";
import {
  chooseRateSets,
  findRateSet,
  listRateSets,
  type RateSetChoice,
  type RatesToSet,
  setRates,
} from "@accrete/db/rates/store.ts";
import { closePeriod } from "@accrete/db/workspaces/closings.ts";
import { changeSettings, getLedgerVersion, getSettings } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const author = { actor: "test", action: "set rates" };
const state = (books: World, toSet: RatesToSet) => books.write((tx) => setRates(tx, toSet, author));
const choose = (books: World, choice: RateSetChoice) => books.write((tx) => chooseRateSets(tx, choice, author));
const version = async (books: World) => (await books.read(getLedgerVersion)).version;

async function refusal(work: Promise<unknown>): Promise<{ code: string; field: string | null }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AccreteError) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error("it was taken");
}

const eur = (rate: string | null, fromOn?: string) => ({ fromCurrency: "EUR", toCurrency: "USD", rate, fromOn });

/** Pair, first day, day after and rate of all that a set holds. */
async function rates(books: World, name: string, at?: bigint): Promise<readonly string[]> {
  return books.read(async (tx) => {
    const known = at ?? (await getLedgerVersion(tx)).version;
    const set = await findRateSet(tx, name, known);
    if (!set) return ["no set"];
    const { edges } = await listRates(tx, { rateSetId: set.id, version: known }, { first: 200 });
    return edges.map(({ node: r }) => `${r.fromCurrency} ${r.toCurrency} ${r.fromOn} ${r.untilOn} ${r.rate}`);
  });
}

test("a CONSTANT set holds one rate per pair, and another one supersedes it", async () => {
  const books = await world(db);
  const first = await state(books, { rateSet: " Budget 2025 ", kind: "CONSTANT", rates: [eur("1.10")] });
  expect(first).toMatchObject({ changed: 1, unchanged: 0, refusals: [], ledgerVersion: 2n });
  expect(first.rateSet).toMatchObject({ name: "Budget 2025", kind: "CONSTANT" });
  await state(books, { rateSet: "Budget 2025", rates: [eur("1.12"), { ...eur("0.0067"), fromCurrency: "JPY" }] });
  expect(await rates(books, "Budget 2025")).toEqual(["EUR USD 1990-01-01 null 1.12", "JPY USD 1990-01-01 null 0.0067"]);
  expect(await rates(books, "Budget 2025", 2n)).toEqual(["EUR USD 1990-01-01 null 1.1"]);
  expect(await rates(books, "Budget 2025", 1n)).toEqual(["no set"]);
});

test("a rate of a DATED set holds from its day until the next one's of its pair, in whatever order they come", async () => {
  const books = await world(db);
  await state(books, { rateSet: "ECB", kind: "DATED", rates: [eur("1.20", "2025-03-01"), eur("1.10", "2025-01-01")] });
  await state(books, { rateSet: "ECB", rates: [eur("1.15", "2025-02-01")] });
  expect(await rates(books, "ECB")).toEqual([
    "EUR USD 2025-01-01 2025-02-01 1.1",
    "EUR USD 2025-02-01 2025-03-01 1.15",
    "EUR USD 2025-03-01 null 1.2",
  ]);
  const spans = await books.read(
    (tx) => tx.sql<{ line: string }[]>`
      select concat_ws(' ', s.from_currency, s.from_on, s.until_on, s.rate, ${convertedMinor(tx.sql, tx.sql`1005`, tx.sql`s.factor`)}::text) as line
      from (${rateSpans(tx.sql, { workspaceId: books.workspaceId, ledgerVersion: 3n, rateSetId: null, reportingCurrency: "USD" })}) s`,
  );
  expect(spans).toEqual([{ line: "USD -infinity infinity 1 1005" }]);
});

test("the spans of a set turn minor units into minor units, as known at a version", async () => {
  const books = await world(db, { currency: "JPY" });
  const toYen = (fromCurrency: string, rate: string) => ({
    fromCurrency,
    toCurrency: "JPY",
    rate,
    fromOn: "2025-01-01",
  });
  await state(books, { rateSet: "Bank", kind: "DATED", rates: [toYen("USD", "150.5"), toYen("KWD", "489.75")] });
  await state(books, { rateSet: "Bank", rates: [toYen("USD", "151")] });
  const converted = (ledgerVersion: bigint) =>
    books.read(async (tx) => {
      const set = await findRateSet(tx, "Bank");
      const reading = {
        workspaceId: books.workspaceId,
        ledgerVersion,
        rateSetId: set?.id ?? null,
        reportingCurrency: "JPY",
      };
      return tx.sql<{ currency: string; yen: string }[]>`
        select s.from_currency as currency, ${convertedMinor(tx.sql, tx.sql`100`, tx.sql`s.factor`)}::text as yen
        from (${rateSpans(tx.sql, reading)}) s where s.from_on <= '2025-06-01' and s.until_on > '2025-06-01' order by 1`;
    });
  // 100 minor units are 1.00 USD, 0.100 KWD and 100 JPY; 150.5 is a tie, and goes to the even yen.
  expect(await converted(2n)).toEqual([
    { currency: "JPY", yen: "100" },
    { currency: "KWD", yen: "49" },
    { currency: "USD", yen: "150" },
  ]);
  expect((await converted(3n))[2]).toEqual({ currency: "USD", yen: "151" });
});

test("stating what the books say records nothing, however it is written", async () => {
  const books = await world(db);
  await state(books, { rateSet: "ECB", kind: "DATED", rates: [eur("1.10", "2025-01-01")] });
  const again = await state(books, { rateSet: "ECB", kind: "DATED", rates: [eur("01.1000", "2025-01-01")] });
  expect(again).toMatchObject({ changed: 0, unchanged: 1, ledgerVersion: 2n });
  expect(await version(books)).toBe(2n);
});

test("a rate of null withdraws what was stated, and an earlier version still knows it", async () => {
  const books = await world(db);
  await state(books, { rateSet: "ECB", kind: "DATED", rates: [eur("1.10", "2025-01-01"), eur("9", "2025-02-01")] });
  expect(await state(books, { rateSet: "ECB", rates: [eur(null, "2025-02-01")] })).toMatchObject({ changed: 1 });
  expect(await rates(books, "ECB")).toEqual(["EUR USD 2025-01-01 null 1.1"]);
  expect(await rates(books, "ECB", 2n)).toHaveLength(2);
});

test("every row that cannot be is refused with its index, field, code and fix, and nothing is written", async () => {
  const books = await world(db);
  const result = await state(books, {
    rateSet: "ECB",
    kind: "DATED",
    rates: [
      eur("1.1", "2025-01-01"),
      { ...eur("1", "2025-01-01"), fromCurrency: "USD" },
      eur("0", "2025-01-02"),
      eur("1000000000", "2025-01-03"),
      eur("0.0000000000001", "2025-01-04"),
      eur("1.1"),
      eur("1.2", "2025-01-01"),
      eur(null, "2025-01-05"),
    ],
  });
  expect(result.refusals.map(({ index, field, code }) => [index, field, code])).toEqual([
    [1, "toCurrency", "CURRENCIES_EQUAL"],
    [2, "rate", "RATE_OUT_OF_RANGE"],
    [3, "rate", "RATE_OUT_OF_RANGE"],
    [4, "rate", "RATE_OUT_OF_RANGE"],
    [5, "fromOn", "RATE_DAY_MISSING"],
    [6, null, "RATE_REPEATED"],
    [7, null, "RATE_UNKNOWN"],
  ]);
  for (const { message, fix } of result.refusals) expect(`${message} ${fix}`).not.toMatch(/[{}]/);
  expect(result).toMatchObject({ rateSet: null, changed: 0, ledgerVersion: 1n });
  expect(await version(books)).toBe(1n);
  expect(await books.read(listRateSets)).toEqual([]);
});

test("a CONSTANT set takes no day", async () => {
  const books = await world(db);
  const { refusals } = await state(books, { rateSet: "Budget", kind: "CONSTANT", rates: [eur("1.1", "2025-01-01")] });
  expect(refusals).toMatchObject([{ index: 0, field: "fromOn", code: "RATE_DAY_NOT_ALLOWED" }]);
});

test("the smallest and the largest rate are taken", async () => {
  const books = await world(db);
  const rows = [eur("0.000000000001", "2025-01-01"), eur("999999999.999999999999", "2025-01-02")];
  expect(await state(books, { rateSet: "ECB", kind: "DATED", rates: rows })).toMatchObject({ changed: 2 });
});

test("a list for a set of the other kind, of no kind, without a name or without rows is refused", async () => {
  const books = await world(db);
  await state(books, { rateSet: "ECB", kind: "DATED", rates: [eur("1.1", "2025-01-01")] });
  expect(await refusal(state(books, { rateSet: "ECB", kind: "CONSTANT", rates: [eur("1.1")] }))).toMatchObject({
    field: "kind",
  });
  expect(await refusal(state(books, { rateSet: "New", rates: [eur("1.1")] }))).toMatchObject({ field: "kind" });
  expect(await refusal(state(books, { rateSet: "  ", kind: "DATED", rates: [eur("1")] }))).toMatchObject({
    field: "rateSet",
  });
  expect(await refusal(state(books, { rateSet: "New", kind: "DATED", rates: [] }))).toEqual({
    code: "BAD_USER_INPUT",
    field: "rates",
  });
});

test("the sets of CONSTANT and REPORTED are chosen by name, must be of their kind, and are known as of each version", async () => {
  const books = await world(db);
  await state(books, { rateSet: "Budget", kind: "CONSTANT", rates: [eur("1.1")] });
  await state(books, { rateSet: "ECB", kind: "DATED", rates: [eur("1.1", "2025-01-01")] });
  await choose(books, { constant: "Budget" });
  await choose(books, { reported: "ECB" });
  const chosen = (at?: bigint) =>
    books.read(async (tx) => {
      const { constantRateSetId, reportedRateSetId } = await getSettings(tx, at);
      const names = new Map((await listRateSets(tx)).map(({ id, name }) => [id, name]));
      return [names.get(constantRateSetId ?? ""), names.get(reportedRateSetId ?? "")];
    });
  expect(await chosen()).toEqual(["Budget", "ECB"]);
  expect(await chosen(4n)).toEqual(["Budget", undefined]);
  expect(await chosen(3n)).toEqual([undefined, undefined]);
  expect(await choose(books, { constant: "Budget" })).toBeNull();
  await choose(books, { constant: null });
  expect(await chosen()).toEqual([undefined, "ECB"]);
  expect(await refusal(choose(books, { constant: "ECB" }))).toEqual({ code: "BAD_USER_INPUT", field: "constant" });
  expect(await refusal(choose(books, { reported: "Budget" }))).toEqual({ code: "BAD_USER_INPUT", field: "reported" });
  expect(await refusal(choose(books, { reported: "none" }))).toEqual({ code: "BAD_USER_INPUT", field: "reported" });
});

test("a rate that would hold on a day of a closed period is refused, or booked as a restatement by the workspace's choice", async () => {
  const books = await world(db);
  await state(books, { rateSet: "ECB", kind: "DATED", rates: [eur("1.1", "2025-01-01"), eur("1.3", "2025-04-01")] });
  await books.write((tx) => closePeriod(tx, { fromOn: "2025-02-01", untilOn: "2025-03-01" }, author));
  const late = async (fromOn: string) => (await state(books, { rateSet: "ECB", rates: [eur("1.2", fromOn)] })).refusals;
  // It would hold from its day until 1 April: through February in the first two cases.
  expect(await late("2025-01-15")).toMatchObject([{ index: 0, field: "fromOn", code: "PERIOD_CLOSED" }]);
  expect(await late("2025-02-28")).toMatchObject([{ code: "PERIOD_CLOSED" }]);
  expect(await late("2025-03-01")).toEqual([]);
  // What ends before February, by a rate of the same list, is not late: only the rate from February on is.
  const both = await state(books, { rateSet: "ECB", rates: [eur("1.4", "2025-01-10"), eur("1.5", "2025-02-01")] });
  expect(both.refusals).toMatchObject([{ index: 1, code: "PERIOD_CLOSED" }]);
  // A rate of a CONSTANT set has no day, and is versioned only.
  expect(await state(books, { rateSet: "Budget", kind: "CONSTANT", rates: [eur("1")] })).toMatchObject({ changed: 1 });

  await books.write((tx) => changeSettings(tx, { closedPeriodTreatment: "RESTATE" }, author));
  const restated = await state(books, { rateSet: "ECB", rates: [eur("1.2", "2025-01-15"), eur("1.6", "2025-05-01")] });
  expect(restated).toMatchObject({ changed: 2, restatements: 1, refusals: [] });
});
