// What a change is called: the type from the account's balance before and after the day, the driver of a line that started or ended.

import type { LineVersion } from "../contracts/version.ts";
import type { Holding } from "./held.ts";
import type { Driver, MovementType } from "./types.ts";

/** The type of every movement of a day on which the ARR of the account, or of the group that counts as one, leaves 0 or falls to 0. */
export type UnitDayType = "NEW" | "REACTIVATION" | "CHURN";

/** Rule 1: that type; null on every other day. */
export function typeOfUnitDay(account: {
  readonly hadArrBefore: boolean;
  readonly hasArrAfter: boolean;
  /** On any day before this one. */
  readonly everHadArr: boolean;
}): UnitDayType | null {
  if (account.hadArrBefore === account.hasArrAfter) return null;
  if (account.hadArrBefore) return "CHURN";
  return account.everHadArr ? "REACTIVATION" : "NEW";
}

/** The type of a change in an account that has ARR before and after the day. */
export function typeOfChange(amountMinor: bigint): MovementType {
  return amountMinor > 0n ? "EXPANSION" : "CONTRACTION";
}

/** Rule 4: the driver of a line that stays unpaired, given what is held on the side on which it is not in force. */
export function driverOfUnpaired(line: LineVersion, held: Holding): Driver {
  if (line.kind === "COMMITMENT") return "USAGE_COMMITMENT";
  if (line.kind === "METERED") return "USAGE";
  if (line.isAddOn && held.holdsFamilyOf(line)) return "ADD_ON";
  if (held.holdsPlanOf(line)) return "SEAT";
  return held.holdsFamilyOf(line) ? "ADD_ON" : "CROSS_SELL";
}

/** The same for a ready-made movement whose source gave no driver: it tells of no line, so it is never seats, nor usage. */
export function driverOfReadyMade(
  movement: { readonly productId: string | null; readonly isAddOn: boolean },
  held: Holding,
): Driver {
  if (movement.productId === null) return "OTHER";
  return held.holdsFamily({ productId: movement.productId, isAddOn: movement.isAddOn }) ? "ADD_ON" : "CROSS_SELL";
}
