// The constant-currency bridge: both readings of a window per currency, and what parts them, adding up in every column.

import { changesOfAccounts } from "@accrete/db/metrics/changes-of-accounts.ts";
import { askCurrencyBridge, type CurrencyBridge, currencyColumns } from "@accrete/db/metrics/currency-bridge.ts";
import { askMethodBridge } from "@accrete/db/metrics/method-bridge.ts";
import type { ReportQuestion } from "@accrete/db/metrics/report-question.ts";
import { askSegmentMigration } from "@accrete/db/metrics/segment-migration.ts";
import { chooseRateSets, setRates } from "@accrete/db/rates/store.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Books, booksOf, wholeQuestion, windowOf } from "../metrics/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let place: World;
let books: Books;
const window = windowOf("2025-10", "2026-01");
const author = { actor: "test", action: "rates" };

beforeAll(async () => {
  db = await testDatabase();
  place = await world(db);
  books = booksOf(place);
  for (const name of ["berlin", "paris", "boston"]) await books.account(name);
  await books.move("berlin", { on: "2025-01-01", what: "NEW", amount: 10_000, currency: "EUR" });
  await books.move("paris", { on: "2025-01-01", what: "NEW", amount: 1_000, currency: "EUR" });
  await books.move("paris", { on: "2025-11-01", what: "EXPANSION/SEAT", amount: 200, currency: "EUR" });
  await books.move("paris", { on: "2025-12-01", what: "CONTRACTION/SEAT", amount: -100, currency: "EUR" });
  await books.move("boston", { on: "2025-10-10", what: "NEW", amount: 500 });
});
afterAll(() => db.drop());

function bridge(question: Partial<ReportQuestion> = {}): Promise<CurrencyBridge> {
  return place.read((tx) =>
    askCurrencyBridge(tx, { window, filter: {}, policy: {}, todayOn: "2026-01-01", ...question }),
  );
}

async function setAllRates(): Promise<void> {
  const eur = { fromCurrency: "EUR", toCurrency: "USD" };
  await place.write((tx) =>
    setRates(tx, { rateSet: "Plan 2025", kind: "CONSTANT", rates: [{ ...eur, fromOn: null, rate: "1.1" }] }, author),
  );
  const dated = [
    { ...eur, fromOn: "2025-01-01", rate: "1.17" },
    { ...eur, fromOn: "2025-11-01", rate: "1.2" },
    { ...eur, fromOn: "2025-12-01", rate: "1" },
    { ...eur, fromOn: "2025-12-31", rate: "0.96" },
  ];
  await place.write((tx) => setRates(tx, { rateSet: "ECB", kind: "DATED", rates: dated }, author));
  await place.write((tx) => chooseRateSets(tx, { constant: "Plan 2025", reported: "ECB" }, author));
}

/** A row's columns in whole units, zeros left out. */
const told = (of: (name: keyof typeof currencyColumns) => bigint) =>
  Object.fromEntries(
    (Object.keys(currencyColumns) as (keyof typeof currencyColumns)[])
      .map((name) => [name.replace("Arr", ""), Number(of(name)) / 100] as const)
      .filter(([, amount]) => amount !== 0),
  );

describe("the constant-currency bridge", () => {
  it("is refused while either rate set has no rate, and not for the currency that needs none", async () => {
    await expect(bridge()).rejects.toMatchObject({ code: "RATE_MISSING" });
    const { rows } = await bridge({ filter: { accountExternalIds: ["boston"] } });
    expect(rows.map(({ currency, difference }) => [currency, difference.closingArr])).toEqual([["USD", 0n]]);
  });

  it("shows both readings per currency, worked by hand, and their difference", async () => {
    await setAllRates();
    const { rows, total, residualMinor } = await bridge();
    expect(rows.map(({ currency }) => currency)).toEqual(["EUR", "USD"]);
    const [eur, usd] = rows;
    if (!eur || !usd) throw new Error("a currency is missing");
    // 11,000 euros at 1.17; 200 at 1.2; 100 at 1; 11,100 at 0.96.
    expect(told((name) => currencyColumns[name](eur.reported))).toEqual({
      opening: 12_870,
      expansion: 240,
      contraction: 100,
      fx: -2_354,
      closing: 10_656,
    });
    expect(told((name) => currencyColumns[name](eur.constant))).toEqual({
      opening: 12_100,
      expansion: 220,
      contraction: 110,
      closing: 12_210,
    });
    expect(told((name) => eur.difference[name])).toEqual({
      opening: 770,
      expansion: 20,
      contraction: -10,
      fx: -2_354,
      closing: -1_554,
    });
    expect(told((name) => usd.difference[name])).toEqual({});
    expect(told((name) => currencyColumns[name](total.reported))).toMatchObject({
      new: 500,
      closing: 11_156,
      fx: -2_354,
    });
    expect(told((name) => total.difference[name])).toEqual(told((name) => eur.difference[name]));
    expect(residualMinor).toBe(0n);
  });

  it("is €10,000 flat while the rate falls from 1.17 to 0.96: all of it exchange rates, none of it contraction", async () => {
    const { total } = await bridge({ filter: { accountExternalIds: ["berlin"] } });
    expect(told((name) => currencyColumns[name](total.reported))).toEqual({
      opening: 11_700,
      fx: -2_100,
      closing: 9_600,
    });
    expect(told((name) => currencyColumns[name](total.constant))).toEqual({ opening: 11_000, closing: 11_000 });
  });
});

describe("in other currencies, at the rates of the days, too", () => {
  const policy = { currency: "REPORTED" } as const;

  it("the accounts of a row sum to it, what only rates moved among it", async () => {
    const question = wholeQuestion({ window, policy });
    const { total, policy: used } = await books.ask(question);
    const changes = await place.read(async (tx) => {
      const found: [string, string, bigint | null, bigint | null][] = [];
      const rows = await changesOfAccounts(
        tx,
        question,
        { ...question, period: total.period, group: total.group },
        used,
      );
      await rows.each((one) => found.push([one.account, one.class, one.row.money.fxMinor, one.row.money.closingMinor]));
      return found;
    });
    expect(changes).toEqual([
      ["berlin", "UNCHANGED", -2_100_00n, 9_600_00n],
      ["boston", "NEW", 0n, 500_00n],
      ["paris", "EXPANSION", -254_00n, 1_056_00n],
    ]);
    expect(total.money.fxMinor).toBe(-2_354_00n);
  });

  it("the method bridge adds up, and the migration reads the bands of each end", async () => {
    const asked = { window, filter: {}, policy, todayOn: "2026-01-01" };
    const { residualMinor, lines } = await place.read((tx) => askMethodBridge(tx, asked));
    expect([residualMinor, lines.map(({ cause }) => cause)]).toEqual([0n, ["ROUND_TRIPS"]]);
    const migration = await place.read((tx) => askSegmentMigration(tx, asked));
    expect(migration.lines.map(({ openingMinor, closingMinor }) => [openingMinor, closingMinor])).toEqual([
      [12_870_00n, 10_656_00n],
      [0n, 500_00n],
    ]);
  });
});
