// Opening and closing balances per period: of each account, and of each account and line value. Each is a sum of its own, of
// everything before a boundary, so that the identity is a check and not a tautology.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { cellsOf, keepsApart } from "./cells.ts";
import { converts } from "./conversion.ts";
import { columnIn } from "./keys.ts";
import { foreignCellRelations } from "./native.ts";
import { type Level, lineKeys, periodOf, type Reading } from "./reading.ts";
import { revaluationRelations } from "./revaluation.ts";
import { bandColumns, bandOrLowest, extremeRelations } from "./segments.ts";
import { standingRelations } from "./standing.ts";

/**
 * `account_cells`: account and period with the whole account's balances and bands; `cells`: the same per line value that the filter
 * takes, with the whole account's balances beside. A cell that neither moved nor holds anything is left out. `kept_minor` is what nrr
 * reads of the end, where that is not the closing.
 */
export function cellRelations(reading: Reading, level: Level): Fragment[] {
  const { sql } = reading;
  const lines = lineKeys(level.keys).map(columnIn(sql, "e"));
  const moved = reading.unitsMove
    ? sql`, coalesce(sum(e.amount_minor) filter (where e.is_move), 0)::bigint as moved_minor`
    : sql``;
  const steps = sql`steps as materialized (
    select ${listed(sql, [sql`e.account_id`, ...lines, sql`e.passes`])},
      ${periodOf(reading, level, sql`e.effective_on`)} as p, sum(e.amount_minor)::bigint as net_minor ${moved}
    from line_entries e group by ${listed(sql, [sql`e.account_id`, ...lines, sql`e.passes`, sql`p`])})`;
  const bands = reading.hasSegments ? sql`, opening_band, band` : sql``;
  const extremes = reading.hasSegments ? sql`left join extremes x on x.account_id = c.account_id and x.p = c.p` : sql``;
  const kept = keepsApart(reading) ? sql`, kept_minor, kept_minor as account_kept_minor` : sql``;
  return [
    steps,
    ...foreignCellRelations(reading, level),
    ...revaluationRelations(reading, level),
    ...standingRelations(reading),
    sql`whole_cells as materialized (${summedCells(reading, level, [sql`account_id`], sql`true`)})`,
    ...extremeRelations(reading, level),
    sql`account_cells as (select c.*${bandColumns(reading)} from whole_cells c ${extremes})`,
    reading.hasLines
      ? lineCells(reading, level)
      : sql`cells as (
          select account_id, p, has_entries, opening_minor, closing_minor, opening_minor as account_opening_minor,
            closing_minor as account_closing_minor ${kept}${bands}
          from account_cells)`,
  ];
}

/** Whether the window's balances are those of its periods: nothing is read at a rate, or less a transfer, of the period's own. */
export function cellsOutlastPeriods(reading: Reading): boolean {
  return !keepsApart(reading);
}

/** `cells` of the whole window, from the accounts' cells of its periods: the first one's opening and the last one's closing. */
export function windowCells({ sql }: Reading, { bounds }: Level): Fragment {
  const opening = sql`coalesce(sum(opening_minor) filter (where p = 1), 0)::bigint`;
  const closing = sql`coalesce(sum(closing_minor) filter (where p = ${bounds.length - 1}::int), 0)::bigint`;
  return sql`cells as (
    select account_id, 1 as p, true as has_entries, ${opening} as opening_minor, ${closing} as closing_minor,
      ${opening} as account_opening_minor, ${closing} as account_closing_minor
    from whole_cells group by account_id)`;
}

function lineCells(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const columns = [sql`account_id`, ...lineKeys(level.keys).map((key) => sql`${sql(key.column)}`)];
  const bands = reading.hasSegments
    ? sql`, ${bandOrLowest(reading, sql`a.opening_band`)} as opening_band, ${bandOrLowest(reading, sql`a.band`)} as band`
    : sql``;
  const kept = keepsApart(reading) ? sql`, coalesce(a.kept_minor, 0) as account_kept_minor` : sql``;
  return sql`cells as materialized (
    select c.*, coalesce(a.opening_minor, 0) as account_opening_minor, coalesce(a.closing_minor, 0) as account_closing_minor ${kept}${bands}
    from (${summedCells(reading, level, columns, sql`passes`)}) c
    left join account_cells a on a.account_id = c.account_id and a.p = c.p)`;
}

/** The cells of what needs no conversion, and those of what was converted, added up. */
function summedCells(reading: Reading, level: Level, columns: readonly Fragment[], taken: Fragment): Fragment {
  const { sql } = reading;
  const own = cellsOf(reading, level, { from: sql`steps`, columns, taken });
  if (!converts(reading)) return own;
  const names = listed(sql, [...columns, sql`p`]);
  return sql`
    select ${names}, bool_or(has_entries) as has_entries, sum(opening_minor)::bigint as opening_minor,
      sum(closing_minor)::bigint as closing_minor, sum(kept_minor)::bigint as kept_minor
    from (
      select ${names}, has_entries, opening_minor, closing_minor, kept_minor from (${own}) own
      union all
      select ${names}, has_entries, opening_minor, closing_minor, kept_minor from foreign_cells where ${taken}
    ) c group by ${names}`;
}
