// The row of a group in which nothing is and nothing happened: what an account without ARR answers.

import { drivers } from "../movements/types.ts";
import type { DriverSums, MetricsRow, Period } from "./answer.ts";
import { emptyGroup } from "./groups.ts";

/** Every amount and count 0, and of no group. */
export function emptyRow(period: Period): MetricsRow {
  const none = Object.fromEntries(drivers.map((driver) => [driver, 0n])) as DriverSums;
  return {
    period,
    group: emptyGroup,
    money: {
      openingMinor: 0n,
      closingMinor: 0n,
      newMinor: 0n,
      reactivationMinor: 0n,
      expansionMinor: { ...none, reactivation: 0n },
      contractionMinor: none,
      churnedMinor: 0n,
      priceUpliftMinor: 0n,
      discountChangeMinor: 0n,
      fxMinor: 0n,
      transferInMinor: 0n,
      transferOutMinor: 0n,
      cumulativeExpansionMinor: 0n,
      baseMinor: 0n,
      cohortClosingMinor: 0n,
      cohortRetainedMinor: 0n,
    },
    counts: {
      openingAccounts: 0,
      newAccounts: 0,
      reactivatedAccounts: 0,
      expandingAccounts: 0,
      contractingAccounts: 0,
      churnedAccounts: 0,
      closingAccounts: 0,
      lostAccounts: 0,
      movementCount: 0,
    },
    residualMinor: 0n,
  };
}
