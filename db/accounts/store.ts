// Accounts in Postgres, the writing side: identities, their dated versions and parents, and what feeds them. Rows to write come through
// temporary tables that this file defines, because a file of accounts may be larger than memory. list.ts reads.

import type { Tx } from "../kernel/database.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { Commit } from "../workspaces/store.ts";
import type { AccountSource } from "./table.ts";

/**
 * Makes incoming_accounts, in which a writer puts what is to be true of accounts from a day on: attributes and parent, one row per
 * account and day. `account_id` is the account's own, or the id for a new one. Goes with the transaction.
 */
export async function createIncomingAccounts(tx: Tx): Promise<void> {
  await tx.sql`create temporary table incoming_accounts (account_key text, account_id uuid, from_on date, name text, channel text,
    region text, industry text, owner text, attributes jsonb, parent_id uuid) on commit drop`;
}

/**
 * Makes account_timelines: for every account of incoming_accounts, all its versions as they will be, the incoming ones in the place of
 * live ones of the same day, each until the next one begins. `is_incoming` tells the two apart.
 */
export async function createAccountTimelines(tx: Tx): Promise<void> {
  const { sql } = tx;
  await sql`analyze incoming_accounts`;
  await sql`create temporary table account_timelines (account_id uuid, from_on date, until_on date, name text, channel text,
    region text, industry text, owner text, attributes jsonb, parent_id uuid, is_incoming boolean) on commit drop`;
  await sql`
    insert into account_timelines
    select account_id, from_on, lead(from_on) over (partition by account_id order by from_on), name, channel, region, industry, owner,
      attributes, parent_id, is_incoming
    from (
      select account_id, from_on, name, channel, region, industry, owner, attributes, parent_id, true as is_incoming
      from incoming_accounts
      union all
      select v.account_id, v.from_on, v.name, v.channel, v.region, v.industry, v.owner, v.attributes, p.parent_id, false
      from account_versions v
      left join account_parents p on p.workspace_id = v.workspace_id and p.account_id = v.account_id and p.from_on = v.from_on
        and p.superseded_version = ${liveVersion}
      where v.workspace_id = ${tx.workspaceId} and v.superseded_version = ${liveVersion}
        and v.account_id in (select account_id from incoming_accounts)
        and not exists (
          select from incoming_accounts i where i.account_id = v.account_id and i.from_on = v.from_on)
    ) known`;
  await sql`analyze account_timelines`;
}

/** Writes account_timelines: new identities, versions and parents; live ones that they replace are superseded. */
export async function writeAccounts(tx: Tx, commit: Commit): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`
    insert into accounts (workspace_id, id, external_id)
    select distinct ${workspaceId}::uuid, i.account_id, i.account_key from incoming_accounts i
    where not exists (select from accounts a where a.workspace_id = ${workspaceId} and a.id = i.account_id)`;
  await sql`
    update account_versions v set superseded_version = ${commit.version}
    from account_timelines t
    where v.workspace_id = ${workspaceId} and v.superseded_version = ${liveVersion}
      and v.account_id = t.account_id and v.from_on = t.from_on
      and (v.until_on, v.name, v.channel, v.region, v.industry, v.owner, v.attributes)
        is distinct from (t.until_on, t.name, t.channel, t.region, t.industry, t.owner, t.attributes)`;
  await sql`
    insert into account_versions (workspace_id, account_id, from_on, until_on, recorded_version, superseded_version, name, channel,
      region, industry, owner, attributes)
    select ${workspaceId}::uuid, t.account_id, t.from_on, t.until_on, ${commit.version}::bigint, ${liveVersion}::bigint, t.name,
      t.channel, t.region, t.industry, t.owner, t.attributes
    from account_timelines t
    where not exists (
      select from account_versions v
      where v.workspace_id = ${workspaceId} and v.account_id = t.account_id and v.from_on = t.from_on
        and v.superseded_version = ${liveVersion})`;
  await writeParents(tx, commit);
}

async function writeParents({ sql, workspaceId }: Tx, commit: Commit): Promise<void> {
  await sql`
    update account_parents p set superseded_version = ${commit.version}
    from account_timelines t
    where p.workspace_id = ${workspaceId} and p.superseded_version = ${liveVersion}
      and p.account_id = t.account_id and p.from_on = t.from_on
      and (p.until_on, p.parent_id) is distinct from (t.until_on, t.parent_id)`;
  await sql`
    insert into account_parents (workspace_id, account_id, parent_id, from_on, until_on, recorded_version, superseded_version)
    select ${workspaceId}::uuid, t.account_id, t.parent_id, t.from_on, t.until_on, ${commit.version}::bigint, ${liveVersion}::bigint
    from account_timelines t
    where t.parent_id is not null and not exists (
      select from account_parents p
      where p.workspace_id = ${workspaceId} and p.account_id = t.account_id and p.from_on = t.from_on
        and p.superseded_version = ${liveVersion})`;
}

/** Notes what feeds the accounts of fed_accounts (account_id uuid) that had no facts before. */
export async function setSource(tx: Tx, source: AccountSource): Promise<void> {
  await tx.sql`
    update accounts a set source = ${source} from fed_accounts f
    where a.workspace_id = ${tx.workspaceId} and a.id = f.account_id and a.source is null`;
}

/** Makes fed_accounts for `setSource`. */
export async function createFedAccounts(tx: Tx): Promise<void> {
  await tx.sql`create temporary table fed_accounts (account_id uuid) on commit drop`;
}
