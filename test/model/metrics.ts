// The answer of the model: each period by itself, each row by itself, and the total as one more period without groups.

import type { Dimension } from "@accrete/db/metrics/question.ts";
import { type Books, firstArr, holdingsOn, RateMissing, unitsOf } from "./books.ts";
import { driverOrder } from "./day-list.ts";
import { byText } from "./facts.ts";
import { sumOf } from "./fraction.ts";
import { firstSeenInMonths } from "./netting.ts";
import { periodsOfWindow, wholeOf } from "./periods.ts";
import { countsFlow, flowDimensions, type Group, groupOf, letsIn, type Place } from "./places.ts";
import type { ModelPeriod, ModelQuestion } from "./question.ts";
import { type Chapter, type ModelRow, rowOf, saysAnything, saysCumulative } from "./rows.ts";
import { type Leg, type Story, storyOf } from "./story.ts";
import { type Convert, converter } from "./walk.ts";

export type ModelAnswer = {
  readonly rows: readonly ModelRow[];
  readonly total: ModelRow;
  /** The rates that were needed and are not there: with any, the question cannot be answered. */
  readonly misses: readonly Miss[];
};

export function answer(books: Books, question: ModelQuestion): ModelAnswer {
  const window = { from: question.from, until: question.until };
  const periods = periodsOfWindow(window, question.grain, books.fiscalYearStartMonth);
  const misses: Miss[] = [];
  const ungrouped = { ...question, groupBy: [], groupByAttributes: [] };
  const whole = chapterOf(books, wholeOf(window), ungrouped, misses);
  const total = rowOf(whole, [], ungrouped);
  // In the total, too, a balance that changed its row came in and went out.
  const ofBalances = { ...question, groupBy: question.groupBy.filter((one) => !flowDimensions.includes(one)) };
  const balanceRows = rowsOf(whole, ofBalances, books);
  return {
    rows: periods.flatMap((period) => rowsOf(chapterOf(books, period, question, misses), question, books)),
    total: {
      ...total,
      transferIn: sumOf(balanceRows.map((row) => row.transferIn ?? 0n)),
      transferOut: sumOf(balanceRows.map((row) => row.transferOut ?? 0n)),
    },
    misses,
  };
}

function chapterOf(books: Books, period: ModelPeriod, question: ModelQuestion, misses: Miss[]): Chapter {
  const convert = noting(converter(books, question.policy.currency), misses);
  const stories = unitsOf(books)
    .filter((unitId) => question.filter.account?.includes(unitId) ?? true)
    .sort(byText)
    .map((unitId) => storyOf({ books, period, question, convert }, unitId));
  const firstArrOf = (unitId: string) => {
    const seen = question.policy.netting === "MONTH" && question.policy.method === "EVENT";
    const on = seen ? firstSeenInMonths(books, unitId, period) : null;
    const held = on === null ? (firstArr(books, unitId)?.held ?? []) : holdingsOn(books, unitId, on);
    return sumOf(held.map(({ amount, currency }) => convert(amount, currency, period.until - 1)));
  };
  // A rate that a first ARR needs is needed whatever the filter takes of the accounts.
  if (saysCumulative(question)) {
    for (const { unitId, closingArr } of stories) if (closingArr > 0n) firstArrOf(unitId);
  }
  return { period, stories, moves: movesBetween(stories), firstArrOf };
}

export type Miss = { readonly currency: string; readonly day: number };

/** A rate that is not there is noted, and the amount taken as it is: the question is refused in the end, or did not depend on it. */
function noting(convert: Convert, misses: Miss[]): Convert {
  return (amount, currency, day) => {
    try {
      return convert(amount, currency, day);
    } catch (error) {
      if (!(error instanceof RateMissing)) throw error;
      misses.push(error);
      return amount;
    }
  };
}

/** What one unit's story says left for another, with where the other's says it came. A unit that was not chosen says nothing. */
function movesBetween(stories: readonly Story[]): Leg[] {
  const out = stories.flatMap((story) =>
    story.left.map((from) => {
      const other = stories.find(({ unitId }) => unitId === from.toUnit);
      const to = other?.came.find(({ label }) => label === from.label);
      return { from, to: to ?? { amount: 0n, place: nowhere } };
    }),
  );
  const taken = new Set(out.map(({ to }) => to));
  const fromOutside = stories.flatMap(({ came }) =>
    came.filter((to) => !taken.has(to)).map((to) => ({ from: { amount: 0n, place: nowhere }, to })),
  );
  return [...out, ...fromOutside];
}

/** Of units that the question did not choose. */
const nowhere: Place = {
  unitId: "",
  values: { parentId: null, channel: null, region: null, industry: null, owner: null, attributes: {} },
  segment: null,
  cohort: null,
  productId: null,
  planId: null,
  currency: "",
};

/** One row for every group that anything of the period belongs to. */
function rowsOf(chapter: Chapter, question: ModelQuestion, books: Books): ModelRow[] {
  const isFlowQuestion = question.groupBy.some((dimension) => flowDimensions.includes(dimension));
  const groups = new Map<string, Group>();
  const note = (group: Group) => groups.set(JSON.stringify(group), group);
  const legs = [...chapter.stories.flatMap((story) => story.legs ?? []), ...chapter.moves];
  for (const story of chapter.stories) {
    for (const flow of story.flows) {
      if (letsIn(question.filter, flow.place) && (countsFlow(question.filter, flow) || !isFlowQuestion)) {
        note(groupOf(flow.place, flow, question));
      }
    }
    if (isFlowQuestion) continue;
    for (const { place } of [...story.opening, ...story.closing, ...story.fx]) note(groupOf(place, null, question));
  }
  for (const { place } of isFlowQuestion ? [] : legs.flatMap(({ from, to }) => [from, to])) {
    note(groupOf(place, null, question));
  }
  return [...groups.values()]
    .map((group) => rowOf(chapter, group, question))
    .filter(saysAnything)
    .sort((a, b) => byGroup(a.group, b.group, question, books));
}

function byGroup(a: Group, b: Group, question: ModelQuestion, books: Books): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? null;
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    const order = orderOf(question.groupBy[index], books);
    return order ? order.indexOf(left) - order.indexOf(right) : byText(left, right);
  }
  return 0;
}

function orderOf(dimension: Dimension | undefined, books: Books): readonly string[] | null {
  if (dimension === "SEGMENT") return books.bands.map((band) => band.name);
  if (dimension === "DRIVER") return driverOrder;
  return null;
}
