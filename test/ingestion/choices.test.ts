// What the sender of a file can choose: a dry run, creating what is missing, booking the good rows beside refused ones.

import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import type { ImportRequest } from "@accrete/db/ingestion/store.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { importText, rowCounts, standing } from "./books.ts";
import { csv, importSamples, rowsOf, sample } from "./rows.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  books = await world(db);
  await importSamples(books);
});
afterAll(() => db.drop());

const importWith = (kind: ImportKind, text: string, request: Partial<ImportRequest>) =>
  importText({ db, books }, kind, text, request);

const of = async (account: string) =>
  (await standing(books)).filter((row) => row[0] === account).map((row) => row.slice(1));

const line = {
  line_id: "L-3001",
  contract_id: "C-3",
  account_id: "initech",
  product_id: "core",
  plan_id: "core-starter",
  unit_price: "25.00",
  billing_interval: "MONTH",
  currency: "USD",
  booked_on: "2025-01-30",
  motion: "Self-serve",
};

describe("a dry run", () => {
  it("says what would happen, and writes nothing", async () => {
    const before = await rowCounts(books);
    const changed = sample("contract-lines").replace("2025-10-01,,55,", "2025-10-01,,60,");
    const result = await importWith("contract-lines", changed, { effect: "dry run" });
    expect(result).toMatchObject({
      outcome: "BOOKED",
      dryRun: true,
      batchId: null,
      rowsChanged: 1,
      movementsAppended: 1,
    });
    expect(Number(result.ledgerVersion)).toBe(before.version);
    expect(await rowCounts(books)).toEqual(before);
  });
});

describe("creating what is missing", () => {
  it("makes the accounts, products and plans that lines name, by the names they give", async () => {
    const text = rowsOf(
      "contract-lines",
      {
        account_id: "new",
        product_id: "vault",
        plan_id: "vault-1",
        account_name: "New Ltd",
        product_name: "Vault",
        product_family: "Security",
        plan_rank: "1",
      },
      {
        line_id: "X-2",
        account_id: "new",
        product_id: "vault",
        plan_id: "vault-2",
        plan_rank: "2",
        from_on: "2025-03-01",
      },
    );
    const before = await rowCounts(books);
    expect(await importWith("contract-lines", text, {})).toMatchObject({ outcome: "REFUSED" });
    expect(await importWith("contract-lines", text, { unknownNames: "create" })).toMatchObject({ rowsChanged: 2 });
    expect(await rowCounts(books)).toMatchObject({
      accounts: Number(before.accounts) + 1,
      products: Number(before.products) + 1,
      plans: Number(before.plans) + 2,
    });
    expect((await of("new")).map((row) => row[1])).toEqual(["NEW", "EXPANSION", "CHURN", "CHURN"]);
    expect(await importWith("contract-lines", text, { unknownNames: "create" })).toMatchObject({
      outcome: "UNCHANGED",
    });
  });

  it("makes what movements name, with the id for a name", async () => {
    const text = rowsOf("movements", { account_id: "fresh", product_id: "vault", plan_id: "vault-1" });
    await importWith("movements", text, { unknownNames: "create" });
    expect(await of("fresh")).toEqual([["2025-01-10", "NEW", null, 120_000n]]);
  });

  it("refuses a second plan without a rank", async () => {
    const text = rowsOf("contract-lines", { plan_id: "core-huge" });
    const result = await importWith("contract-lines", text, { unknownNames: "create" });
    expect(result.faults).toMatchObject([{ code: "RANK_MISSING", field: "plan_rank", line: 2 }]);
  });
});

describe("a partial import", () => {
  it("books the good rows and lists the others", async () => {
    const text = rowsOf(
      "contract-lines",
      {},
      { line_id: "X-2", quantity: "0" },
      { line_id: "X-3", account_id: "nobody", contract_id: "X-N" },
    );
    const result = await importWith("contract-lines", text, { refusals: "partial" });
    expect(result).toMatchObject({ outcome: "BOOKED", rowsChanged: 1, rowsRefused: 2, rowsRead: 3 });
    expect(result.faults.map(({ code, line: at }) => [at, code])).toEqual([
      [3, "QUANTITY_NOT_POSITIVE"],
      [4, "ACCOUNT_UNKNOWN"],
    ]);
    expect(await importWith("contract-lines", text, { refusals: "partial" })).toMatchObject({
      outcome: "REFUSED",
      rowsUnchanged: 1,
    });
  });

  it("refuses what a refused movement leaves without ground, and books the other accounts", async () => {
    const text = rowsOf(
      "movements",
      { amount: "12OO.00" },
      { movement_id: "N-2", effective_on: "2025-02-10", type: "EXPANSION", driver: "SEAT", amount: "100.00" },
      { movement_id: "N-3", effective_on: "2025-03-10", type: "CHURN", amount: "-1300.00" },
      { movement_id: "N-4", account_id: "other" },
    );
    await books.importText("accounts", "account_id,name\nother,Other\n");
    const result = await importWith("movements", text, { refusals: "partial" });
    expect(result).toMatchObject({ rowsChanged: 1, rowsRefused: 3 });
    expect(result.faults.map(({ row, code }) => [row, code])).toEqual([
      [1, "NUMBER_NOT_PLAIN"],
      [2, "NEW_EXPECTED"],
      [3, "BALANCE_NEGATIVE"],
    ]);
    expect(await of("other")).toEqual([["2025-01-10", "NEW", null, 120_000n]]);
  });

  it("refuses the version that a refused one does not make room for", async () => {
    const rows = csv(
      { ...line, from_on: "2025-02-01", until_on: "2025-06-01", quantity: "-10" },
      { ...line, from_on: "2025-06-01", until_on: "", quantity: "20" },
    );
    const result = await importWith("contract-lines", rows, { refusals: "partial" });
    expect(result.faults.map(({ code }) => code)).toEqual(["QUANTITY_NOT_POSITIVE", "VERSION_OVERLAPS_STORED"]);
    expect(result).toMatchObject({ outcome: "REFUSED", rowsChanged: 0 });
  });

  it("refuses the child of a refused parent", async () => {
    const rows = "account_id,name,parent_id\nmother,,\nchild,Child,mother\nother,Other,\n";
    const result = await importWith("accounts", rows, { refusals: "partial" });
    expect(result.faults.map(({ code }) => code)).toEqual(["REQUIRED", "PARENT_UNKNOWN"]);
    expect(result).toMatchObject({ rowsChanged: 1 });
  });
});
