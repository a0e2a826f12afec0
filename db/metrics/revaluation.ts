// REPORTED: what exchange rates alone made of balances. Each K's balance is valued anew at its points, the days on which it moves and the
// last day of each period; between two points it stands as it was valued.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { converted, rateOn } from "./conversion.ts";
import { boundary, type Level, type Reading } from "./reading.ts";

/** `fx_entries`: the change of value at a point, under the unit and the line values that the balance had before that day's events. */
export function revaluationRelations(reading: Reading, level: Level): Fragment[] {
  if (!reading.revalues) return [];
  const { sql, window } = reading;
  const columns = ["k", "account_id", "product_id", "plan_id", "currency", "passes"];
  const held = (alias: string) =>
    listed(
      sql,
      columns.map((column) => sql`${sql(alias)}.${sql(column)}`),
    );
  const lastDay = sql`${boundary(reading, level, sql`c.p + 1`)} - 1`;
  return [
    sql`fx_points as (
      select ${held("p")}, p.on_day, sum(p.net_minor)::bigint as net_minor
      from (
        select ${held("s")}, greatest(s.effective_on, ${window.fromOn}::date - 1) as on_day, s.amount_minor as net_minor
        from native_story s where s.is_taken
        union all select ${held("c")}, ${lastDay}, 0 from native_cells c where c.closing_minor <> 0
      ) p group by ${held("p")}, p.on_day)`,
    sql`fx_entries as materialized (
      select v.account_id, v.product_id, v.plan_id, v.currency, v.passes, v.on_day as effective_on,
        ${converted(sql, sql`v.before_minor`, "n")} - ${converted(sql, sql`v.before_minor`, "o")} as amount_minor
      from (
        select ${held("p")}, p.on_day, (sum(p.net_minor) over w - p.net_minor)::bigint as before_minor, lag(p.on_day) over w as valued_on
        from fx_points p window w as (partition by ${held("p")} order by p.on_day)
      ) v ${rateOn(reading, "n", sql`v.currency`, sql`v.on_day`)} ${rateOn(reading, "o", sql`v.currency`, sql`v.valued_on`)}
      where v.before_minor <> 0 and v.valued_on is not null)`,
  ];
}
