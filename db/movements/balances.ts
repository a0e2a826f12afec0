// What the ledger sums to, account by account, for the API: ARR on a day, the first ARR, and the balance around each movement. All of it
// in the reporting currency, at constant rates.

import type { AccountWorth } from "../accounts/list.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { AccreteError } from "../kernel/errors.ts";
import type { RateReading } from "../rates/convert.ts";
import { atConstantRate, keyOfMovement, nativeRows, type OfAccounts } from "./constant.ts";
import { convertedStory, storyOrder } from "./converted-story.ts";
import { unreversed } from "./filter.ts";

/** An account's ARR at the end of a day. */
export type AccountDay = { readonly accountId: string; readonly on: PlainDate };

/** A part of an account's ARR: of one line, or of all that is in the reporting currency. */
export type Balance = AccountDay & {
  /** The currency it was in. */
  readonly currency: string;
  /** Minor units of the reporting currency; null without a rate. */
  readonly arrMinor: bigint | null;
  /** The first day of an amount in it. */
  readonly sinceOn: PlainDate;
};

/** Part of an account's first ARR, of the day `on`. */
export type FirstArr = Balance;

/** The ARR just before and just after a movement, in minor units of the reporting currency. */
export type ArrAround = { readonly beforeMinor: bigint; readonly afterMinor: bigint };

/** The balances that are not 0, of several accounts, each on its own day, as known at the ledger version of the rates. */
export async function sumBalances(
  tx: Tx,
  asked: readonly AccountDay[],
  rates: RateReading,
): Promise<readonly Balance[]> {
  const { sql } = tx;
  const ids = [...new Set(asked.map(({ accountId }) => accountId))];
  const ofAsked: OfAccounts = (accountId) => sql`${accountId} = any(${ids}::uuid[])`;
  const amount = { amountMinor: sql`h.native_minor`, currency: sql`h.currency` };
  return sql<Balance[]>`
    select h.account_id as "accountId", h.day as "on", h.currency, h.since_on as "sinceOn", ${atConstantRate(sql, rates, amount)} as "arrMinor"
    from (
      select asked.account_id, asked.day, n.currency, n.k, sum(n.amount_minor)::bigint as native_minor, min(n.effective_on) as since_on
      from unnest(${asked.map(({ accountId }) => accountId)}::uuid[], ${asked.map(({ on }) => on)}::date[]) as asked(account_id, day)
      join (${nativeRows(sql, rates, ofAsked)}) n on n.account_id = asked.account_id and n.effective_on <= asked.day
      group by asked.account_id, asked.day, n.currency, n.k having sum(n.amount_minor) <> 0
    ) h`;
}

/** When each account had its first ARR, and how much at the end of that day; accounts that never had any are left out. */
export async function findFirstArr(
  tx: Tx,
  accountIds: readonly string[],
  rates: RateReading,
): Promise<readonly FirstArr[]> {
  const { sql } = tx;
  const amount = { amountMinor: sql`h.native_minor`, currency: sql`h.currency` };
  return sql<FirstArr[]>`
    select h.account_id as "accountId", h.effective_on as "on", h.effective_on as "sinceOn", h.currency,
      ${atConstantRate(sql, rates, amount)} as "arrMinor"
    from (
      select m.account_id, m.effective_on, m.currency, sum(m.amount_minor)::bigint as native_minor
      from movements m
      where m.account_id = any(${[...accountIds]}::uuid[]) and m.type = 'NEW' and ${unreversed(sql, "m", rates)}
      group by m.account_id, m.effective_on, m.currency, ${keyOfMovement(sql)}
    ) h`;
}

/**
 * The account's ARR around each movement, in the order of the day: transfers, increases, then decreases, then by driver and the source's id
 * of the line or movement. Reversals and movements that were reversed by the version are left out: they are no part of the account's story.
 * RATE_MISSING when part of the ARR around one of them has no constant rate.
 */
export async function findArrAround(
  tx: Tx,
  movementIds: readonly string[],
  rates: RateReading,
): Promise<ReadonlyMap<string, ArrAround>> {
  const { sql, workspaceId } = tx;
  const ids = [...movementIds];
  const isAsked = sql`in (select asked.account_id from movements asked
    where asked.workspace_id = ${workspaceId} and asked.id = any(${ids}::uuid[]))`;
  const rows = await sql<
    (ArrAround & { readonly id: string; readonly missing: string | null; readonly missingOn: string | null })[]
  >`
    select s.id, (s.after_minor - s.delta_minor)::bigint as "beforeMinor", s.after_minor::bigint as "afterMinor", s.missing,
      s.missing_on as "missingOn"
    from (
      select c.*, sum(c.delta_minor) over w as after_minor,
        (array_agg(c.currency) filter (where c.delta_minor is null) over w)[1] as missing,
        (array_agg(c.effective_on) filter (where c.delta_minor is null) over w)[1] as missing_on
      from (${convertedStory(sql, rates, (accountId) => sql`${accountId} ${isAsked}`)}) c
      window w as (partition by c.account_id order by ${storyOrder(sql)} rows unbounded preceding)
    ) s
    where s.id = any(${ids}::uuid[])`;
  return new Map(
    rows.map(({ id, beforeMinor, afterMinor, missing, missingOn }) => {
      if (missing !== null && missingOn !== null) throw rateMissing(missing, rates.reportingCurrency, missingOn);
      return [id, { beforeMinor, afterMinor }];
    }),
  );
}

/** SQL of the ARR of accounts at the end of a day, for lists of accounts; what has no rate counts as 0. */
export function accountWorth({ sql }: Tx, on: PlainDate, rates: RateReading): AccountWorth {
  const amount = { amountMinor: sql`held.native_minor`, currency: sql`held.currency` };
  return {
    join: sql`cross join lateral (
      select coalesce(sum(${atConstantRate(sql, rates, amount)}), 0) as arr_minor, coalesce(bool_or(held.native_minor > 0), false) as is_active
      from (
        select n.currency, n.k, sum(n.amount_minor)::bigint as native_minor
        from (${nativeRows(sql, rates, (accountId) => sql`${accountId} = a.id`)}) n
        where n.effective_on <= ${on}::date group by n.currency, n.k
      ) held
    ) worth`,
    arr: sql`worth.arr_minor`,
    isActive: sql`worth.is_active`,
  };
}

/** Throws RATE_MISSING when any account has ARR on the day in a currency without a constant rate: sums over accounts would leave it out. */
export async function requireConstantRates(tx: Tx, on: PlainDate, rates: RateReading): Promise<void> {
  const { sql } = tx;
  const one = { amountMinor: sql`h.native_minor`, currency: sql`h.currency` };
  const [missing] = await sql<{ currency: string; sinceOn: string }[]>`
    select h.currency, h.since_on as "sinceOn" from (
      select n.currency, min(n.effective_on) as since_on, sum(n.amount_minor)::bigint as native_minor
      from (${nativeRows(sql, rates, () => sql`true`)}) n
      where n.k is not null and n.effective_on <= ${on}::date
      group by n.account_id, n.currency, n.k having sum(n.amount_minor) <> 0
    ) h where ${atConstantRate(sql, rates, one)} is null order by h.since_on, h.currency limit 1`;
  if (missing) throw rateMissing(missing.currency, rates.reportingCurrency, missing.sinceOn);
}

/** RATE_MISSING for an amount of one currency that would have to be read in another. */
export function rateMissing(currency: string, into: string, on: PlainDate): AccreteError {
  return new AccreteError("RATE_MISSING", `There is no rate from ${currency} to ${into} for ${on}.`);
}
