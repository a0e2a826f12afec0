// Stories put together to rows: every sum and every count of a period, group by group, and none of them from another.

import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import { driverOrder } from "./day-list.ts";
import { sumOf } from "./fraction.ts";
import {
  countsFlow,
  type FlowWords,
  flowDimensions,
  type Group,
  groupOf,
  hasLineOrFlowCondition,
  letsIn,
  lineDimensions,
  type Place,
} from "./places.ts";
import type { ModelPeriod, ModelQuestion } from "./question.ts";
import type { Flow, Leg, Standing, Story } from "./story.ts";

export type ModelRow = {
  readonly period: ModelPeriod;
  readonly group: Group;
  readonly opening: bigint | null;
  readonly closing: bigint | null;
  readonly new: bigint;
  readonly reactivation: bigint;
  readonly expansion: Readonly<Record<Driver, bigint>>;
  readonly contraction: Readonly<Record<Driver, bigint>>;
  /** Returns that count as expansion: beside the drivers, and part of expansion. */
  readonly returned: bigint;
  readonly churned: bigint;
  readonly priceUplift: bigint;
  readonly discountChange: bigint;
  readonly fx: bigint | null;
  readonly transferIn: bigint | null;
  readonly transferOut: bigint | null;
  readonly cumulativeExpansion: bigint | null;
  readonly base: bigint;
  readonly cohortClosing: bigint | null;
  readonly cohortRetained: bigint | null;
  readonly openingAccounts: number | null;
  readonly newAccounts: number;
  readonly reactivatedAccounts: number;
  readonly expandingAccounts: number;
  readonly contractingAccounts: number;
  readonly churnedAccounts: number;
  readonly closingAccounts: number | null;
  readonly lostAccounts: number | null;
  readonly movementCount: number;
};

/** What rows are made of: the stories of all units in a period, and what went from one unit to another. */
export type Chapter = {
  readonly period: ModelPeriod;
  readonly stories: readonly Story[];
  readonly moves: readonly Leg[];
  /** A unit's first ARR ever, as cumulativeExpansionArr reads it. */
  firstArrOf(unitId: string): bigint;
};

/** Whether rows tell what accounts have beyond their first ARR: of whole accounts only. */
export function saysCumulative({ groupBy, filter }: ModelQuestion): boolean {
  const parted = [...lineDimensions, ...flowDimensions];
  return !groupBy.some((dimension) => parted.includes(dimension)) && !hasLineOrFlowCondition(filter);
}

