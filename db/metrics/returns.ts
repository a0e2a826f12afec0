// Accounts that come back: how long they were away, and what the policy makes of it.

import { allOf, type Fragment } from "../kernel/fragments.ts";
import { accountConditions } from "../movements/filter.ts";
import type { Reading } from "./reading.ts";

/** Whether the policy looks at how long an account was away. */
export function looksAtGaps({ returning }: Reading): boolean {
  return returning.windowDays !== null;
}

/** `returns`: account, day of a REACTIVATION, and the days since its ARR fell to 0. Empty where no gap decides anything. */
export function returnRelations(reading: Reading): Fragment[] {
  if (!looksAtGaps(reading)) return [];
  const { sql, context, filter, window } = reading;
  return [
    sql`returns as (
      select account_id, on_day, on_day - fell_on as gap_days
      from (
        select account_id, on_day, comes, max(on_day) filter (where not comes) over (partition by account_id order by on_day) as fell_on
        from (
          select distinct b.account_id, b.effective_on as on_day, b.type = 'REACTIVATION' as comes from booked b
          where b.type in ('REACTIVATION', 'CHURN') and b.effective_on < ${window.untilOn}::date
            and ${allOf(sql, accountConditions(sql, filter, context, sql`b.account_id`))}
        ) turns
      ) story
      where comes)`,
  ];
}

/**
 * The type under the policy, of a type and the gap before it; a gap that cannot be told is within every window.
 *
 * @param asExpansion what to call a return that counts as expansion.
 */
export function typeUnderPolicy(
  { sql, returning }: Reading,
  type: Fragment,
  gapDays: Fragment,
  asExpansion = "EXPANSION",
): Fragment {
  const { as, windowDays } = returning;
  if (as === "REACTIVATION" && windowDays === null) return type;
  const within = sql`${as === "EXPANSION" ? asExpansion : as}::text`;
  const returned =
    windowDays === null ? within : sql`case when ${gapDays} > ${windowDays}::int then 'NEW' else ${within} end`;
  return sql`case when ${type} = 'REACTIVATION' then ${returned} else ${type} end`;
}
