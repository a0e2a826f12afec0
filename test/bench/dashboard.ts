// The dashboard's question, asked twice: as a program asks it, by GraphQL over HTTP, and by the best SQL that a hand would write for it.

import type { Tx } from "@accrete/db/kernel/database.ts";
import { drivers } from "@accrete/db/movements/types.ts";

/** The quarter that the benchmark asks for. */
export const quarter = { fromOn: "2025-10-01", untilOn: "2026-01-01" } as const;

/** One segment's figures; amounts as cents in text, so that two ways of asking can be compared. */
export type DashboardRow = Readonly<Record<string, string>>;

export const dashboardDocument = `query Dashboard($window: WindowInput!) {
  expansionMetrics(window: $window, groupBy: [SEGMENT]) {
    rows { ...Figures }
    total { ...Figures }
    residual
    ledgerVersion
  }
}
fragment Figures on MetricsRow {
  group { segment }
  openingArr newArr reactivationArr expansionArr contractionArr churnedArr closingArr
  expansion { seat tier addOn crossSell usageCommitment usage price discount other }
  grossExpansionRate netExpansionRate nrr grr topDriver
  openingAccounts closingAccounts
}`;

const cells: Readonly<Record<string, string>> = {
  openingArr: "opening",
  newArr: "new",
  reactivationArr: "reactivation",
  contractionArr: "contraction",
  churnedArr: "churned",
  closingArr: "closing",
};

const driverFields: Readonly<Record<string, string>> = {
  seat: "SEAT",
  tier: "TIER",
  addOn: "ADD_ON",
  crossSell: "CROSS_SELL",
  usageCommitment: "USAGE_COMMITMENT",
  usage: "USAGE",
  price: "PRICE",
  discount: "DISCOUNT",
  other: "OTHER",
};

type GraphqlRow = Readonly<Record<string, unknown>> & {
  readonly group: { readonly segment: string | null };
  readonly expansion: Readonly<Record<string, string>>;
  readonly nrr: string | null;
  readonly grr: string | null;
};

export type GraphqlAnswer = { readonly expansionMetrics: { readonly rows: readonly GraphqlRow[] } };

/** The answer of `dashboardDocument` in the words of the hand-written SQL. */
export function rowsOfAnswer(answer: { readonly rows: readonly GraphqlRow[] }): DashboardRow[] {
  return answer.rows.map((row) => ({
    segment: row.group.segment ?? "",
    ...Object.fromEntries(Object.entries(cells).map(([field, name]) => [name, centsOf(String(row[field]))])),
    ...Object.fromEntries(
      Object.entries(driverFields).map(([field, name]) => [name, centsOf(row.expansion[field] ?? "")]),
    ),
    opening_accounts: String(row.openingAccounts),
    closing_accounts: String(row.closingAccounts),
    nrr: row.nrr ?? "",
    grr: row.grr ?? "",
  }));
}

function centsOf(decimal: string): string {
  return String(BigInt(decimal.replace(".", "")));
}

/** The same by hand: each account's balance at both ends, its band, and the quarter's flows, in one statement. */
export async function askByHand(tx: Tx): Promise<DashboardRow[]> {
  const { sql } = tx;
  const byDriver = drivers.map(
    (driver) => sql`coalesce(sum(expansion) filter (where driver = ${driver}), 0)::text as ${sql(driver)},`,
  );
  return sql<DashboardRow[]>`
    with balances as (
      select account_id, coalesce(sum(amount_minor) filter (where effective_on < ${quarter.fromOn}), 0) as opening,
        sum(amount_minor) as closing
      from movements where workspace_id = ${tx.workspaceId} and effective_on < ${quarter.untilOn}
      group by account_id
    ), flows as (
      select account_id, effective_on, type, driver, amount_minor from movements
      where workspace_id = ${tx.workspaceId} and effective_on >= ${quarter.fromOn} and effective_on < ${quarter.untilOn}
    ), newcomers as (
      select distinct on (account_id) account_id, arr from (
        select account_id, effective_on, sum(sum(amount_minor)) over (partition by account_id order by effective_on) as arr
        from flows join balances using (account_id) where opening = 0 group by account_id, effective_on
      ) days where arr > 0 order by account_id, effective_on
    ), banded as (
      select balances.*, case when coalesce(arr, opening) >= 10000000 then 'Enterprise'
        when coalesce(arr, opening) >= 2500000 then 'Mid-Market' else 'SMB' end as segment
      from balances left join newcomers using (account_id) where opening > 0 or arr > 0
    ), standing as (
      select segment, sum(opening) as opening, sum(closing) as closing, count(*) filter (where opening > 0) as opening_accounts,
        count(*) filter (where closing > 0) as closing_accounts, sum(closing) filter (where opening > 0) as kept,
        sum(least(closing, opening)) as retained
      from banded group by segment
    ), moved as (
      select segment, driver, sum(amount_minor) filter (where type = 'NEW') as new,
        sum(amount_minor) filter (where type = 'REACTIVATION') as reactivation,
        sum(amount_minor) filter (where type = 'EXPANSION') as expansion,
        -sum(amount_minor) filter (where type = 'CONTRACTION') as contraction,
        -sum(amount_minor) filter (where type = 'CHURN') as churned
      from flows join banded using (account_id) group by segment, driver
    )
    select segment, opening::text, closing::text, opening_accounts::text, closing_accounts::text, ${byDriver}
      coalesce(sum(new), 0)::text as new, coalesce(sum(reactivation), 0)::text as reactivation,
      coalesce(sum(contraction), 0)::text as contraction, coalesce(sum(churned), 0)::text as churned,
      coalesce(round(kept / nullif(opening, 0), 6)::text, '') as nrr, coalesce(round(retained / nullif(opening, 0), 6)::text, '') as grr
    from standing left join moved using (segment)
    group by segment, opening, closing, opening_accounts, closing_accounts, kept, retained
    order by standing.opening desc`;
}
