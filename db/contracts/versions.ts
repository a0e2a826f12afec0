// Contract lines in Postgres, the writing side: contracts, lines and their versions. Rows to write come through a temporary table that
// this file defines, because a file of lines may be larger than memory. store.ts reads.

import type { Tx } from "../kernel/database.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { Commit } from "../workspaces/store.ts";

/**
 * Makes incoming_lines, in which a writer puts versions of lines, one row per line and first day. `contract_id` and `line_id` are their
 * own, or the ids for new ones; `version_id` is new; `supersedes` is the live version of that day, null where there is none.
 */
export async function createIncomingLines({ sql }: Tx): Promise<void> {
  await sql`create temporary table incoming_lines (version_id uuid, supersedes uuid, line_id uuid, line_key text,
    is_new_line boolean, contract_id uuid, contract_key text, is_new_contract boolean, account_id uuid, product_id uuid,
    plan_id uuid, kind text, is_add_on boolean, from_on date, until_on date, quantity numeric, unit_price numeric,
    discount_percent numeric, discount_amount numeric, billing_interval text, currency text, arr_minor bigint, term_ends_on date,
    booked_on date, motion text, campaign text, source_row integer) on commit drop`;
}

/**
 * Writes incoming_lines: contracts, lines and versions that are new; versions that they supersede end with the commit. Makes
 * touched_accounts (account_id): the accounts whose lines are others now, those that a line has left included.
 */
export async function writeLineVersions(tx: Tx, commit: Commit, batchId: string): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`create index on incoming_lines (supersedes) where supersedes is not null`;
  await sql`analyze incoming_lines`;
  await sql`
    insert into contracts (workspace_id, id, account_id, external_id)
    select distinct ${workspaceId}::uuid, contract_id, account_id, contract_key from incoming_lines where is_new_contract`;
  await sql`
    insert into contract_lines (workspace_id, id, external_id)
    select distinct ${workspaceId}::uuid, line_id, line_key from incoming_lines where is_new_line`;
  await sql`create temporary table touched_accounts (account_id uuid) on commit drop`;
  await sql`
    with superseded as (
      update contract_line_versions v set superseded_version = ${commit.version} from incoming_lines i
      where v.workspace_id = ${workspaceId} and v.id = i.supersedes and i.supersedes is not null
      returning v.account_id)
    insert into touched_accounts
    select account_id from superseded union select account_id from incoming_lines`;
  await sql`create index on touched_accounts (account_id)`;
  await sql`
    insert into contract_line_versions (workspace_id, id, line_id, contract_id, account_id, product_id, plan_id, kind, is_add_on,
      from_on, until_on, quantity, unit_price, discount_percent, discount_amount, billing_interval, currency, arr_minor, term_ends_on,
      booked_on, motion, campaign, recorded_version, superseded_version, batch_id, source_row)
    select ${workspaceId}::uuid, version_id, line_id, contract_id, account_id, product_id, plan_id, kind, is_add_on, from_on,
      until_on, quantity, unit_price, discount_percent, discount_amount, billing_interval, currency, arr_minor, term_ends_on,
      booked_on, motion, campaign, ${commit.version}::bigint, ${liveVersion}::bigint, ${batchId}::uuid, source_row
    from incoming_lines`;
}

/** The accounts that hold a line of one of the products, now or at any time. */
export async function listHolders(tx: Tx, productIds: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.sql<{ accountId: string }[]>`
    select distinct account_id as "accountId" from contract_line_versions
    where workspace_id = ${tx.workspaceId} and superseded_version = ${liveVersion}
      and product_id = any(${[...productIds]}::uuid[])
    order by account_id`;
  return rows.map(({ accountId }) => accountId);
}
