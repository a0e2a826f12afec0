// Stories put together to rows: every sum and every count of a period, group by group, and none of them from another.

import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import { type Books, firstArr } from "./books.ts";
import { sumOf } from "./fraction.ts";
import { driverOrder } from "./ledger.ts";
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
import type { Flow, Standing, Story } from "./story.ts";

export type ModelRow = {
  readonly period: ModelPeriod;
  readonly group: Group;
  readonly opening: bigint | null;
  readonly closing: bigint | null;
  readonly new: bigint;
  readonly reactivation: bigint;
  readonly expansion: Readonly<Record<Driver, bigint>>;
  readonly contraction: Readonly<Record<Driver, bigint>>;
  readonly churned: bigint;
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

/** What rows are made of: the stories of all accounts in a period, and each account's own books. */
export type Chapter = {
  readonly period: ModelPeriod;
  readonly stories: readonly { readonly story: Story; readonly books: Books }[];
};

/** Everything that falls into one group of balance dimensions, or into one of flow dimensions. */
export function rowOf({ period, stories }: Chapter, group: Group, question: ModelQuestion): ModelRow {
  const { filter } = question;
  const isFlowRow = question.groupBy.some((dimension) => flowDimensions.includes(dimension));
  const isHere = (place: Place, words: FlowWords | null = null) =>
    letsIn(filter, place) && sameGroup(groupOf(place, words, question), group, question, words === null);
  const within = (standings: readonly Standing[]) =>
    sumOf(standings.filter(({ place }) => isHere(place)).map(({ amount }) => amount));

  const flows = stories.flatMap(({ story }) =>
    story.flows.filter((flow) => countsFlow(filter, flow) && isHere(flow.place, flow)),
  );
  const sum = (type: MovementType, driver?: Driver) =>
    sumOf(
      flows
        .filter((flow) => flow.type === type && (driver === undefined || flow.driver === driver))
        .map((flow) => (flow.amount < 0n ? -flow.amount : flow.amount)),
    );
  const byDriver = (type: MovementType) =>
    Object.fromEntries(driverOrder.map((driver) => [driver, sum(type, driver)])) as Record<Driver, bigint>;
  const distinct = (chosen: readonly Flow[], mark: (flow: Flow) => string) => new Set(chosen.map(mark)).size;
  const ofType = (type: MovementType) => flows.filter((flow) => flow.type === type);
  const accountDay = (flow: Flow) => JSON.stringify([flow.place.accountId, flow.on]);
  const account = (flow: Flow) => flow.place.accountId;

  const each = stories.map(({ story, books }) => ({
    story,
    books,
    opening: within(story.opening),
    closing: within(story.closing),
    closingAsOpened: within(story.closingAsOpened),
    ...transfersOf(story, isHere, question),
  }));
  const cohort = each.filter(({ story }) => story.openingArr > 0n);
  const opened = cohort.filter(({ opening }) => opening > 0n);
  const onBalance = <T>(value: T) => (isFlowRow ? null : value);
  const saysCumulative =
    !isFlowRow &&
    !question.groupBy.some((dimension) => lineDimensions.includes(dimension)) &&
    !hasLineOrFlowCondition(filter);

  return {
    period,
    group,
    opening: onBalance(sumOf(each.map(({ opening }) => opening))),
    closing: onBalance(sumOf(each.map(({ closing }) => closing))),
    new: sum("NEW"),
    reactivation: sum("REACTIVATION"),
    expansion: byDriver("EXPANSION"),
    contraction: byDriver("CONTRACTION"),
    churned: sum("CHURN"),
    transferIn: onBalance(sumOf(each.map(({ into }) => into))),
    transferOut: onBalance(sumOf(each.map(({ outOf }) => outOf))),
    cumulativeExpansion: saysCumulative ? sumOf(each.map(beyondFirst)) : null,
    base: sumOf(each.map(({ opening }) => opening)),
    cohortClosing: onBalance(sumOf(cohort.map(({ closingAsOpened }) => closingAsOpened))),
    cohortRetained: onBalance(sumOf(cohort.map(({ closingAsOpened, opening }) => lesser(closingAsOpened, opening)))),
    openingAccounts: onBalance(opened.length),
    newAccounts: distinct(ofType("NEW"), accountDay),
    reactivatedAccounts: distinct(ofType("REACTIVATION"), accountDay),
    expandingAccounts: distinct(ofType("EXPANSION"), account),
    contractingAccounts: distinct(ofType("CONTRACTION"), account),
    churnedAccounts: distinct(ofType("CHURN"), accountDay),
    closingAccounts: onBalance(each.filter(({ story, closing }) => story.closingArr > 0n && closing > 0n).length),
    lostAccounts: onBalance(opened.filter(({ story }) => story.closingArr === 0n).length),
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

/** What came into a row from other rows (or from outside the filter) in this account's story, and what went out of it. */
function transfersOf(
  story: Story,
  isHere: (place: Place, words?: FlowWords) => boolean,
  question: ModelQuestion,
): { into: bigint; outOf: bigint } {
  if (story.legs) {
    const into = story.legs.filter(({ from, to }) => isHere(to) && !isHere(from));
    const outOf = story.legs.filter(({ from, to }) => isHere(from) && !isHere(to));
    return { into: sumOf(into.map(({ amount }) => amount)), outOf: sumOf(outOf.map(({ amount }) => amount)) };
  }
  // Every flow counts here, whatever flow conditions say: they leave balances as they are, and so what is left of them.
  const flowed = story.flows.filter((flow) => letsIn(question.filter, flow.place) && isHere(flow.place));
  const held = (standings: readonly Standing[]) =>
    sumOf(standings.filter(({ place }) => isHere(place)).map(({ amount }) => amount));
  const rest = held(story.closing) - held(story.opening) - sumOf(flowed.map(({ amount }) => amount));
  return rest > 0n ? { into: rest, outOf: 0n } : { into: 0n, outOf: -rest };
}

/** What the account has at the end beyond its first ARR ever, where it stands in this row. */
function beyondFirst({ story, books, closing }: { story: Story; books: Books; closing: bigint }): bigint {
  const beyond = story.closingArr - (firstArr(books)?.amount ?? 0n);
  return closing > 0n && beyond > 0n ? beyond : 0n;
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
    row.churned,
    row.transferIn,
    row.transferOut,
  ];
  return (
    columns.some((column) => column !== null && column !== 0n) ||
    [row.openingAccounts, row.closingAccounts, row.movementCount].some((count) => count !== null && count > 0)
  );
}
