// What an account's first ARR was worth, against which its closing is set: at the closing's rate, and under netting by months that of the
// first month's end that saw any.

import { allOf, type Fragment } from "../kernel/fragments.ts";
import { accountConditions } from "../movements/filter.ts";
import { joinFirsts } from "./cohorts.ts";
import { converted, converts, isDomestic, rateOn, stages } from "./conversion.ts";
import { allEntries } from "./ledger.ts";
import { boundary, type Level, type Reading } from "./reading.ts";

/** Whether "ever had ARR" looks at the ends of months rather than of days. */
export function looksAtMonthEnds({ interval }: Reading): boolean {
  return interval === "MONTH";
}

/** `month_firsts`: under netting by months, the day after the first end of a month at which the account had ARR. */
export function monthFirstRelations(reading: Reading): Fragment[] {
  if (!looksAtMonthEnds(reading)) return [];
  const { sql, filter, context } = reading;
  const ofAccounts = allOf(sql, accountConditions(sql, filter, context, sql`m.account_id`));
  return [
    // Only whether there is any counts here, so currencies may stand side by side unconverted.
    sql`month_firsts as materialized (
      select account_id, min(month_end_on) as from_on
      from (
        select account_id, month_end_on, sum(sum(amount_minor)) over (partition by account_id order by month_end_on) as arr_minor
        from (
          select account_id, (date_trunc('month', effective_on::timestamp) + interval '1 month')::date as month_end_on, amount_minor
          from (${allEntries(reading)}) m where ${ofAccounts}
        ) d group by account_id, month_end_on
      ) e where arr_minor > 0 group by account_id)`,
  ];
}

/** The relations that `firstArr` reads beside `firsts`: nothing where every first ARR is a sum of days and needs no conversion. */
export function firstArrRelations(reading: Reading, level: Level): Fragment[] {
  const { sql } = reading;
  const monthly = looksAtMonthEnds(reading) ? [monthFirstArr(reading)] : [];
  if (!converts(reading)) return monthly;
  const periods = sql`generate_series(1, ${level.bounds.length - 1}::int) c(p)`;
  return [
    ...monthly,
    sql`foreign_firsts as materialized (
      select n.account_id, c.p, sum(${converted(sql, sql`n.first_minor`, "x")})::bigint as first_arr_minor
      from (${firstNatives(reading)}) n cross join ${periods}
      ${rateOn(reading, "x", sql`n.currency`, sql`${boundary(reading, level, sql`c.p + 1`)} - 1`)}
      group by n.account_id, c.p)`,
    ...(looksAtMonthEnds(reading)
      ? [
          sql`reopened as materialized (
            select account_id, p, sum(reopened_minor - opening_minor)::bigint as revalued_minor from foreign_cells group by account_id, p)`,
        ]
      : []),
  ];
}

/** What each K had of the account's first ARR, in its own currency. */
export function firstNatives(reading: Reading): Fragment {
  const { sql } = reading;
  if (looksAtMonthEnds(reading)) {
    return sql`select s.k, s.account_id, s.currency, sum(s.amount_minor) as first_minor
      from native_story s join month_firsts m on m.account_id = s.account_id
      where s.is_taken and s.effective_on < m.from_on group by s.k, s.account_id, s.currency having sum(s.amount_minor) <> 0`;
  }
  return sql`select s.k, s.account_id, s.currency, sum(s.amount_minor) as first_minor from native_story s
    where s.is_taken and (s.type = 'NEW' or (s.starts_unit and s.stage = ${stages.unitIn}::int))
    group by s.k, s.account_id, s.currency`;
}

/** `month_first_arr`: what needed no conversion at that month's end. */
function monthFirstArr(reading: Reading): Fragment {
  const { sql } = reading;
  return sql`month_first_arr as materialized (
    select m.account_id, m.from_on, coalesce(sum(b.amount_minor), 0)::bigint as first_arr_minor
    from month_firsts m left join (select * from (${allEntries(reading)}) b where ${isDomestic(reading, "b")}) b
      on b.account_id = m.account_id and b.effective_on < m.from_on
    group by m.account_id, m.from_on)`;
}

/** The account's first ARR, of the cell `c` with what `joinFirstArr` joined. */
export function firstArr(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const foreign = converts(reading) ? sql`+ coalesce(ff.first_arr_minor, 0)` : sql``;
  if (!looksAtMonthEnds(reading)) return sql`f.first_arr_minor ${foreign}`;
  const revalued = converts(reading) ? sql`+ coalesce(ro.revalued_minor, 0)` : sql``;
  return sql`case
    when mf.from_on <= ${boundary(reading, level, sql`c.p`)} then mf.first_arr_minor ${foreign}
    when c.account_opening_minor > 0 then c.account_opening_minor ${revalued}
    when mf.from_on < ${boundary(reading, level, sql`c.p + 1`)} then mf.first_arr_minor ${foreign}
    else c.account_closing_minor end`;
}

/** Joins what `firstArr` reads, and, as `f`, the first day for the cohort. */
export function joinFirstArr(reading: Reading, accountId: Fragment, period: Fragment): Fragment {
  const { sql } = reading;
  const monthly = looksAtMonthEnds(reading) ? sql`left join month_first_arr mf on mf.account_id = ${accountId}` : sql``;
  if (!converts(reading)) return sql`${joinFirsts(sql, accountId)} ${monthly}`;
  const reopened = looksAtMonthEnds(reading)
    ? sql`left join reopened ro on ro.account_id = ${accountId} and ro.p = ${period}`
    : sql``;
  return sql`${joinFirsts(sql, accountId)} ${monthly}
    left join foreign_firsts ff on ff.account_id = ${accountId} and ff.p = ${period} ${reopened}`;
}
