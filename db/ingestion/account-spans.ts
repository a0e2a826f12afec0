// On which days the rows of a file of accounts make something different from what is known: those days may be of a closed period.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { firstClosedDay } from "../workspaces/closings.ts";

/**
 * Of the staged rows that change a known account's attributes or parent: row_number, line_number and `on`, the first day of a closed period
 * on which they do (null: none). Attributes hold from the row's day until the account's next row or version, a parent until the recorded
 * one changes next, if that is sooner. A name moves no number; and what is said of an account that was not known changes nothing that was
 * reported.
 */
export function datedRows(tx: Tx): Fragment {
  const { sql, workspaceId } = tx;
  return sql`
    select spans.row_number, spans.line_number,
      ${firstClosedDay(tx, { fromOn: sql`spans.from_on`, untilOn: sql`spans.until_on` })} as "on"
    from (
      select s.row_number, s.line_number, s.from_on, greatest(
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
    ) spans where spans.until_on is not null`;
}
