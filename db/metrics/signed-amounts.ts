// What was signed when: every movement that counts, with the day on which it was signed and its amount in the reporting currency, at
// constant rates.

import type { Tx } from "../kernel/database.ts";
import { allOf, type Fragment } from "../kernel/fragments.ts";
import { rateMissing } from "../movements/balances.ts";
import { constantRates } from "../movements/constant.ts";
import { convertedStory } from "../movements/converted-story.ts";
import { unreversed } from "../movements/filter.ts";
import { rateSpans } from "../rates/convert.ts";
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
export async function signedAmounts(tx: Tx, { ledgerVersion, ofAccounts }: SignedReading): Promise<SignedAmounts> {
  const { sql, workspaceId } = tx;
  const settings = await getSettings(tx, ledgerVersion);
  const { reportingCurrency } = settings;
  const rates = constantRates(settings, { workspaceId, ledgerVersion });
  const counts = allOf(sql, [unreversed(sql, "m", { workspaceId, ledgerVersion }), ofAccounts(sql`m.account_id`)]);
  const foreign = await sql<{ currency: string; on: string; isKnown: boolean }[]>`
    select f.currency, f.on_day as "on", exists (
      select 1 from (${rateSpans(sql, rates)}) r where r.from_currency = f.currency) as "isKnown"
    from (
      select m.currency, min(m.effective_on) as on_day from movements m
      where ${counts} and m.currency <> ${reportingCurrency} group by m.currency
    ) f order by f.on_day, f.currency`;
  const missing = foreign.find(({ isKnown }) => !isKnown);
  if (missing) throw rateMissing(missing.currency, reportingCurrency, missing.on);
  const signedOn = sql`coalesce(m.booked_on, (m.recorded_at at time zone 'UTC')::date) as signed_on`;
  // Where nothing is converted, no story need be told.
  const signed =
    foreign.length === 0
      ? sql`select m.id, m.account_id, m.effective_on, ${signedOn}, m.amount_minor from movements m where ${counts}`
      : sql`select m.id, m.account_id, m.effective_on, ${signedOn}, s.delta_minor::bigint as amount_minor
          from movements m join (${convertedStory(sql, rates, ofAccounts)}) s on s.id = m.id where ${counts}`;
  return { currency: reportingCurrency, relations: [sql`signed as (${signed})`] };
}
