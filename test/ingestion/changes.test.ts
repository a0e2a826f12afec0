// The second import and every later one: what is the same changes nothing, what is different corrects the past, and nothing else moves.

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

describe("the same file again", () => {
  it("changes nothing: no row, no ledger version, no batch", async () => {
    const before = await rowCounts(books);
    for (const kind of ["catalog", "accounts", "contract-lines", "movements"] as const) {
      const result = await books.importText(kind, sample(kind));
      expect(result).toMatchObject({ outcome: "UNCHANGED", batchId: null, rowsChanged: 0, movementsAppended: 0 });
      expect(result.rowsUnchanged).toBe(result.rowsRead);
      expect(Number(result.ledgerVersion)).toBe(before.version);
    }
    expect(await rowCounts(books)).toEqual(before);
  });

  it("in another order and with numbers spelled otherwise changes nothing either", async () => {
    const [header, ...rows] = sample("contract-lines").trimEnd().split("\n");
    const text = [header, ...rows.reverse()].join("\n").replaceAll(",25.00,", ",25.000,").replaceAll(",40,", ",40.0,");
    expect(await books.importText("contract-lines", text)).toMatchObject({ outcome: "UNCHANGED" });
  });
});

describe("a changed past", () => {
  it("is taken back and told anew: reversals and new movements, and none of an account that was not touched", async () => {
    const before = await rowCounts(books);
    const untouched = (await standing(books)).filter(([account]) => account !== "globex");
    // 60 seats from October, not 55: 20 more at 45 × 12 × 0.9 = 9,720.
    const changed = sample("contract-lines").replace("2025-10-01,,55,", "2025-10-01,,60,");
    const result = await books.importText("contract-lines", changed);
    expect(result).toMatchObject({ rowsChanged: 1, rowsUnchanged: 6, movementsAppended: 1, movementsReversed: 1 });
    expect(await of("globex")).toContainEqual(["2025-10-01", "EXPANSION", "SEAT", 972_000n]);
    expect((await standing(books)).filter(([account]) => account !== "globex")).toEqual(untouched);
    const after = await rowCounts(books);
    // One seat expansion taken back, one appended; the transfers of the plan change stand.
    expect(after).toMatchObject({
      movements: Number(before.movements) + 2,
      contract_line_versions: Number(before.contract_line_versions) + 1,
      transfers: before.transfers,
      version: Number(before.version) + 1,
      import_batches: Number(before.import_batches) + 1,
    });
  });

  it("that comes back to where it was leaves the same ledger as before", async () => {
    const before = await standing(books);
    await books.importText("contract-lines", sample("contract-lines").replace("2025-10-01,,55,", "2025-10-01,,60,"));
    await books.importText("contract-lines", sample("contract-lines"));
    expect(await standing(books)).toEqual(before);
  });

  it("moves a line to another account: one loses its ARR, the other gains it", async () => {
    const moved = sample("contract-lines").replace("L-3001,C-3,initech", "L-3001,C-4,vandelay");
    await books.importText("contract-lines", moved);
    expect(await of("initech")).toEqual([]);
    expect(await of("vandelay")).toEqual([
      ["2025-02-01", "NEW", null, 240_000n],
      ["2025-11-01", "CHURN", null, -240_000n],
    ]);
  });

  it("ends a stored version and starts the next one, in one file", async () => {
    const rows = csv(
      { ...line, from_on: "2025-02-01", until_on: "2025-06-01", quantity: "10", discount_amount: "50.00" },
      { ...line, from_on: "2025-06-01", until_on: "", quantity: "20", discount_amount: "50.00" },
    );
    await books.importText("contract-lines", rows);
    expect(await of("initech")).toEqual([
      ["2025-02-01", "NEW", null, 240_000n],
      ["2025-06-01", "EXPANSION", "SEAT", 300_000n],
    ]);
  });

  it("of a rank tells the holders' plan changes anew: equal ranks make a price, not a tier", async () => {
    const result = await books.importText(
      "catalog",
      sample("catalog").replace("core-pro,Core Professional,2", "core-pro,Core Professional,1"),
    );
    expect(result).toMatchObject({ rowsChanged: 1, rowsUnchanged: 4 });
    const [, uplift] = await of("globex");
    expect(uplift?.slice(0, 2)).toEqual(["2025-01-01", "EXPANSION"]);
    expect((await of("globex")).map((row) => row[2])).not.toContain("TIER");
  });

  it("of a family tells the holders' expansions anew: what was cross-sold is an add-on of the family", async () => {
    await books.importText("catalog", sample("catalog").replace("Insights,Analytics", "Insights,Platform"));
    expect((await of("globex")).map((row) => row[2])).toContain("ADD_ON");
    expect((await of("globex")).map((row) => row[2])).not.toContain("CROSS_SELL");
  });
});

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

describe("an account's versions", () => {
  const versions = () =>
    books.read(
      (tx) => tx.sql<{ from: string; until: string | null; channel: string; parent: string | null }[]>`
        select v.from_on as from, v.until_on as until, v.channel, (
            select parent.external_id from account_parents p
            join accounts parent on parent.workspace_id = p.workspace_id and parent.id = p.parent_id
            where p.workspace_id = v.workspace_id and p.account_id = v.account_id and p.from_on <= v.from_on
              and coalesce(p.until_on, 'infinity') >= coalesce(v.until_on, 'infinity') and p.superseded_version > 9000000000000000000) as parent
        from account_versions v join accounts a on a.workspace_id = v.workspace_id and a.id = v.account_id
        where v.workspace_id = ${tx.workspaceId} and a.external_id = 'globex-fr' and v.superseded_version > 9000000000000000000
        order by v.from_on`,
    );

  it("last from their day until the next one's, the first since always", async () => {
    expect(await versions()).toEqual([
      { from: "1990-01-01", until: "2025-07-01", channel: "Direct", parent: "globex" },
      { from: "2025-07-01", until: null, channel: "Partner", parent: "globex" },
    ]);
  });

  it("are cut by one that comes between, with its own parent", async () => {
    const row =
      "account_id,name,parent_id,channel,region,industry,owner,effective_on\nglobex-fr,Globex France,,Reseller,EMEA,,,2025-03-01\n";
    expect(await books.importText("accounts", row)).toMatchObject({ rowsChanged: 1 });
    expect(await versions()).toEqual([
      { from: "1990-01-01", until: "2025-03-01", channel: "Direct", parent: "globex" },
      { from: "2025-03-01", until: "2025-07-01", channel: "Reseller", parent: null },
      { from: "2025-07-01", until: null, channel: "Partner", parent: "globex" },
    ]);
  });
});

it("keeps who imported which file, and how it went", async () => {
  const result = await importWith("movements", rowsOf("movements", {}), { fileName: "file.csv", actor: "key_1" });
  const [batch] = await books.read(
    (tx) => tx.sql`
      select b.id, b.kind, b.file_name, b.actor, b.rows_read, b.rows_changed, b.movements_appended, b.ledger_version, c.action, m.source_row
      from import_batches b
      join commits c on c.workspace_id = b.workspace_id and c.version = b.ledger_version
      join movements m on m.workspace_id = b.workspace_id and m.batch_id = b.id
      where b.workspace_id = ${tx.workspaceId} and b.actor = 'key_1'`,
  );
  expect(batch).toEqual({
    id: result.batchId,
    kind: "movements",
    file_name: "file.csv",
    actor: "key_1",
    rows_read: 1n,
    rows_changed: 1n,
    movements_appended: 1n,
    ledger_version: result.ledgerVersion,
    action: "import movements",
    source_row: 1,
  });
});
