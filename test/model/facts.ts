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
  /** What usage periods say that it is worth in a year, minor units; left out, its own terms say so. */
  readonly usageArr?: bigint;
};

/** What was billed beyond the commitment for a METERED line in one billing period, decimal text in major units. */
export type UsageFact = { readonly lineId: string; readonly from: Day; readonly until: Day; readonly amount: string };

/** An account that is another one: its facts count for the survivor. */
export type MergeFact = { readonly from: string; readonly into: string };

/** Decimal text: so many units of the reporting currency for one of this currency. */
export type RateFact = { readonly currency: string; readonly rate: string };
export type DatedRateFact = RateFact & { readonly from: Day };

/** Null where the workspace has chosen no rate set. */
export type RateFacts = {
  readonly constant: readonly RateFact[] | null;
  readonly dated: readonly DatedRateFact[] | null;
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

/** What can hold a balance: a contract line in one currency, or what a source's own movements name alike. */
export type Tuple = { readonly productId: string | null; readonly planId: string | null; readonly currency: string };

/** One entry of the model's ledger. */
export type ModelMovement = Tuple & {
  /** What the ARR is of: the account itself, or the top of its group. */
  readonly unitId: string;
  /** The account whose line or ready-made movement it is. */
  readonly accountId: string;
  readonly on: Day;
  readonly type: MovementType;
  readonly driver: Driver | null;
  /** Minor units, signed. */
  readonly amount: bigint;
  readonly lineId: string | null;
  /** The line's id, or the ready-made movement's. */
  readonly sourceId: string;
  /** Whose balance it changes: see `lineKey` and `readyKey`. */
  readonly key: string;
  readonly kind: LineKind | null;
  readonly isAddOn: boolean;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly bookedOn: Day | null;
  /** Parts of one divided change have the same text here. */
  readonly change: string;
};

/** ARR carried from one line to another, or from one plan to another, without a change of ARR. */
export type ModelTransfer = {
  readonly unitId: string;
  readonly on: Day;
  /** Minor units, positive. */
  readonly amount: bigint;
  readonly currency: string;
  readonly fromLineId: string;
  readonly toLineId: string;
  readonly fromProductId: string;
  readonly fromPlanId: string;
  readonly toProductId: string;
  readonly toPlanId: string;
};

/** A balance that went from one unit to another, because its account did. */
export type UnitMove = Tuple & {
  readonly on: Day;
  readonly fromUnit: string;
  readonly toUnit: string;
  readonly key: string;
  /** Minor units. */
  readonly amount: bigint;
};

export function lineKey({ lineId, currency }: { readonly lineId: string; readonly currency: string }): string {
  return JSON.stringify(["line", lineId, currency]);
}

/** Ready-made movements have no line: what they name alike, in one account, is one balance. Without a kind it is recurring. */
export function readyKey({ accountId, plan, kind, isAddOn, currency }: ReadyMovement): string {
  const named = [plan?.productId ?? null, plan?.planId ?? null, kind ?? "RECURRING", isAddOn, currency];
  return JSON.stringify(["ready", accountId, ...named]);
}

/** A driver's part of one line's change, before it is a movement. */
export type Part = { readonly line: LineFact; readonly driver: Driver; readonly amount: bigint };

/** Decimals of the currencies that the model's histories use. */
export const decimalsOf: Readonly<Record<string, number>> = { USD: 2, EUR: 2, JPY: 0, KWD: 3 };

/** Plain code-unit order: the same on every machine and in every collation. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
