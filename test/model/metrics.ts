// The answer of the model: each period by itself, each row by itself, and the total as one more period without groups.

import type { Dimension } from "@accrete/db/metrics/question.ts";
import type { Books } from "./books.ts";
import { booksOfAccount } from "./books.ts";
import { byText } from "./facts.ts";
import { sumOf } from "./fraction.ts";
import { driverOrder } from "./ledger.ts";
import { periodsOfWindow, wholeOf } from "./periods.ts";
import { countsFlow, flowDimensions, type Group, groupOf, letsIn } from "./places.ts";
import type { ModelPeriod, ModelQuestion } from "./question.ts";
import { type Chapter, type ModelRow, rowOf, saysAnything } from "./rows.ts";
import { storyOf } from "./story.ts";

export type ModelAnswer = { readonly rows: readonly ModelRow[]; readonly total: ModelRow };

export function answer(books: Books, question: ModelQuestion): ModelAnswer {
  const window = { from: question.from, until: question.until };
  const periods = periodsOfWindow(window, question.grain, books.fiscalYearStartMonth);
  const whole = chapterOf(books, wholeOf(window), question);
  const total = rowOf(whole, [], { ...question, groupBy: [], groupByAttributes: [] });
  // In the total, too, a balance that changed its row came in and went out.
  const ofBalances = { ...question, groupBy: question.groupBy.filter((one) => !flowDimensions.includes(one)) };
  const balanceRows = rowsOf(whole, ofBalances, books);
  return {
    rows: periods.flatMap((period) => rowsOf(chapterOf(books, period, question), question, books)),
    total: {
      ...total,
      transferIn: sumOf(balanceRows.map((row) => row.transferIn ?? 0n)),
      transferOut: sumOf(balanceRows.map((row) => row.transferOut ?? 0n)),
    },
  };
}

function chapterOf(books: Books, period: ModelPeriod, question: ModelQuestion): Chapter {
  const accountIds = [...new Set(books.movements.map((movement) => movement.accountId))].sort(byText);
  return {
    period,
    stories: accountIds.map((accountId) => {
      const own = booksOfAccount(books, accountId);
      return { books: own, story: storyOf(own, accountId, period, question) };
    }),
  };
}

/** One row for every group that anything of the period belongs to. */
function rowsOf(chapter: Chapter, question: ModelQuestion, books: Books): ModelRow[] {
  const isFlowQuestion = question.groupBy.some((dimension) => flowDimensions.includes(dimension));
  const groups = new Map<string, Group>();
  const note = (group: Group) => groups.set(JSON.stringify(group), group);
  for (const { story } of chapter.stories) {
    for (const flow of story.flows) {
      if (letsIn(question.filter, flow.place) && (countsFlow(question.filter, flow) || !isFlowQuestion)) {
        note(groupOf(flow.place, flow, question));
      }
    }
    if (isFlowQuestion) continue;
    for (const { place } of [...story.opening, ...story.closing]) note(groupOf(place, null, question));
    for (const { from, to } of story.legs ?? []) {
      note(groupOf(from, null, question));
      note(groupOf(to, null, question));
    }
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
