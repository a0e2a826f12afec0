// A filter of movements as SQL: conditions on accounts by the value in force on a day, on lines, and on flows.

import type { ParentLink } from "../accounts/hierarchy.ts";
import { parentRelation } from "../accounts/parent-relation.ts";
import { allOf, anyOf, type Fragment, type FragmentMaker } from "../kernel/fragments.ts";
import type { AttributeCondition, MovementFilter } from "./condition.ts";
import { inSegment, type SegmentContext } from "./segment.ts";

export type FilterContext = {
  readonly workspaceId: string;
  /** Facts known at this ledger version. */
  readonly ledgerVersion: bigint;
  /** Required by a segment condition. */
  readonly segments?: SegmentContext;
  /** All parent links as merges leave them; left out or null: as they are recorded. */
  readonly parents?: readonly ParentLink[] | null;
  /** A relation of `account_id` and `first_on`, the day of its first ARR; left out: as the stored ledger has it. */
  readonly firsts?: Fragment | undefined;
};

/** Every condition of the filter on the movements `m`, as one SQL expression; `true` for an empty filter. */
export function movementConditions(sql: FragmentMaker, filter: MovementFilter, context: FilterContext): Fragment {
  const conditions = [
    ...accountConditions(sql, filter, context, sql`m.account_id`),
    ...accountValuesOnTheDay(sql, filter, context),
    ...lineConditions(sql, filter, context, "m"),
    ...isOneOf(sql, sql`m.kind`, filter.kind),
    ...flowConditions(sql, filter, "m"),
  ];
  if (filter.effectiveFromOn) conditions.push(sql`m.effective_on >= ${filter.effectiveFromOn}::date`);
  if (filter.effectiveUntilOn) conditions.push(sql`m.effective_on < ${filter.effectiveUntilOn}::date`);
  if (filter.segment) {
    if (!context.segments) throw new TypeError("a segment condition needs the bands of a period");
    conditions.push(inSegment(sql, filter.segment, context.segments));
  }
  return allOf(sql, conditions);
}

/** The rows that count at a version: neither reversals nor reversed, as SQL over an alias of `movements`, or of `transfers`. */
export function unreversed(
  sql: FragmentMaker,
  alias: string,
  { workspaceId, ledgerVersion }: Pick<FilterContext, "workspaceId" | "ledgerVersion">,
  table: "movements" | "transfers" = "movements",
): Fragment {
  const m = sql(alias);
  return sql`${m}.workspace_id = ${workspaceId} and ${m}.ledger_version <= ${ledgerVersion} and ${m}.reverses is null
    and not exists (select 1 from ${sql(table)} reversal where reversal.workspace_id = ${m}.workspace_id
      and reversal.reverses is not null and reversal.reverses = ${m}.id and reversal.ledger_version <= ${ledgerVersion})`;
}

/** The conditions that name accounts or their cohort, which no day changes. */
export function accountConditions(
  sql: FragmentMaker,
  filter: MovementFilter,
  context: FilterContext,
  accountId: Fragment,
): Fragment[] {
  const conditions: Fragment[] = [];
  if (filter.accountIds) conditions.push(sql`${accountId} = any(${[...filter.accountIds]}::uuid[])`);
  if (filter.accountExternalIds) {
    conditions.push(sql`${accountId} in (select named.id from accounts named where named.workspace_id = ${context.workspaceId}
      and named.external_id = any(${[...filter.accountExternalIds]}::text[]))`);
  }
  if (filter.firstArr) {
    const { fromOn, untilOn } = filter.firstArr;
    const stored = sql`(
      select n.account_id, n.effective_on as first_on from movements n where n.type = 'NEW' and ${unreversed(sql, "n", context)})`;
    conditions.push(sql`${accountId} in (
      select f.account_id from ${context.firsts ?? stored} f where f.first_on >= ${fromOn}::date and f.first_on < ${untilOn}::date)`);
  }
  return conditions;
}

/** The conditions on what an account version says, as SQL over an alias with its columns. */
export function versionConditions(sql: FragmentMaker, filter: MovementFilter, alias: string): Fragment[] {
  const v = sql(alias);
  const conditions = (["channel", "region", "industry", "owner"] as const).flatMap((name) =>
    isOneOf(sql, sql`${v}.${sql(name)}`, filter[name]),
  );
  if (filter.attributes?.length === 0) conditions.push(sql`false`);
  for (const [name, values] of byName(filter.attributes ?? [])) {
    conditions.push(...isOneOf(sql, sql`${v}.attributes ->> ${name}::text`, values));
  }
  return conditions;
}

