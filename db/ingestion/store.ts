// Importing a file: staged first, then checked and booked under the workspace's lock, in one transaction that leaves everything or nothing.

import { type Database, inWorkspace, type Tx } from "../kernel/database.ts";
import { newId } from "../kernel/ids.ts";
import { type Commit, getLedgerVersion, lockForCommit, writeCommit } from "../workspaces/store.ts";
import { accountsImport } from "./accounts.ts";
import { cancellable } from "./cancellation.ts";
import { catalogImport } from "./catalog.ts";
import { contractLinesImport } from "./contract-lines.ts";
import { type Fault, type FaultCode, FileRefused } from "./faults.ts";
import type { FileCheck, KindImport } from "./kind-import.ts";
import type { ImportKind } from "./kinds.ts";
import { type Booking, bookStaged } from "./late-facts.ts";
import { movementsImport } from "./movements.ts";
import { ratesImport } from "./rates.ts";
import { forEachFault, listFaults, refuseMisread } from "./refusals.ts";
import { settleRepeats } from "./repeats.ts";
import type { RowRule } from "./row.ts";
import { type FileInput, type ImportProgress, type StagedFile, stageFile } from "./staging.ts";
import { importBatches } from "./table.ts";
import { usageImport } from "./usage.ts";

const kindImports: Readonly<Record<ImportKind, KindImport>> = {
  catalog: catalogImport,
  accounts: accountsImport,
  "contract-lines": contractLinesImport,
  movements: movementsImport,
  rates: ratesImport,
  usage: usageImport,
};

export type ImportRequest = FileInput &
  FileCheck & {
    /** A dry run does everything and keeps nothing. */
    readonly effect: "write" | "dry run";
    /** As the sender named it, without its folder; null where there is no file. */
    readonly fileName: string | null;
    /** Who imports: an API key's public id, or the operator's command. */
    readonly actor: string;
    /** Takes every fault, in the order of the file; the result lists the first 1,000. */
    readonly onFaults?: ((faults: readonly Fault[]) => Promise<void>) | undefined;
  };

/**
 * BOOKED: rows were written (in a dry run: would be). UNCHANGED: the books say already what the file says. REFUSED: nothing was written,
 * because of the faults.
 */
export type ImportOutcome = "BOOKED" | "UNCHANGED" | "REFUSED";

export type ImportResult = {
  readonly outcome: ImportOutcome;
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  /** The uuid of the import's batch; null when nothing was written. */
  readonly batchId: string | null;
  readonly rowsRead: number;
  /** Rows that the books did not have, or had otherwise; 0 when the file is refused. */
  readonly rowsChanged: number;
  /** Rows that the books have already, and equal repeats within the file. */
  readonly rowsUnchanged: number;
  readonly rowsRefused: number;
  readonly movementsAppended: number;
  /** Movements that a changed past has taken back. */
  readonly movementsReversed: number;
  /** Rows of the ledger, and facts beside it, that are about closed periods and were booked all the same: the workspace's choice. */
  readonly restatements: number;
  /** The workspace's ledger version after the import. */
  readonly ledgerVersion: bigint;
  /** The first 1,000, in the order of the file. */
  readonly faults: readonly Fault[];
  readonly faultCounts: Readonly<Partial<Record<FaultCode, number>>>;
  /** What the sender should know, though it is no fault. */
  readonly notices: readonly string[];
};

/**
 * Imports one file into a workspace. What is wrong with the file is in the result, not thrown. Throws NOT_FOUND for a workspace that does
 * not exist, the signal's reason when it is aborted, and the database's errors; nothing is written then.
 */
export async function importFile(
  database: Database,
  workspaceId: string,
  request: ImportRequest,
): Promise<ImportResult> {
  let rowsRead = 0;
  const onProgress = (progress: ImportProgress) => {
    rowsRead = progress.rowsRead;
    request.onProgress?.(progress);
  };
  try {
    return await inWorkspace(database, workspaceId, "write", (tx) =>
      cancellable({ database, tx, signal: request.signal }, async () => {
        // Sorts and hashes of a whole file; and an import may wait for the one before it, however long that takes.
        await tx.sql`set local work_mem = '64MB'`;
        await tx.sql`set local lock_timeout = 0`;
        await tx.sql`set local statement_timeout = 0`;
        const result = await runImport(tx, { ...request, onProgress });
        if (result.outcome !== "BOOKED" || result.dryRun) throw new NotKept(result);
        return result;
      }),
    );
  } catch (error) {
    if (error instanceof NotKept) return error.result;
    if (!(error instanceof FileRefused)) throw error;
    await request.onFaults?.(error.faults);
    const { version } = await inWorkspace(database, workspaceId, "read", getLedgerVersion);
    return resultOf(request, {
      rowsRead,
      ledgerVersion: version,
      faults: error.faults,
      faultCounts: countsOf(error.faults),
    });
  }
}

/** Leaves the transaction, so that nothing is kept, with what is to be told. */
class NotKept extends Error {
  readonly result: ImportResult;

