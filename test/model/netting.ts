// One net change per account and interval: its type from the balances at both ends, its amount shared over what stood behind it.

import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import { arrOn, type Books, firstArr, type Tuple } from "./books.ts";
import { byText, type ModelMovement } from "./facts.ts";
import { shareOut, sumOf } from "./fraction.ts";
import { driverOrder } from "./ledger.ts";
import { isFirstOfMonth } from "./periods.ts";
import type { Span } from "./question.ts";

export type NetFlow = Tuple & {
  /** The interval's last day. */
  readonly on: number;
  readonly type: MovementType;
  readonly driver: Driver | null;
  readonly amount: bigint;
  readonly motion: string | null;
  readonly campaign: string | null;
};

/** The intervals of a period; every one is clipped to it. */
export function intervalsOf(period: Span, netting: "PERIOD" | "DAY" | "MONTH"): Span[] {
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

/** The flows of one account's interval; the books are that account's. */
export function netFlows(books: Books, interval: Span): NetFlow[] {
  const before = arrOn(books, interval.from - 1);
  const after = arrOn(books, interval.until - 1);
  const change = after - before;
  if (change === 0n) return [];
  const inside = books.movements.filter((entry) => interval.from <= entry.on && entry.on < interval.until);
  const type = typeOf({ before, after, hadArr: (firstArr(books)?.on ?? interval.from) < interval.from });
  const shared: readonly DriverShare[] =
    type === "EXPANSION" || type === "CONTRACTION"
      ? overDrivers(change, inside)
      : [{ driver: null, amount: change, behind: inside }];
  return shared.flatMap(({ driver, amount, behind }) =>
    overLineValues(amount, behind).map((part) => ({ ...part, on: interval.until - 1, type, driver })),
  );
}

function typeOf({ before, after, hadArr }: { before: bigint; after: bigint; hadArr: boolean }): MovementType {
  if (before === 0n) return hadArr ? "REACTIVATION" : "NEW";
  if (after === 0n) return "CHURN";
  return after > before ? "EXPANSION" : "CONTRACTION";
}

type DriverShare = {
  readonly driver: Driver | null;
  readonly amount: bigint;
  /** The movements that the share is divided by further on. */
  readonly behind: readonly ModelMovement[];
};

function overDrivers(change: bigint, inside: readonly ModelMovement[]): DriverShare[] {
  const shares = shareByNet(
    change,
    driverOrder.map((driver) => ({ key: driver, entries: inside.filter((entry) => entry.driver === driver) })),
  );
  // Nothing that has a driver went this way: of what the lines did come to, whatever it was called, the change is a part.
  if (shares.length === 0) return [{ driver: "OTHER", amount: change, behind: inside }];
  return shares.map(({ key, amount, entries }) => ({ driver: key, amount, behind: entries }));
}

type Labelled<K> = { readonly key: K; readonly entries: readonly ModelMovement[] };

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
  entries: readonly ModelMovement[],
  words: (entry: ModelMovement) => K,
): Labelled<K>[] {
  const groups = new Map<string, { key: K; entries: ModelMovement[] }>();
  for (const entry of entries) {
    const key = words(entry);
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

type LinePart = Omit<NetFlow, "on" | "type" | "driver">;

/** First over product, plan and currency, then over motion and campaign behind each. */
function overLineValues(amount: bigint, behind: readonly ModelMovement[]): LinePart[] {
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
