// Parent links in Postgres, the writing side: what is said of an account's parent over some days becomes all its links as they will be.
// What is said comes through a temporary table that this file defines. hierarchy.ts decides what can be, merges.ts reads.

import type { Tx } from "../kernel/database.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { Commit } from "../workspaces/store.ts";

/**
 * Makes incoming_parents, in which a writer puts who is above an account from a day up to, not including, another (null = open); a null
 * parent says that nobody is. The days said of one account do not overlap. Goes with the transaction.
 */
export async function createIncomingParents({ sql }: Tx): Promise<void> {
  await sql`create temporary table incoming_parents (account_id uuid, parent_id uuid, from_on date, until_on date) on commit drop`;
  await sql`create index on incoming_parents (account_id, from_on)`;
}

/**
 * Makes parent_timelines (account_id, parent_id, from_on, until_on, is_known): for every account of incoming_parents all its links as they
 * will be, by day and without overlaps; days of which nothing is said keep what is recorded. `is_known`: recorded just so already.
 */
export async function createParentTimelines({ sql, workspaceId }: Tx): Promise<void> {
  await sql`analyze incoming_parents`;
  await sql`drop table if exists parent_timelines, known_links`;
  await sql`create temporary table known_links (account_id uuid, parent_id uuid, from_on date, until_on date) on commit drop`;
  await sql`
    insert into known_links
    select said.account_id, link.* from (select distinct account_id from incoming_parents) said
    cross join lateral (
      select parent_id, from_on, until_on from account_parents
      where workspace_id = ${workspaceId} and account_id = said.account_id and superseded_version = ${liveVersion} offset 0
    ) link`;
  await sql`create temporary table parent_timelines
    (account_id uuid, parent_id uuid, from_on date, until_on date, is_known boolean) on commit drop`;
  await sql`
    insert into parent_timelines
    with edges as (
      select account_id, from_on as day from incoming_parents
      union select account_id, until_on from incoming_parents where until_on is not null
      union select account_id, from_on from known_links
      union select account_id, until_on from known_links where until_on is not null
    ), pieces as (
      select e.account_id, e.day, lead(e.day) over (partition by e.account_id order by e.day) as until_on,
        case when i.account_id is not null then i.parent_id else k.parent_id end as parent_id
      from edges e
      left join incoming_parents i on i.account_id = e.account_id and i.from_on <= e.day and coalesce(i.until_on > e.day, true)
      left join known_links k on k.account_id = e.account_id and k.from_on <= e.day and coalesce(k.until_on > e.day, true)
    ), beside as (
      select *, lag(parent_id) over (partition by account_id order by day) is distinct from parent_id as is_change from pieces
    ), stretches as (
      select *, count(*) filter (where is_change) over (partition by account_id order by day) as stretch from beside
    ), links as (
      select account_id, parent_id, min(day) as from_on, nullif(max(coalesce(until_on, 'infinity')), 'infinity') as until_on
      from stretches where parent_id is not null group by account_id, stretch, parent_id
    )
    select l.*, k.account_id is not null from links l
    left join known_links k on (k.account_id, k.parent_id, k.from_on) = (l.account_id, l.parent_id, l.from_on)
      and k.until_on is not distinct from l.until_on`;
  await sql`create index on parent_timelines (account_id, from_on)`;
  await sql`analyze parent_timelines`;
}

/** Writes parent_timelines; links of its accounts that are in it no longer, or otherwise, are superseded. Returns how many links changed. */
export async function writeParents({ sql, workspaceId }: Tx, commit: Commit): Promise<number> {
  const ended = await sql`
    update account_parents p set superseded_version = ${commit.version} from known_links k
    where p.workspace_id = ${workspaceId} and p.account_id = k.account_id and p.from_on = k.from_on
      and p.superseded_version = ${liveVersion} and not exists (
        select from parent_timelines t where t.account_id = k.account_id and t.from_on = k.from_on and t.is_known)`;
  const written = await sql`
    insert into account_parents (workspace_id, account_id, parent_id, from_on, until_on, recorded_version, superseded_version)
    select ${workspaceId}::uuid, account_id, parent_id, from_on, until_on, ${commit.version}::bigint, ${liveVersion}::bigint
    from parent_timelines where not is_known`;
  return ended.count + written.count;
}
