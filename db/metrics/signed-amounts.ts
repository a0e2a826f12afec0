// What was signed when: every movement that counts, with the day on which it was signed and its amount in the reporting currency, at
// constant rates.

import { loadSurvivors } from "../accounts/merges.ts";
import { wordArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import { allOf, type Fragment, type FragmentMaker } from "../kernel/fragments.ts";
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
   * day on which the fact was first recorded) and `amount_minor`, in the reporting currency.
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
  const firsts = firstRecordings(tx, { ledgerVersion, ofAccounts }, await loadSurvivors(tx, ledgerVersion));
  const columns = sql`m.id, m.account_id, m.effective_on,
    coalesce(m.booked_on, (coalesce(f.recorded_at, m.recorded_at) at time zone 'UTC')::date) as signed_on`;
  const from = sql`movements m left join first_recordings f on m.booked_on is null and f.fact = ${factOf(sql, "m")}`;
  // Where nothing is converted, no story need be told.
  const signed =
    foreign.length === 0
      ? sql`select ${columns}, m.amount_minor from ${from} where ${counts}`
      : sql`select ${columns}, s.delta_minor::bigint as amount_minor
          from ${from} join (${convertedStory(sql, rates, ofAccounts)}) s on s.id = m.id where ${counts}`;
  return { currency: reportingCurrency, relations: [firsts, sql`signed as (${signed})`] };
}

/**
 * `first_recordings`: when each fact without a signing day was recorded first. Booking it anew, after a merge or a correction, signs
 * nothing: the fact is the same statement of the source, or the same line's change of the same day.
 */
function firstRecordings(
  { sql, workspaceId }: Tx,
  { ledgerVersion, ofAccounts }: SignedReading,
  survivors: ReadonlyMap<string, string>,
): Fragment {
  const merged = sql`unnest(${wordArray([...survivors.keys()])}::uuid[], ${wordArray([...survivors.values()])}::uuid[]) as merged(id, survivor_id)`;
  const earlier =
    survivors.size === 0
      ? sql``
      : sql`or o.account_id in (select merged.id from ${merged} where ${ofAccounts(sql`merged.survivor_id`)})`;
  return sql`first_recordings as (
    select ${factOf(sql, "o")} as fact, min(o.recorded_at) as recorded_at from movements o
    where o.workspace_id = ${workspaceId} and o.ledger_version <= ${ledgerVersion} and o.booked_on is null and o.reverses is null
      and (${ofAccounts(sql`o.account_id`)} ${earlier})
    group by fact)`;
}

function factOf(sql: FragmentMaker, alias: string): Fragment {
  const m = sql(alias);
  return sql`coalesce('statement ' || ${m}.external_id, ${m}.line_id::text || ' ' || ${m}.effective_on)`;
}
