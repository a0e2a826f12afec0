// The two ends of a period: the cells under the keys of the day before it, and under those of its last day.

import type { Fragment } from "../kernel/fragments.ts";
import { keepsApart } from "./cells.ts";
import { cohortOn, withCohort } from "./cohorts.ts";
import { firstArr, firstArrRelations, joinFirstArr } from "./first-arr.ts";
import { columnIn, keyColumns } from "./keys.ts";
import { boundary, hasBeyondFirst, type Level, type Reading } from "./reading.ts";
import { bandPasses } from "./segments.ts";
import { valuesOn, valuesPass } from "./values.ts";

/**
 * `opening_side` and `closing_side`, as far as the filter takes them. What became of the cohort is on the opening side: an account
 * stands in nrr and grr where it stood at the start. A closing balance is set against the account's first ARR ever.
 */
export function sideRelations(reading: Reading, level: Level): Fragment[] {
  const { sql } = reading;
  const opening = {
    band: sql`c.opening_band`,
    day: sql`${boundary(reading, level, sql`c.p`)} - 1`,
    firsts: withCohort(reading, level, sql`c.account_id`),
  };
  const closing = {
    band: sql`c.band`,
    day: sql`${boundary(reading, level, sql`c.p + 1`)} - 1`,
    firsts: hasBeyondFirst(reading, level.keys) ? joinFirstArr(reading, sql`c.account_id`, sql`c.p`) : opening.firsts,
  };
  const beyondFirst = hasBeyondFirst(reading, level.keys)
    ? sql`case when c.account_closing_minor > 0 then greatest(c.account_closing_minor - (${firstArr(reading, level)}), 0) else 0 end`
    : sql`0`;
  const kept = keepsApart(reading) ? sql`c.kept_minor` : sql`c.closing_minor`;
  // Who has ARR at the end is not lost, and neither is who only went under another parent.
  const isLost = keepsApart(reading)
    ? sql`c.account_closing_minor = 0 and c.account_kept_minor = 0`
    : sql`c.account_closing_minor = 0`;
  const mayMove = reading.hasSegments
    ? sql`c.has_entries or c.opening_band is distinct from c.band`
    : sql`c.has_entries`;
  return [
    ...(hasBeyondFirst(reading, level.keys) ? firstArrRelations(reading, level) : []),
    sql`opening_side as (
      select c.account_id, c.p, ${mayMove} as may_move, c.opening_minor,
        case when c.account_opening_minor > 0 then ${kept} else 0 end as cohort_closing_minor,
        case when c.account_opening_minor > 0 then least(c.opening_minor, ${kept}) else 0 end as cohort_retained_minor,
        c.account_opening_minor > 0 and c.opening_minor > 0 as is_opening,
        c.account_opening_minor > 0 and c.opening_minor > 0 and ${isLost} as is_lost
        ${keysOf(reading, level, opening.band)}
      ${cellsOn(reading, opening)} and (c.opening_minor <> 0 or c.account_opening_minor > 0))`,
    sql`closing_side as (
      select c.account_id, c.p, ${mayMove} as may_move, c.closing_minor, c.account_closing_minor > 0 and c.closing_minor > 0 as is_closing,
        ${beyondFirst} as beyond_first_minor ${keysOf(reading, level, closing.band)}
      ${cellsOn(reading, closing)} and c.closing_minor <> 0)`,
  ];
}

/** `, value as column` for each key of the level. */
function keysOf(reading: Reading, level: Level, band: Fragment): Fragment {
  const { sql } = reading;
  const columns = keyColumns(sql, level.keys, {
    SEGMENT: () => band,
    LINE: columnIn(sql, "c"),
    VALUE: columnIn(sql, "v"),
    ACCOUNT: () => sql`c.account_id`,
    COHORT: () => cohortOn(reading, sql`f.first_on`),
  });
  return columns.length === 0 ? sql`` : sql`${columns.map((column) => sql`, ${column}`)}`;
}

/** The cells with what is said of their accounts on a day, as far as the filter takes that. */
function cellsOn(
  reading: Reading,
  end: { readonly band: Fragment; readonly day: Fragment; readonly firsts: Fragment },
): Fragment {
  const { sql } = reading;
  return sql`from cells c ${end.firsts} ${valuesOn(reading, "v", sql`c.account_id`, end.day)}
    where ${valuesPass(reading, "v")} and ${bandPasses(reading, end.band)}`;
}
