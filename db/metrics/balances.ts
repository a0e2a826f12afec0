// Opening and closing balances per period: of each account, and of each account and line value. Each is a sum of its own, of
// everything before a boundary, so that the identity is a check and not a tautology.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { columnIn } from "./keys.ts";
import { type Level, lineKeys, periodOf, type Reading } from "./reading.ts";
import { bandColumns, bandOrLowest, extremeRelations } from "./segments.ts";

/**
 * `account_cells`: account and period with the whole account's balances and bands; `cells`: the same per line value that the filter
 * takes, with the whole account's balances beside. A cell that neither moved nor holds anything is left out.
 */
export function cellRelations(reading: Reading, level: Level): Fragment[] {
  const { sql } = reading;
  const lines = lineKeys(level.keys).map(columnIn(sql, "e"));
  const steps = sql`steps as materialized (
    select ${listed(sql, [sql`e.account_id`, ...lines, sql`e.passes`])},
      ${periodOf(reading, level, sql`e.effective_on`)} as p, sum(e.amount_minor)::bigint as net_minor
    from line_entries e group by ${listed(sql, [sql`e.account_id`, ...lines, sql`e.passes`, sql`p`])})`;
  const bands = reading.hasSegments ? sql`, opening_band, band` : sql``;
  const extremes = reading.hasSegments ? sql`left join extremes x on x.account_id = c.account_id and x.p = c.p` : sql``;
  return [
    steps,
    sql`whole_cells as materialized (${cellsOf(reading, level, [sql`account_id`], sql`true`)})`,
    ...extremeRelations(reading, level),
    sql`account_cells as (select c.*${bandColumns(reading)} from whole_cells c ${extremes})`,
    reading.hasLines
      ? lineCells(reading, level)
      : sql`cells as (
          select account_id, p, has_entries, opening_minor, closing_minor, opening_minor as account_opening_minor,
            closing_minor as account_closing_minor${bands}
          from account_cells)`,
  ];
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
  return sql`cells as materialized (
    select c.*, coalesce(a.opening_minor, 0) as account_opening_minor, coalesce(a.closing_minor, 0) as account_closing_minor${bands}
    from (${cellsOf(reading, level, columns, sql`passes`)}) c
    left join account_cells a on a.account_id = c.account_id and a.p = c.p)`;
}

/** Balances only change in periods with steps: each step holds until the next one. */
function cellsOf({ sql }: Reading, level: Level, columns: readonly Fragment[], taken: Fragment): Fragment {
  const by = listed(sql, columns);
  const afterLast = level.bounds.length;
  return sql`
    select ${listed(
      sql,
      columns.map((column) => sql`r.${column}`),
    )}, c.p,
      case when c.p = r.p then r.closing_minor - r.net_minor else r.closing_minor end as opening_minor, r.closing_minor,
      c.p = r.p as has_entries
    from (
      select ${by}, p, net_minor, (sum(net_minor) over w)::bigint as closing_minor,
        lead(p, 1, ${afterLast}::int) over w as next_p
      from (select ${by}, p, sum(net_minor)::bigint as net_minor from steps where ${taken} group by ${by}, p) s
      window w as (partition by ${by} order by p)
    ) r cross join lateral generate_series(greatest(r.p, 1), r.next_p - 1) c(p)
    where c.p = r.p or r.closing_minor <> 0`;
}
