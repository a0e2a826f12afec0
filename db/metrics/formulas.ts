// Every derived sum and every ratio of the metrics, once, from exact integers. SQL sums; it never computes a ratio.
// Money is in minor units; a ratio is a decimal string of six decimals, half-even, and null where it would divide by zero.

import { divideHalfEven, type Rational, rational, toFixed } from "../kernel/rational.ts";
import { type Driver, drivers } from "../movements/types.ts";
import { type Annualization, annualizeGrowth, annualizeLoss, annualizeRetention, ratioDecimals } from "./annualize.ts";
import type { DriverSums, MetricsRow } from "./answer.ts";
import { periodsPerYear } from "./periods.ts";

/** ARR ÷ 12, half-even, from the summed ARR: a view, so rows may differ from their total by one minor unit. */
export function mrrMinor(arrMinor: bigint): bigint {
  return divideHalfEven(arrMinor, 12n);
}

/** Gross expansion: every driver's, and what came back where the policy counts that as expansion. */
export function expansionMinor({ money }: MetricsRow): bigint {
  return sumOf(money.expansionMinor) + money.expansionMinor.reactivation;
}

/** Contraction over every driver, as a positive amount. */
export function contractionMinor({ money }: MetricsRow): bigint {
  return sumOf(money.contractionMinor);
}

/** Expansion − contraction; churn is not in it. */
export function netExpansionMinor(row: MetricsRow): bigint {
  return expansionMinor(row) - contractionMinor(row);
}

/**
 * Expansion + price uplift + discount change − contraction − churn: what became of the accounts that were there. One that came back was not,
 * so what of the expansion is reactivation is left out.
 */
export function netExistingChangeMinor(row: MetricsRow): bigint {
  const { priceUpliftMinor, discountChangeMinor, churnedMinor, expansionMinor: expansion } = row.money;
  return netExpansionMinor(row) - expansion.reactivation + priceUpliftMinor + discountChangeMinor - churnedMinor;
}

/** Closing − opening; null in rows of flow dimensions. */
export function netNewMinor({ money }: MetricsRow): bigint | null {
  return money.openingMinor === null || money.closingMinor === null ? null : money.closingMinor - money.openingMinor;
}

/** Expansion ÷ B. */
export function grossExpansionRate(row: MetricsRow, annualize: Annualization): string | null {
  return growth(row, expansionMinor(row), annualize);
}

/** (Expansion − contraction) ÷ B. */
export function netExpansionRate(row: MetricsRow, annualize: Annualization): string | null {
  return growth(row, netExpansionMinor(row), annualize);
}

/** New ÷ B: the growth that came from new logos. */
export function newLogoGrowthRate(row: MetricsRow, annualize: Annualization): string | null {
  return growth(row, row.money.newMinor, annualize);
}

/** Net revenue retention: Σ a(e) of the cohort ÷ B. Null in rows of flow dimensions. */
export function nrr(row: MetricsRow, annualize: Annualization): string | null {
  return retention(row, row.money.cohortClosingMinor, annualize);
}

/** Gross revenue retention: Σ min(a(e), a(s)) of the cohort ÷ B, never above 1. Null in rows of flow dimensions. */
export function grr(row: MetricsRow, annualize: Annualization): string | null {
  return retention(row, row.money.cohortRetainedMinor, annualize);
}

/** Opening accounts without ARR at the end ÷ opening accounts. Null in rows of flow dimensions. */
export function logoChurnRate({ counts, period }: MetricsRow, annualize: Annualization): string | null {
  if (counts.lostAccounts === null || counts.openingAccounts === null) return null;
  const rate = ratio(BigInt(counts.lostAccounts), BigInt(counts.openingAccounts));
  return rate && annualizeLoss(rate, periodsPerYear(period), annualize);
}

/** (New + reactivation + expansion) ÷ (contraction + churn). */
export function quickRatio(row: MetricsRow): string | null {
  const { newMinor, reactivationMinor, churnedMinor } = row.money;
  return fixed(newMinor + reactivationMinor + expansionMinor(row), contractionMinor(row) + churnedMinor);
}

/** Expansion ÷ (new + expansion). */
export function expansionShareOfGrossNew(row: MetricsRow): string | null {
  return fixed(expansionMinor(row), row.money.newMinor + expansionMinor(row));
}

/** Expansion ÷ net new. Null in rows of flow dimensions. */
export function expansionShareOfNetNew(row: MetricsRow): string | null {
  const netNew = netNewMinor(row);
  return netNew === null ? null : fixed(expansionMinor(row), netNew);
}

/** Expansion ÷ new. */
export function expansionToNewRatio(row: MetricsRow): string | null {
  return fixed(expansionMinor(row), row.money.newMinor);
}

/** The driver with the largest expansion, the first in their order where several are equal; null where there is none. */
export function topDriver({ money }: MetricsRow): Driver | null {
  let top: Driver | null = null;
  for (const driver of drivers) {
    if (money.expansionMinor[driver] > (top === null ? 0n : money.expansionMinor[top])) top = driver;
  }
  return top;
}

function sumOf(byDriver: DriverSums): bigint {
  return drivers.reduce((sum, driver) => sum + byDriver[driver], 0n);
}

function ratio(above: bigint, below: bigint): Rational | null {
  return below === 0n ? null : rational(above, below);
}

function fixed(above: bigint, below: bigint): string | null {
  const value = ratio(above, below);
  return value && toFixed(value, ratioDecimals);
}

function growth({ money, period }: MetricsRow, above: bigint, annualize: Annualization): string | null {
  const rate = ratio(above, money.baseMinor);
  return rate && annualizeGrowth(rate, periodsPerYear(period), annualize);
}

function retention({ money, period }: MetricsRow, above: bigint | null, annualize: Annualization): string | null {
  const left = above === null ? null : ratio(above, money.baseMinor);
  return left && annualizeRetention(left, periodsPerYear(period), annualize);
}
