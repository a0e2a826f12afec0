// What the model is told: plans, contract lines, accounts and ready-made movements, as a source states them. Ids are the source's.

import type { BillingInterval, LineKind } from "@accrete/db/contracts/terms.ts";
import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import type { Day } from "./calendar.ts";

export type PlanFact = {
  readonly planId: string;
  readonly productId: string;
  readonly family: string;
  readonly rank: number | null;
};

/** One version of a line: in force on every day from `from` up to, not including, `until` (null = open). */
export type LineFact = {
  readonly lineId: string;
  readonly accountId: string;
  readonly plan: PlanFact;
  readonly kind: LineKind;
  readonly isAddOn: boolean;
  readonly from: Day;
  readonly until: Day | null;
  /** Decimal text. */
  readonly quantity: string;
  /** Decimal text, major units per billing period. */
  readonly unitPrice: string;
  /** Decimal text of percent; null when the discount is an amount or there is none. */
  readonly discountPercent: string | null;
  /** Decimal text, major units per billing period; null when the discount is a percent or there is none. */
  readonly discountAmount: string | null;
  readonly interval: BillingInterval;
  readonly currency: string;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly bookedOn: Day | null;
};

/** What is said of an account from a day on, until the next fact of the same account. */
export type AccountFact = {
  readonly accountId: string;
  readonly from: Day;
  readonly name: string;
  readonly parentId: string | null;
  readonly channel: string | null;
  readonly region: string | null;
  readonly industry: string | null;
  readonly owner: string | null;
  readonly attributes: Readonly<Record<string, string>>;
};

/** A movement that the source states itself. */
export type ReadyMovement = {
  readonly movementId: string;
  readonly accountId: string;
  readonly on: Day;
  readonly type: MovementType;
  readonly driver: Driver | null;
  /** Minor units, signed. */
  readonly amount: bigint;
  readonly currency: string;
  readonly plan: PlanFact | null;
  readonly kind: LineKind | null;
  readonly isAddOn: boolean;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly bookedOn: Day | null;
};

/** One entry of the model's ledger. */
export type ModelMovement = {
  readonly accountId: string;
  readonly on: Day;
  readonly type: MovementType;
  readonly driver: Driver | null;
  /** Minor units, signed. */
  readonly amount: bigint;
  readonly currency: string;
  readonly lineId: string | null;
  readonly productId: string | null;
  readonly planId: string | null;
  readonly kind: LineKind | null;
  readonly isAddOn: boolean;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly bookedOn: Day | null;
  /** Parts of one divided change have the same text here. */
  readonly change: string;
};

/** ARR carried from one plan to another without a change of ARR. */
export type ModelTransfer = {
  readonly accountId: string;
  readonly on: Day;
  /** Minor units, positive. */
  readonly amount: bigint;
  readonly currency: string;
  readonly fromProductId: string;
  readonly fromPlanId: string;
  readonly toProductId: string;
  readonly toPlanId: string;
};

/** A driver's part of one line's change, before it is a movement. */
export type Part = { readonly line: LineFact; readonly driver: Driver; readonly amount: bigint };

/** Decimals of the currencies that the model's histories use. */
export const decimalsOf: Readonly<Record<string, number>> = { USD: 2, EUR: 2, JPY: 0, KWD: 3 };

/** Plain code-unit order: the same on every machine and in every collation. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
