// Columns that a file of accounts does not have: its rows say nothing of them, so that what is known of an account stays as it is.

import { textArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import { type Fragment, listed } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { attributePrefix } from "./columns.ts";

const builtIn = ["channel", "region", "industry", "owner"] as const;

/**
 * Fills what the staged rows of known accounts do not state with what is known on their day: the version then in force, or the parent. A
 * row holds until the next version at the latest, so that on none of its days anything else is known of its attributes.
 */
export async function fillUnstated(tx: Tx, stated: ReadonlySet<string>): Promise<void> {
  const { sql, workspaceId } = tx;
  const attributes = [...stated]
    .filter((name) => name.startsWith(attributePrefix))
    .map((name) => name.slice(attributePrefix.length));
  const left: readonly (readonly [column: string, known: Fragment])[] = [
    ["attributes", sql`(coalesce(v.attributes, '{}') - ${textArray(attributes)}::text[]) || row.attributes`],
    ...builtIn.filter((name) => !stated.has(name)).map((name) => [name, sql`v.${sql(name)}`] as const),
    ...(stated.has("parent_id") ? [] : [["parent_key", sql`parent.key`] as const]),
  ];
  const each = (toFragment: (column: string, known: Fragment) => Fragment) =>
    listed(
      sql,
      left.map(([column, known]) => toFragment(column, known)),
    );
  const parents = sql`left join lateral (
        select parent.external_id as key from account_parents p
        join accounts parent on parent.workspace_id = p.workspace_id and parent.id = p.parent_id
        where p.workspace_id = ${workspaceId} and p.account_id = n.account_id and p.from_on <= row.from_on
          and (p.until_on is null or p.until_on > row.from_on) and p.superseded_version = ${liveVersion} limit 1
      ) parent on true`;
  await sql`
    update staged_accounts s set ${each((column) => sql`${sql(column)} = filled.${sql(column)}`)}
    from (
      select row.row_number, ${each((column, known) => sql`${known} as ${sql(column)}`)}
      from staged_accounts row
      join named_accounts n on n.account_key = row.account_key and not n.is_new
      left join lateral (
        select * from account_versions
        where workspace_id = ${workspaceId} and account_id = n.account_id and from_on <= row.from_on
          and superseded_version = ${liveVersion} order by from_on desc limit 1
      ) v on true
      ${stated.has("parent_id") ? sql`` : parents}
    ) filled
    where filled.row_number = s.row_number
      and row(${each((column) => sql`s.${sql(column)}`)}) is distinct from row(${each((column) => sql`filled.${sql(column)}`)})`;
}
