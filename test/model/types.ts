// What a movement is called under a policy: who once had ARR, how long ago that was, and what a return counts as.

import type { MovementType } from "@accrete/db/movements/types.ts";
import { type Books, broughtOn, hasArrOn, ledgerDaysOf } from "./books.ts";
import type { Day } from "./calendar.ts";
import { sumOf } from "./fraction.ts";
import type { ModelPolicy } from "./question.ts";

export type TypeUnder = {
  readonly type: MovementType;
  /** A return that counts as expansion: it has no driver. */
  readonly isReturn: boolean;
};

/** The type of a movement, or of a net change, of a unit that had none just before and rose on a day. */
export function typeOfReturn(books: Books, unitId: string, on: Day, policy: ModelPolicy): TypeUnder {
  const { reactivation, reactivationWindowDays } = policy;
  const isLate = reactivationWindowDays !== null && gapBefore(books, unitId, on) > reactivationWindowDays;
  if (reactivation === "NEW" || isLate) return { type: "NEW", isReturn: false };
  if (reactivation === "EXPANSION") return { type: "EXPANSION", isReturn: true };
  return { type: "REACTIVATION", isReturn: false };
}

/** Days from the day on which the unit's ARR last fell to 0 to this one. */
export function gapBefore(books: Books, unitId: string, on: Day): number {
  let fell = on;
  let had = false;
  for (const day of ledgerDaysOf(books, unitId).filter((one) => one < on)) {
    const wasBrought = sumOf(broughtOn(books, unitId, day).map(({ amount }) => amount)) > 0n;
    const has = hasArrOn(books, unitId, day);
    if ((had || wasBrought) && !has) fell = day;
    had = has;
  }
  return on - fell;
}

/** The first day of a span on which the unit has ARR. */
export function firstRise(books: Books, unitId: string, from: Day, until: Day): Day {
  const days = ledgerDaysOf(books, unitId).filter((day) => from <= day && day < until);
  return days.find((day) => hasArrOn(books, unitId, day)) ?? from;
}
