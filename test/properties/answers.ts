// The model's rows in the words of the product's answer.

import type { Period, RowCounts, RowMoney } from "@accrete/db/metrics/answer.ts";
import { textOf } from "../model/calendar.ts";
import type { ModelPeriod } from "../model/question.ts";
import type { ModelRow } from "../model/rows.ts";

export function periodOf({ from, until, label, partial }: ModelPeriod): Period {
  return { fromOn: textOf(from), untilOn: textOf(until), label, partial };
}

/** A row's sums and counts. With one currency and the policies of this step, nothing is uplift, discount change or fx. */
export function moneyOf(row: ModelRow): { readonly money: RowMoney; readonly counts: RowCounts } {
  return {
    money: {
      openingMinor: row.opening,
      closingMinor: row.closing,
      newMinor: row.new,
      reactivationMinor: row.reactivation,
      expansionMinor: row.expansion,
      contractionMinor: row.contraction,
      churnedMinor: row.churned,
      priceUpliftMinor: 0n,
      discountChangeMinor: 0n,
      fxMinor: row.opening === null ? null : 0n,
      transferInMinor: row.transferIn,
      transferOutMinor: row.transferOut,
      cumulativeExpansionMinor: row.cumulativeExpansion,
      baseMinor: row.base,
      cohortClosingMinor: row.cohortClosing,
      cohortRetainedMinor: row.cohortRetained,
    },
    counts: {
      openingAccounts: row.openingAccounts,
      newAccounts: row.newAccounts,
      reactivatedAccounts: row.reactivatedAccounts,
      expandingAccounts: row.expandingAccounts,
      contractingAccounts: row.contractingAccounts,
      churnedAccounts: row.churnedAccounts,
      closingAccounts: row.closingAccounts,
      lostAccounts: row.lostAccounts,
      movementCount: row.movementCount,
    },
  };
}
