// Amounts in other currencies, read in the reporting one. What is converted is the balance of K: an account's contract line, or the ready-made
// movements of an account that agree in product, plan, kind, add-on and currency. Each balance is rounded once; a movement is the
// difference of the two balances around it.

import { allOf, type Fragment, type FragmentMaker } from "../kernel/fragments.ts";
import { accountConditions, lineConditions } from "../movements/filter.ts";
import { drivers } from "../movements/types.ts";
import { convertedMinor, rateSpans } from "../rates/convert.ts";
import type { Reading } from "./reading.ts";

/** Whether the question reads amounts that must be converted. */
export function converts({ foreign }: Reading): boolean {
  return foreign.length > 0;
}

/** The currency needs no conversion: it is the reporting one, or left out by the filter and only counted as being there. */
export function isDomestic({ sql, foreign }: Reading, alias: string): Fragment {
  return foreign.length === 0 ? sql`true` : sql`${sql(alias)}.currency <> all(${[...foreign]}::text[])`;
}

/** An amount at a rate of `day_rates`, joined as `alias`; 0 where there is neither. */
export function converted(sql: FragmentMaker, amountMinor: Fragment, alias: string): Fragment {
  return sql`coalesce(${convertedMinor(sql, amountMinor, sql`${sql(alias)}.factor`)}, 0)::bigint`;
}

/** Joins, as `alias`, the rate of a currency on a day of the window or the day before it. */
export function rateOn({ sql }: Reading, alias: string, currency: Fragment, day: Fragment): Fragment {
  const r = sql(alias);
  return sql`left join day_rates ${r} on ${r}.currency = ${currency} and ${r}.on_day = ${day}`;
}

/**
 * `day_rates`, the rate of each currency on each day from the one before the window on; `native_story`, what happened to each K in its own
 * currency, in order, with the balance after it; `native_openings`, what was there before the window, and `converted_rows`, what happened
 * in it, both also in the reporting currency.
 */
export function conversionRelations(reading: Reading): Fragment[] {
  if (!converts(reading)) return [];
  const { sql, window, foreign, filter, context } = reading;
  const eve = sql`${window.fromOn}::date - 1`;
  const passes = allOf(sql, lineConditions(sql, filter, context, "r"));
  const taken = allOf(sql, accountConditions(sql, filter, context, sql`r.account_id`));
  return [
    sql`day_rates as materialized (
      select r.from_currency as currency, d.on_day, r.factor
      from (${rateSpans(sql, reading.rates)}) r
      cross join lateral (
        select greatest(r.from_on, ${eve}) + n as on_day
        from generate_series(0, least(r.until_on, ${window.untilOn}::date) - 1 - greatest(r.from_on, ${eve})) n
      ) d
      where r.from_currency = any(${[...foreign]}::text[]) and r.from_on < ${window.untilOn}::date and r.until_on >= ${window.fromOn}::date)`,
    sql`native_rows as (${nativeRows(reading)})`,
    // A unit can take over an account of another one: K's story is then told whole before units are chosen.
    sql`native_story as materialized (
      select r.*, ${passes} as passes, ${reading.unitsMove ? taken : sql`true`} as is_taken,
        (sum(r.amount_minor) over (partition by r.k
          order by r.effective_on, r.stage, r.driver_place, r.source_id collate "C", r.plan_text collate "C", r.transfer_id
          rows unbounded preceding))::bigint as after_minor
      from native_rows r)`,
    sql`native_openings as materialized (
      select n.*, ${converted(sql, sql`n.native_minor`, "x")} as amount_minor
      from (
        select k, account_id, product_id, plan_id, currency, passes, sum(amount_minor)::bigint as native_minor from native_story
        where is_taken and effective_on < ${window.fromOn}::date
        group by k, account_id, product_id, plan_id, currency, passes having sum(amount_minor) <> 0
      ) n ${rateOn(reading, "x", sql`n.currency`, eve)})`,
    sql`converted_rows as materialized (
      select s.*, ${converted(sql, sql`s.after_minor`, "x")} - ${converted(sql, sql`s.after_minor - s.amount_minor`, "x")} as reporting_minor
      from native_story s ${rateOn(reading, "x", sql`s.currency`, sql`s.effective_on`)}
      where s.effective_on >= ${window.fromOn}::date)`,
  ];
}

