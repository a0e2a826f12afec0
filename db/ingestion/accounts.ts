// A file of accounts against the books: versions that are new or stated otherwise, and parents that cannot be.

import { levelsMax } from "../accounts/hierarchy.ts";
import { createIncomingParents, createParentTimelines, writeParents } from "../accounts/parents.ts";
import { createAccountTimelines, createIncomingAccounts, writeAccounts } from "../accounts/store.ts";
import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { LedgerWrite } from "../movements/append.ts";
import type { LedgerChange } from "../movements/store.ts";
import { firstClosedDay } from "../workspaces/closings.ts";
import { accountRows } from "./account-row.ts";
import type { FileCheck, KindImport } from "./kind-import.ts";
import { refuseLateRows } from "./late-facts.ts";
import { survivorOf } from "./merged.ts";
import { nameAccounts } from "./references.ts";
import { refuse } from "./refusals.ts";
import type { StagedFile } from "./staging.ts";
import { dropUnchanged } from "./unchanged.ts";
import { fillUnstated } from "./unstated.ts";

export const accountsImport: KindImport = { rule: accountRows, check, book, datedRows };

/** A circle is met within so many steps, or called too deep. */
const stepsMax = 40;

async function check(tx: Tx, { refusals }: FileCheck, { statedColumns }: StagedFile): Promise<void> {
  await nameAccounts(tx, accountRows, "create");
  await fillUnstated(tx, statedColumns);
  await dropKnown(tx);
  await nameParents(tx);
  await createIncomingAccounts(tx);
  await createIncomingParents(tx);
  // A refused row may have been the one that ended another, that brought a parent, or that broke a circle.
  while ((await refuseAnew(tx)) > 0 && refusals === "partial");
}

async function refuseAnew(tx: Tx): Promise<number> {
  const late = await refuseLateRows(tx, accountRows, datedRows);
  return late + (await refuseUnknownParents(tx)) + (await refuseCircles(tx));
}

/** Rows that say what is known of their account from their day on leave the staging. */
async function dropKnown(tx: Tx): Promise<void> {
  const { sql, workspaceId } = tx;
  await dropUnchanged(
    tx,
    accountRows,
    sql`
      select s.row_number from staged_accounts s
      join named_accounts n on n.account_key = s.account_key and not n.is_new
      cross join lateral (
        select * from account_versions
        where workspace_id = ${workspaceId} and account_id = n.account_id and from_on = s.from_on
          and superseded_version = ${liveVersion} limit 1
      ) v
      left join lateral (
        select parent.external_id as key from account_parents p
        join accounts parent on parent.workspace_id = p.workspace_id and parent.id = p.parent_id
        where p.workspace_id = ${workspaceId} and p.account_id = n.account_id and p.from_on <= s.from_on
          and (p.until_on is null or p.until_on > s.from_on) and p.superseded_version = ${liveVersion} limit 1
      ) parent on true
      where (v.name, v.channel, v.region, v.industry, v.owner, v.attributes, parent.key)
        is not distinct from (s.name, s.channel, s.region, s.industry, s.owner, s.attributes, s.parent_key)`,
  );
}

/** Makes named_parents: every parent that the rows name, with its id in the books; null for one that can only come with the file. */
async function nameParents({ sql, workspaceId }: Tx): Promise<void> {
  await sql`create temporary table named_parents (parent_key text, parent_id uuid) on commit drop`;
  await sql`
    insert into named_parents
    select named.parent_key, a.id
    from (select distinct parent_key from staged_accounts where parent_key is not null) named
    left join lateral (
      select id from accounts where workspace_id = ${workspaceId} and external_id = named.parent_key limit 1
    ) a on true`;
  await sql`analyze named_parents`;
}

async function refuseUnknownParents(tx: Tx): Promise<number> {
  return refuse(
    tx,
    accountRows,
    tx.sql`
      select s.row_number, s.line_number, 'parent_id', 'PARENT_UNKNOWN', s.parent_key, null::text, null::integer
      from staged_accounts s
      join named_parents p on p.parent_key = s.parent_key and p.parent_id is null
      where not exists (select from staged_accounts own where own.account_key = s.parent_key)`,
  );
}

/**
 * Walks from every row with a parent, along the parents as they will be, on the days that all of them hold: up to the top, and from each
 * place on the way down again below the row's account, where the file has no rows (its own rows walk themselves). Here a merged account's
 * parents count beside its survivor's own, also on days on which those win.
 */
