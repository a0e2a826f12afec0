// Deleting contract lines, or single versions of them, that should never have been recorded: they end without a successor, and the ledger
// takes back what was derived from them. As of an earlier version they are still there.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { type CommitAuthor, getLedgerVersion, lockForCommit, writeCommit } from "../workspaces/store.ts";
import { admitLedgerRows } from "./closings.ts";
import { deriveAccounts } from "./store.ts";

/** A line by our id (a uuid) or the source's, all of it or the one version that starts on a day. */
export type DeletedLine = ({ readonly lineId: string } | { readonly externalId: string }) & {
  readonly fromOn: PlainDate | null;
};

export type Deletion = {
  /** Versions that counted until now; 0 when all of them were deleted before. */
  readonly versionCount: number;
  readonly movementsAppended: number;
  readonly movementsReversed: number;
  /** Rows of the ledger that are about closed periods. */
  readonly restatements: number;
  readonly ledgerVersion: bigint;
};

const linesMax = 1_000;

/**
 * Deletes lines or versions of them in one commit, and derives their accounts anew. What is deleted already stays so and is no error.
 * NOT_FOUND for a line that was never recorded; BAD_USER_INPUT (field `lines`) for none or more than 1,000, and (field `fromOn`) when the
 * line never had a version from that day; PERIOD_CLOSED.
 */
export async function deleteContractLines(
  tx: Tx,
  lines: readonly DeletedLine[],
  author: CommitAuthor,
): Promise<Deletion> {
  if (lines.length === 0 || lines.length > linesMax) {
    badInput("lines", `1 to ${linesMax} lines are deleted at once; ${lines.length} were given.`);
  }
  const commit = await lockForCommit(tx);
  const accountIds = new Set<string>();
  let versionCount = 0;
  for (const line of lines) {
    const lineId = await requireLine(tx, line);
    const ended = await endVersions(tx, { lineId, fromOn: line.fromOn, version: commit.version });
    if (ended.length === 0 && line.fromOn !== null) await requireVersion(tx, lineId, line.fromOn);
    for (const accountId of ended) accountIds.add(accountId);
    versionCount += ended.length;
  }
  if (versionCount === 0) {
    const { version } = await getLedgerVersion(tx);
    return { versionCount, movementsAppended: 0, movementsReversed: 0, restatements: 0, ledgerVersion: version };
  }
  const change = await deriveAccounts(tx, { commit, batchId: newId() }, [...accountIds]);
  const restatements = await admitLedgerRows(tx, commit);
  await writeCommit(tx, commit, author);
  const { appended: movementsAppended, reversed: movementsReversed } = change;
  return { versionCount, movementsAppended, movementsReversed, restatements, ledgerVersion: commit.version };
}

async function requireLine(tx: Tx, line: DeletedLine): Promise<string> {
  const named = "lineId" in line ? tx.sql`id = ${line.lineId}::uuid` : tx.sql`external_id = ${line.externalId}`;
  const [row] = await tx.sql<{ id: string }[]>`
    select id from contract_lines where workspace_id = ${tx.workspaceId} and ${named}`;
  if (row) return row.id;
  const name = "lineId" in line ? "with this id" : `'${line.externalId}'`;
  throw new AccreteError("NOT_FOUND", `There is no contract line ${name}.`, { field: "lines" });
}

type EndedVersions = { readonly lineId: string; readonly fromOn: PlainDate | null; readonly version: bigint };

/** Ends the live versions that are meant; gives the account of each. */
async function endVersions(tx: Tx, { lineId, fromOn, version }: EndedVersions): Promise<readonly string[]> {
  const { sql } = tx;
  const rows = await sql<{ accountId: string }[]>`
    update contract_line_versions set superseded_version = ${version}
    where workspace_id = ${tx.workspaceId} and line_id = ${lineId}::uuid and superseded_version = ${liveVersion}
      and ${fromOn === null ? sql`true` : sql`from_on = ${fromOn}::date`}
    returning account_id as "accountId"`;
  return rows.map(({ accountId }) => accountId);
}

async function requireVersion(tx: Tx, lineId: string, fromOn: PlainDate): Promise<void> {
  const [known] = await tx.sql`
    select 1 from contract_line_versions
    where workspace_id = ${tx.workspaceId} and line_id = ${lineId}::uuid and from_on = ${fromOn}::date limit 1`;
  if (!known) badInput("fromOn", `The line never had a version from ${fromOn}: name the first day of one.`);
}
