// Balances of what must be converted: per period and K in its own currency, each end then at the rate of its own day, and, for the
// cohort, the end at the opening's rate.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { cellsOf } from "./cells.ts";
import { converted, converts, rateOn, stages } from "./conversion.ts";
import { boundary, type Level, periodOf, type Reading } from "./reading.ts";

/** `native_cells`: K and period in K's currency; `foreign_cells`: the same in the reporting currency. */
export function foreignCellRelations(reading: Reading, level: Level): Fragment[] {
  if (!converts(reading)) return [];
  const { sql } = reading;
  const eve = sql`${boundary(reading, level, sql`n.p`)} - 1`;
  const lastDay = sql`${boundary(reading, level, sql`n.p + 1`)} - 1`;
  return [
    sql`native_cells as materialized (${nativeCells(reading, level)})`,
    // At changing rates a balance changes without any entry.
    sql`foreign_cells as materialized (
      select n.account_id, n.product_id, n.plan_id, n.currency, n.passes, n.p, ${reading.revalues ? sql`true` : sql`n.has_entries`} as has_entries,
        ${converted(sql, sql`n.opening_minor`, "o")} as opening_minor, ${converted(sql, sql`n.closing_minor`, "c")} as closing_minor,
        ${converted(sql, sql`n.kept_minor`, "o")} as kept_minor, ${converted(sql, sql`n.opening_minor`, "c")} as reopened_minor
      from native_cells n ${rateOn(reading, "o", sql`n.currency`, eve)} ${rateOn(reading, "c", sql`n.currency`, lastDay)})`,
  ];
}

/** Both ends of each period per K, unit and line value, in K's own currency. */
export function nativeCells(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const columns = ["k", "account_id", "product_id", "plan_id", "currency", "passes"].map((name) => sql`${sql(name)}`);
  const moved = reading.unitsMove
    ? sql`, coalesce(sum(amount_minor) filter (where stage in (${stages.unitOut}, ${stages.unitIn})), 0)::bigint as moved_minor`
    : sql``;
  const steps = sql`(
    select ${listed(sql, columns)}, ${periodOf(reading, level, sql`effective_on`)} as p, sum(amount_minor)::bigint as net_minor ${moved}
    from native_story where is_taken group by ${listed(sql, [...columns, sql`p`])})`;
  return cellsOf(reading, level, { from: steps, columns, taken: sql`true` });
}
