// What a question makes the ledger read: its keys, and which of lines, account values and bands it needs. Settled once, before any SQL.

import type { PlainDate, Window } from "../kernel/dates.ts";
import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import type { MovementFilter } from "../movements/condition.ts";
import { choosesFlows, choosesLines, type FilterContext } from "../movements/filter.ts";
import type { PolicyLedger } from "../movements/policy-ledger.ts";
import type { Driver } from "../movements/types.ts";
import type { Policy } from "../policies/policy.ts";
import type { RateReading } from "../rates/convert.ts";
import type { WorkspaceSettings } from "../workspaces/store.ts";
import { type Key, keysOf } from "./keys.ts";
import type { MetricsQuestion } from "./question.ts";

/** How long an account's changes are netted: not at all, per day, per calendar month, or (SNAPSHOT) over the whole period. */
export type Interval = "NONE" | "DAY" | "MONTH" | "PERIOD";

/** What an account that comes back counts as, after a gap of at most so many days (null: any); after a longer one it is NEW. */
export type Returning = {
  readonly as: "REACTIVATION" | "NEW" | "EXPANSION";
  readonly windowDays: number | null;
};

export type Reading = {
  readonly sql: FragmentMaker;
  readonly context: FilterContext;
  readonly window: Window;
  readonly filter: MovementFilter;
  readonly settings: WorkspaceSettings;
  readonly cohortGrain: MetricsQuestion["cohortGrain"];
  readonly segmentAt: Policy["segmentAt"];
  readonly interval: Interval;
  /** Drivers whose changes stand on a line of their own, outside expansion and contraction. */
  readonly separated: readonly Driver[];
  /** What the policy's level and usage derive anew; null where the stored ledger is the policy's. */
  readonly policyLedger: PolicyLedger | null;
  /** Accounts go from unit to unit: ARR is carried from one unit's balance to another's. */
  readonly unitsMove: boolean;
  /** The currencies whose amounts are converted; empty where nothing is. */
  readonly foreign: readonly string[];
  readonly rates: RateReading;
  /** The policy reads amounts at the rates of their days. */
  readonly ratesChange: boolean;
  /** Amounts are converted at changing rates: balances are valued anew. */
  readonly revalues: boolean;
  readonly returning: Returning;
  /** Every key, in the order in which rows are sorted. */
  readonly order: readonly Key[];
  /** The keys of balances and flows alike. */
  readonly keys: readonly Key[];
  /** The keys that only flows have. */
  readonly flowKeys: readonly Key[];
  /** Products, plans or currencies are grouped by or chosen: balances are kept per line value. */
  readonly hasLines: boolean;
  /** Account versions or parents are grouped by or chosen. */
  readonly hasVersions: boolean;
  readonly hasParents: boolean;
  readonly hasSegments: boolean;
};

/** One answer of the statement: a row of periods, and the keys that its rows have. */
export type Level = {
  /** The first days of the periods, and the day after the last one. */
  readonly bounds: readonly PlainDate[];
  readonly keys: readonly Key[];
  readonly flowKeys: readonly Key[];
};

/** What a question comes down to, besides itself. */
export type Asked = {
  readonly policy: Policy;
  readonly settings: WorkspaceSettings;
  readonly context: FilterContext;
  readonly policyLedger: PolicyLedger | null;
};

