// Usage periods in Postgres, the writing side, and their reads for the API. metered.ts decides what they are worth.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { knownAt } from "../kernel/knowledge.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPages } from "../kernel/pages.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { Commit } from "../workspaces/store.ts";

/**
 * Makes incoming_usage, in which a writer puts what was billed for lines, one row per line and first day of a period. Goes with the
 * transaction.
 */
export async function createIncomingUsage({ sql }: Tx): Promise<void> {
  await sql`create temporary table incoming_usage
    (line_id uuid, from_on date, until_on date, amount numeric, source_row integer) on commit drop`;
}

/** Writes incoming_usage; recorded periods of the same first day are superseded. */
export async function writeUsage({ sql, workspaceId }: Tx, commit: Commit, batchId: string): Promise<void> {
  await sql`
    update usage_periods u set superseded_version = ${commit.version} from incoming_usage i
    where u.workspace_id = ${workspaceId} and u.line_id = i.line_id and u.from_on = i.from_on and u.superseded_version = ${liveVersion}`;
  await sql`
    insert into usage_periods (workspace_id, line_id, from_on, until_on, amount, recorded_version, superseded_version, batch_id, source_row)
    select ${workspaceId}::uuid, line_id, from_on, until_on, amount, ${commit.version}::bigint, ${liveVersion}::bigint, ${batchId}::uuid,
      source_row
    from incoming_usage`;
}

/** What was billed for a line in one completed period. */
export type UsageRow = {
  readonly lineId: string;
  readonly fromOn: PlainDate;
  readonly untilOn: PlainDate;
  /** For the whole period, major units of the line's currency. */
  readonly amount: string;
};

/** A page, per line, of its usage periods known at the version, by first day. */
export async function listUsage(
  tx: Tx,
  { lineIds, version }: { readonly lineIds: readonly string[]; readonly version: bigint },
  args: PageArgs,
): Promise<ReadonlyMap<string, Page<UsageRow>>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: "usage",
    keys: [{ name: "FROM_ON", direction: "ASC", type: "date", expression: sql`u.from_on` }],
  };
  const page = pageQuery(sql, listing, args);
  const rows = await sql<(UsageRow & SortedRow)[]>`
    select period.* from contract_lines l cross join lateral (
      select u.line_id as "lineId", u.from_on as "fromOn", u.until_on as "untilOn", u.amount::text as amount,
        ${page.sortedBy} as "sortedBy", row_number() over (order by ${page.orderBy}) as place
      from usage_periods u
      where u.workspace_id = l.workspace_id and u.line_id = l.id and ${knownAt(sql, "u", version)} and ${page.where}
      order by ${page.orderBy} limit ${page.limit}
    ) period
    where l.workspace_id = ${tx.workspaceId} and l.id = any(${[...lineIds]}::uuid[])
    order by period.place`;
  return toPages(listing, args, lineIds, rows, (row) => row.lineId);
}

/** How many usage periods of each line are known at the version; lines without any are left out. */
export async function countUsage(
  tx: Tx,
  { lineIds, version }: { readonly lineIds: readonly string[]; readonly version: bigint },
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.sql<{ lineId: string; count: bigint }[]>`
    select u.line_id as "lineId", count(*) as count from usage_periods u
    where u.workspace_id = ${tx.workspaceId} and u.line_id = any(${[...lineIds]}::uuid[]) and ${knownAt(tx.sql, "u", version)}
    group by u.line_id`;
  return new Map(rows.map((row) => [row.lineId, Number(row.count)]));
}
