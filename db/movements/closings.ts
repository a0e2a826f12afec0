// Closed periods and the ledger: whether the rows of a commit may stand, which of them are restatements, and what they sum to.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import { closedError, hasClosedPeriods, inClosedPeriod, refusesLateFacts } from "../workspaces/closings.ts";
import type { Commit } from "../workspaces/store.ts";

/**
 * For every writer to the ledger, after its last append and before `writeCommit`: looks at all rows of this commit, so that nothing slips
 * by. Where the workspace refuses late facts, PERIOD_CLOSED for the earliest day in a closed period; where it restates, the number of rows
 * (movements, transfers and reversals of both) that restate one.
 */
export async function admitLedgerRows(tx: Tx, commit: Commit): Promise<number> {
  if (!(await hasClosedPeriods(tx))) return 0;
  const [late] = await tx.sql<{ rows: bigint; firstOn: PlainDate | null }[]>`
    select count(*) as rows, min(effective_on) as "firstOn" from (${rowsOfCommit(tx, commit)}) late`;
  if (!late?.firstOn) return 0;
  if (await refusesLateFacts(tx)) throw await closedError(tx, late.firstOn);
  return Number(late.rows);
}

/** An account that a commit's rows would restate, and the earliest day in a closed period on which they would. */
export type LateAccount = { readonly accountId: string; readonly firstOn: PlainDate };

/** The accounts of a commit's rows in closed periods, for a writer that refuses part of what it was sent; none where late facts are booked. */
export async function listLateAccounts(tx: Tx, commit: Commit): Promise<readonly LateAccount[]> {
  if (!(await hasClosedPeriods(tx)) || !(await refusesLateFacts(tx))) return [];
  return tx.sql<LateAccount[]>`
    select account_id as "accountId", min(effective_on) as "firstOn" from (${rowsOfCommit(tx, commit)}) late group by account_id`;
}

function rowsOfCommit(tx: Tx, { version }: Commit): Fragment {
  const { sql, workspaceId } = tx;
  return sql`
    select m.account_id, m.effective_on from movements m
    where m.workspace_id = ${workspaceId} and m.ledger_version = ${version}::bigint and ${inClosedPeriod(tx, sql`m.effective_on`)}
    union all
    select t.account_id, t.effective_on from transfers t
    where t.workspace_id = ${workspaceId} and t.ledger_version = ${version}::bigint and ${inClosedPeriod(tx, sql`t.effective_on`)}`;
}

/** Whether a movement `m` restates a period: it was booked after the period of its day was closed, and before it was opened again. */
export function isRestatement(sql: FragmentMaker): Fragment {
  return sql`exists (select from closed_periods closed where closed.workspace_id = m.workspace_id
    and closed.from_on <= m.effective_on and m.effective_on < closed.until_on
    and closed.recorded_version < m.ledger_version and m.ledger_version < closed.superseded_version)`;
}
