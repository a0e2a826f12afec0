// Closed periods and the ledger: whether the rows of a commit may stand, which of them are restatements, and what they sum to.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPage } from "../kernel/pages.ts";
import {
  type ClosedPeriod,
  closedError,
  hasClosedPeriods,
  inClosedPeriod,
  refusesLateFacts,
} from "../workspaces/closings.ts";
import type { Commit } from "../workspaces/store.ts";
import { type MovementType, movementTypes } from "./types.ts";

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
function isRestatement(sql: FragmentMaker): Fragment {
  return sql`exists (select from closed_periods closed where closed.workspace_id = m.workspace_id
    and closed.from_on <= m.effective_on and m.effective_on < closed.until_on
    and closed.recorded_version < m.ledger_version and m.ledger_version < closed.superseded_version)`;
}

/** The rows of the ledger that restate a closed period, by a ledger version's knowledge: booked after its closing, before its reopening. */
function restating({ sql, workspaceId }: Tx, { period, version }: RestatementQuestion): Fragment {
  const until = period.reopenedVersion === null ? version : period.reopenedVersion - 1n;
  return sql`m.workspace_id = ${workspaceId} and m.effective_on >= ${period.fromOn}::date and m.effective_on < ${period.untilOn}::date
    and m.ledger_version > ${period.closedVersion}::bigint and m.ledger_version <= ${until}::bigint`;
}

export type RestatementQuestion = { readonly period: ClosedPeriod; readonly version: bigint };

/** A page of the movements (their ids) that restate a period, reversals included, in the order in which they were booked. */
export async function listRestatements(
  tx: Tx,
  question: RestatementQuestion,
  args: PageArgs,
): Promise<Page<{ readonly id: string }>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: `restatements of ${question.period.id}`,
    keys: [
      { name: "LEDGER_VERSION", direction: "ASC", type: "bigint", expression: sql`m.ledger_version` },
      { name: "EFFECTIVE_ON", direction: "ASC", type: "date", expression: sql`m.effective_on` },
      { name: "ID", direction: "ASC", type: "uuid", expression: sql`m.id` },
    ],
  };
  const page = pageQuery(sql, listing, args);
  const rows = await sql<({ id: string } & SortedRow)[]>`
    select m.id, ${page.sortedBy} as "sortedBy" from movements m where ${restating(tx, question)} and ${page.where}
    order by ${page.orderBy} limit ${page.limit}`;
  return toPage(listing, args, rows);
}

/** How many movements that list has. */
export async function countRestatements(tx: Tx, question: RestatementQuestion): Promise<number> {
  const [row] = await tx.sql<
    { count: bigint }[]
  >`select count(*) as count from movements m where ${restating(tx, question)}`;
  return Number(row?.count ?? 0n);
}

/** What restatements moved: the sum of their amounts by type and currency, reversals counting against what they took back. */
export type RestatementTotal = {
  readonly type: MovementType;
  readonly currency: string;
  readonly movementCount: number;
  /** Signed minor units of the currency. */
  readonly amountMinor: bigint;
};

/** The totals of a period's restatements, by the order of types and then by currency. */
export async function sumRestatements(tx: Tx, question: RestatementQuestion): Promise<readonly RestatementTotal[]> {
  return tx.sql<RestatementTotal[]>`
    select m.type, m.currency, count(*)::integer as "movementCount", sum(m.amount_minor)::bigint as "amountMinor"
    from movements m where ${restating(tx, question)} group by m.type, m.currency
    order by array_position(${[...movementTypes]}::text[], m.type), m.currency`;
}

/** Of the movements those that are restatements. */
export async function findRestatements(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { sql } = tx;
  const rows = await sql<{ id: string }[]>`
    select m.id from movements m
    where m.workspace_id = ${tx.workspaceId} and m.id = any(${[...ids]}::uuid[]) and ${isRestatement(sql)}`;
  return new Set(rows.map(({ id }) => id));
}
