// What was signed when: every movement that counts, with the day on which it was signed and its amount in the reporting currency, at
// constant rates. A converted amount is the difference of the two balances around it, each rounded once, as in conversion.ts.

import type { Tx } from "../kernel/database.ts";
import { allOf, type Fragment, listed } from "../kernel/fragments.ts";
import { rateMissing } from "../movements/balances.ts";
import { unreversed } from "../movements/filter.ts";
import { drivers } from "../movements/types.ts";
import { convertedMinor, rateSpans } from "../rates/convert.ts";
import { getSettings } from "../workspaces/store.ts";

/** Which movements, as known when. */
export type SignedReading = {
  readonly ledgerVersion: bigint;
  /** The condition on an account's id, for everything that is read. */
  readonly ofAccounts: (accountId: Fragment) => Fragment;
};

export type SignedAmounts = {
  /** The reporting currency. */
  readonly currency: string;
  /**
   * Common table expressions, the last of which is `signed`: `id`, `account_id`, `effective_on`, `signed_on` (when booked, else the UTC
   * day of its recording) and `amount_minor`, in the reporting currency.
   */
  readonly relations: readonly Fragment[];
};

/** The relations of the movements asked for. RATE_MISSING, naming the currency and the day, for an amount without a constant rate. */
export async function signedAmounts(tx: Tx, reading: SignedReading): Promise<SignedAmounts> {
  const { sql, workspaceId } = tx;
  const { ledgerVersion, ofAccounts } = reading;
  const { reportingCurrency, constantRateSetId } = await getSettings(tx, ledgerVersion);
  const counts = allOf(sql, [unreversed(sql, "m", { workspaceId, ledgerVersion }), ofAccounts(sql`m.account_id`)]);
  const rates = rateSpans(sql, { workspaceId, ledgerVersion, rateSetId: constantRateSetId, reportingCurrency });
  const foreign = await sql<{ currency: string; on: string; isKnown: boolean }[]>`
    select f.currency, f.on_day as "on", exists (select 1 from (${rates}) r where r.from_currency = f.currency) as "isKnown"
    from (
      select m.currency, min(m.effective_on) as on_day from movements m
      where ${counts} and m.currency <> ${reportingCurrency} group by m.currency
    ) f order by f.on_day, f.currency`;
  const missing = foreign.find(({ isKnown }) => !isKnown);
  if (missing) throw rateMissing(missing.currency, reportingCurrency, missing.on);
  const converts = foreign.length > 0;
  const amount = converts ? sql`coalesce(c.amount_minor, m.amount_minor)` : sql`m.amount_minor`;
  return {
    currency: reportingCurrency,
    relations: [
      ...(converts ? [sql`converted as (${convertedAmounts(tx, reading, { rates, reportingCurrency, counts })})`] : []),
      sql`signed as (
        select m.id, m.account_id, m.effective_on, coalesce(m.booked_on, (m.recorded_at at time zone 'UTC')::date) as signed_on,
          ${amount} as amount_minor
        from movements m ${converts ? sql`left join converted c on c.id = m.id` : sql``} where ${counts})`,
    ],
  };
}

/** The movements in other currencies, each by the balance of its line (of ready-made ones: of their like) before and after it. */
function convertedAmounts(
  { sql, workspaceId }: Tx,
  { ledgerVersion, ofAccounts }: SignedReading,
  { rates, reportingCurrency, counts }: { rates: Fragment; reportingCurrency: string; counts: Fragment },
): Fragment {
  const leg = (own: "from" | "to", other: "from" | "to") => sql`
    select null::uuid, t.${sql(`${own}_line_id`)}::text, t.currency, t.effective_on,
      ${own === "from" ? sql`-t.amount_minor` : sql`t.amount_minor`}, ${own === "from" ? 0 : 1}::int, 0,
      coalesce(x.external_id, ''), coalesce(y.external_id, ''), t.id::text
    from transfers t left join contract_lines x on x.workspace_id = ${workspaceId} and x.id = t.${sql(`${other}_line_id`)}
    left join plans y on y.workspace_id = ${workspaceId} and y.id = t.${sql(`${other}_plan_id`)}
    where t.workspace_id = ${workspaceId} and t.ledger_version <= ${ledgerVersion} and t.reverses is null
      and t.currency <> ${reportingCurrency} and ${ofAccounts(sql`t.account_id`)}
      and not exists (select 1 from transfers reversal where reversal.workspace_id = t.workspace_id
        and reversal.reverses is not null and reversal.reverses = t.id and reversal.ledger_version <= ${ledgerVersion})`;
  const k = listed(sql, [
    sql`'|'`,
    sql`m.account_id`,
    sql`coalesce(m.product_id::text, '')`,
    sql`coalesce(m.plan_id::text, '')`,
    sql`coalesce(m.kind, 'RECURRING')`,
    sql`m.is_add_on`,
    sql`m.currency`,
  ]);
  const before = convertedMinor(sql, sql`s.after_minor - s.amount_minor`, sql`r.factor`);
  const after = convertedMinor(sql, sql`s.after_minor`, sql`r.factor`);
  return sql`
    select s.id, (${after} - ${before})::bigint as amount_minor
    from (
      select e.*, sum(e.amount_minor) over (
        partition by e.k, e.currency order by e.effective_on, e.stage, e.driver_place, e.source_id collate "C", e.plan_text collate "C", e.transfer_id
        rows unbounded preceding
      ) as after_minor
      from (
        select m.id, coalesce(m.line_id::text, concat_ws(${k})) as k, m.currency, m.effective_on, m.amount_minor,
          case when m.amount_minor > 0 then 2 else 3 end as stage,
          coalesce(array_position(${[...drivers]}::text[], m.driver), 0) as driver_place, coalesce(m.external_id, '') as source_id,
          '' as plan_text, '' as transfer_id
        from movements m where ${counts} and m.currency <> ${reportingCurrency}
        union all ${leg("from", "to")}
        union all ${leg("to", "from")}
      ) e
    ) s join (${rates}) r on r.from_currency = s.currency
    where s.id is not null`;
}
