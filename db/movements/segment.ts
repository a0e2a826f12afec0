// Which ARR band an account is in for a period, read from the ledger: the period's opening, or its closing, decides.

import type { Window } from "../kernel/dates.ts";
import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import type { RateReading } from "../rates/convert.ts";
import type { SegmentBand } from "../workspaces/segments.ts";
import { atConstantRate, nativeRows } from "./constant.ts";

/** How a segment condition is read. */
export type SegmentContext = {
  /** From the highest band down; the last one starts at 0. */
  readonly bands: readonly SegmentBand[];
  /** OPENING: a(s), else the first positive end-of-day ARR in the period. CLOSING: a(e), else the last positive one. */
  readonly at: "OPENING" | "CLOSING";
  /** At which other currencies are read. Without a rate an amount counts as 0: requireConstantRates refuses before that. */
  readonly rates: RateReading;
  /** The period whose bands count; null makes each movement's own day its period. */
  readonly period: Window | null;
};

/** The name of the band that holds an amount, as SQL. */
export function bandOf(sql: FragmentMaker, arrMinor: Fragment, bands: readonly SegmentBand[]): Fragment {
  const cases = bands.map((band) => sql`when ${arrMinor} >= ${band.fromMinor}::bigint then ${band.name}::text`);
  return sql`case ${cases} end`;
}

/** `m`'s account is in one of the bands, as SQL over the movements `m`. */
export function inSegment(sql: FragmentMaker, names: readonly string[], context: SegmentContext): Fragment {
  const { rates } = context;
  const isNamed = (arrMinor: Fragment) => sql`${bandOf(sql, arrMinor, context.bands)} = any(${[...names]}::text[])`;
  const atRate = (amountMinor: Fragment) => atConstantRate(sql, rates, { amountMinor, currency: sql`n.currency` });
  if (context.period === null) {
    const before = sql`coalesce(sum(${atRate(sql`n.before_minor`)}), 0)`;
    const after = sql`sum(${atRate(sql`n.after_minor`)})`;
    const arr =
      context.at === "OPENING"
        ? sql`coalesce(nullif(${before}, 0), ${after})`
        : sql`coalesce(nullif(${after}, 0), ${before})`;
    return sql`(select ${isNamed(arr)} from (
        select d.currency, d.k, coalesce(sum(d.amount_minor) filter (where d.effective_on < m.effective_on), 0)::bigint as before_minor,
          sum(d.amount_minor)::bigint as after_minor
        from (${nativeRows(sql, rates, (accountId) => sql`${accountId} = m.account_id`)}) d
        where d.effective_on <= m.effective_on group by d.currency, d.k
      ) n)`;
  }
  const { fromOn, untilOn } = context.period;
  const opening = sql`max(arr) filter (where day < ${fromOn}::date)`;
  const closing = sql`(array_agg(arr order by day desc))[1]`;
  const firstPositive = sql`(array_agg(arr order by day) filter (where arr > 0 and day >= ${fromOn}::date))[1]`;
  const lastPositive = sql`(array_agg(arr order by day desc) filter (where arr > 0))[1]`;
  const arr =
    context.at === "OPENING"
      ? sql`coalesce(nullif(${opening}, 0), ${firstPositive}, 0)`
      : sql`coalesce(nullif(${closing}, 0), ${lastPositive}, 0)`;
  return sql`m.account_id in (
    select account_id from (
      select account_id, day, sum(sum(delta_minor)) over (partition by account_id order by day) as arr
      from (
        select n.account_id, n.day, ${atRate(sql`n.after_minor`)} - ${atRate(sql`n.after_minor - n.net_minor`)} as delta_minor
        from (
          select d.account_id, d.currency, d.day, sum(d.amount_minor)::bigint as net_minor,
            (sum(sum(d.amount_minor)) over (partition by d.account_id, d.currency, d.k order by d.day))::bigint as after_minor
          from (
            select r.account_id, r.currency, r.k, greatest(r.effective_on, ${fromOn}::date - 1) as day, r.amount_minor
            from (${nativeRows(sql, rates, () => sql`true`)}) r where r.effective_on < ${untilOn}::date
          ) d group by d.account_id, d.currency, d.k, d.day
        ) n
      ) dated group by account_id, day
    ) days group by account_id having ${isNamed(arr)})`;
}