  constructor(result: ImportResult) {
    super("the import keeps nothing");
    this.result = result;
  }
}

/** `importFile` within a transaction that is open. The caller undoes what is not to be kept; throws FileRefused. */
export async function runImport(tx: Tx, request: ImportRequest): Promise<ImportResult> {
  const kind = kindImports[request.kind];
  const { rule } = kind;
  await getLedgerVersion(tx);
  const staged = await stageFile(tx, rule, request);
  const { rowsRead } = staged;
  const tell = (phase: ImportProgress["phase"]) =>
    request.onProgress?.({ phase, bytesRead: staged.bytesRead, rowsRead });
  tell("checking");
  await refuseMisread(tx, rule);
  const notices = noticesOf(staged, await settleRepeats(tx, rule));
  const commit = await lockForCommit(tx);
  await kind.check(tx, request, staged);
  const told = { rowsRead, notices, ledgerVersion: commit.version - 1n };
  const batchId = newId();
  let change: Booking | undefined;
  if (!(await isStopped(tx, request)) && (await countStaged(tx, rule)) > 0) {
    tell("writing");
    change = await bookStaged(tx, { commit, batchId }, kind, request.refusals);
  }
  const refused = await listFaults(tx);
  if (refused.rowsRefused > 0 && request.onFaults) await forEachFault(tx, request.onFaults);
  const rowsChanged = await countStaged(tx, rule);
  const isStoppedNow = refused.rowsRefused > 0 && request.refusals === "all or nothing";
  if (!change || isStoppedNow || rowsChanged === 0) return resultOf(request, { ...told, ...refused });
  await writeCommit(tx, commit, { actor: request.actor, action: `import ${request.kind}` });
  const booked = { batchId, rowsChanged, change, ledgerVersion: commit.version };
  const result = resultOf(request, { ...told, ...refused, ...booked });
  await writeBatch(tx, commit, request, { ...result, batchId });
  return result;
}

/** Whether rows were refused of a file that is booked whole or not at all. */
async function isStopped(tx: Tx, { refusals }: ImportRequest): Promise<boolean> {
  if (refusals === "partial") return false;
  const [any] = await tx.sql`select 1 from import_faults limit 1`;
  return any !== undefined;
}

async function countStaged({ sql }: Tx, { table }: RowRule): Promise<number> {
  const [staged] = await sql<{ rows: number }[]>`select count(*)::integer as rows from ${sql(table)}`;
  return staged?.rows ?? 0;
}

async function writeBatch(
  tx: Tx,
  { version, recordedAt }: Commit,
  { fileName, actor }: ImportRequest,
  { batchId, kind, rowsRead, rowsChanged, rowsRefused, movementsAppended }: ImportResult & { readonly batchId: string },
): Promise<void> {
  await tx.orm.insert(importBatches).values({
    workspaceId: tx.workspaceId,
    id: batchId,
    kind,
    fileName,
    actor,
    ledgerVersion: version,
    recordedAt,
    rowsRead,
    rowsChanged,
    rowsRefused,
    movementsAppended,
  });
}

type Told = Pick<ImportResult, "rowsRead" | "ledgerVersion" | "faults" | "faultCounts"> &
  Partial<Pick<ImportResult, "rowsRefused" | "rowsChanged" | "batchId" | "notices">> & {
    readonly change?: Booking;
  };

function resultOf({ kind, effect, refusals }: ImportRequest, told: Told): ImportResult {
  const { rowsRefused = 0, rowsChanged = 0, batchId = null, change, notices = [] } = told;
  const isRefused = rowsChanged === 0 && told.faults.length > 0;
  const dryRun = effect === "dry run";
  return {
    outcome: rowsChanged > 0 ? "BOOKED" : isRefused ? "REFUSED" : "UNCHANGED",
    kind,
    dryRun,
    batchId: dryRun ? null : batchId,
    rowsRead: told.rowsRead,
    rowsChanged,
    rowsUnchanged: isRefused && refusals === "all or nothing" ? 0 : told.rowsRead - rowsChanged - rowsRefused,
    rowsRefused,
    movementsAppended: change?.appended ?? 0,
    movementsReversed: change?.reversed ?? 0,
    restatements: change?.restatements ?? 0,
    ledgerVersion: dryRun && batchId !== null ? told.ledgerVersion - 1n : told.ledgerVersion,
    faults: told.faults,
    faultCounts: told.faultCounts,
    notices,
  };
}

function noticesOf({ ignoredColumns }: StagedFile, repeats: number): readonly string[] {
  return [
    ...ignoredColumns.map((name) =>
      name === "" ? "A column without a name is ignored." : `The column '${name}' is ignored.`,
    ),
    ...(repeats > 0
      ? [`${repeats} ${repeats === 1 ? "row repeats" : "rows repeat"} an earlier one and count once.`]
      : []),
  ];
}

function countsOf(faults: readonly Fault[]): Partial<Record<FaultCode, number>> {
  const counts: Partial<Record<FaultCode, number>> = {};
  for (const { code } of faults) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
