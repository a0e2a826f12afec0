// Which rates a question at changing rates needs, and which of them is missing first.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { conversionRelations } from "./conversion.ts";
import { firstNatives, monthFirstRelations } from "./first-arr.ts";
import { bookedRelations, bookedTransferRelations } from "./ledger.ts";
import { nativeCells } from "./native.ts";
import { boundary, hasBeyondFirst, type Level, type Reading } from "./reading.ts";
import { returnRelations } from "./returns.ts";

/**
 * The earliest day, then currency, without a rate: of the days on which something moved in the window, of the days before the boundaries
 * at which there is a balance, of the openings at whose rate the cohort's balances are read, and of the closings at which a first ARR is.
 */
export function missingRateStatement(reading: Reading, levels: readonly Level[]): Fragment {
  const { sql, window } = reading;
  const relations = [
    ...bookedRelations(reading),
    ...returnRelations(reading),
    ...bookedTransferRelations(reading),
    ...conversionRelations(reading),
    ...monthFirstRelations(reading),
    // Whether there is any decides here, so currencies may stand side by side unconverted.
    sql`any_days as (select account_id, effective_on, sum(amount_minor) as amount_minor from booked where effective_on < ${window.untilOn}::date
      group by account_id, effective_on)`,
  ];
  const needed = [
    sql`select s.currency, s.effective_on as on_day from native_story s where s.is_taken and s.effective_on >= ${window.fromOn}::date`,
    ...levels.flatMap((level) => neededAtEnds(reading, level)),
  ];
  return sql`with ${listed(sql, relations)}
    select n.currency, n.on_day as "on" from (${needed.map((part, index) => (index === 0 ? part : sql`union ${part}`))}) n
    left join day_rates r on r.currency = n.currency and r.on_day = n.on_day
    where r.factor is null order by n.on_day, n.currency limit 1`;
}

function neededAtEnds(reading: Reading, level: Level): Fragment[] {
  const { sql } = reading;
  const from = boundary(reading, level, sql`c.p`);
  const until = boundary(reading, level, sql`c.p + 1`);
  const cells = sql`(${nativeCells(reading, level)}) c`;
  const hasAny = (accountId: Fragment, day: Fragment) =>
    sql`(select coalesce(sum(d.amount_minor), 0) > 0 from any_days d where d.account_id = ${accountId} and d.effective_on < ${day})`;
  const readsFirst = hasBeyondFirst(reading, level.keys) && level.flowKeys.length === 0;
  return [
    sql`select c.currency, ${from} - 1 from ${cells} where c.opening_minor <> 0`,
    sql`select c.currency, ${until} - 1 from ${cells} where c.closing_minor <> 0`,
    sql`select c.currency, ${from} - 1 from ${cells} where c.kept_minor <> 0 and c.opening_minor = 0 and ${hasAny(sql`c.account_id`, from)}`,
    ...(readsFirst
      ? [
          sql`select c.currency, ${until} - 1 from (
              select n.account_id, n.currency, p.p from (${firstNatives(reading)}) n
              cross join generate_series(1, ${level.bounds.length - 1}::int) p(p)
            ) c where ${hasAny(sql`c.account_id`, until)}`,
        ]
      : []),
  ];
}
