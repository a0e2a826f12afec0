// The rules of an account's days, as SQL over any set of entries: the types of a day fit the ARR before and after it, and no currency's
// balance is ever below 0. Derived movements keep them by themselves; ready-made ones are held to them.

import type { Tx } from "../kernel/database.ts";
import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";

/** What can be wrong with a day: a balance, or the types of its movements, named by what the day needs instead. */
const dayFaults = [
  "BALANCE_NEGATIVE",
  "DAY_WITHOUT_CHANGE",
  "NEW_EXPECTED",
  "REACTIVATION_EXPECTED",
  "CHURN_EXPECTED",
  "CHANGE_EXPECTED",
] as const;
export type DayFault = (typeof dayFaults)[number];

/** The bit of a movement's type; EXPANSION and CONTRACTION are one kind of change. What was taken back has none: 0. */
export function typeBit(sql: FragmentMaker, type: Fragment): Fragment {
  return sql`case ${type} when 'NEW' then 1 when 'REACTIVATION' then 2 when 'CHURN' then 4 else 8 end`;
}

/**
 * Days whose types do not fit the account's ARR before and after: a select of account_key, effective_on, currency, code, expected (bits)
 * and balance. `entries` is a select of account_key (of any type), effective_on, currency, amount_minor and types (bits), all rows of an
 * account or none. Currencies are added up: where none is negative, only 0 gives 0. With one currency in all of them, named here, its
 * negative balances are found in passing; else `negativeDays` finds them.
 */
export function unfitDays({ sql }: Tx, entries: Fragment, onlyCurrency: string | null): Fragment {
  const isNegative = onlyCurrency === null ? sql`false` : sql`arr_after < 0`;
  return sql`
    with days as (
      select account_key, effective_on, sum(amount_minor) as change, bit_or(types) as types
      from (${entries}) entry group by account_key, effective_on
    ), balances as (
      select *, sum(change) over (partition by account_key order by effective_on) as arr_after from days
    ), spells as (
      select *, arr_after - change as arr_before,
        min(effective_on) filter (where arr_after > 0) over (partition by account_key) as first_arr_on
      from balances
    ), rules as (
      select *, case
          when arr_before = 0 and arr_after = 0 then 0
          when arr_before = 0 and first_arr_on = effective_on then 1
          when arr_before = 0 then 2
          when arr_after = 0 then 4
          else 8
        end as expected
      from spells
    )
    select account_key, effective_on, case when ${isNegative} then ${onlyCurrency}::text end as currency, case
        when ${isNegative} then 'BALANCE_NEGATIVE'
        when expected = 0 then 'DAY_WITHOUT_CHANGE'
        when expected = 1 then 'NEW_EXPECTED'
        when expected = 2 then 'REACTIVATION_EXPECTED'
        when expected = 4 then 'CHURN_EXPECTED'
        else 'CHANGE_EXPECTED'
      end as code, expected, arr_after as balance
    from rules where types & ~expected <> 0 or ${isNegative}`;
}

/** Days at whose end a currency's balance is below 0: a select with the columns of `unfitDays`. */
export function negativeDays({ sql }: Tx, entries: Fragment): Fragment {
  return sql`
    with days as (
      select account_key, currency, effective_on, sum(amount_minor) as change
      from (${entries}) entry group by account_key, currency, effective_on
    ), balances as (
      select *, sum(change) over (partition by account_key, currency order by effective_on) as balance from days
    )
    select account_key, effective_on, currency, 'BALANCE_NEGATIVE' as code, null::integer as expected, balance
    from balances where balance < 0`;
}
