// Every bad file is answered with its code, the field, the line and what to do, and leaves nothing behind.

import { type FaultCode, faultCodes } from "@accrete/db/ingestion/faults.ts";
import { type ImportRequest, type ImportResult, importFile } from "@accrete/db/ingestion/store.ts";
import { mergeAccounts } from "@accrete/db/movements/merge.ts";
import { closePeriod } from "@accrete/db/workspaces/closings.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { badFacts } from "./bad-facts.ts";
import { badFields } from "./bad-fields.ts";
import type { BadFile } from "./bad-file.ts";
import { badShapes } from "./bad-shapes.ts";
import { rowCounts } from "./books.ts";
import { importSamples, sample } from "./rows.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
  await importSamples(books);
  await books.importText("usage", sample("usage"));
  await books.importText("accounts", "account_id,name\nvandelay-eu,Vandelay Europe\n");
  const one = { from: { externalId: "vandelay-eu" }, into: { externalId: "vandelay" } };
  await books.write((tx) => mergeAccounts(tx, one, { actor: "test", action: "merge accounts" }));
  const quarter = { fromOn: "2020-01-01", untilOn: "2020-04-01" };
  await books.write((tx) => closePeriod(tx, quarter, { actor: "test", action: "close period" }));
});
afterAll(() => db.drop());

function importBad({ kind, format, content }: BadFile, request: Partial<ImportRequest> = {}): Promise<ImportResult> {
  return importFile(db.api, books.workspaceId, {
    kind,
    format: format ?? "csv",
    source: [Buffer.from(content)],
    effect: "write",
    refusals: "all or nothing",
    unknownNames: "refuse",
    fileName: null,
    actor: "test",
    ...request,
  });
}

describe.each([
  ["in shape", badShapes],
  ["in a field", badFields],
  ["beside other facts", badFacts],
])("a file that is bad %s", (_, cases) => {
  it.each(cases)("is refused: $what", async (bad) => {
    const before = await rowCounts(books);
    const result = await importBad(bad);
    const [fault] = result.faults;
    expect(fault).toMatchObject({ code: bad.code, field: bad.field, line: bad.line });
    expect(fault?.message).toMatch(bad.message);
    expect(fault?.fix).toBe(faultCodes[bad.code].fix);
    expect(result).toMatchObject({ outcome: "REFUSED", batchId: null, rowsChanged: 0, movementsAppended: 0 });
    expect(result.faultCounts[bad.code]).toBeGreaterThan(0);
    expect(await rowCounts(books)).toEqual(before);
  });
});

it("has a bad file for every code of the table", () => {
  const shown = new Set<FaultCode>([...badShapes, ...badFields, ...badFacts].map(({ code }) => code));
  expect(Object.keys(faultCodes).filter((code) => !shown.has(code as FaultCode))).toEqual([]);
});

it("counts every fault, lists the first thousand in the order of the file, and hands all of them over", async () => {
  const rows = Array.from({ length: 1_500 }, (_, index) => `a${index},,2025-13-01`);
  const content = `account_id,name,effective_on\n${rows.join("\n")}\n`;
  const told: (number | null)[] = [];
  const result = await importBad(
    { what: "", kind: "accounts", content, code: "REQUIRED", field: null, line: 2, message: /./ },
    {
      onFaults: async (faults) => {
        for (const fault of faults) told.push(fault.line);
      },
    },
  );
  expect(result).toMatchObject({ rowsRead: 1_500, rowsRefused: 1_500, outcome: "REFUSED" });
  expect(result.faultCounts).toEqual({ REQUIRED: 1_500, DATE_IMPOSSIBLE: 1_500 });
  expect(result.faults).toHaveLength(1_000);
  expect(result.faults.slice(0, 3).map(({ line, field }) => [line, field])).toEqual([
    [2, "effective_on"],
    [2, "name"],
    [3, "effective_on"],
  ]);
  expect(told).toEqual(Array.from({ length: 3_000 }, (_, index) => 2 + Math.floor(index / 2)));
});

it("says which columns it ignores, and books the rest", async () => {
  const file = { ...badShapes[0], kind: "accounts", content: "account_id,name,colour,\nr1,Red,red,x\n" } as BadFile;
  const result = await importBad(file, { effect: "dry run" });
  expect(result.notices).toEqual(["The column 'colour' is ignored.", "A column without a name is ignored."]);
  expect(result).toMatchObject({ outcome: "BOOKED", rowsChanged: 1 });
});
