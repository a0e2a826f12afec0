// Opening and closing balances per period: of each account, and of each account and line value. Each is a sum of its own, of
// everything before a boundary, so that the identity is a check and not a tautology.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { cohortOn } from "./cohorts.ts";
import { columnIn, type KeyExpressions, keyColumns } from "./keys.ts";
import { boundary, type Level, lineKeys, periodOf, type Reading } from "./reading.ts";
import { bandColumns, bandOrLowest, bandPasses, extremeRelations } from "./segments.ts";
import { valuesOn, valuesPass } from "./values.ts";

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
    ...extremeRelations(reading, level),
    sql`account_cells as materialized (
      select c.*${bandColumns(reading)} from (${cellsOf(reading, level, [sql`account_id`], sql`true`)}) c ${extremes})`,
    reading.hasLines
      ? lineCells(reading, level)
      : sql`cells as (
          select account_id, p, opening_minor, closing_minor, opening_minor as account_opening_minor,
            closing_minor as account_closing_minor${bands}
          from account_cells)`,
  ];
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
      case when c.p = r.p then r.closing_minor - r.net_minor else r.closing_minor end as opening_minor, r.closing_minor
    from (
      select ${by}, p, net_minor, (sum(net_minor) over w)::bigint as closing_minor,
        lead(p, 1, ${afterLast}::int) over w as next_p
      from (select ${by}, p, sum(net_minor)::bigint as net_minor from steps where ${taken} group by ${by}, p) s
      window w as (partition by ${by} order by p)
    ) r cross join lateral generate_series(greatest(r.p, 1), r.next_p - 1) c(p)
    where c.p = r.p or r.closing_minor <> 0`;
}

/**
 * `opening_side` and `closing_side`: the cells under the keys of their first and of their last day, as far as the filter takes those.
 * The cohort's end is on the opening side: what became of the accounts that stood in the row at its start.
 */
export function sideRelations(reading: Reading, level: Level): Fragment[] {
  const { sql } = reading;
  const columns = (band: Fragment): KeyExpressions => ({
    SEGMENT: () => band,
    LINE: columnIn(sql, "c"),
    VALUE: columnIn(sql, "v"),
    ACCOUNT: () => sql`c.account_id`,
    COHORT: () => cohortOn(reading, sql`f.first_on`),
  });
  const keys = (band: Fragment) => keyColumns(sql, level.keys, columns(band)).map((column) => sql`, ${column}`);
  const onDayBefore = (bound: Fragment) =>
    valuesOn(reading, "v", sql`c.account_id`, sql`${boundary(reading, level, bound)} - 1`);
  const side = (
    name: "opening_side" | "closing_side",
    band: Fragment,
    bound: Fragment,
    facts: Fragment,
    having: Fragment,
  ) => sql`
    ${sql(name)} as (
      select c.account_id, c.p, ${facts} ${keys(band).length === 0 ? sql`` : keys(band)}
      from cells c left join firsts f on f.account_id = c.account_id ${onDayBefore(bound)}
      where ${having} and ${valuesPass(reading, "v")} and ${bandPasses(reading, band)})`;
  return [
    side(
      "opening_side",
      sql`c.opening_band`,
      sql`c.p`,
      sql`c.opening_minor,
        case when c.account_opening_minor > 0 then c.closing_minor else 0 end as cohort_closing_minor,
        case when c.account_opening_minor > 0 then least(c.opening_minor, c.closing_minor) else 0 end as cohort_retained_minor,
        c.account_opening_minor > 0 and c.opening_minor > 0 as is_opening,
        c.account_opening_minor > 0 and c.opening_minor > 0 and c.account_closing_minor = 0 as is_lost`,
      sql`(c.opening_minor <> 0 or c.account_opening_minor > 0)`,
    ),
    side(
      "closing_side",
      sql`c.band`,
      sql`c.p + 1`,
      sql`c.closing_minor, c.account_closing_minor > 0 and c.closing_minor > 0 as is_closing,
        case when c.account_closing_minor > 0 then greatest(c.account_closing_minor - f.first_arr_minor, 0) else 0 end
          as beyond_first_minor`,
      sql`c.closing_minor <> 0`,
    ),
  ];
}
