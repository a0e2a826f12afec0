// The ledger at constant rates, for what the API says of single accounts and movements: each currency has one rate, so that rates move
// nothing. What is converted, and rounded once, is the balance of a line, or of ready-made movements that agree in every line value.

import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import { convertedMinor, type RateReading, rateSpans } from "../rates/convert.ts";
import type { WorkspaceSettings } from "../workspaces/store.ts";

/** Whose rows: of the accounts that a condition takes, given the column of an account's id. */
export type OfAccounts = (accountId: Fragment) => Fragment;

/** The constant rates of a workspace's settings, as known at a ledger version. */
export function constantRates(
  { constantRateSetId, reportingCurrency }: Pick<WorkspaceSettings, "constantRateSetId" | "reportingCurrency">,
  known: Pick<RateReading, "workspaceId" | "ledgerVersion">,
): RateReading {
  return { ...known, rateSetId: constantRateSetId, reportingCurrency };
}

/** K as text, of the movements `m`: the line, or all that tells ready-made movements apart. A blank kind is RECURRING. */
export function keyOfMovement(sql: FragmentMaker): Fragment {
  return sql`coalesce(m.line_id::text, concat_ws('|', m.account_id, coalesce(m.product_id::text, ''), coalesce(m.plan_id::text, ''),
    coalesce(m.kind, 'RECURRING'), m.is_add_on, m.currency))`;
}

/**
 * Everything that balances are made of, as SQL: `account_id`, `effective_on`, `currency`, `k` (null in the reporting currency, where
 * nothing is rounded) and `amount_minor` in that currency.
 */
export function nativeRows(sql: FragmentMaker, rates: RateReading, ofAccounts: OfAccounts): Fragment {
  const known = (alias: string) => sql`${sql(alias)}.workspace_id = ${rates.workspaceId}
    and ${sql(alias)}.ledger_version <= ${rates.ledgerVersion} and ${ofAccounts(sql`${sql(alias)}.account_id`)}`;
  return sql`
    select m.account_id, m.effective_on, m.currency, case when m.currency <> ${rates.reportingCurrency} then ${keyOfMovement(sql)} end as k,
      m.amount_minor
    from movements m where ${known("m")}
    union all
    select t.account_id, t.effective_on, t.currency, leg.line_id::text, leg.amount_minor
    from transfers t cross join lateral (values (t.from_line_id, -t.amount_minor), (t.to_line_id, t.amount_minor)) leg(line_id, amount_minor)
    where ${known("t")} and t.currency <> ${rates.reportingCurrency}`;
}

/** An amount of a currency in the reporting one, as a bigint; null where there is no rate, 0 of nothing. */
export function atConstantRate(
  sql: FragmentMaker,
  rates: RateReading,
  { amountMinor, currency }: { readonly amountMinor: Fragment; readonly currency: Fragment },
): Fragment {
  const factor = sql`(select r.factor from (${rateSpans(sql, rates)}) r where r.from_currency = ${currency})`;
  return sql`(case when ${currency} = ${rates.reportingCurrency} or ${amountMinor} = 0 then ${amountMinor}
    else ${convertedMinor(sql, amountMinor, factor)} end)::bigint`;
}
