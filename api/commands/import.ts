// `accrete import`: a file's facts into the books of a workspace, with its refused rows listed and its progress told.

import { createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { finished } from "node:stream/promises";
import { columnsOf } from "@accrete/db/ingestion/columns.ts";
import type { Fault } from "@accrete/db/ingestion/faults.ts";
import { type ImportKind, importKinds } from "@accrete/db/ingestion/kinds.ts";
import { type ImportFormat, importFormats } from "@accrete/db/ingestion/reading.ts";
import { type ImportResult, importFile } from "@accrete/db/ingestion/store.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import { OperatorError } from "@accrete/db/kernel/operator.ts";
import { Argument, type Command, Option } from "commander";
import { readSettings } from "../settings.ts";
import { openBooks, resolveWorkspace, workspaceOption } from "./books.ts";
import { csvLine } from "./export.ts";
import { tellProgress } from "./import-progress.ts";
import { reportOf } from "./import-report.ts";

type ImportOptions = {
  readonly format?: ImportFormat;
  readonly dryRun?: true;
  readonly partial?: true;
  readonly createMissing?: true;
  readonly workspace?: string;
  readonly json?: true;
  readonly faults?: string;
  readonly template?: ImportKind;
};

export function registerImport(program: Command): void {
  program
    .command("import")
    .description("Take accounts, contract lines, usage, movements, rates or the catalog from a CSV or NDJSON file.")
    .addArgument(new Argument("[kind]", "what the file holds").choices(importKinds))
    .argument("[file]", "the file; - reads standard input")
    .addOption(
      new Option("--format <format>", "csv or ndjson; the file's suffix says it unless told").choices(importFormats),
    )
    .option("--dry-run", "check everything and write nothing")
    .option("--partial", "book the good rows beside refused ones; all or nothing unless told")
    .option("--create-missing", "create accounts, products and plans that the rows name and the books do not know")
    .option(...workspaceOption)
    .option("--json", "print the result as JSON")
    .option("--faults <file>", "write every refused row to this CSV file; the screen shows the first ones")
    .addOption(new Option("--template <kind>", "print a sample file of this kind").choices(importKinds))
    .addHelpText("after", `\n${columnsHelp()}\n${examples}`)
    .action(async (kind: ImportKind | undefined, file: string | undefined, options: ImportOptions) => {
      if (options.template) {
        process.stdout.write(await readTemplate(options.template, options.format ?? "csv"));
        return;
      }
      if (kind === undefined || file === undefined) {
        throw new OperatorError("name what to import and the file: accrete import accounts accounts.csv");
      }
      const result = await runImport(kind, file, options);
      console.log(options.json ? jsonOf(result) : reportOf(result));
      if (result.faults.length > 0) process.exitCode = 1;
    });
}

const examples = `The same file twice changes nothing. A row that says otherwise than before corrects the past: the ledger takes back what was
derived from it and appends what follows. docs/ingestion.md tells every rule and every refusal.

Examples:
  accrete import --template accounts > accounts.csv
  accrete import accounts accounts.csv --dry-run
  accrete import contract-lines lines.csv --create-missing
  gunzip -c movements.ndjson.gz | accrete import movements - --format ndjson --faults refused.csv`;

function columnsHelp(): string {
  const lines = importKinds.map((kind) => {
    const names = columnsOf[kind].map(({ name, need }) => (need === "required" ? name : `[${name}]`));
    return `  ${kind}: ${names.join(", ")}`;
  });
  return `Columns ([optional]; accounts also take attribute.<name>):\n${lines.join("\n")}\n`;
}

function readTemplate(kind: ImportKind, format: ImportFormat): Promise<string> {
  return readFile(new URL(`../../docs/samples/${kind}.${format}`, import.meta.url), "utf8");
}

async function runImport(kind: ImportKind, file: string, options: ImportOptions): Promise<ImportResult> {
  const settings = readSettings(process.env);
  const input = await openInput(file, options.format);
  const cancel = new AbortController();
  const onInterrupt = () => cancel.abort(new OperatorError("cancelled; nothing was written"));
  // Before the books open, so that an early Ctrl-C is heard too; a second one ends the process at once.
  process.once("SIGINT", onInterrupt);
  try {
    const books = await openBooks(settings);
    try {
      const workspaceId = await resolveWorkspace(books.database, settings, options.workspace);
      const progress = tellProgress({ stream: process.stderr, bytesTotal: input.bytes });
      const faults = options.faults === undefined ? null : openFaults(options.faults);
      try {
        return await importFile(books.database, workspaceId, {
          kind,
          format: input.format,
          source: input.source,
          fileName: file === "-" ? null : basename(file),
          actor: "command",
          effect: options.dryRun ? "dry run" : "write",
          refusals: options.partial ? "partial" : "all or nothing",
          unknownNames: options.createMissing ? "create" : "refuse",
          signal: cancel.signal,
          onProgress: progress.update,
          onFaults: faults?.write,
        });
      } finally {
        progress.end();
        await faults?.close();
      }
    } finally {
      await books.close();
    }
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

type Input = {
  readonly format: ImportFormat;
  readonly source: AsyncIterable<Uint8Array>;
  /** Null where it cannot be known. */
  readonly bytes: number | null;
};

const readBytes = 262_144;

/** Opens the file first of all: a wrong name is told before anything else happens. */
async function openInput(file: string, asked: ImportFormat | undefined): Promise<Input> {
  if (file === "-") {
    if (!asked) throw new OperatorError("standard input has no suffix: say --format csv or --format ndjson");
    return { format: asked, source: process.stdin, bytes: null };
  }
  const suffix = /\.(csv|ndjson|jsonl)$/i.exec(file)?.[1]?.toLowerCase();
  const format = asked ?? (suffix === "csv" ? "csv" : suffix ? "ndjson" : undefined);
  if (!format) throw new OperatorError(`the format of '${file}' is not known: say --format csv or --format ndjson`);
  const handle = await open(file);
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw new OperatorError(`'${file}' is a folder`);
  }
  const source = createReadStream(file, { fd: handle, highWaterMark: readBytes });
  return { format, source, bytes: stat.isFile() ? stat.size : null };
}

const faultColumns = ["row", "line", "field", "code", "message", "fix"] as const;

function openFaults(file: string) {
  const stream: WriteStream = createWriteStream(file);
  // A file that cannot be written is told when the first faults are, or at the end.
  const ended = finished(stream);
  ended.catch(() => {});
  const writeText = (text: string) =>
    new Promise<void>((resolve, reject) => stream.write(text, (error) => (error ? reject(error) : resolve())));
  stream.write(`${faultColumns.join(",")}\n`);
  return {
    write: (faults: readonly Fault[]) => writeText(faults.map(faultLine).join("")),
    close: async () => {
      stream.end();
      await ended;
    },
  };
}

function faultLine(fault: Fault): string {
  return csvLine(
    faultColumns,
    Object.fromEntries(faultColumns.map((column) => [column, fault[column] === null ? null : String(fault[column])])),
  );
}

function jsonOf(result: ImportResult): string {
  const batchId = result.batchId === null ? null : publicId("importBatch", result.batchId);
  return JSON.stringify({ ...result, batchId, ledgerVersion: String(result.ledgerVersion) }, null, 2);
}