async function refuseCircles(tx: Tx): Promise<number> {
  const { sql } = tx;
  await fillTimelines(tx);
  await sql`create temporary table parent_walks
    (row_number integer, from_on date, is_circle boolean) on commit drop`;
  await sql`
    insert into parent_walks
    with recursive walks as (
      select s.row_number, ${survivorOf(tx, sql`n.account_id`)} as start_id, ${survivorOf(tx, sql`i.parent_id`)} as at_id, true as is_up,
        i.from_on, coalesce(i.until_on, 'infinity') as until_on, 2 as levels
      from staged_accounts s
      join named_accounts n on n.account_key = s.account_key
      join incoming_parents i on i.account_id = n.account_id and i.from_on = s.from_on and i.parent_id is not null
      where ${survivorOf(tx, sql`n.account_id`)} <> ${survivorOf(tx, sql`i.parent_id`)}
      union all
      select w.row_number, w.start_id, l.at_id, l.is_up, greatest(w.from_on, l.from_on), least(w.until_on, l.until_on), w.levels + 1
      from walks w
      cross join lateral (
        select ${survivorOf(tx, sql`up.parent_id`)} as at_id, true as is_up, up.from_on, up.until_on
        from (${linksAbove(tx, sql`w.at_id`)}) up where w.is_up and w.levels <= ${stepsMax}
        union all
        select ${survivorOf(tx, sql`down.account_id`)}, false, down.from_on, down.until_on
        from (${linksBelow(tx, sql`case when w.is_up then w.start_id else w.at_id end`)}) down where w.levels <= ${levelsMax}
        offset 0
      ) l
      where not (w.is_up and w.at_id = w.start_id) and l.from_on < w.until_on and w.from_on < l.until_on
        and l.at_id <> case when w.is_up and not l.is_up then w.start_id else w.at_id end
    )
    select row_number, min(from_on), bool_or(is_up and at_id = start_id) from walks
    where (is_up and at_id = start_id) or levels > ${levelsMax}
    group by row_number`;
  const refused = await refuse(
    tx,
    accountRows,
    sql`
      select s.row_number, s.line_number, 'parent_id', case when w.is_circle then 'PARENT_CYCLE' else 'HIERARCHY_TOO_DEEP' end,
        s.account_key, w.from_on::text, null::integer
      from parent_walks w join staged_accounts s on s.row_number = w.row_number
      -- A walk that meets a circle it is no part of goes round in it, and is not at fault.
      where w.is_circle or not exists (select from parent_walks where is_circle)`,
  );
  await sql`drop table parent_walks`;
  return refused;
}

/** Above the account, or one that ended up in it, as it will be: account_id, parent_id, from_on, until_on. */
function linksAbove(tx: Tx, accountId: Fragment): Fragment {
  const { sql } = tx;
  return sql`
    select link.* from ${faces(tx, accountId)} cross join lateral (
      select t.account_id, t.parent_id, t.from_on, coalesce(t.until_on, 'infinity') as until_on from parent_timelines t
      where t.account_id = face.id
      union all
      ${recordedLinks(tx, sql`p.account_id = face.id`)}
      offset 0
    ) link`;
}

/** Below the account, of those of which the file says nothing new. */
function linksBelow(tx: Tx, accountId: Fragment): Fragment {
  const { sql } = tx;
  return sql`
    select link.* from ${faces(tx, accountId)} cross join lateral (
      ${recordedLinks(tx, sql`p.parent_id = face.id`)} offset 0
    ) link`;
}

function faces({ sql }: Tx, accountId: Fragment): Fragment {
  return sql`(select ${accountId} as id union all
    select m.account_id from merged_accounts m where m.survivor_id = ${accountId}) face`;
}

function recordedLinks({ sql, workspaceId }: Tx, condition: Fragment): Fragment {
  return sql`
    select p.account_id, p.parent_id, p.from_on, coalesce(p.until_on, 'infinity') as until_on from account_parents p
    where p.workspace_id = ${workspaceId} and ${condition} and p.superseded_version = ${liveVersion}
      and not exists (select from incoming_parents i where i.account_id = p.account_id)`;
}

/** What is staged, as the books will have it. */
async function fillTimelines(tx: Tx): Promise<void> {
  const { sql } = tx;
  await sql`delete from incoming_accounts`;
  await sql`
    insert into incoming_accounts
    select s.account_key, n.account_id, n.is_new, s.from_on, s.name, s.channel, s.region, s.industry, s.owner, s.attributes
    from staged_accounts s
    join named_accounts n on n.account_key = s.account_key`;
  await sql`drop table if exists account_timelines`;
  await createAccountTimelines(tx);
  await fillParents(tx);
  await createParentTimelines(tx);
}

/**
 * What the rows say of parents that is not recorded: each from its day until the account's next row or version, or until the recorded
 * parent changes next, which was said apart from the versions.
 */
