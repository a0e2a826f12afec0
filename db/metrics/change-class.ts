// What became of an account within a row: one word, from what the account had of the row at both ends and what happened between them.

import type { MetricsRow } from "./answer.ts";
import { contractionMinor, expansionMinor } from "./formulas.ts";

/** The words of movements, read over the whole period, and those for accounts of which nothing of the kind can be said. */
export const changeClasses = [
  "NEW",
  "REACTIVATION",
  "EXPANSION",
  "CONTRACTION",
  "CHURN",
  "UNCHANGED",
  "CAME_AND_WENT",
  "TRANSFER",
] as const;
export type ChangeClass = (typeof changeClasses)[number];

/**
 * The class of an account's part of a row. With nothing of the row at the start: NEW or REACTIVATION where it became a customer,
 * EXPANSION where it was one and took this up, TRANSFER where ARR only came from another row. With nothing at the end: CHURN,
 * CONTRACTION or TRANSFER in the same way. With something, or nothing, at both: by the sum of its flows, whatever transfers and
 * exchange rates did.
 */
export function changeClassOf(row: MetricsRow): ChangeClass {
  const { money, counts } = row;
  const opening = money.openingMinor ?? 0n;
  const closing = money.closingMinor ?? 0n;
  const hasNoBalances = money.openingMinor === null;
  const came = money.newMinor > 0n || money.reactivationMinor > 0n;
  if (!hasNoBalances && opening === 0n && closing === 0n)
    return counts.movementCount > 0 ? "CAME_AND_WENT" : "UNCHANGED";
  if (opening === 0n && came) return money.newMinor > 0n ? "NEW" : "REACTIVATION";
  if (closing === 0n && money.churnedMinor > 0n) return "CHURN";
  const net =
    expansionMinor(row) -
    contractionMinor(row) +
    money.priceUpliftMinor +
    money.discountChangeMinor +
    money.newMinor +
    money.reactivationMinor -
    money.churnedMinor;
  if (net !== 0n) return net > 0n ? "EXPANSION" : "CONTRACTION";
  return (opening === 0n) === (closing === 0n) ? "UNCHANGED" : "TRANSFER";
}
