// Contract lines in Postgres, the writing side: contracts, lines and their versions. Rows to write come through a temporary table that
// this file defines, because a file of lines may be larger than memory. store.ts reads.

import type { Tx } from "../kernel/database.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { Commit } from "../workspaces/store.ts";

/**
 * Makes incoming_lines, in which a writer puts versions of lines, one row per line and first day. `contract_id` and `line_id` are their
 * own, or the ids for new ones; `version_id` is new. Goes with the transaction.
 */
export async function createIncomingLines(tx: Tx): Promise<void> {
  await tx.sql`create temporary table incoming_lines (version_id uuid, line_id uuid, line_key text, contract_id uuid,
    contract_key text, account_id uuid, product_id uuid, plan_id uuid, kind text, is_add_on boolean, from_on date, until_on date,
    quantity numeric, unit_price numeric, discount_percent numeric, discount_amount numeric, billing_interval text, currency text,
    arr_minor bigint, term_ends_on date, booked_on date, motion text, campaign text, source_row integer) on commit drop`;
}

/**
 * Writes incoming_lines: contracts, lines and versions that are new; live versions of the same line and first day are superseded. Makes
 * touched_accounts (account_id): the accounts whose lines are others now, those that a line has left included.
 */
export async function writeLineVersions(tx: Tx, commit: Commit, batchId: string): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`analyze incoming_lines`;
  await sql`
    insert into contracts (workspace_id, id, account_id, external_id)
    select distinct ${workspaceId}::uuid, i.contract_id, i.account_id, i.contract_key from incoming_lines i
    where not exists (select from contracts c where c.workspace_id = ${workspaceId} and c.id = i.contract_id)`;
  await sql`
    insert into contract_lines (workspace_id, id, external_id)
    select distinct ${workspaceId}::uuid, i.line_id, i.line_key from incoming_lines i
    where not exists (select from contract_lines l where l.workspace_id = ${workspaceId} and l.id = i.line_id)`;
  await sql`create temporary table touched_accounts (account_id uuid) on commit drop`;
  await sql`
    with superseded as (
      update contract_line_versions v set superseded_version = ${commit.version} from incoming_lines i
      where v.workspace_id = ${workspaceId} and v.superseded_version = ${liveVersion}
        and v.line_id = i.line_id and v.from_on = i.from_on
      returning v.account_id)
    insert into touched_accounts
    select account_id from superseded union select account_id from incoming_lines`;
  await sql`
    insert into contract_line_versions (workspace_id, id, line_id, contract_id, account_id, product_id, plan_id, kind, is_add_on,
      from_on, until_on, quantity, unit_price, discount_percent, discount_amount, billing_interval, currency, arr_minor, term_ends_on,
      booked_on, motion, campaign, recorded_version, superseded_version, batch_id, source_row)
    select ${workspaceId}::uuid, i.version_id, i.line_id, i.contract_id, i.account_id, i.product_id, i.plan_id, i.kind, i.is_add_on,
      i.from_on, i.until_on, i.quantity, i.unit_price, i.discount_percent, i.discount_amount, i.billing_interval, i.currency,
      i.arr_minor, i.term_ends_on, i.booked_on, i.motion, i.campaign, ${commit.version}::bigint, ${liveVersion}::bigint,
      ${batchId}::uuid, i.source_row
    from incoming_lines i`;
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
