// What happened to accounts' balances, event by event, in the reporting currency at constant rates.

import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import type { RateReading } from "../rates/convert.ts";
import { atConstantRate, keyOfMovement, type OfAccounts } from "./constant.ts";
import { unreversed } from "./filter.ts";
import { drivers } from "./types.ts";

/** The order of a day: transfers out and in, increases, decreases, then driver and the source's id of the line or movement. */
export function storyOrder(sql: FragmentMaker): Fragment {
  return sql`effective_on, stage, driver_place, source_id collate "C", id`;
}

/**
 * Everything that happened to accounts' balances, as SQL: `id` (of a movement, or of a transfer between other currencies' lines), `account_id`,
 * `effective_on`, `currency`, `amount_minor` in it, and `delta_minor` in the reporting currency: K's balance after it less that before it,
 * each rounded once; null without a rate. In no order; `storyOrder` reads its columns.
 */
export function convertedStory(sql: FragmentMaker, rates: RateReading, ofAccounts: OfAccounts): Fragment {
  const after = { amountMinor: sql`n.native_after`, currency: sql`n.currency` };
  const before = { amountMinor: sql`n.native_after - n.amount_minor`, currency: sql`n.currency` };
  const leg = (own: string, other: string, stage: 2 | 3, sign: "1" | "-1") => sql`
    select t.id, t.account_id, t.effective_on, t.currency, t.${sql(own)}::text, ${stage}::int, 0, coalesce(l.external_id, ''),
      ${sign}::bigint * t.amount_minor
    from transfers t left join contract_lines l on l.workspace_id = t.workspace_id and l.id = t.${sql(other)}
    where ${unreversed(sql, "t", rates, "transfers")} and t.currency <> ${rates.reportingCurrency} and ${ofAccounts(sql`t.account_id`)}`;
  return sql`
    select n.*, ${atConstantRate(sql, rates, after)} - ${atConstantRate(sql, rates, before)} as delta_minor
    from (
      select e.*, (sum(e.amount_minor) over (partition by e.account_id, e.currency, e.k
        order by ${storyOrder(sql)} rows unbounded preceding))::bigint as native_after
      from (
        select m.id, m.account_id, m.effective_on, m.currency,
          case when m.currency <> ${rates.reportingCurrency} then ${keyOfMovement(sql)} end as k,
          case when m.amount_minor > 0 then 4 else 5 end as stage,
          coalesce(array_position(${[...drivers]}::text[], m.driver), 0) as driver_place,
          coalesce(l.external_id, m.external_id, '') as source_id, m.amount_minor
        from movements m left join contract_lines l on l.workspace_id = m.workspace_id and l.id = m.line_id
        where ${unreversed(sql, "m", rates)} and ${ofAccounts(sql`m.account_id`)}
        union all ${leg("from_line_id", "to_line_id", 2, "-1")}
        union all ${leg("to_line_id", "from_line_id", 3, "1")}
      ) e
    ) n`;
}
