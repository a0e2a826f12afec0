// What a metered line is worth on which day: its versions, cut where a billing period's usage begins to count, is replaced, or lapses.

import { addDays, addMonths, type PlainDate } from "../kernel/dates.ts";
import type { BillingInterval } from "./terms.ts";
import { lineArrMinor } from "./value.ts";
import type { LineVersion } from "./version.ts";

/** What was billed for a metered line in one completed billing period. */
export type UsagePeriod = {
  readonly lineId: string;
  readonly fromOn: PlainDate;
  readonly untilOn: PlainDate;
  /** For the whole period and beyond the commitment: a plain decimal in major units of the line's currency, not negative. */
  readonly amount: string;
};

/** So many days after the next period was due, and none came, the last one's usage no longer counts. */
export const usageLapseDays = 45;

/**
 * The versions, those of metered lines that have usage cut into spans of one ARR each; a span keeps its version's id. A line's usage
 * counts from its period's `untilOn` until the next period's, at most until the day it lapses, and only while a METERED version of the
 * line is in force; on its other days such a line is worth 0. A metered line without any usage is worth what its terms say.
 * The periods may be of any lines and in any order; those of one line do not overlap.
 */
export function cutByUsage(versions: readonly LineVersion[], periods: readonly UsagePeriod[]): readonly LineVersion[] {
  if (periods.length === 0) return versions;
  const periodsOf = grouped(periods);
  const versionsOf = grouped(versions.filter(({ lineId }) => periodsOf.has(lineId)));
  return versions.flatMap((version) => {
    const usage = periodsOf.get(version.lineId);
    if (version.kind !== "METERED" || !usage) return [version];
    // A line that went from account to account is read by each one's own terms: what it is worth must not hang on whose are read together.
    const own = versionsOf.get(version.lineId)?.filter(({ accountId }) => accountId === version.accountId);
    return cutVersion(version, usageSpans(usage, own ?? []));
  });
}

/**
 * The first day on which the usage of a period that ended at `untilOn` no longer counts when no later period has ended by then: one
 * billing interval later the next one was due, and 45 days after that it lapses. On the day before it still counts.
 */
export function usageLapsesOn(untilOn: PlainDate, interval: BillingInterval): PlainDate {
  return addDays(addInterval(untilOn, interval), usageLapseDays);
}

/** Days on which one period's usage counts. */
type UsageSpan = {
  readonly fromOn: PlainDate;
  readonly untilOn: PlainDate;
  readonly amount: string;
  /** The interval that was billed; null when no version says. */
  readonly interval: BillingInterval | null;
};

function usageSpans(periods: readonly UsagePeriod[], versions: readonly LineVersion[]): readonly UsageSpan[] {
  const inOrder = [...periods].sort((a, b) => (a.untilOn < b.untilOn ? -1 : 1));
  return inOrder.map(({ untilOn: fromOn, amount }, index) => {
    // What was billed is for the interval of its own time: a later change of interval moves nothing.
    const lastOn = addDays(fromOn, -1);
    const billed = versions.find((version) => isInForce(version, lastOn)) ?? versions.find((v) => isInForce(v, fromOn));
    const interval = billed?.billingInterval ?? null;
    const nextOn = inOrder[index + 1]?.untilOn;
    const lapsesOn = usageLapsesOn(fromOn, interval ?? "MONTH");
    return { fromOn, untilOn: nextOn !== undefined && nextOn <= lapsesOn ? nextOn : lapsesOn, amount, interval };
  });
}

/** The version in pieces: those with usage, and between them those worth 0. */
function cutVersion(version: LineVersion, spans: readonly UsageSpan[]): readonly LineVersion[] {
  const pieces: LineVersion[] = [];
  let nextOn = version.fromOn;
  const push = (untilOn: PlainDate | null, arrMinor: bigint) => {
    pieces.push({ ...version, fromOn: nextOn, untilOn, arrMinor });
    if (untilOn !== null) nextOn = untilOn;
  };
  for (const span of spans) {
    if (version.untilOn !== null && span.fromOn >= version.untilOn) break;
    if (span.untilOn <= nextOn) continue;
    if (span.fromOn > nextOn) push(span.fromOn, 0n);
    const untilOn = version.untilOn !== null && version.untilOn < span.untilOn ? version.untilOn : span.untilOn;
    push(untilOn, usageArrMinor(version, span));
  }
  if (version.untilOn === null || nextOn < version.untilOn) push(version.untilOn, 0n);
  return pieces;
}

/** Amount × billing periods per year, in minor units of the version's currency, rounded half-even once. */
function usageArrMinor(version: LineVersion, { amount, interval }: UsageSpan): bigint {
  return lineArrMinor({
    quantity: "1",
    unitPrice: amount,
    discountPercent: null,
    discountAmount: null,
    billingInterval: interval ?? version.billingInterval,
    currency: version.currency,
  });
}

function isInForce({ fromOn, untilOn }: LineVersion, on: PlainDate): boolean {
  return fromOn <= on && (untilOn === null || on < untilOn);
}

function addInterval(on: PlainDate, interval: BillingInterval): PlainDate {
  switch (interval) {
    case "DAY":
      return addDays(on, 1);
    case "WEEK":
      return addDays(on, 7);
    case "MONTH":
      return addMonths(on, 1);
    case "QUARTER":
      return addMonths(on, 3);
    case "YEAR":
      return addMonths(on, 12);
    case "THREE_YEARS":
      return addMonths(on, 36);
  }
}

function grouped<T extends { readonly lineId: string }>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.lineId);
    if (group) group.push(item);
    else groups.set(item.lineId, [item]);
  }
  return groups;
}
