// Accounts in Postgres, the writing side: identities, their dated versions, and what feeds them. Rows to write come through temporary
// tables that this file defines, because a file of accounts may be larger than memory. parents.ts writes who is above whom, list.ts reads.

import type { Tx } from "../kernel/database.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { Commit } from "../workspaces/store.ts";
import type { AccountSource } from "./table.ts";

/**
 * Makes incoming_accounts, in which a writer puts what is to be true of accounts from a day on: their attributes, one row per account
 * and day. `account_id` is the account's own, or the id for a new one. Goes with the transaction.
 */
export async function createIncomingAccounts({ sql }: Tx): Promise<void> {
  await sql`create temporary table incoming_accounts (account_key text, account_id uuid, is_new boolean, from_on date, name text,
    channel text, region text, industry text, owner text, attributes jsonb) on commit drop`;
  await sql`create index on incoming_accounts (account_id, from_on)`;
}

/**
 * Makes account_timelines: for every account of incoming_accounts, all its versions as they will be, each until the next one begins. The
 * incoming ones take the place of live ones of the same day. `known_version` is the recorded version of the live row of that day (null:
 * there is none), and `is_known` says whether it is right already.
 */
export async function createAccountTimelines(tx: Tx): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`analyze incoming_accounts`;
  await sql`create temporary table account_timelines (account_id uuid, from_on date, until_on date, name text, channel text,
    region text, industry text, owner text, attributes jsonb, known_version bigint, is_known boolean) on commit drop`;
  await sql`
    insert into account_timelines
    with known as (
      select v.*
      from (select distinct account_id from incoming_accounts where not is_new) i
      cross join lateral (
        select * from account_versions
        where workspace_id = ${workspaceId} and account_id = i.account_id and superseded_version = ${liveVersion} offset 0
      ) v
    ), timeline as (
      select coalesce(i.account_id, k.account_id) as account_id, coalesce(i.from_on, k.from_on) as from_on,
        lead(coalesce(i.from_on, k.from_on)) over (
          partition by coalesce(i.account_id, k.account_id) order by coalesce(i.from_on, k.from_on)) as until_on,
        i.account_id is not null as is_incoming, i, k
      from incoming_accounts i full join known k on k.account_id = i.account_id and k.from_on = i.from_on
    ), stated as (
      select account_id, from_on, until_on,
        case when is_incoming then (i).name else (k).name end as name,
        case when is_incoming then (i).channel else (k).channel end as channel,
        case when is_incoming then (i).region else (k).region end as region,
        case when is_incoming then (i).industry else (k).industry end as industry,
        case when is_incoming then (i).owner else (k).owner end as owner,
        case when is_incoming then (i).attributes else (k).attributes end as attributes,
        k
      from timeline
    )
    select account_id, from_on, until_on, name, channel, region, industry, owner, attributes, (k).recorded_version,
      ((k).until_on, (k).name, (k).channel, (k).region, (k).industry, (k).owner, (k).attributes)
        is not distinct from (until_on, name, channel, region, industry, owner, attributes)
    from stated`;
  await sql`create index on account_timelines (account_id, from_on)`;
  await sql`analyze account_timelines`;
}

/** Writes account_timelines: new identities and versions; live ones that they replace are superseded. */
export async function writeAccounts(tx: Tx, commit: Commit): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`
    insert into accounts (workspace_id, id, external_id)
    select distinct ${workspaceId}::uuid, account_id, account_key from incoming_accounts where is_new`;
  await sql`
    update account_versions v set superseded_version = ${commit.version} from account_timelines t
    where v.workspace_id = ${workspaceId} and v.account_id = t.account_id and v.from_on = t.from_on
      and v.recorded_version = t.known_version and not t.is_known`;
  await sql`
    insert into account_versions (workspace_id, account_id, from_on, until_on, recorded_version, superseded_version, name, channel,
      region, industry, owner, attributes)
    select ${workspaceId}::uuid, account_id, from_on, until_on, ${commit.version}::bigint, ${liveVersion}::bigint, name, channel,
      region, industry, owner, attributes
    from account_timelines where not is_known`;
}

/** Makes fed_accounts (account_id uuid) for `setSource`. */
export async function createFedAccounts({ sql }: Tx): Promise<void> {
  await sql`create temporary table fed_accounts (account_id uuid) on commit drop`;
}

/** Notes what feeds the accounts of fed_accounts that had no facts before. */
export async function setSource({ sql, workspaceId }: Tx, source: AccountSource): Promise<void> {
  await sql`create index on fed_accounts (account_id)`;
  await sql`analyze fed_accounts`;
  await sql`
    update accounts a set source = ${source} from fed_accounts f
    where a.workspace_id = ${workspaceId} and a.id = f.account_id and a.source is null`;
}
