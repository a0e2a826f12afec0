// `accrete import` as its user meets it: templates, reports, exit codes, files of faults, and Ctrl-C.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { rowsPerLine, tellProgress } from "@accrete/api/commands/import-progress.ts";
import { reportOf } from "@accrete/api/commands/import-report.ts";
import { importKinds } from "@accrete/db/ingestion/kinds.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryDirectory } from "../support/directory.ts";
import { runAccrete } from "../support/program.ts";
import { type World, world } from "../support/world.ts";
import { rowCounts } from "./books.ts";
import { importSamples, rowsOf, sample } from "./rows.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
  await importSamples(books);
});
afterAll(() => db.drop());

async function run(...words: readonly string[]) {
  const program = runAccrete(["import", ...words], { DATABASE_URL: db.url("api") });
  const { code } = await program.end();
  return { code, text: program.text, errorText: program.errorText };
}

const workspace = () => ["--workspace", publicId("workspace", books.workspaceId)] as const;

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(await temporaryDirectory(), name);
  await writeFile(path, text);
  return path;
}

describe("accrete import", () => {
  it("prints a sample of each kind of file", async () => {
    for (const kind of importKinds)
      expect(await run("--template", kind)).toMatchObject({ code: 0, text: sample(kind) });
    expect((await run("--template", "accounts", "--format", "ndjson")).text).toBe(sample("accounts", "ndjson"));
  }, 60_000);

  it("books a file once, tells its phases on standard error and its result on standard output", async () => {
    const file = await fileOf("moves.csv", rowsOf("movements", { movement_id: "C-1" }));
    const first = await run("movements", file, ...workspace());
    expect(first.code).toBe(0);
    expect(first.errorText).toBe("Checking against the books: 1 row\nWriting: 1 row\n");
    expect(first.text).toMatch(/^movements: booked, ledger version \d+$/m);
    expect(first.text).toContain("1 row read, 1 changed, 0 unchanged, 0 refused; 1 movements appended, 0 taken back.");
    const again = JSON.parse(
      (await run("movements", file, ...workspace(), "--json")).text.replace(/^Checking.*\n/m, ""),
    );
    expect(again).toMatchObject({ outcome: "UNCHANGED", batchId: null, rowsUnchanged: 1 });
  });

  it("lists refused rows, writes all of them to a file, and fails", async () => {
    const before = await rowCounts(books);
    const file = await fileOf(
      "lines.csv",
      rowsOf("contract-lines", { unit_price: "$5" }, { line_id: "X-2", account_id: "=nobody()" }),
    );
    const faults = await fileOf("faults.csv", "");
    const { code, text } = await run("contract-lines", file, ...workspace(), "--faults", faults);
    expect(code).toBe(1);
    expect(text).toMatch(/^contract-lines: refused, nothing was written/m);
    expect(text).toMatch(/^2 +unit_price +NUMBER_WITH_CURRENCY +'\$5' carries a currency: plain decimal expected\.$/m);
    expect(text).toMatch(/^ {2}ACCOUNT_UNKNOWN: Import the account first/m);
    expect((await readFile(faults, "utf8")).split("\n").slice(0, 3)).toEqual([
      "row,line,field,code,message,fix",
      `1,2,unit_price,NUMBER_WITH_CURRENCY,'$5' carries a currency: plain decimal expected.,"Send a plain decimal such as ""1234.56"". The currency has a column of its own."`,
      `2,3,account_id,ACCOUNT_UNKNOWN,There is no account '=nobody()'.,"Import the account first, or ask for it to be created: --create-missing, createMissing=1."`,
    ]);
    expect(await rowCounts(books)).toEqual(before);
  });

  it("takes --dry-run, --partial and --create-missing for what they say", async () => {
    const before = await rowCounts(books);
    const file = await fileOf(
      "lines.csv",
      rowsOf(
        "contract-lines",
        { line_id: "C-1", contract_id: "C", account_id: "made" },
        { line_id: "C-2", quantity: "0" },
      ),
    );
    const { code, text } = await run(
      "contract-lines",
      file,
      ...workspace(),
      "--dry-run",
      "--partial",
      "--create-missing",
    );
    expect(code).toBe(1);
    expect(text).toMatch(/can be booked; this was a dry run/);
    expect(await rowCounts(books)).toEqual(before);
  });

  it.each([
    [["accounts"], /^accrete: name what to import and the file/],
    [["accounts", "no-such-file.csv"], /^accrete: no such file or directory.*no-such-file\.csv/],
    [["accounts", "accounts.xlsx"], /^accrete: the format of 'accounts\.xlsx' is not known: say --format/],
    [["accounts", "-"], /^accrete: standard input has no suffix: say --format/],
    [["accounts", "docs", "--format", "csv"], /^accrete: 'docs' is a folder/],
  ])("says in one line what is wrong with %j", async (words, line) => {
    const { code, errorText } = await run(...words, ...workspace());
    expect(code).toBe(1);
    expect(errorText).toMatch(line);
    expect(errorText.trimEnd()).not.toContain("\n");
  });

  it.each([
    ["SIGINT", { code: 1, signal: null }, /^accrete: cancelled; nothing was written$/m],
    ["SIGKILL", { code: null, signal: "SIGKILL" }, /^Reading/m],
  ] as const)(
    "writes nothing when %s stops it, and leaves nothing locked",
    async (signal, ended, told) => {
      const before = await rowCounts(books);
      const rows = Array.from({ length: 400_000 }, (_, row) => `a${row},Account ${row},${"x".repeat(60)}`);
      const file = await fileOf("many.csv", `account_id,name,region\n${rows.join("\n")}\n`);
      const program = runAccrete(["import", "accounts", file, ...workspace()], { DATABASE_URL: db.url("api") });
      await program.sees(/Reading: 1\d\d,\d{3} rows/);
      program.kill(signal);
      expect(await program.end()).toEqual(ended);
      expect(program.errorText).toMatch(told);
      expect(await books.importText("accounts", sample("accounts"))).toMatchObject({ outcome: "UNCHANGED" });
      expect(await rowCounts(books)).toEqual(before);
    },
    60_000,
  );
});

