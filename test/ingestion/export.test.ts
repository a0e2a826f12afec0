// What is taken out comes in again: unchanged where it came from, and as the same books in an empty workspace.

import { csvLine } from "@accrete/api/commands/export.ts";
import { demoFiles } from "@accrete/api/demo/files.ts";
import { columnsOf } from "@accrete/db/ingestion/columns.ts";
import { type ExportRow, openExport } from "@accrete/db/ingestion/export.ts";
import { type ImportKind, importKinds } from "@accrete/db/ingestion/kinds.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let demo: World;

beforeAll(async () => {
  db = await testDatabase();
  demo = await world(db);
  const files = demoFiles();
  for (const kind of ["catalog", "accounts", "contract-lines"] as const) await demo.importText(kind, files[kind]);
}, 120_000);
afterAll(() => db.drop());

type Table = { readonly columns: readonly string[]; readonly rows: readonly ExportRow[] };

function exported(from: World, kind: ImportKind): Promise<Table> {
  return from.read(async (tx) => {
    const { columns, rows } = await openExport(tx, kind);
    const all: ExportRow[] = [];
    for await (const row of rows) all.push(row);
    return { columns, rows: all };
  });
}

const asCsv = ({ columns, rows }: Table) =>
  [`${columns.join(",")}\n`, ...rows.map((row) => csvLine(columns, row))].join("");
const asNdjson = ({ rows }: Table) =>
  rows
    .map((row) => `${JSON.stringify(Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null)))}\n`)
    .join("");

test("every kind leaves in the columns that its import takes, required ones included", async () => {
  for (const kind of importKinds) {
    const { columns } = await exported(demo, kind);
    const known: readonly string[] = columnsOf[kind].map(({ name }) => name);
    const own = columns.filter((name) => !name.startsWith("attribute."));
    expect(own).toEqual(known.filter((name) => own.includes(name)));
    for (const { name, need } of columnsOf[kind]) if (need === "required") expect(own).toContain(name);
  }
});

test("an export imported where it came from changes nothing", async () => {
  for (const kind of ["catalog", "accounts", "contract-lines"] as const) {
    const table = await exported(demo, kind);
    expect(table.rows.length).toBeGreaterThan(10);
    expect(await demo.importText(kind, asCsv(table))).toMatchObject({
      outcome: "UNCHANGED",
      rowsUnchanged: table.rows.length,
    });
    expect(await demo.importText(kind, asNdjson(table), "ndjson")).toMatchObject({ outcome: "UNCHANGED" });
  }
});

test("an export imported into an empty workspace makes the same books", async () => {
  const copy = await world(db);
  for (const kind of ["catalog", "accounts", "contract-lines"] as const) {
    await copy.importText(kind, asNdjson(await exported(demo, kind)), "ndjson");
    expect(await exported(copy, kind)).toEqual(await exported(demo, kind));
  }
  const unnamed = async (from: World) =>
    (await exported(from, "movements")).rows.map((row) => JSON.stringify({ ...row, movement_id: null })).sort();
  expect(await unnamed(copy)).toEqual(await unnamed(demo));
}, 120_000);

test("derived movements can be imported as ready-made ones, and leave again as they came", async () => {
  const copy = await world(db);
  for (const kind of ["catalog", "accounts", "movements"] as const) {
    await copy.importText(kind, asCsv(await exported(demo, kind)));
  }
  const byId = ({ rows }: Table) => new Map(rows.map((row) => [row.movement_id, row]));
  expect(byId(await exported(copy, "movements"))).toEqual(byId(await exported(demo, "movements")));
}, 120_000);

test("a reversed movement and its reversal stay behind", async () => {
  const own = await world(db);
  const header =
    "line_id,contract_id,account_id,product_id,plan_id,from_on,quantity,unit_price,billing_interval,currency\n";
  await own.importText(
    "catalog",
    "product_id,product_name,family,plan_id,plan_name,rank\nplatform,Platform,core,pro,Pro,1\n",
  );
  await own.importText("accounts", "account_id,name\nacme,Acme\n");
  await own.importText("contract-lines", `${header}l1,c1,acme,platform,pro,2025-01-01,10,100,YEAR,USD\n`);
  await own.importText("contract-lines", `${header}l1,c1,acme,platform,pro,2025-01-01,12,100,YEAR,USD\n`);
  const { rows } = await exported(own, "movements");
  expect(rows.map(({ type, amount, effective_on }) => [type, amount, effective_on])).toEqual([
    ["NEW", "1200.00", "2025-01-01"],
  ]);
});

test("an account's row states its attributes and its parent from each day on which either changes", async () => {
  const own = await world(db);
  const file = [
    "account_id,name,parent_id,channel,region,industry,owner,effective_on,attribute.tier",
    "group,Group,,,,,,,",
    "acme,Acme,,direct,,,,,gold",
    "acme,Acme,group,direct,,,,2025-03-01,gold",
    "acme,Acme AG,,partner,,,,2025-06-01,",
    "",
  ].join("\n");
  await own.importText("accounts", file);
  const table = await exported(own, "accounts");
  expect(asCsv(table).split("\n").sort()).toEqual(file.split("\n").sort());
});

test.each([
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\rx", `"'\rx"`],
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ["a=1", "a=1"],
])("a text that a spreadsheet would run is written behind a quote: %j", (text, cell) => {
  expect(csvLine(["name", "amount"], { name: text, amount: "-5.00" })).toBe(`${cell},-5.00\n`);
});
