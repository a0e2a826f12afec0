// One net change per unit and interval: its type from the balances at both ends, its amount shared over what stood behind it.

import type { Driver } from "@accrete/db/movements/types.ts";
import { type Books, firstArr, hasArrOn, ledgerDaysOf } from "./books.ts";
import { driverOrder } from "./day-list.ts";
import { byText, type ModelMovement, type Tuple } from "./facts.ts";
import { shareOut, sumOf } from "./fraction.ts";
import { isFirstOfMonth } from "./periods.ts";
import type { ModelPolicy, Span } from "./question.ts";
import { firstRise, type TypeUnder, typeOfReturn } from "./types.ts";
import type { Walk } from "./walk.ts";

export type NetFlow = Tuple &
  TypeUnder & {
    /** The interval's last day. */
    readonly on: number;
    readonly driver: Driver | null;
    readonly amount: bigint;
    readonly motion: string | null;
    readonly campaign: string | null;
  };

export type Netting = "PERIOD" | "DAY" | "MONTH";

/** How a policy nets; null where every movement stands for itself. */
export function nettingOf({ method, netting }: ModelPolicy): Netting | null {
  if (method === "SNAPSHOT") return "PERIOD";
  return netting === "NONE" ? null : netting;
}

/** The intervals of a period; every one is clipped to it. */
export function intervalsOf(period: Span, netting: Netting): Span[] {
  if (netting === "PERIOD") return [period];
  const intervals: Span[] = [];
  let from = period.from;
  for (let day = period.from + 1; day <= period.until; day += 1) {
    const isEdge = netting === "DAY" || day === period.until || isFirstOfMonth(day);
    if (!isEdge) continue;
    intervals.push({ from, until: day });
    from = day;
  }
  return intervals;
}

/** The first evening that a month's netting looks at on which the unit has ARR: ends of calendar months, then the period's own. */
export function firstSeenInMonths(books: Books, unitId: string, period: Span): number | null {
  const [earliest] = ledgerDaysOf(books, unitId);
  if (earliest === undefined) return null;
  const evenings: number[] = [];
  for (let day = earliest; day < period.from; day += 1) if (isFirstOfMonth(day + 1)) evenings.push(day);
  evenings.push(period.from - 1, ...intervalsOf(period, "MONTH").map(({ until }) => until - 1));
  return evenings.find((day) => hasArrOn(books, unitId, day)) ?? null;
}

type Netted = {
  readonly books: Books;
  readonly unitId: string;
  readonly period: Span;
  readonly walked: Walk;
  readonly policy: ModelPolicy;
};

/** All net flows of a unit's period. */
export function netFlows(netted: Netted, netting: Netting): NetFlow[] {
  return intervalsOf(netted.period, netting).flatMap((interval) => flowsOfInterval(netted, interval, netting));
}

type Entry = { readonly movement: ModelMovement; readonly amount: bigint };

function flowsOfInterval(netted: Netted, interval: Span, netting: Netting): NetFlow[] {
  const { walked } = netted;
  const isInside = (day: number) => interval.from <= day && day < interval.until;
  const inside = walked.flows.filter(({ movement }) => isInside(movement.on));
  const change = sumOf(inside.map(({ amount }) => amount));
  if (change === 0n) return [];
  const named = typeOf(netted, interval, netting, change);
  const hasDriver = (named.type === "EXPANSION" && !named.isReturn) || named.type === "CONTRACTION";
  const shared = hasDriver ? overDrivers(change, inside) : [{ driver: null, amount: change, behind: inside }];
  return shared.flatMap(({ driver, amount, behind }) =>
    overLineValues(amount, behind).map((part) => ({ ...part, ...named, on: interval.until - 1, driver })),
  );
}

