// A unit: the accounts that count as one under a policy, and what its ledger says.

import type { LineKind } from "../contracts/terms.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { Driver, MovementType } from "./types.ts";

/** An account's days in a unit. */
export type Membership = {
  readonly unitId: string;
  readonly fromOn: PlainDate;
  /** The first day on which it is no longer in it; null = open. */
  readonly untilOn: PlainDate | null;
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
  /**
   * Signed. The sign fits the type, except where usage is left out and ready-made movements of one day that rise and fall are a NEW or a
   * CHURN together.
   */
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
