// One account in one period: where its balance stood at both ends, what flowed, and what was carried from one place to another.

import {
  type AccountValues,
  arrOn,
  type Books,
  bandOf,
  gathered,
  type Holding,
  holdingsOn,
  positiveArrs,
  type Tuple,
  valuesOn,
} from "./books.ts";
import { intervalsOf, type NetFlow, netFlows } from "./netting.ts";
import { cohortOf, type FlowWords, type Place } from "./places.ts";
import type { ModelQuestion, Span } from "./question.ts";

export type Standing = { readonly place: Place; readonly amount: bigint };

export type Flow = Standing &
  FlowWords & {
    readonly on: number;
    /** Flows with the same text are one change. */
    readonly change: string;
  };

/** A balance that went from one place to another. */
export type Leg = { readonly from: Place; readonly to: Place; readonly amount: bigint };

export type Story = {
  readonly accountId: string;
  /** Of the whole account, unfiltered. */
  readonly openingArr: bigint;
  readonly closingArr: bigint;
  readonly opening: readonly Standing[];
  readonly closing: readonly Standing[];
  /** The closing balance with the account's values at the start: what nrr and grr read. */
  readonly closingAsOpened: readonly Standing[];
  readonly flows: readonly Flow[];
  /** Null where nothing is said of single days, so that the rest of each row is transfer. */
  readonly legs: readonly Leg[] | null;
};

/** The account's story; the books are that account's. */
export function storyOf(books: Books, accountId: string, period: Span, question: ModelQuestion): Story {
  const { method = "EVENT", netting = "NONE", segmentAt = "OPENING" } = question.policy;
  const openingArr = arrOn(books, period.from - 1);
  const closingArr = arrOn(books, period.until - 1);
  const positive = positiveArrs(books, period.from, period.until);
  const openingBand = bandOf(books, openingArr > 0n ? openingArr : (positive.at(0) ?? 0n));
  const closingBand = bandOf(books, closingArr > 0n ? closingArr : (positive.at(-1) ?? openingArr));
  const band = segmentAt === "CLOSING" ? closingBand : openingBand;
  const cohort = cohortOf(books, question);

  const at = (values: AccountValues, segment: string | null) => (tuple: Tuple) => ({
    accountId,
    cohort,
    values,
    segment,
    productId: tuple.productId,
    planId: tuple.planId,
    currency: tuple.currency,
  });
  const stand = (holdings: readonly Holding[], place: (tuple: Tuple) => Place) =>
    holdings.map((holding) => ({ place: place(holding), amount: holding.amount }));

  const opening = holdingsOn(books, period.from - 1);
  const closing = holdingsOn(books, period.until - 1);
  const valuesAtStart = valuesOn(books, period.from - 1);
  const common = {
    accountId,
    openingArr,
    closingArr,
    opening: stand(opening, at(valuesAtStart, openingBand)),
    closing: stand(closing, at(valuesOn(books, period.until - 1), band)),
    closingAsOpened: stand(closing, at(valuesAtStart, openingBand)),
  };

  if (method === "EVENT" && netting === "NONE") {
    const days = daysOf(books, period);
    const moves = opening.map((holding) => ({
      from: at(valuesAtStart, openingBand)(holding),
      to: at(valuesAtStart, band)(holding),
      amount: holding.amount,
    }));
    return {
      ...common,
      flows: days.flatMap((day) => flowsOfDay(books, day, at(valuesOn(books, day), band))),
      legs: [
        ...moves,
        ...days.flatMap((day) =>
          legsOfDay(books, day, at(valuesOn(books, day - 1), band), at(valuesOn(books, day), band)),
        ),
      ],
    };
  }
  const intervals = intervalsOf(period, method === "SNAPSHOT" ? "PERIOD" : netting === "NONE" ? "PERIOD" : netting);
  const flows = intervals.flatMap((interval) => netFlows(books, interval));
  return { ...common, flows: flows.map((flow) => placed(flow, at(valuesOn(books, flow.on), band))), legs: null };
}

/** The days of the period on which anything is said of the account. */
function daysOf(books: Books, period: Span): number[] {
  const days = new Set([
    ...books.movements.map((movement) => movement.on),
    ...books.transfers.map((transfer) => transfer.on),
    ...books.accounts.map((account) => account.from),
  ]);
  return [...days].filter((day) => period.from <= day && day < period.until).sort((a, b) => a - b);
}

function placed(flow: NetFlow, place: (tuple: Tuple) => Place): Flow {
  const { on, type, driver, amount, motion, campaign } = flow;
  const found = place(flow);
  return {
    place: found,
    amount,
    type,
    driver,
    motion,
    campaign,
    on,
    change: JSON.stringify([found.accountId, on, driver]),
  };
}

function flowsOfDay(books: Books, day: number, place: (tuple: Tuple) => Place): Flow[] {
  return books.movements
    .filter((movement) => movement.on === day)
    .map((movement) => {
      const { amount, type, driver, motion, campaign, on, change } = movement;
      return { place: place(movement), amount, type, driver, motion, campaign, on, change };
    });
}

/** The evening before's balance goes to where it stands in the evening: along a changed line, or with its account. */
function legsOfDay(books: Books, day: number, before: (tuple: Tuple) => Place, after: (tuple: Tuple) => Place): Leg[] {
  const carried = books.transfers.filter((transfer) => transfer.on === day);
  const alongLines = carried.map(({ fromProductId, fromPlanId, toProductId, toPlanId, currency, amount }) => ({
    from: before({ productId: fromProductId, planId: fromPlanId, currency }),
    to: after({ productId: toProductId, planId: toPlanId, currency }),
    amount,
  }));
  const gone = carried.map(({ fromProductId, fromPlanId, currency, amount }) => ({
    productId: fromProductId,
    planId: fromPlanId,
    currency,
    amount: -amount,
  }));
  const staying = gathered([...holdingsOn(books, day - 1), ...gone]);
  return [
    ...alongLines,
    ...staying.map((holding) => ({ from: before(holding), to: after(holding), amount: holding.amount })),
  ];
}
