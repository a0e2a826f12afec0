// Which ARR band an account is in, period by period: by its whole, unfiltered ARR in the reporting currency.

import type { Fragment } from "../kernel/fragments.ts";
import { bandOf } from "../movements/segment.ts";
import { type Level, periodOf, type Reading } from "./reading.ts";

/** `day_closes`: every account's ARR at the end of each day of the window on which it moved, and at its opening. */
export function dayRelations({ sql, hasSegments }: Reading): Fragment[] {
  if (!hasSegments) return [];
  return [
    sql`day_closes as materialized (
      select account_id, effective_on,
        (sum(sum(amount_minor)) over (partition by account_id order by effective_on))::bigint as arr_minor
      from line_entries group by account_id, effective_on)`,
  ];
}

/** `extremes`: an account's first and last positive end-of-day ARR within each period of a level. */
export function extremeRelations(reading: Reading, level: Level): Fragment[] {
  const { sql, hasSegments, window } = reading;
  if (!hasSegments) return [];
  return [
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
