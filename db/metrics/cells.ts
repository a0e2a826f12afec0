// Cells: what stood under some columns at both ends of a period, from the steps in which it changed.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { converts } from "./conversion.ts";
import type { Level, Reading } from "./reading.ts";

/** Whether what is left of the cohort is another amount than its closing: at the opening's rate, or without what went to other units. */
export function keepsApart(reading: Reading): boolean {
  return converts(reading) || reading.unitsMove;
}

/** Balances only change in periods with steps: each step holds until the next one. */
export function cellsOf(
  reading: Reading,
  level: Level,
  {
    from,
    columns,
    taken,
  }: { readonly from: Fragment; readonly columns: readonly Fragment[]; readonly taken: Fragment },
): Fragment {
  const { sql } = reading;
  const by = listed(sql, columns);
  const afterLast = level.bounds.length;
  const moved = reading.unitsMove ? sql`, sum(moved_minor)::bigint as moved_minor` : sql``;
  const kept = !keepsApart(reading)
    ? sql``
    : reading.unitsMove
      ? sql`, case when c.p = r.p then r.closing_minor - r.moved_minor else r.closing_minor end as kept_minor`
      : sql`, r.closing_minor as kept_minor`;
  return sql`
    select ${listed(
      sql,
      columns.map((column) => sql`r.${column}`),
    )}, c.p,
      case when c.p = r.p then r.closing_minor - r.net_minor else r.closing_minor end as opening_minor, r.closing_minor ${kept},
      c.p = r.p as has_entries
    from (
      select ${by}, p, net_minor ${reading.unitsMove ? sql`, moved_minor` : sql``}, (sum(net_minor) over w)::bigint as closing_minor,
        lead(p, 1, ${afterLast}::int) over w as next_p
      from (select ${by}, p, sum(net_minor)::bigint as net_minor ${moved} from ${from} s where ${taken} group by ${by}, p) s
      window w as (partition by ${by} order by p)
    ) r cross join lateral generate_series(greatest(r.p, 1), r.next_p - 1) c(p)
    where c.p = r.p or r.closing_minor <> 0`;
}
