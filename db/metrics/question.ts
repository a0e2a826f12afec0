// What can be asked of the metrics: the window and its grain, the dimensions, and the whole question.

import type { PlainDate, Window } from "../kernel/dates.ts";
import type { AsOf } from "../kernel/knowledge.ts";
import type { MovementFilter } from "../movements/condition.ts";
import type { AskedPolicy } from "../policies/policy.ts";

export const grains = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "WHOLE"] as const;
export type Grain = (typeof grains)[number];

/** They carry balances; their rows add up to the total in every money column. */
export const balanceDimensions = [
  "SEGMENT",
  "PRODUCT",
  "PLAN",
  "CHANNEL",
  "REGION",
  "INDUSTRY",
  "OWNER",
  "COHORT",
  "ACCOUNT",
  "PARENT",
  "CURRENCY",
] as const;
export type BalanceDimension = (typeof balanceDimensions)[number];

/** They are of movements: rows have flows and no balances. */
export const flowDimensions = ["DRIVER", "MOTION", "CAMPAIGN"] as const;
export type FlowDimension = (typeof flowDimensions)[number];

export const dimensions = [...balanceDimensions, ...flowDimensions] as const;
export type Dimension = (typeof dimensions)[number];

/** Fiscal quarters and years, by the workspace's start month. */
export const cohortGrains = ["MONTH", "QUARTER", "YEAR"] as const;
export type CohortGrain = (typeof cohortGrains)[number];

export type MetricsQuestion = {
  readonly window: Window;
  readonly grain: Grain;
  /** Several at once; each at most once. */
  readonly groupBy: readonly Dimension[];
  /** Names of the workspace's own account attributes, beside `groupBy`. */
  readonly groupByAttributes: readonly string[];
  /** How first ARR is gathered, where COHORT is grouped by. */
  readonly cohortGrain: CohortGrain;
  /** Without `effectiveFromOn` and `effectiveUntilOn`. */
  readonly filter: MovementFilter;
  /** The keys that the question sets itself, over a preset or saved policy that it names; the rest comes from the workspace's default. */
  readonly policy: AskedPolicy;
  /** Whose knowledge answers, of everything that can change an answer; the newest unless told. */
  readonly asOf?: AsOf | null;
  /** The day on which a LIVE hierarchy is read where no instant says another: today, in UTC. */
  readonly todayOn: PlainDate;
};
