// The answer of a metrics question: exact sums and counts per period and group. Ratios and derived sums are formulas.ts' work.

import type { PlainDate, Window } from "../kernel/dates.ts";
import type { Driver } from "../movements/types.ts";
import type { Policy } from "../policies/policy.ts";
import type { ReadPath } from "./paths.ts";
import type { Grain } from "./question.ts";

/** One period of the grain, clipped to the window. */
export type Period = Window & {
  /** The whole grain period's name: "2025-10-03", "2025-W41", "2025-10", "2025-Q4", "2025", or "2025-10-01/2026-01-01" for WHOLE. */
  readonly label: string;
  /** Whether the window cut the period short. */
  readonly partial: boolean;
};

/** One field per dimension: null unless grouped by it, and for the group without a value. Ids are uuids, not public ids. */
export type GroupKey = {
  readonly segment: string | null;
  /** The external id. */
  readonly product: string | null;
  readonly productId: string | null;
  readonly plan: string | null;
  readonly planId: string | null;
  readonly channel: string | null;
  readonly region: string | null;
  readonly industry: string | null;
  readonly owner: string | null;
  /** The label of the cohort's month, quarter or year. */
  readonly cohort: string | null;
  readonly cohortWindow: Window | null;
  /** The external id. */
  readonly account: string | null;
  readonly accountId: string | null;
  readonly accountName: string | null;
  /** The external id. */
  readonly parent: string | null;
  readonly parentId: string | null;
  readonly currency: string | null;
  readonly driver: Driver | null;
  readonly motion: string | null;
  readonly campaign: string | null;
  /** In the order of `groupByAttributes`. */
  readonly attributes: readonly { readonly name: string; readonly value: string | null }[];
};

/** A flow by driver, in minor units; never negative. */
export type DriverSums = Readonly<Record<Driver, bigint>>;

/** An expansion by driver, and what came back, where the policy counts that as expansion: the parts sum to it. */
export type ExpansionSums = DriverSums & { readonly reactivation: bigint };

/** Minor units of the reporting currency. Flows are positive as the metric is; what is null is null in rows of flow dimensions. */
export type RowMoney = {
  readonly openingMinor: bigint | null;
  readonly closingMinor: bigint | null;
  readonly newMinor: bigint;
  readonly reactivationMinor: bigint;
  readonly expansionMinor: ExpansionSums;
  readonly contractionMinor: DriverSums;
  readonly churnedMinor: bigint;
  /** Signed: rises and cuts of prices; 0 where the policy counts them as expansion and contraction. */
  readonly priceUpliftMinor: bigint;
  /** Signed: discounts that ended or began; 0 where the policy counts them as expansion and contraction. */
  readonly discountChangeMinor: bigint;
  /** Signed: what exchange rates alone changed; 0 at constant rates. */
  readonly fxMinor: bigint | null;
  readonly transferInMinor: bigint | null;
  readonly transferOutMinor: bigint | null;
  /** Null also in rows of line values and under line or flow conditions. */
  readonly cumulativeExpansionMinor: bigint | null;
  /** B, what rates divide by: the opening ARR of the row's balance dimensions, in rows of flow dimensions too. */
  readonly baseMinor: bigint;
  /** Σ a(e) of the cohort: what nrr has above its line. */
  readonly cohortClosingMinor: bigint | null;
  /** Σ min(a(e), a(s)) of the cohort: what grr has above its line. */
  readonly cohortRetainedMinor: bigint | null;
};

/** Counts of accounts, and of movements; what is null is null in rows of flow dimensions. */
export type RowCounts = {
  readonly openingAccounts: number | null;
  readonly newAccounts: number;
  readonly reactivatedAccounts: number;
  readonly expandingAccounts: number;
  readonly contractingAccounts: number;
  readonly churnedAccounts: number;
  readonly closingAccounts: number | null;
  /** Of the opening accounts, those without ARR at the end: what logoChurnRate has above its line. */
  readonly lostAccounts: number | null;
  readonly movementCount: number;
};

export type MetricsRow = {
  readonly period: Period;
  readonly group: GroupKey;
  readonly money: RowMoney;
  readonly counts: RowCounts;
  /** Closing − (opening + every flow, whatever the filter says of flows + fx + transfers): 0 unless the books are broken. Null as balances are. */
  readonly residualMinor: bigint | null;
};

export type ExpansionMetricsAnswer = {
  /** By period, then by group: segments from the highest band down, drivers in their order, everything else by text, null last. */
  readonly rows: readonly MetricsRow[];
  /** The window as one period, over all groups. */
  readonly total: MetricsRow;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly window: Window;
  readonly grain: Grain;
  /** The reporting currency of every amount. */
  readonly currency: string;
  readonly ledgerVersion: bigint;
  /** The day whose parent links are those of a LIVE hierarchy. */
  readonly hierarchyOn: PlainDate;
  /** What the identity leaves over, summed without sign over rows and total; 0 unless the books are broken. */
  readonly residualMinor: bigint;
  readonly path: ReadPath;
};