/** Everything that falls into one group of balance dimensions, or into one of flow dimensions. */
export function rowOf(
  { period, stories, moves, firstArrOf }: Chapter,
  group: Group,
  question: ModelQuestion,
): ModelRow {
  const { filter, policy } = question;
  const isFlowRow = question.groupBy.some((dimension) => flowDimensions.includes(dimension));
  const isHere = (place: Place, words: FlowWords | null = null) =>
    letsIn(filter, place) && sameGroup(groupOf(place, words, question), group, question, words === null);
  const within = (standings: readonly Standing[]) =>
    sumOf(standings.filter(({ place }) => isHere(place)).map(({ amount }) => amount));

  const flows = stories.flatMap(({ flows: told }) =>
    told.filter((flow) => countsFlow(filter, flow) && isHere(flow.place, flow)),
  );
  const isApart = (driver: Driver | null) =>
    (driver === "PRICE" && policy.priceIncrease === "SEPARATE") ||
    (driver === "DISCOUNT" && policy.discountChange === "SEPARATE");
  const amountOf = (chosen: readonly Flow[]) => sumOf(chosen.map(({ amount }) => amount));
  const ofType = (type: MovementType) => flows.filter((flow) => flow.type === type && !isApart(flow.driver));
  const byDriver = (type: MovementType, sign: bigint) =>
    Object.fromEntries(
      driverOrder.map((driver) => [driver, sign * amountOf(ofType(type).filter((flow) => flow.driver === driver))]),
    ) as Record<Driver, bigint>;
  const apart = (driver: Driver) => (isApart(driver) ? amountOf(flows.filter((flow) => flow.driver === driver)) : 0n);
  const returns = flows.filter((flow) => flow.isReturn);
  const distinct = (chosen: readonly Flow[], mark: (flow: Flow) => string) => new Set(chosen.map(mark)).size;
  const accountDay = (flow: Flow) => JSON.stringify([flow.place.unitId, flow.on]);
  const account = (flow: Flow) => flow.place.unitId;

  const each = stories.map((story) => ({
    story,
    opening: within(story.opening),
    closing: within(story.closing),
    kept: within(story.kept),
    ...transfersOf(story, isHere, question),
  }));
  const moved = acrossLegs(moves, isHere);
  const cohort = each.filter(({ story }) => story.openingArr > 0n);
  const opened = cohort.filter(({ opening }) => opening > 0n);
  const onBalance = <T>(value: T) => (isFlowRow ? null : value);
  return {
    period,
    group,
    opening: onBalance(sumOf(each.map(({ opening }) => opening))),
    closing: onBalance(sumOf(each.map(({ closing }) => closing))),
    new: amountOf(ofType("NEW")),
    reactivation: amountOf(ofType("REACTIVATION")),
    expansion: byDriver("EXPANSION", 1n),
    contraction: byDriver("CONTRACTION", -1n),
    returned: amountOf(returns),
    churned: -amountOf(ofType("CHURN")),
    priceUplift: apart("PRICE"),
    discountChange: apart("DISCOUNT"),
    fx: onBalance(sumOf(stories.map((story) => within(story.fx)))),
    transferIn: onBalance(sumOf(each.map(({ into }) => into)) + moved.into),
    transferOut: onBalance(sumOf(each.map(({ outOf }) => outOf)) + moved.outOf),
    cumulativeExpansion: saysCumulative(question) ? sumOf(each.map((one) => beyondFirst(one, firstArrOf))) : null,
    base: sumOf(each.map(({ opening }) => opening)),
    cohortClosing: onBalance(sumOf(cohort.map(({ kept }) => kept))),
    cohortRetained: onBalance(sumOf(cohort.map(({ kept, opening }) => lesser(kept, opening)))),
    openingAccounts: onBalance(opened.length),
    newAccounts: distinct(ofType("NEW"), accountDay),
    reactivatedAccounts: distinct([...ofType("REACTIVATION"), ...returns], accountDay),
    expandingAccounts: distinct(ofType("EXPANSION"), account),
    contractingAccounts: distinct(ofType("CONTRACTION"), account),
    churnedAccounts: distinct(ofType("CHURN"), accountDay),
    closingAccounts: onBalance(each.filter(({ story, closing }) => story.closingArr > 0n && closing > 0n).length),
    lostAccounts: onBalance(opened.filter(({ story }) => story.closingArr === 0n && story.keptArr === 0n).length),
    movementCount: distinct(flows, (flow) => flow.change),
  };
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** A balance has no value in flow dimensions: it belongs to every one of their groups (as the base that rates divide by). */
function sameGroup(found: Group, group: Group, question: ModelQuestion, isBalance: boolean): boolean {
  return group.every((value, index) => {
    const dimension = question.groupBy[index];
    if (isBalance && dimension !== undefined && flowDimensions.includes(dimension)) return true;
    return found[index] === value;
  });
}

type IsHere = (place: Place, words?: FlowWords) => boolean;
type Crossed = { readonly into: bigint; readonly outOf: bigint };

/** What legs bring into a row from other rows (or from outside the filter), and what they take out of it. */
function acrossLegs(legs: readonly Leg[], isHere: IsHere): Crossed {
  let into = 0n;
  let outOf = 0n;
  for (const { from, to } of legs) {
    const [leaves, arrives] = [isHere(from.place), isHere(to.place)];
    if (leaves && arrives) {
      // Nothing went anywhere, but for the minor unit that rounding made of it.
      const rest = to.amount - from.amount;
      if (rest > 0n) into += rest;
      else outOf -= rest;
    } else if (arrives) into += to.amount;
    else if (leaves) outOf += from.amount;
  }
  return { into, outOf };
}

function transfersOf(story: Story, isHere: IsHere, question: ModelQuestion): Crossed {
  if (story.legs) return acrossLegs(story.legs, isHere);
  // Every flow counts here, whatever flow conditions say: they leave balances as they are, and so what is left of them.
  const flowed = story.flows.filter((flow) => letsIn(question.filter, flow.place) && isHere(flow.place));
  const held = (standings: readonly Standing[]) =>
    sumOf(standings.filter(({ place }) => isHere(place)).map(({ amount }) => amount));
  const rest =
    held(story.closing) - held(story.opening) - held(flowed) - held(story.fx) + held(story.left) - held(story.came);
  return rest > 0n ? { into: rest, outOf: 0n } : { into: 0n, outOf: -rest };
}

/** What the unit has at the end beyond its first ARR ever, where it stands in this row. */
function beyondFirst(
  { story, closing }: { readonly story: Story; readonly closing: bigint },
  firstArrOf: (unitId: string) => bigint,
): bigint {
  if (closing <= 0n) return 0n;
  const beyond = story.closingArr - firstArrOf(story.unitId);
  return beyond > 0n ? beyond : 0n;
}

/** Whether a row says anything: a row of flow dimensions by its flows, any other by any column. */
export function saysAnything(row: ModelRow): boolean {
  const columns = [
    row.opening,
    row.closing,
    row.new,
    row.reactivation,
    ...Object.values(row.expansion),
    ...Object.values(row.contraction),
    row.returned,
    row.churned,
    row.priceUplift,
    row.discountChange,
    row.fx,
    row.transferIn,
    row.transferOut,
  ];
  return (
    columns.some((column) => column !== null && column !== 0n) ||
    [row.openingAccounts, row.closingAccounts, row.movementCount].some((count) => count !== null && count > 0)
  );
}
