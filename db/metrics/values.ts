// What was said of an account when: its attributes and its parent as spans that cover all time, so that every day has exactly one.

import { parentRelation } from "../accounts/parent-relation.ts";
import { allOf, type Fragment, listed } from "../kernel/fragments.ts";
import { accountConditions, parentConditions, versionConditions } from "../movements/filter.ts";
import type { Key } from "./keys.ts";
import { hasValues, type Reading } from "./reading.ts";

/** The relation `account_values`: account, span, one column per account value asked for, and whether the filter takes it. */
export function valueRelations(reading: Reading): Fragment[] {
  if (!hasValues(reading)) return [];
  const { sql, context, filter } = reading;
  const known = (alias: string) => sql`${sql(alias)}.workspace_id = ${context.workspaceId}
    and ${sql(alias)}.recorded_version <= ${context.ledgerVersion} and ${sql(alias)}.superseded_version > ${context.ledgerVersion}`;
  const inForce = (alias: string) => sql`${sql(alias)}.account_id = p.account_id and ${sql(alias)}.from_on <= p.on_day
    and (${sql(alias)}.until_on is null or ${sql(alias)}.until_on > p.on_day) and ${known(alias)}`;
  const tables = [
    ...(reading.hasVersions ? [{ table: sql`account_versions`, alias: "v" }] : []),
    ...(reading.hasParents ? [{ table: parentRelation(sql, context.workspaceId, context.parents), alias: "h" }] : []),
  ];
  const points = tables.map(
    ({ table }) => sql`union
      select f.account_id, d.on_day from ${table} f cross join lateral (values (f.from_on), (f.until_on)) d(on_day)
      where ${known("f")} and d.on_day is not null`,
  );
  const passes = allOf(sql, [
    ...versionConditions(sql, filter, "v"),
    ...parentConditions(sql, filter, sql`h.parent_id`),
  ]);
  return [
    sql`value_days as (
      select a.id as account_id, '-infinity'::date as on_day from accounts a where a.workspace_id = ${context.workspaceId}
      ${points})`,
    sql`account_values as materialized (
      select ${listed(sql, [
        sql`p.account_id`,
        sql`p.on_day as from_on`,
        sql`lead(p.on_day, 1, 'infinity') over (partition by p.account_id order by p.on_day) as until_on`,
        ...valueKeys(reading.keys).map((key) => sql`${valueFor(reading, key)} as ${sql(key.column)}`),
        sql`${passes} as passes`,
      ])}
      from value_days p ${tables.map(({ table, alias }) => sql`left join ${table} ${sql(alias)} on ${inForce(alias)}`)}
      where ${reading.unitsMove ? sql`true` : allOf(sql, accountConditions(sql, filter, context, sql`p.account_id`))})`,
  ];
}

export function valueKeys(keys: readonly Key[]): readonly Key[] {
  return keys.filter(({ source }) => source === "VALUE");
}

function valueFor({ sql }: Reading, key: Key): Fragment {
  if (key.attribute !== null) return sql`v.attributes ->> ${key.attribute}::text`;
  return key.dimension === "PARENT" ? sql`h.parent_id` : sql`v.${sql(key.column)}`;
}

/** Joins, as `alias`, the values of an account in force on a day; nothing where the question has none. */
export function valuesOn(reading: Reading, alias: string, accountId: Fragment, day: Fragment): Fragment {
  const { sql } = reading;
  if (!hasValues(reading)) return sql``;
  const v = sql(alias);
  return sql`join account_values ${v} on ${v}.account_id = ${accountId} and ${v}.from_on <= ${day} and ${v}.until_on > ${day}`;
}

/** The filter takes the values joined as `alias`. */
export function valuesPass(reading: Reading, alias: string): Fragment {
  return hasValues(reading) ? reading.sql`${reading.sql(alias)}.passes` : reading.sql`true`;
}