/** The condition on the account directly above, as SQL over the column that holds it. */
export function parentConditions(sql: FragmentMaker, filter: MovementFilter, parentId: Fragment): Fragment[] {
  return isOneOf(sql, parentId, filter.parentIds, "uuid[]");
}

/** Whether the filter has conditions that choose lines rather than accounts. */
export function choosesLines(filter: MovementFilter): boolean {
  return [filter.productIds, filter.planIds, filter.product, filter.plan, filter.currency].some(Boolean);
}

/** The conditions on products, plans and currencies, as SQL over an alias with those columns. */
export function lineConditions(
  sql: FragmentMaker,
  filter: MovementFilter,
  { workspaceId }: FilterContext,
  alias: string,
): Fragment[] {
  const m = sql(alias);
  const conditions = [
    ...isOneOf(sql, sql`${m}.product_id`, filter.productIds, "uuid[]"),
    ...isOneOf(sql, sql`${m}.plan_id`, filter.planIds, "uuid[]"),
    ...isOneOf(sql, sql`${m}.currency`, filter.currency),
  ];
  if (filter.product) {
    conditions.push(sql`${m}.product_id is not null and ${m}.product_id in (select p.id from products p
      where p.workspace_id = ${workspaceId} and p.external_id = any(${[...filter.product]}::text[]))`);
  }
  if (filter.plan) {
    conditions.push(sql`${m}.plan_id is not null and ${m}.plan_id in (select p.id from plans p
      where p.workspace_id = ${workspaceId} and p.external_id = any(${[...filter.plan]}::text[]))`);
  }
  return conditions;
}

/** Whether the filter has conditions that choose flows and leave balances as they are. */
export function choosesFlows(filter: MovementFilter): boolean {
  return [filter.type, filter.driver, filter.motion, filter.campaign].some(Boolean);
}

/** The conditions on flows, as SQL over an alias with those columns. */
export function flowConditions(sql: FragmentMaker, filter: MovementFilter, alias: string): Fragment[] {
  const m = sql(alias);
  return (["type", "driver", "motion", "campaign"] as const).flatMap((name) =>
    isOneOf(sql, sql`${m}.${sql(name)}`, filter[name]),
  );
}

/** What the filter asks of account versions and parents, by the facts in force on `m`'s day. */
function accountValuesOnTheDay(sql: FragmentMaker, filter: MovementFilter, context: FilterContext): Fragment[] {
  const inForce = sql`v.workspace_id = ${context.workspaceId} and v.account_id = m.account_id
    and v.from_on <= m.effective_on and (v.until_on is null or v.until_on > m.effective_on)
    and v.recorded_version <= ${context.ledgerVersion} and v.superseded_version > ${context.ledgerVersion}`;
  const ofTable = (table: Fragment, conditions: readonly Fragment[], holdsForNothing: boolean) => {
    if (conditions.length === 0) return [];
    // Joins, not look-ups per movement: "some fact in force fits", or, where no fact fits as well, "none in force fails".
    if (!holdsForNothing)
      return [sql`exists (select 1 from ${table} v where ${inForce} and ${allOf(sql, conditions)})`];
    return [sql`not exists (select 1 from ${table} v where ${inForce} and not (${allOf(sql, conditions)}))`];
  };
  const takesMissing = [
    filter.channel,
    filter.region,
    filter.industry,
    filter.owner,
    ...byName(filter.attributes ?? []).values(),
  ];
  return [
    ...ofTable(
      sql`account_versions`,
      versionConditions(sql, filter, "v"),
      filter.attributes?.length !== 0 && takesMissing.every((values) => values === undefined || values.includes(null)),
    ),
    ...ofTable(
      parentRelation(sql, context.workspaceId, context.parents),
      parentConditions(sql, filter, sql`v.parent_id`),
      filter.parentIds?.includes(null) ?? false,
    ),
  ];
}

/** The value is one of these, null being "has none"; never null itself, so that it can be negated. Nothing to ask: no condition. */
function isOneOf(
  sql: FragmentMaker,
  value: Fragment,
  values: readonly (string | null)[] | undefined,
  type: "text[]" | "uuid[]" = "text[]",
): Fragment[] {
  if (!values) return [];
  const present = values.filter((one) => one !== null);
  const given = type === "uuid[]" ? sql`${present}::uuid[]` : sql`${present}::text[]`;
  return [
    anyOf(sql, [
      sql`${value} is not null and ${value} = any(${given})`,
      ...(values.includes(null) ? [sql`${value} is null`] : []),
    ]),
  ];
}

function byName(conditions: readonly AttributeCondition[]): Map<string, (string | null)[]> {
  const names = new Map<string, (string | null)[]>();
  for (const { name, value } of conditions) names.set(name, [...(names.get(name) ?? []), value]);
  return names;
}
