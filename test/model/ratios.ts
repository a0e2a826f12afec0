// The model's ratios: from a row's sums, as fractions, to six decimals at the very end. A ratio over zero is null.

import type { Driver } from "@accrete/db/movements/types.ts";
import { partsOf } from "./calendar.ts";
import { driverOrder } from "./day-list.ts";
import { Fraction, sumOf } from "./fraction.ts";
import type { Span } from "./question.ts";
import type { ModelRow } from "./rows.ts";

export type Annualize = "NONE" | "SIMPLE" | "COMPOUND";

const expansionOf = (row: ModelRow) => sumOf(Object.values(row.expansion)) + row.returned;
const contractionOf = (row: ModelRow) => sumOf(Object.values(row.contraction));

function over(top: bigint | null, bottom: bigint | null): Fraction | null {
  if (top === null || bottom === null || bottom === 0n) return null;
  return Fraction.of(top).over(Fraction.of(bottom));
}

const text = (value: Fraction | null) => value?.toDecimals(6) ?? null;

/** All ratios of a row, by the name that docs/metrics gives them. */
export function ratiosOf(row: ModelRow, annualize: Annualize): Record<string, string | null> {
  const expansion = expansionOf(row);
  const contraction = contractionOf(row);
  const growth = (top: bigint) => annualized(over(top, row.base), row.period, annualize, "GROWTH");
  const kept = (top: bigint | null) => annualized(over(top, row.base), row.period, annualize, "KEPT");
  const lost = row.lostAccounts === null ? null : BigInt(row.lostAccounts);
  const opened = row.openingAccounts === null ? null : BigInt(row.openingAccounts);
  const netNew = row.closing === null || row.opening === null ? null : row.closing - row.opening;
  return {
    grossExpansionRate: growth(expansion),
    netExpansionRate: growth(expansion - contraction),
    newLogoGrowthRate: growth(row.new),
    nrr: kept(row.cohortClosing),
    grr: kept(row.cohortRetained),
    logoChurnRate: annualized(over(lost, opened), row.period, annualize, "LOST"),
    quickRatio: text(over(row.new + row.reactivation + expansion, contraction + row.churned)),
    expansionShareOfGrossNew: text(over(expansion, row.new + expansion)),
    expansionShareOfNetNew: text(over(expansion, netNew)),
    expansionToNewRatio: text(over(expansion, row.new)),
  };
}

/** The driver with the largest expansion, the earlier one of equals; null when nothing expanded. */
export function topDriverOf(row: ModelRow): Driver | null {
  let top: Driver | null = null;
  for (const driver of driverOrder) if (row.expansion[driver] > (top ? row.expansion[top] : 0n)) top = driver;
  return top;
}

/** How many such windows make a year. */
function windowsPerYear({ from, until }: Span): Fraction {
  const start = partsOf(from);
  const end = partsOf(until);
  if (start.dayOfMonth === 1 && end.dayOfMonth === 1) {
    return Fraction.of(12).over(Fraction.of((end.year - start.year) * 12 + end.month - start.month));
  }
  return Fraction.of(365).over(Fraction.of(until - from));
}

type Sense = "GROWTH" | "KEPT" | "LOST";

function annualized(ratio: Fraction | null, window: Span, how: Annualize, sense: Sense): string | null {
  if (ratio === null) return null;
  const n = windowsPerYear(window);
  const one = Fraction.one;
  if (how === "NONE") return ratio.toDecimals(6);
  if (how === "SIMPLE") {
    return (sense === "KEPT" ? one.plus(n.times(ratio.minus(one))) : ratio.times(n)).toDecimals(6);
  }
  // What is left, or grown to, after one window: that to the power of n is a year's.
  const factor = sense === "KEPT" ? ratio : sense === "LOST" ? one.minus(ratio) : one.plus(ratio);
  if (factor.isBelow(Fraction.zero)) return null;
  const year = millionths(factor, n);
  const million = 1_000_000n;
  const shown = sense === "KEPT" ? year : sense === "LOST" ? million - year : year - million;
  return new Fraction(shown, million).toDecimals(6);
}

/**
 * factor^n in millionths, half-even, found by halving an interval: the power p/q of a fraction lies above x exactly where the fraction's
 * p-th power lies above the q-th power of x.
 */
function millionths(factor: Fraction, n: Fraction): bigint {
  const divisor = commonDivisor(n.top, n.bottom);
  const p = n.top / divisor;
  const q = n.bottom / divisor;
  const top = factor.top ** p;
  const bottom = factor.bottom ** p;
  /** Whether factor^n is at least `halves` half-millionths, and whether it is exactly that. */
  const compare = (halves: bigint) => {
    const left = top * 2_000_000n ** q;
    const right = bottom * halves ** q;
    return left === right ? "EQUAL" : left > right ? "ABOVE" : "BELOW";
  };
  let low = 0n;
  let high = 1n;
  while (compare(high) === "ABOVE") high *= 2n;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (compare(middle) === "BELOW") high = middle - 1n;
    else low = middle;
  }
  // low half-millionths are reached, low + 1 are not.
  const whole = low / 2n;
  if (low % 2n === 0n) return whole;
  if (compare(low) === "EQUAL") return whole % 2n === 0n ? whole : whole + 1n;
  return whole + 1n;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}
