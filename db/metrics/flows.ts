// The flows of a level: signed changes with type, driver and day under the keys of their day. Without netting they are the movements.

import { allOf, type Fragment, type FragmentMaker } from "../kernel/fragments.ts";
import { flowConditions, lineConditions } from "../movements/filter.ts";
import { cohortOn, withCohort } from "./cohorts.ts";
import { columnIn, type KeyExpressions, keyColumns } from "./keys.ts";
import { netRelations } from "./netting.ts";
import { type Level, periodOf, type Reading } from "./reading.ts";
import { looksAtGaps, typeUnderPolicy } from "./returns.ts";
import { bandPasses } from "./segments.ts";
import { valuesOn, valuesPass } from "./values.ts";

/**
 * `flows`: period, account, day (of a netted change: its interval's last day), type, driver, signed amount, the change it is of, whether
 * that has other parts, whether the filter's flow conditions take it, and the keys.
 */
export function flowRelations(reading: Reading, level: Level): Fragment[] {
  const { sql } = reading;
  if (reading.interval !== "NONE") {
    return [...netRelations(reading, level), flowsOf(reading, level, sql`net_changes`)];
  }
  const gap = looksAtGaps(reading) ? sql`e.gap_days` : sql`null::int`;
  const movements = sql`(
    select ${periodOf(reading, level, sql`e.effective_on`)} as p, e.account_id, e.effective_on as on_day,
      ${typeUnderPolicy(reading, sql`e.type`, gap)} as type, e.driver,
      e.amount_minor, e.product_id, e.plan_id, e.currency, e.motion, e.campaign, e.change_id,
      e.is_later_part or e.change_id in (select change_id from divided_changes) as is_divided
    from entries e)`;
  return [flowsOf(reading, level, movements)];
}

/** Whether the flows of the whole window are those of its periods: nothing is netted across the days that part them. */
export function flowsOutlastPeriods({ interval }: Reading, { bounds }: Level): boolean {
  switch (interval) {
    case "NONE":
    case "DAY":
      return true;
    case "MONTH":
      // Not where the window opens within a month either: an account that was there then, and at no month's end, has been there for
      // the window as a whole, and not for its later periods.
      return bounds.slice(0, -1).every((day) => day.endsWith("-01"));
    case "PERIOD":
      return false;
  }
}

/** `flows` of the whole window, from those of its periods. */
export function windowFlows({ sql }: Reading): Fragment {
  return sql`flows as (
    select 1 as p, account_id, on_day, type, driver, amount_minor, change_id, is_divided, is_counted from flows)`;
}

/** `fx_flows`: what rates alone changed, period by period, under the keys of its day. */
export function fxRelations(reading: Reading, level: Level): Fragment[] {
  if (!reading.revalues) return [];
  const { sql } = reading;
  const keys = keyColumns(sql, level.keys, keysOn(reading)).map((column) => sql`, ${column}`);
  return [
    sql`fx_flows as materialized (
      select m.p, m.account_id, m.amount_minor ${none(sql, keys)}
      from (select *, ${periodOf(reading, level, sql`effective_on`)} as p from fx_entries where passes) m
      ${bandsOf(reading)} ${valuesOn(reading, "v", sql`m.account_id`, sql`m.effective_on`)}
      ${withCohort(reading, level, sql`m.account_id`)}
      where ${allOf(sql, accountPasses(reading))})`,
  ];
}

/** Where the keys of something that happened to the account `m.account_id` on a day come from. */
function keysOn(reading: Reading): KeyExpressions {
  const { sql } = reading;
  return {
    SEGMENT: () => sql`b.band`,
    LINE: columnIn(sql, "m"),
    VALUE: columnIn(sql, "v"),
    ACCOUNT: () => sql`m.account_id`,
    COHORT: () => cohortOn(reading, sql`f.first_on`),
    FLOW: columnIn(sql, "m"),
  };
}

function bandsOf({ sql, hasSegments }: Reading): Fragment {
  return hasSegments ? sql`join account_cells b on b.account_id = m.account_id and b.p = m.p` : sql``;
}

function accountPasses(reading: Reading): Fragment[] {
  const { sql, filter } = reading;
  return [valuesPass(reading, "v"), ...(filter.segment ? [bandPasses(reading, sql`b.band`)] : [])];
}

function flowsOf(reading: Reading, level: Level, changes: Fragment): Fragment {
  const { sql, filter, context } = reading;
  const ownKeys = [...level.keys, ...level.flowKeys.filter(({ column }) => column !== "driver")];
  const keys = keyColumns(sql, ownKeys, keysOn(reading)).map((column) => sql`, ${column}`);
  const taken = allOf(sql, [...lineConditions(sql, filter, context, "m"), ...accountPasses(reading)]);
  return sql`flows as materialized (
    select m.p, m.account_id, m.on_day, m.type, m.driver, m.amount_minor, m.change_id, m.is_divided,
      ${allOf(sql, flowConditions(sql, filter, "m"))} as is_counted ${none(sql, keys)}
    from ${changes} m ${bandsOf(reading)} ${valuesOn(reading, "v", sql`m.account_id`, sql`m.on_day`)}
    ${withCohort(reading, level, sql`m.account_id`)}
    where ${taken})`;
}

/** A list of fragments, or nothing: an empty list would be sent as a value. */
function none(sql: FragmentMaker, parts: readonly Fragment[]): Fragment {
  return parts.length === 0 ? sql`` : sql`${[...parts]}`;
}
