// Rates from files: what is booked, what changes nothing, what supersedes, and every row that cannot be.

import { csvLine } from "@accrete/api/commands/export.ts";
import { openExport } from "@accrete/db/ingestion/export.ts";
import { type ImportResult, importFile } from "@accrete/db/ingestion/store.ts";
import { listRates } from "@accrete/db/rates/list.ts";
import { findRateSet, listRateSets } from "@accrete/db/rates/store.ts";
import { closePeriod } from "@accrete/db/workspaces/closings.ts";
import { changeSettings, getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sample } from "../ingestion/rows.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const author = { actor: "test", action: "test" };
const header = "rate_set,kind,from_currency,to_currency,from_on,rate";

function send(
  books: World,
  rows: readonly string[],
  refusals: "all or nothing" | "partial" = "all or nothing",
): Promise<ImportResult> {
  return importFile(db.api, books.workspaceId, {
    kind: "rates",
    format: "csv",
    source: [Buffer.from([header, ...rows, ""].join("\n"))],
    effect: "write",
    unknownNames: "refuse",
    refusals,
    fileName: null,
    actor: "test",
  });
}

const faults = (result: ImportResult) => result.faults.map(({ row, field, code }) => [row, field, code]);

async function rates(books: World, name: string, at?: bigint): Promise<readonly string[]> {
  return books.read(async (tx) => {
    const version = at ?? (await getLedgerVersion(tx)).version;
    const set = await findRateSet(tx, name, version);
    const { edges } = await listRates(tx, { rateSetId: set?.id ?? books.workspaceId, version }, {});
    return edges.map(({ node: r }) => `${r.fromCurrency} ${r.toCurrency} ${r.fromOn} ${r.rate}`);
  });
}

test("the sample of the docs makes two sets, the second time nothing, and the same as NDJSON", async () => {
  const books = await world(db);
  expect(await books.importText("rates", sample("rates"))).toMatchObject({
    outcome: "BOOKED",
    rowsChanged: 6,
    ledgerVersion: 2n,
  });
  expect(await books.importText("rates", sample("rates"))).toMatchObject({ outcome: "UNCHANGED", rowsUnchanged: 6 });
  expect(await books.importText("rates", sample("rates", "ndjson"), "ndjson")).toMatchObject({ outcome: "UNCHANGED" });
  expect((await books.read(listRateSets)).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    "Bank DATED",
    "Budget 2025 CONSTANT",
  ]);
  expect(await rates(books, "Budget 2025")).toEqual(["EUR USD 1990-01-01 1.1", "JPY USD 1990-01-01 0.0067"]);
  expect(await rates(books, "Bank")).toEqual([
    "EUR USD 2025-01-01 1.04",
    "EUR USD 2025-04-01 1.08",
    "EUR USD 2025-07-01 1.17",
    "JPY USD 2025-01-01 0.00637",
  ]);
});

test("another rate for the same pair and day supersedes the one before, which its version still knows", async () => {
  const books = await world(db);
  await send(books, ["ECB,,EUR,USD,2025-01-01,1.04", "Plan,,EUR,USD,,1.10"]);
  expect(await send(books, ["ECB,,eur,usd,2025-01-01,1.0400", "Plan,,EUR,USD,,1.2"])).toMatchObject({
    rowsChanged: 1,
    rowsUnchanged: 1,
  });
  expect(await rates(books, "Plan")).toEqual(["EUR USD 1990-01-01 1.2"]);
  expect(await rates(books, "Plan", 2n)).toEqual(["EUR USD 1990-01-01 1.1"]);
});

