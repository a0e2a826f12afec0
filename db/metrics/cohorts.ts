// Cohorts: the month, quarter or year of an account's first ARR; quarters and years are fiscal.

import type { Fragment } from "../kernel/fragments.ts";
import type { Reading } from "./reading.ts";

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