describe("progress without a terminal", () => {
  it("is a line for every hundred thousand rows and for every phase", () => {
    const lines: string[] = [];
    const stream = new PassThrough({ encoding: "utf8" });
    stream.on("data", (line: string) => lines.push(line));
    const { update, end } = tellProgress({ stream, bytesTotal: 1_000 });
    for (let rowsRead = 0; rowsRead <= 250_000; rowsRead += 10_000)
      update({ phase: "reading", bytesRead: rowsRead, rowsRead });
    update({ phase: "checking", bytesRead: 1_000, rowsRead: 250_000 });
    update({ phase: "writing", bytesRead: 1_000, rowsRead: 250_000 });
    end();
    expect(rowsPerLine).toBe(100_000);
    expect(lines.map((line) => line.replace(/, [\d,]+ rows\/s/, ", … rows/s"))).toEqual([
      "Reading: 100,000 rows, … rows/s\n",
      "Reading: 200,000 rows, … rows/s\n",
      "Checking against the books: 250,000 rows\n",
      "Writing: 250,000 rows\n",
    ]);
  });
});

describe("the report", () => {
  it("shows the first faults and counts the others by code", async () => {
    const faults = Array.from({ length: 40 }, (_, index) => ({
      row: index + 1,
      line: index + 2,
      field: "name",
      code: "REQUIRED" as const,
      message: "A value is required.",
      fix: "Fill the field.",
    }));
    const text = reportOf({
      outcome: "REFUSED",
      kind: "accounts",
      dryRun: false,
      batchId: null,
      rowsRead: 2_000,
      rowsChanged: 0,
      rowsUnchanged: 0,
      rowsRefused: 2_000,
      movementsAppended: 0,
      movementsReversed: 0,
      restatements: 0,
      ledgerVersion: 7n,
      faults,
      faultCounts: { REQUIRED: 2_000 },
      notices: [],
    });
    expect(text.split("\n").filter((line) => /^\d+ +name/.test(line))).toHaveLength(25);
    expect(text).toContain("… and 1,975 more: 2,000 REQUIRED. --faults <file> writes all.");
  });
});
