// Imports measured: the product's, with every check, against COPY of the same file, turn by turn in fresh workspaces of the same books.

import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import { importFile } from "@accrete/db/ingestion/store.ts";
import { newWorkspace, type ScratchBooks } from "./books.ts";
import { type CopyTable, copyFile } from "./copying.ts";
import type { BenchFiles } from "./generate.ts";
import { timed, withRssPeak } from "./measure.ts";

export type ImportFigures = {
  /** One per round. */
  readonly importMs: readonly number[];
  readonly copyMs: readonly number[];
  readonly rssPeakMib: number;
  readonly movementsAppended: number;
  /** The last round's. */
  readonly workspaceId: string;
};

type Subject = {
  readonly kind: ImportKind;
  readonly path: string;
  readonly accounts: string;
  readonly table: CopyTable;
};

/** Contract lines: checked, booked, and derived into movements. */
export function measureLines(books: ScratchBooks, files: BenchFiles, rounds: number): Promise<ImportFigures> {
  const subject = {
    kind: "contract-lines",
    path: files.lines,
    accounts: files.lineAccounts,
    table: "bench_lines",
  } as const;
  return measure(books, { ...subject, catalog: files.catalog }, rounds);
}

/** Ready-made movements: checked against every account's balance, and booked. */
export function measureMovements(books: ScratchBooks, files: BenchFiles, rounds: number): Promise<ImportFigures> {
  const subject = {
    kind: "movements",
    path: files.movements,
    accounts: files.movementAccounts,
    table: "bench_movements",
  } as const;
  return measure(books, { ...subject, catalog: files.catalog }, rounds);
}

async function measure(
  books: ScratchBooks,
  subject: Subject & { readonly catalog: string },
  rounds: number,
): Promise<ImportFigures> {
  const importMs: number[] = [];
  const copyMs: number[] = [];
  let rssPeakMib = 0;
  let movementsAppended = 0;
  let workspaceId = "";
  for (let round = 0; round < rounds; round += 1) {
    workspaceId = await newWorkspace(books);
    await book(books, workspaceId, "catalog", subject.catalog);
    await book(books, workspaceId, "accounts", subject.accounts);
    const copyTurn = async () => {
      copyMs.push((await timed(() => copyFile(books.owner, subject.table, workspaceId, subject.path))).ms);
    };
    // Who goes first changes, so that neither always finds the disk's cache cold.
    if (round % 2 === 0) await copyTurn();
    const peak = await withRssPeak(() => timed(() => book(books, workspaceId, subject.kind, subject.path)));
    importMs.push(peak.value.ms);
    movementsAppended = peak.value.value;
    rssPeakMib = Math.max(rssPeakMib, peak.rssPeakMib);
    if (round % 2 !== 0) await copyTurn();
  }
  return { importMs, copyMs, rssPeakMib, movementsAppended, workspaceId };
}

/** Imports the file and gives how many movements that appended; a refused row fails the benchmark. */
async function book(books: ScratchBooks, workspaceId: string, kind: ImportKind, path: string): Promise<number> {
  const { outcome, faults, movementsAppended } = await importFile(books.server, workspaceId, {
    kind,
    format: "csv",
    source: createReadStream(path),
    fileName: basename(path),
    actor: "bench",
    effect: "write",
    unknownNames: "refuse",
    refusals: "all or nothing",
  });
  if (outcome !== "BOOKED") throw new Error(`${basename(path)} was not booked: ${faults[0]?.message ?? outcome}`);
  return movementsAppended;
}