/** What re-parented accounts brought counts as had before, what they took as had still. */
function typeOf(
  { books, unitId, period, walked, policy }: Netted,
  interval: Span,
  netting: Netting,
  change: bigint,
): TypeUnder {
  const isInside = ({ on }: { readonly on: number }) => interval.from <= on && on < interval.until;
  const some = (spots: readonly { readonly on: number; readonly amount: bigint }[]) =>
    sumOf(spots.filter(isInside).map(({ amount }) => amount)) > 0n;
  const had = standingOn(walked, interval.from - 1) > 0n || some(walked.came);
  const has = standingOn(walked, interval.until - 1) > 0n || some(walked.left);
  // An amount that came and went can leave something of its currency's way; it is called by the way that it went.
  if (!has && (had || change < 0n)) return { type: "CHURN", isReturn: false };
  if (had) return { type: change > 0n ? "EXPANSION" : "CONTRACTION", isReturn: false };
  const seen = netting === "MONTH" ? firstSeenInMonths(books, unitId, period) : (firstArr(books, unitId)?.on ?? null);
  if (seen === null || seen >= interval.from) return { type: "NEW", isReturn: false };
  return typeOfReturn(books, unitId, firstRise(books, unitId, interval.from, interval.until), policy);
}

/** The whole ARR at the end of a day, as it stands: also where rounding made nothing of what there is. */
function standingOn({ opening, evenings }: Walk, day: number): bigint {
  const evening = evenings.filter(({ on }) => on <= day).at(-1);
  return evening ? evening.arr : sumOf(opening.map(({ amount }) => amount));
}

type DriverShare = {
  readonly driver: Driver | null;
  readonly amount: bigint;
  /** The movements that the share is divided by further on. */
  readonly behind: readonly Entry[];
};

function overDrivers(change: bigint, inside: readonly Entry[]): DriverShare[] {
  const shares = shareByNet(
    change,
    driverOrder.map((driver) => ({
      key: driver,
      entries: inside.filter(({ movement }) => movement.driver === driver),
    })),
  );
  // Nothing that has a driver went this way: of what the lines did come to, whatever it was called, the change is a part.
  if (shares.length === 0) return [{ driver: "OTHER", amount: change, behind: inside }];
  return shares.map(({ key, amount, entries }) => ({ driver: key, amount, behind: entries }));
}

type Labelled<K> = { readonly key: K; readonly entries: readonly Entry[] };

/**
 * Shares a change over groups of movements in proportion to what each came to, as far as that has the sign of the change. Ties go to the
 * earlier group; nothing where no group has the sign.
 */
function shareByNet<K>(change: bigint, groups: readonly Labelled<K>[]): (Labelled<K> & { readonly amount: bigint })[] {
  const sign = change > 0n ? 1n : -1n;
  const weights = groups.map(({ entries }) => {
    const net = sign * sumOf(entries.map((entry) => entry.amount));
    return net > 0n ? net : 0n;
  });
  if (sumOf(weights) === 0n) return [];
  const amounts = shareOut(change, weights);
  return groups
    .map((group, index) => ({ ...group, amount: amounts[index] ?? 0n }))
    .filter((group) => group.amount !== 0n);
}

/** Groups of equal words, in the order of the words as text, those without a value last. */
function groupedBy<K extends readonly (string | null)[]>(
  entries: readonly Entry[],
  words: (movement: ModelMovement) => K,
): Labelled<K>[] {
  const groups = new Map<string, { key: K; entries: Entry[] }>();
  for (const entry of entries) {
    const key = words(entry.movement);
    const label = JSON.stringify(key);
    const group = groups.get(label) ?? { key, entries: [] };
    group.entries.push(entry);
    groups.set(label, group);
  }
  return [...groups.values()].sort((a, b) => byWords(a.key, b.key));
}

function byWords(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? null;
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    return byText(left, right);
  }
  return 0;
}

type LinePart = Omit<NetFlow, "on" | "driver" | keyof TypeUnder>;

/** First over product, plan and currency, then over motion and campaign behind each. */
function overLineValues(amount: bigint, behind: readonly Entry[]): LinePart[] {
  const byTuple = groupedBy(behind, (entry) => [entry.productId, entry.planId, entry.currency] as const);
  return shareByNet(amount, byTuple).flatMap(({ key, amount: share, entries }) => {
    const [productId, planId, currency] = key;
    const byWay = groupedBy(entries, (entry) => [entry.motion, entry.campaign] as const);
    return shareByNet(share, byWay).map(({ key: [motion, campaign], amount: part }) => ({
      productId,
      planId,
      currency,
      motion,
      campaign,
      amount: part,
    }));
  });
}
