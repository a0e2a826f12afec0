// The words of the ledger: movement types, drivers in their fixed order, and the shape of one entry.

import type { LineKind } from "../contracts/terms.ts";
import type { PlainDate } from "../kernel/dates.ts";

export const movementTypes = ["NEW", "REACTIVATION", "EXPANSION", "CONTRACTION", "CHURN"] as const;
export type MovementType = (typeof movementTypes)[number];

/** In this order ties are broken and a day's movements are sorted. */
export const drivers = [
  "SEAT",
  "TIER",
  "ADD_ON",
  "CROSS_SELL",
  "USAGE_COMMITMENT",
  "USAGE",
  "PRICE",
  "DISCOUNT",
  "OTHER",
] as const;
export type Driver = (typeof drivers)[number];

/** The rule of the derivation that made a movement; SOURCE for a ready-made one as stated, MERGED for one that a merge has booked. */
export const movementRules = [
  "FIRST_ARR",
  "ARR_AGAIN",
  "ARR_ENDED",
  "COMMITMENT_CHANGED",
  "METERED_CHANGED",
  "QUANTITY_CHANGED",
  "PLAN_CHANGED",
  "LIST_PRICE_CHANGED",
  "DISCOUNT_CHANGED",
  "GROUP_CHANGED",
  "LINE_STARTED",
  "LINE_ENDED",
  "SOURCE",
  "MERGED",
] as const;
export type MovementRule = (typeof movementRules)[number];

/** What an entry says: one dated, signed change of one line's ARR. */
export type MovementContent = {
  readonly accountId: string;
  readonly effectiveOn: PlainDate;
  readonly type: MovementType;
  /** Set for EXPANSION and CONTRACTION, null for every other type. */
  readonly driver: Driver | null;
  /** Signed: the sign fits the type. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly lineId: string | null;
  readonly productId: string | null;
  readonly planId: string | null;
  readonly kind: LineKind | null;
  readonly isAddOn: boolean;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly bookedOn: PlainDate | null;
};

/** A derived entry with its reason, before it has an id and a place in the ledger. */
export type MovementDraft = MovementContent & {
  readonly rule: MovementRule;
  /** The line's own version before and after; null where the line did not exist on that side. */
  readonly versionBeforeId: string | null;
  readonly versionAfterId: string | null;
  /** The whole pair's versions, where lines were paired as a group. */
  readonly pairBeforeIds: readonly string[];
  readonly pairAfterIds: readonly string[];
  /** Parts of one divided change share this key within their account, day, type and driver. */
  readonly changeKey: string;
};

/** An entry that stands in the ledger: no reversal, and not reversed. */
export type StoredMovement = MovementContent & {
  readonly id: string;
  /** Parts of one divided change share it. */
  readonly changeId: string;
};

/** ARR carried from one line or plan to another without any change of ARR: what it was worth before went along. */
export type TransferDraft = {
  readonly accountId: string;
  readonly effectiveOn: PlainDate;
  /** Positive. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly fromLineId: string;
  readonly toLineId: string;
  readonly fromProductId: string;
  readonly fromPlanId: string;
  readonly toProductId: string;
  readonly toPlanId: string;
};

/** A transfer that stands in the ledger: no reversal, and not reversed. Lines are null in rows from before they were kept. */
export type StoredTransfer = Omit<TransferDraft, "fromLineId" | "toLineId"> & {
  readonly id: string;
  readonly fromLineId: string | null;
  readonly toLineId: string | null;
};