export function readingOf(
  sql: FragmentMaker,
  question: MetricsQuestion,
  { policy, settings, context, policyLedger }: Asked,
): Reading {
  const { filter } = question;
  const order = keysOf(question.groupBy, question.groupByAttributes);
  const keys = order.filter(({ source }) => source !== "FLOW");
  return {
    sql,
    context,
    window: question.window,
    filter,
    settings,
    cohortGrain: question.cohortGrain,
    segmentAt: policy.segmentAt,
    interval: policy.method === "SNAPSHOT" ? "PERIOD" : policy.netting,
    separated: separatedDrivers(policy),
    returning: returningOf(policy),
    policyLedger,
    unitsMove: policyLedger?.transfers.some(({ fromUnitId, toUnitId }) => fromUnitId !== toUnitId) ?? false,
    foreign: [],
    rates: {
      workspaceId: context.workspaceId,
      ledgerVersion: context.ledgerVersion,
      rateSetId: policy.currency === "CONSTANT" ? settings.constantRateSetId : settings.reportedRateSetId,
      reportingCurrency: settings.reportingCurrency,
    },
    ratesChange: policy.currency === "REPORTED",
    revalues: false,
    order,
    keys,
    flowKeys: order.filter(({ source }) => source === "FLOW"),
    ...needsOf(filter, keys),
  };
}

function separatedDrivers({ priceIncrease, discountChange }: Policy): readonly Driver[] {
  return [
    ...(priceIncrease === "SEPARATE" ? (["PRICE"] as const) : []),
    ...(discountChange === "SEPARATE" ? (["DISCOUNT"] as const) : []),
  ];
}

function returningOf({ reactivation, reactivationWindowDays }: Policy): Returning {
  // NEW is NEW however short the gap was.
  if (reactivation === "NEW") return { as: "NEW", windowDays: null };
  return { as: reactivation === "SEPARATE" ? "REACTIVATION" : "EXPANSION", windowDays: reactivationWindowDays };
}

/** The same reading with only what one level needs: the total of a grouping by segments has no use for bands. */
export function narrowed(reading: Reading, { keys }: Level): Reading {
  return { ...reading, ...needsOf(reading.filter, keys) };
}

function needsOf(
  filter: MovementFilter,
  keys: readonly Key[],
): Pick<Reading, "hasLines" | "hasVersions" | "hasParents" | "hasSegments"> {
  return {
    hasLines: choosesLines(filter) || lineKeys(keys).length > 0,
    hasVersions: choosesVersions(filter) || keys.some(isOfVersions),
    hasParents: Boolean(filter.parentIds) || keys.some(isParent),
    hasSegments: Boolean(filter.segment) || keys.some(({ source }) => source === "SEGMENT"),
  };
}

/** Whether accounts have values that change from day to day in this reading. */
export function hasValues(reading: Reading): boolean {
  return reading.hasVersions || reading.hasParents;
}

/** Whether a condition of the filter can let ARR in and out of the answer, so that even its total has transfers. */
export function hasBalanceConditions({ filter }: Reading): boolean {
  return choosesLines(filter) || choosesVersions(filter) || Boolean(filter.segment) || Boolean(filter.parentIds);
}

/** Whether rows of these keys say how far accounts are beyond their first ARR: an account's whole ARR is compared, or nothing. */
export function hasBeyondFirst({ filter }: Reading, keys: readonly Key[]): boolean {
  return lineKeys(keys).length === 0 && !choosesLines(filter) && !choosesFlows(filter);
}

/** The line columns that a list of keys holds. */
export function lineKeys(keys: readonly Key[]): readonly Key[] {
  return keys.filter(({ source }) => source === "LINE");
}

function choosesVersions(filter: MovementFilter): boolean {
  return [filter.channel, filter.region, filter.industry, filter.owner, filter.attributes].some(Boolean);
}

function isParent({ dimension }: Key): boolean {
  return dimension === "PARENT";
}

function isOfVersions(key: Key): boolean {
  return key.source === "VALUE" && !isParent(key);
}

/** `bounds[p]`, the first day of period p; `bounds[p + 1]` is the day after it. */
export function boundary({ sql }: Reading, level: Level, period: Fragment): Fragment {
  return sql`(${[...level.bounds]}::date[])[${period}]`;
}

/** The number of the period that holds a day; 0 before the window. */
export function periodOf({ sql }: Reading, level: Level, day: Fragment): Fragment {
  return sql`width_bucket(${day}, ${[...level.bounds]}::date[])`;
}
