// `accrete export`: the facts of a workspace as CSV or NDJSON, in the columns that `accrete import` takes.

import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type ExportRow, numberColumns, openExport } from "@accrete/db/ingestion/export.ts";
import { type ImportKind, importKinds } from "@accrete/db/ingestion/kinds.ts";
import { inWorkspace } from "@accrete/db/kernel/database.ts";
import { Argument, type Command, Option } from "commander";
import { stringify } from "csv-stringify/sync";
import { readSettings } from "../settings.ts";
import { openBooks, resolveWorkspace, workspaceOption } from "./books.ts";

const formats = ["csv", "ndjson"] as const;
type Format = (typeof formats)[number];

type ExportOptions = { readonly format: Format; readonly out?: string; readonly workspace?: string };

export function registerExport(program: Command): void {
  program
    .command("export")
    .description(
      "Write accounts, contract lines, usage, movements, rates or the catalog, in the columns that 'accrete import' takes.",
    )
    .addArgument(new Argument("<kind>", "what to write").choices(importKinds))
    .addOption(new Option("--format <format>", "csv or ndjson").choices(formats).default("csv"))
    .option("--out <file>", "where to write; standard output unless told")
    .option(...workspaceOption)
    .addHelpText(
      "after",
      `
What is known now is written, as of one moment. Movements leave without the reversed ones; derived movements are written too, and
can be imported as ready-made ones into a workspace that has no lines.
In CSV a text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a carriage return) is written behind a
single quote; numbers stay numbers. NDJSON is exact to the letter.

Examples:
  accrete export movements --out movements.csv
  accrete export contract-lines --format ndjson | gzip > lines.ndjson.gz`,
    )
    .action(async (kind: ImportKind, options: ExportOptions) => {
      const rowCount = await exportFacts(kind, options);
      if (options.out !== undefined) console.error(`${rowCount} rows of ${kind} written to ${options.out}.`);
    });
}

async function exportFacts(kind: ImportKind, options: ExportOptions): Promise<number> {
  const settings = readSettings(process.env);
  const books = await openBooks(settings);
  try {
    const workspaceId = await resolveWorkspace(books.database, settings, options.workspace);
    return await inWorkspace(books.database, workspaceId, "read", async (tx) => {
      const { columns, rows } = await openExport(tx, kind);
      let rowCount = 0;
      async function* text(): AsyncGenerator<string> {
        if (options.format === "csv") yield stringify([[...columns]]);
        for await (const row of rows) {
          rowCount += 1;
          yield options.format === "csv" ? csvLine(columns, row) : `${JSON.stringify(withoutEmpty(row))}\n`;
        }
      }
      await write(text(), options.out);
      return rowCount;
    });
  } finally {
    await books.close();
  }
}

/** To a file through a draft beside it, so that a file of that name is always whole; else to standard output. */
async function write(text: AsyncIterable<string>, file: string | undefined): Promise<void> {
  if (file === undefined) {
    await pipeline(Readable.from(text), process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
      // The reader has seen enough: `accrete export … | head`.
      if (error.code !== "EPIPE") throw error;
    });
    return;
  }
  const draft = `${file}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(text), createWriteStream(draft));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** One CSV line; a text that a spreadsheet would take for a formula gets a quote before it. */
export function csvLine(columns: readonly string[], row: ExportRow): string {
  const cells = columns.map((column) => {
    const cell = row[column] ?? "";
    return !numberColumns.has(column) && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  });
  return stringify([cells]);
}

function withoutEmpty(row: ExportRow): Record<string, string> {
  return Object.fromEntries(Object.entries(row).flatMap(([name, cell]) => (cell === null ? [] : [[name, cell]])));
}
