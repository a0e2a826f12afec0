// Two reports of one window side by side: every money column of their totals, and what it changed by.

import type { MetricsRow } from "./answer.ts";
import { contractionMinor, expansionMinor } from "./formulas.ts";

/** In the order of the identity; each as MetricsRow has it. */
const columns: readonly (readonly [string, (row: MetricsRow) => bigint | null])[] = [
  ["openingArr", ({ money }) => money.openingMinor],
  ["newArr", ({ money }) => money.newMinor],
  ["reactivationArr", ({ money }) => money.reactivationMinor],
  ["expansionArr", expansionMinor],
  ["priceUpliftArr", ({ money }) => money.priceUpliftMinor],
  ["discountChangeArr", ({ money }) => money.discountChangeMinor],
  ["contractionArr", contractionMinor],
  ["churnedArr", ({ money }) => money.churnedMinor],
  ["fxArr", ({ money }) => money.fxMinor],
  ["transferInArr", ({ money }) => money.transferInMinor],
  ["transferOutArr", ({ money }) => money.transferOutMinor],
  ["closingArr", ({ money }) => money.closingMinor],
];

/** Minor units of the reporting currency. */
export type ReportDifference = {
  readonly metric: string;
  readonly beforeMinor: bigint;
  readonly afterMinor: bigint;
};

/** Every money column of two totals; those of no balance are 0 in both. */
export function differencesOf(before: MetricsRow, after: MetricsRow): readonly ReportDifference[] {
  return columns.map(([metric, amountOf]) => ({
    metric,
    beforeMinor: amountOf(before) ?? 0n,
    afterMinor: amountOf(after) ?? 0n,
  }));
}
