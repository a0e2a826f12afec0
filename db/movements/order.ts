// Rule 5: the order of movements within a day, in which an account's ARR is never negative.

import { byLine } from "../contracts/version.ts";
import type { Change } from "./draft.ts";
import { type Driver, drivers } from "./types.ts";

/** Increases first, then decreases, then driver order (those without a driver first), then line id. */
export function byOrderOfDay(a: Change, b: Change): number {
  const aRises = a.amountMinor > 0n;
  const bRises = b.amountMinor > 0n;
  if (aRises !== bRises) return aRises ? -1 : 1;
  return placeOf(a.driver) - placeOf(b.driver) || byLine(a.line, b.line);
}

function placeOf(driver: Driver | null): number {
  return driver === null ? -1 : drivers.indexOf(driver);
}
