// A file of usage against the books: periods that are new or billed otherwise, and those that cannot be.

import { createIncomingUsage, writeUsage } from "../contracts/usage.ts";
import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { LedgerWrite } from "../movements/append.ts";
import { deriveAccounts, type LedgerChange } from "../movements/store.ts";
import type { FileCheck, KindImport } from "./kind-import.ts";
import { nameMerged, survivorOf } from "./merged.ts";
import { refuse } from "./refusals.ts";
import { dropUnchanged } from "./unchanged.ts";
import { usageRows } from "./usage-row.ts";

export const usageImport: KindImport = { rule: usageRows, check, book, lateRows };

async function check(tx: Tx, { refusals }: FileCheck): Promise<void> {
  await nameMerged(tx);
  await nameLines(tx);
  await dropKnown(tx);
  while ((await refuseOverlaps(tx)) > 0 && refusals === "partial");
}

/** Makes named_lines, and known_usage: all live periods of these lines. Rows of lines that are unknown or not metered are refused. */
async function nameLines(tx: Tx): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`create temporary table named_lines (line_key text, line_id uuid, is_metered boolean) on commit drop`;
  await sql`
    insert into named_lines
    select named.line_key, l.id, exists (
      select from contract_line_versions v
      where v.workspace_id = ${workspaceId} and v.line_id = l.id and v.superseded_version = ${liveVersion} and v.kind = 'METERED')
    from (select distinct line_key from staged_usage) named
    left join lateral (
      select id from contract_lines where workspace_id = ${workspaceId} and external_id = named.line_key limit 1
    ) l on true`;
  await sql`analyze named_lines`;
  await refuse(
    tx,
    usageRows,
    sql`
      select s.row_number, s.line_number, 'line_id', case when l.line_id is null then 'LINE_UNKNOWN' else 'LINE_NOT_METERED' end,
        s.line_key, null::text, null::integer
      from staged_usage s join named_lines l on l.line_key = s.line_key and not l.is_metered`,
  );
  await sql`create temporary table known_usage (line_key text, line_id uuid, from_on date, until_on date, amount numeric) on commit drop`;
  await sql`
    insert into known_usage
    select l.line_key, l.line_id, u.* from named_lines l
    cross join lateral (
      select from_on, until_on, amount from usage_periods
      where workspace_id = ${workspaceId} and line_id = l.line_id and superseded_version = ${liveVersion} offset 0
    ) u
    where l.is_metered`;
  await sql`analyze known_usage`;
}

/** Rows that say what is known of their line's period leave the staging. */
async function dropKnown(tx: Tx): Promise<void> {
  await dropUnchanged(
    tx,
    usageRows,
    tx.sql`
      select s.row_number from staged_usage s
      join known_usage u on (u.line_key, u.from_on, u.until_on, u.amount) = (s.line_key, s.from_on, s.until_on, s.amount)`,
  );
}

/** Refuses both rows of an overlap within the file, and the row of the file in an overlap with a recorded period. */
async function refuseOverlaps(tx: Tx): Promise<number> {
  const { sql } = tx;
  return refuse(
    tx,
    usageRows,
    sql`
      with periods as (
        select line_key, from_on, until_on, row_number, line_number from staged_usage
        union all
        select u.line_key, u.from_on, u.until_on, null, null from known_usage u
        where not exists (select from staged_usage s where s.line_key = u.line_key and s.from_on = u.from_on)
      ), beside as (
        select *, lag(row_number) over line as other_row, lag(line_number) over line as other_line,
          lag(from_on) over line as other_from_on, lag(until_on) over line as other_until_on
        from periods window line as (partition by line_key order by from_on)
      ), pairs as (
        select row_number, line_number, from_on || ' to ' || until_on as term, other_row, other_line,
          other_from_on || ' to ' || other_until_on as other_term
        from beside where other_until_on > from_on
      ), told as (
        select row_number, line_number, term, other_line, other_term from pairs where row_number is not null
        union all
        select other_row, other_line, other_term, line_number, term from pairs where other_row is not null
      )
      select distinct on (row_number) row_number, line_number, 'from_on',
        case when other_line is null then 'USAGE_OVERLAPS_RECORDED' else 'USAGE_OVERLAPS' end, term, other_term, other_line
      from told order by row_number, other_line`,
  );
}

async function book(tx: Tx, write: LedgerWrite): Promise<LedgerChange> {
  const { sql } = tx;
  await createIncomingUsage(tx);
  await sql`
    insert into incoming_usage
    select l.line_id, s.from_on, s.until_on, s.amount, s.row_number
    from staged_usage s join named_lines l on l.line_key = s.line_key`;
  await writeUsage(tx, write.commit, write.batchId);
  const accounts = await sql<{ accountId: string }[]>`
    select distinct account_id as "accountId" from (${lateRows(tx)}) concerned order by account_id`;
  return deriveAccounts(
    tx,
    write,
    accounts.map(({ accountId }) => accountId),
  );
}

/** The accounts that have had the rows' lines. */
function lateRows(tx: Tx): Fragment {
  const { sql, workspaceId } = tx;
  return sql`
    select s.row_number, ${survivorOf(tx, sql`v.account_id`)} as account_id
    from staged_usage s
    join named_lines l on l.line_key = s.line_key
    join contract_line_versions v on v.workspace_id = ${workspaceId} and v.line_id = l.line_id
      and v.superseded_version = ${liveVersion}`;
}
