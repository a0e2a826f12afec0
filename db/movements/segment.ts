// Which ARR band an account is in for a period, read from the ledger: the period's opening, or its closing, decides.

import type { Window } from "../kernel/dates.ts";
import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import type { SegmentBand } from "../workspaces/segments.ts";

/** How a segment condition is read. */
export type SegmentContext = {
  /** From the highest band down; the last one starts at 0. */
  readonly bands: readonly SegmentBand[];
  /** OPENING: a(s), else the first positive end-of-day ARR in the period. CLOSING: a(e), else the last positive one. */
  readonly at: "OPENING" | "CLOSING";
  /** The bands' currency; an account with ARR in another one is in no band. */
  readonly currency: string;
  /** The period whose bands count; null makes each movement's own day its period. */
  readonly period: Window | null;
};

/** The name of the band that holds an amount, as SQL. */
export function bandOf(sql: FragmentMaker, arrMinor: Fragment, bands: readonly SegmentBand[]): Fragment {
  const cases = bands.map((band) => sql`when ${arrMinor} >= ${band.fromMinor}::bigint then ${band.name}::text`);
  return sql`case ${cases} end`;
}

/** `m`'s account is in one of the bands, as SQL over the movements `m`. */
export function inSegment(
  sql: FragmentMaker,
  names: readonly string[],
  { workspaceId, ledgerVersion }: { readonly workspaceId: string; readonly ledgerVersion: bigint },
  context: SegmentContext,
): Fragment {
  const known = sql`d.workspace_id = ${workspaceId} and d.ledger_version <= ${ledgerVersion}`;
  const isNamed = (arrMinor: Fragment) => sql`${bandOf(sql, arrMinor, context.bands)} = any(${[...names]}::text[])`;
  if (context.period === null) {
    const before = sql`coalesce(sum(d.amount_minor) filter (where d.effective_on < m.effective_on), 0)`;
    const after = sql`sum(d.amount_minor)`;
    const arr =
      context.at === "OPENING"
        ? sql`coalesce(nullif(${before}, 0), ${after})`
        : sql`coalesce(nullif(${after}, 0), ${before})`;
    return sql`(select ${isNamed(arr)} and not bool_or(d.currency <> ${context.currency}) from movements d
      where ${known} and d.account_id = m.account_id and d.effective_on <= m.effective_on)`;
  }
  const { fromOn, untilOn } = context.period;
  const day = sql`greatest(d.effective_on, ${fromOn}::date - 1)`;
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
      select account_id, day, bool_or(is_foreign) as is_foreign,
        sum(sum(amount_minor)) over (partition by account_id order by day) as arr
      from (
        select d.account_id, ${day} as day, d.currency <> ${context.currency} as is_foreign, d.amount_minor
        from movements d where ${known} and d.effective_on < ${untilOn}::date
      ) dated group by account_id, day
    ) days group by account_id having ${isNamed(arr)} and not bool_or(is_foreign))`;
}
