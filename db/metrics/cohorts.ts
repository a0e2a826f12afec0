// Cohorts: the month, quarter or year of an account's first ARR; quarters and years are fiscal.

import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import type { Level, Reading } from "./reading.ts";

/** The first day of the cohort that a day belongs to. */
export function cohortOn({ sql, cohortGrain, settings }: Reading, day: Fragment): Fragment {
  const shift = sql`make_interval(months => ${settings.fiscalYearStartMonth - 1}::int)`;
  switch (cohortGrain) {
    case "MONTH":
      return sql`date_trunc('month', ${day}::timestamp)::date`;
    case "QUARTER":
      return sql`(date_trunc('quarter', ${day}::timestamp - ${shift}) + ${shift})::date`;
    case "YEAR":
      return sql`(date_trunc('year', ${day}::timestamp - ${shift}) + ${shift})::date`;
  }
}

/** Joins, as `f`, an account's first ARR where the level's keys need it. */
export function withCohort({ sql }: Reading, level: Level, accountId: Fragment): Fragment {
  return level.keys.some(({ source }) => source === "COHORT") ? joinFirsts(sql, accountId) : sql``;
}

/** Joins, as `f`, an account's first ARR. */
export function joinFirsts(sql: FragmentMaker, accountId: Fragment): Fragment {
  return sql`left join firsts f on f.account_id = ${accountId}`;
}
