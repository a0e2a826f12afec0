// Rule 5: the order of movements within a day, in which an account's ARR is never negative.

import { type Driver, drivers } from "./types.ts";

/** What the order of a day looks at. */
export type Ordered = {
  readonly amountMinor: bigint;
  readonly driver: Driver | null;
  /** The source's id of the line, or of the ready-made movement. */
  readonly sourceId: string;
};

/** Increases first, then decreases, then driver order (those without a driver first), then the source's id. */
export function byOrderOfDay(a: Ordered, b: Ordered): number {
  const aRises = a.amountMinor > 0n;
  const bRises = b.amountMinor > 0n;
  if (aRises !== bRises) return aRises ? -1 : 1;
  return placeOf(a.driver) - placeOf(b.driver) || bySourceId(a, b);
}

/** Plain code-unit order, as `byLine`. */
function bySourceId(a: Ordered, b: Ordered): number {
  if (a.sourceId === b.sourceId) return 0;
  return a.sourceId < b.sourceId ? -1 : 1;
}

function placeOf(driver: Driver | null): number {
  return driver === null ? -1 : drivers.indexOf(driver);
}