test("every row that cannot be is refused with its field and code", async () => {
  const books = await world(db);
  await send(books, ["ECB,DATED,EUR,USD,2025-01-01,1.04"]);
  const result = await send(books, [
    ",DATED,EUR,USD,2025-01-01,1",
    "A,DATED,EUX,USD,2025-01-01,1",
    "A,DATED,USD,USD,2025-01-01,1",
    "A,DATED,EUR,USD,,1",
    "A,CONSTANT,EUR,USD,2025-01-01,1",
    "A,DATED,EUR,USD,2025-01-02,0",
    "A,DATED,EUR,USD,2025-01-03,-1",
    "A,DATED,EUR,USD,2025-01-04,1000000000",
    "A,DATED,EUR,USD,2025-01-05,0.0000000000001",
    "A,DATED,EUR,USD,2025-01-06,",
    "A,MONTHLY,EUR,USD,2025-01-07,1",
    'A,DATED,EUR,USD,2025-01-08,"1,1"',
    "A,DATED,EUR,USD,1.1.2025,1",
    "B,,EUR,USD,,1.1",
    "B,,EUR,USD,,1.2",
    "ECB,,GBP,USD,,1.3",
    "C,,EUR,USD,,1.1",
    "C,,EUR,USD,2025-01-01,1.1",
  ]);
  expect(faults(result)).toEqual([
    [1, "rate_set", "REQUIRED"],
    [2, "from_currency", "CURRENCY_UNKNOWN"],
    [3, "to_currency", "CURRENCIES_EQUAL"],
    [4, "from_on", "RATE_DAY_MISSING"],
    [5, "from_on", "RATE_DAY_NOT_ALLOWED"],
    [6, "rate", "RATE_OUT_OF_RANGE"],
    [7, "rate", "RATE_OUT_OF_RANGE"],
    [8, "rate", "RATE_OUT_OF_RANGE"],
    [9, "rate", "NUMBER_DECIMALS"],
    [10, "rate", "REQUIRED"],
    [11, "kind", "WORD_UNKNOWN"],
    [12, "rate", "NUMBER_GROUPED"],
    [13, "from_on", "DATE_FORM"],
    [14, "from_on", "KEY_REPEATED"],
    [15, "from_on", "KEY_REPEATED"],
    [16, "kind", "RATE_SET_OF_OTHER_KIND"],
    [18, "kind", "RATE_SET_OF_OTHER_KIND"],
  ]);
  expect(result.outcome).toBe("REFUSED");
  expect(result.faults.find(({ row }) => row === 16)?.message).toBe("The rate set 'ECB' is DATED.");
  expect(await books.read(listRateSets)).toHaveLength(1);
});

test("a partial import books the good rows, and makes no set of which every row was refused", async () => {
  const books = await world(db);
  const result = await send(books, ["ECB,,EUR,USD,2025-01-01,1.04", "Bad,,EUR,USD,2025-01-01,0"], "partial");
  expect(result).toMatchObject({ outcome: "BOOKED", rowsChanged: 1, rowsRefused: 1 });
  expect((await books.read(listRateSets)).map(({ name }) => name)).toEqual(["ECB"]);
});

test("rows whose rate would hold in a closed period are refused or counted as restatements; CONSTANT rows never are", async () => {
  const books = await world(db);
  await send(books, ["ECB,,EUR,USD,2025-01-01,1.04", "ECB,,EUR,USD,2025-04-01,1.08", "Plan,,EUR,USD,,1.1"]);
  await books.write((tx) => closePeriod(tx, { fromOn: "2025-02-01", untilOn: "2025-03-01" }, author));
  const rows = ["ECB,,EUR,USD,2025-01-20,1.05", "ECB,,EUR,USD,2025-05-01,1.2", "Plan,,EUR,USD,,1.2"];
  expect(faults(await send(books, rows))).toEqual([[1, "from_on", "PERIOD_CLOSED"]]);
  expect(await send(books, rows, "partial")).toMatchObject({ rowsChanged: 2, rowsRefused: 1, restatements: 0 });
  await books.write((tx) => changeSettings(tx, { closedPeriodTreatment: "RESTATE" }, author));
  expect(await send(books, rows)).toMatchObject({ outcome: "BOOKED", rowsChanged: 1, restatements: 1 });
});

test("an export of rates changes nothing where it came from, and makes the same sets elsewhere", async () => {
  const [books, copy] = [await world(db), await world(db)];
  await books.importText("rates", sample("rates"));
  await send(books, ["Bank,,EUR,USD,2025-07-01,1.1800"]);
  const exported = (from: World) =>
    from.read(async (tx) => {
      const { columns, rows } = await openExport(tx, "rates");
      let text = `${columns.join(",")}\n`;
      for await (const row of rows) text += csvLine(columns, row);
      return text;
    });
  const text = await exported(books);
  expect(text).toBe(`rate_set,kind,from_currency,to_currency,from_on,rate
Bank,DATED,EUR,USD,2025-01-01,1.04
Bank,DATED,EUR,USD,2025-04-01,1.08
Bank,DATED,EUR,USD,2025-07-01,1.18
Bank,DATED,JPY,USD,2025-01-01,0.00637
Budget 2025,CONSTANT,EUR,USD,,1.1
Budget 2025,CONSTANT,JPY,USD,,0.0067
`);
  expect(await books.importText("rates", text)).toMatchObject({ outcome: "UNCHANGED", rowsUnchanged: 6 });
  await copy.importText("rates", text);
  expect(await exported(copy)).toBe(text);
});