/** The order of one day: unit transfers, line transfers, increases, decreases; of transfers, what goes out first. */
export const stages = { unitOut: 0, unitIn: 1, lineOut: 2, lineIn: 3, increase: 4, decrease: 5 } as const;

function nativeRows(reading: Reading): Fragment {
  const { sql, window, foreign, filter, context } = reading;
  const isMeant = (alias: string) =>
    sql`${sql(alias)}.currency = any(${[...foreign]}::text[]) and ${sql(alias)}.effective_on < ${window.untilOn}::date`;
  const ofAccounts = (accountId: Fragment) =>
    reading.unitsMove ? sql`true` : allOf(sql, accountConditions(sql, filter, context, accountId));
  const leg = (own: "from" | "to", other: "from" | "to") => {
    const column = (name: string) => sql`t.${sql(`${own}_${name}`)}`;
    const [unitStage, lineStage] = own === "from" ? [stages.unitOut, stages.lineOut] : [stages.unitIn, stages.lineIn];
    return sql`
      select ${keyOf(sql, { line: column("line_id"), own: column("own_account_id"), product: column("product_id"), plan: column("plan_id") }, "t")} as k,
        ${column("account_id")}, ${column("product_id")}, ${column("plan_id")}, t.currency, t.effective_on,
        ${own === "from" ? sql`-t.amount_minor` : sql`t.amount_minor`},
        case when t.from_account_id <> t.to_account_id then ${unitStage}::int else ${lineStage}::int end, 0, t.${sql(`${other}_source_id`)},
        coalesce(y.external_id, ''), t.transfer_id, t.starts_unit, null, null, null, null, null, false, null
      from booked_transfers t left join plans y on y.workspace_id = ${context.workspaceId} and y.id = t.${sql(`${other}_plan_id`)}
      where ${isMeant("t")} and ${ofAccounts(column("account_id"))}`;
  };
  return sql`
    select ${keyOf(sql, { line: sql`m.line_id`, own: sql`m.own_account_id`, product: sql`m.product_id`, plan: sql`m.plan_id` }, "m")} as k,
      m.account_id, m.product_id, m.plan_id, m.currency, m.effective_on, m.amount_minor,
      case when m.amount_minor > 0 then ${stages.increase}::int else ${stages.decrease}::int end as stage,
      coalesce(array_position(${[...drivers]}::text[], m.driver), 0) as driver_place, coalesce(m.source_id, '') as source_id,
      '' as plan_text, null::text as transfer_id, false as starts_unit, m.type, m.driver, m.motion, m.campaign, m.change_id,
      m.is_later_part, m.gap_days
    from booked m where ${isMeant("m")} and ${ofAccounts(sql`m.account_id`)}
    union all ${leg("from", "to")}
    union all ${leg("to", "from")}`;
}

/**
 * K, as text. A line that goes on in another currency, or in another account, is another K: on that day one ends and the other starts.
 * A ready-made movement without a kind is RECURRING.
 */
function keyOf(
  sql: FragmentMaker,
  of: { readonly line: Fragment; readonly own: Fragment; readonly product: Fragment; readonly plan: Fragment },
  alias: string,
): Fragment {
  const a = sql(alias);
  return sql`concat_ws('|', ${a}.currency, ${of.own}, coalesce(${of.line}::text, concat_ws('|', coalesce(${of.product}::text, ''),
    coalesce(${of.plan}::text, ''), coalesce(${a}.kind, 'RECURRING'), coalesce(${a}.is_add_on, false))))`;
}