async function fillParents({ sql, workspaceId }: Tx): Promise<void> {
  await sql`delete from incoming_parents`;
  await sql`
    insert into incoming_parents
    select said.account_id, said.parent_id, said.from_on, least(said.until_on, recorded.changes_on)
    from (
      select t.account_id, coalesce(p.parent_id, parent.account_id) as parent_id, t.from_on, t.until_on, n.is_new
      from staged_accounts s
      join named_accounts n on n.account_key = s.account_key
      join account_timelines t on t.account_id = n.account_id and t.from_on = s.from_on
      left join named_parents p on p.parent_key = s.parent_key
      left join named_accounts parent on parent.account_key = s.parent_key
    ) said
    left join lateral (
      select max(l.parent_id::text) filter (where l.from_on <= said.from_on and coalesce(l.until_on > said.from_on, true))::uuid as parent_id,
        least(min(l.from_on) filter (where l.from_on > said.from_on), min(l.until_on) filter (where l.until_on > said.from_on)) as changes_on
      from account_parents l
      where l.workspace_id = ${workspaceId} and l.account_id = said.account_id and l.superseded_version = ${liveVersion}
    ) recorded on not said.is_new
    where said.parent_id is distinct from recorded.parent_id`;
}

async function book(tx: Tx, { commit }: LedgerWrite): Promise<LedgerChange> {
  await fillTimelines(tx);
  await writeAccounts(tx, commit);
  await writeParents(tx, commit);
  return { appended: 0, reversed: 0 };
}

/**
 * Of the staged rows that change a known account's attributes or parent: row_number, line_number and `on`, the first day of a closed period
 * on which they do (null: none). Attributes hold from the row's day until the account's next row or version, a parent until the recorded
 * one changes next, if that is sooner. Nothing that was reported is changed by a name, by what is said of an account that was not known, or
 * of days before an account's first line or movement.
 */
function datedRows(tx: Tx): Fragment {
  const { sql, workspaceId } = tx;
  return sql`
    select spans.row_number, spans.line_number,
      ${firstClosedDay(tx, { fromOn: sql`greatest(spans.from_on, facts.first_on)`, untilOn: sql`spans.until_on` })} as "on"
    from (
      select s.row_number, s.line_number, s.account_id, s.from_on, greatest(
        case when (s.channel, s.region, s.industry, s.owner, s.attributes)
          is distinct from (v.channel, v.region, v.industry, v.owner, coalesce(v.attributes, '{}'))
          then coalesce(least(s.next_on, version.next_on), 'infinity') end,
        case when s.parent_key is distinct from parent.key
          then coalesce(least(s.next_on, version.next_on, link.next_on), 'infinity') end) as until_on
      from (
        select row.*, n.account_id, lead(row.from_on) over (partition by row.account_key order by row.from_on) as next_on
        from staged_accounts row join named_accounts n on n.account_key = row.account_key and not n.is_new
      ) s
      left join lateral (
        select * from account_versions
        where workspace_id = ${workspaceId} and account_id = s.account_id and from_on <= s.from_on
          and superseded_version = ${liveVersion} order by from_on desc limit 1
      ) v on true
      left join lateral (
        select min(from_on) as next_on from account_versions
        where workspace_id = ${workspaceId} and account_id = s.account_id and from_on > s.from_on
          and superseded_version = ${liveVersion}
      ) version on true
      left join lateral (
        select parent.external_id as key from account_parents p
        join accounts parent on parent.workspace_id = p.workspace_id and parent.id = p.parent_id
        where p.workspace_id = ${workspaceId} and p.account_id = s.account_id and p.from_on <= s.from_on
          and (p.until_on is null or p.until_on > s.from_on) and p.superseded_version = ${liveVersion} limit 1
      ) parent on true
      left join lateral (
        select least(min(from_on) filter (where from_on > s.from_on), min(until_on) filter (where until_on > s.from_on)) as next_on
        from account_parents
        where workspace_id = ${workspaceId} and account_id = s.account_id and superseded_version = ${liveVersion}
      ) link on true
    ) spans
    -- Null for an account that stands for others too: it may be of groups that had ARR before it.
    left join lateral (
      select coalesce(least(
        (select min(effective_on) from movements where workspace_id = ${workspaceId} and account_id = spans.account_id),
        (select min(from_on) from contract_line_versions where workspace_id = ${workspaceId} and account_id = spans.account_id)
      ), 'infinity') as first_on
      where not exists (select from account_parents
        where workspace_id = ${workspaceId} and parent_id = spans.account_id and superseded_version = ${liveVersion})
      and not exists (select from account_merges where workspace_id = ${workspaceId} and superseded_version = ${liveVersion}
        and (account_id = spans.account_id or into_id = spans.account_id))
    ) facts on true
    where spans.until_on is not null`;
}
