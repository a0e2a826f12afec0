// Which ARR band an account is in, period by period: by its whole, unfiltered ARR in the reporting currency.

import type { Fragment } from "../kernel/fragments.ts";
import { bandOf } from "../movements/segment.ts";
import { type Level, periodOf, type Reading } from "./reading.ts";
import { standing } from "./standing.ts";

/**
 * `extremes`: the first and last positive end-of-day ARR within each period, of the accounts in `whole_cells` that have no ARR at an
 * end that decides their band; everyone else's band needs no look at single days.
 */
export function extremeRelations(reading: Reading, level: Level): Fragment[] {
  const { sql, hasSegments, segmentAt, window } = reading;
  if (!hasSegments) return [];
  const undecided = segmentAt === "OPENING" ? sql`opening_minor = 0` : sql`opening_minor = 0 or closing_minor = 0`;
  return [
    sql`day_closes as (
      select account_id, effective_on,
        (sum(sum(amount_minor)) over (partition by account_id order by effective_on))::bigint as arr_minor
      from ${standing(reading)} where account_id in (select account_id from whole_cells where ${undecided})
      group by account_id, effective_on)`,
    sql`extremes as (
      select account_id, p, (array_agg(arr_minor order by effective_on))[1] as first_positive_minor,
        (array_agg(arr_minor order by effective_on desc))[1] as last_positive_minor
      from (select *, ${periodOf(reading, level, sql`effective_on`)} as p from day_closes) d
      where effective_on >= ${window.fromOn}::date and arr_minor > 0 group by account_id, p)`,
  ];
}

/** The columns `opening_band` and `band` of an account's cell `c` with its extremes `x`; `band` is where flows and closing stand. */
export function bandColumns({ sql, hasSegments, segmentAt, settings }: Reading): Fragment {
  if (!hasSegments) return sql``;
  const opening = sql`coalesce(nullif(c.opening_minor, 0), x.first_positive_minor, 0)`;
  const closing = sql`coalesce(nullif(c.closing_minor, 0), x.last_positive_minor, c.opening_minor)`;
  const openingBand = bandOf(sql, opening, settings.segmentBands);
  const band = segmentAt === "OPENING" ? openingBand : bandOf(sql, closing, settings.segmentBands);
  return sql`, ${openingBand} as opening_band, ${band} as band`;
}

/** A band column that a left join may have left empty: without any ARR in the period, the band of 0. */
export function bandOrLowest({ sql, settings }: Reading, band: Fragment): Fragment {
  const lowest = settings.segmentBands.at(-1)?.name ?? null;
  return sql`coalesce(${band}, ${lowest}::text)`;
}

/** The filter takes the band. */
export function bandPasses({ sql, filter }: Reading, band: Fragment): Fragment {
  return filter.segment ? sql`${band} = any(${[...filter.segment]}::text[])` : sql`true`;
}
