// One unit in one period: where its balance stood at both ends, what flowed, and what was carried from one place to another.

import { type Books, bandOf, valuesOn } from "./books.ts";
import { sumOf } from "./fraction.ts";
import { type Netting, netFlows, nettingOf } from "./netting.ts";
import { cohortOf, type FlowWords, type Place } from "./places.ts";
import type { ModelQuestion, Span } from "./question.ts";
import { typeOfReturn } from "./types.ts";
import { type Convert, type Spot, type Walk, walk } from "./walk.ts";

export type Standing = { readonly place: Place; readonly amount: bigint };

export type Flow = Standing &
  FlowWords & {
    readonly on: number;
    /** A return that counts as expansion. */
    readonly isReturn: boolean;
    /** Flows with the same text are one change. */
    readonly change: string;
  };

/** A balance that went from one place to another; rounding can part what left from what arrived by a minor unit. */
export type Leg = { readonly from: Standing; readonly to: Standing };

export type Story = {
  readonly unitId: string;
  /** Of the whole unit, unfiltered. */
  readonly openingArr: bigint;
  readonly closingArr: bigint;
  /** What nrr, grr and the lost accounts read of it: at the opening's rates, re-parenting undone. */
  readonly keptArr: bigint;
  readonly opening: readonly Standing[];
  readonly closing: readonly Standing[];
  readonly kept: readonly Standing[];
  readonly flows: readonly Flow[];
  readonly fx: readonly Standing[];
  /** Null where nothing is said of single days, so that the rest of each row is transfer. */
  readonly legs: readonly Leg[] | null;
  /** What re-parented accounts took along and brought, by the balance and the day. */
  readonly left: readonly (Standing & { readonly label: string; readonly toUnit: string })[];
  readonly came: readonly (Standing & { readonly label: string })[];
};

export type Telling = {
  readonly books: Books;
  readonly period: Span;
  readonly question: ModelQuestion;
  readonly convert: Convert;
};

export function storyOf({ books, period, question, convert }: Telling, unitId: string): Story {
  const { policy } = question;
  const walked = walk(books, unitId, period, convert);
  const sum = (spots: readonly Spot[]) => sumOf(spots.map(({ amount }) => amount));
  const openingArr = sum(walked.opening);
  const closingArr = sum(walked.closing);
  const positive = walked.evenings.map(({ arr }) => arr).filter((arr) => arr > 0n);
  const openingBand = bandOf(books, openingArr > 0n ? openingArr : (positive.at(0) ?? 0n));
  const closingBand = bandOf(books, closingArr > 0n ? closingArr : (positive.at(-1) ?? openingArr));
  const band = policy.segmentAt === "CLOSING" ? closingBand : openingBand;
  const cohort = cohortOf(books, unitId, question);

  const stand = (segment: string | null) => (spot: Spot) => ({
    amount: spot.amount,
    place: {
      unitId,
      cohort,
      segment,
      values: valuesOn(books, unitId, spot.said),
      productId: spot.productId,
      planId: spot.planId,
      currency: spot.currency,
    },
  });
  const asOpened = stand(openingBand);
  const inBand = stand(band);
  const labelled = (spot: Walk["came"][number]) => ({ ...inBand(spot), label: `${spot.on} ${spot.key}` });
  const netting = nettingOf(policy);
  const legs = [
    ...walked.opening.map((spot) => ({ from: asOpened(spot), to: inBand(spot) })),
    ...walked.carried.map(({ from, to }) => ({ from: inBand(from), to: inBand(to) })),
  ];
  return {
    unitId,
    openingArr,
    closingArr,
    keptArr: sum(walked.kept),
    opening: walked.opening.map(asOpened),
    closing: walked.closing.map(inBand),
    kept: walked.kept.map(asOpened),
    flows: netting
      ? nettedFlows({ books, unitId, period, walked, policy }, netting, inBand)
      : singleFlows(books, unitId, walked, question, inBand),
    fx: walked.fx.map(inBand),
    legs: netting ? null : legs,
    left: walked.left.map((spot) => ({ ...labelled(spot), toUnit: spot.toUnit })),
    came: walked.came.map(labelled),
  };
}

type Stand = (spot: Spot) => Standing;

function nettedFlows(netted: Parameters<typeof netFlows>[0], netting: Netting, stand: Stand): Flow[] {
  return netFlows(netted, netting).map(({ on, type, isReturn, driver, motion, campaign, ...tuple }) => ({
    ...stand({ ...tuple, said: on }),
    type,
    isReturn,
    driver,
    motion,
    campaign,
    on,
    change: JSON.stringify([netted.unitId, on, driver]),
  }));
}

function singleFlows(books: Books, unitId: string, walked: Walk, { policy }: ModelQuestion, stand: Stand): Flow[] {
  return walked.flows.map(({ movement, amount }) => {
    const { on, driver, motion, campaign, change } = movement;
    const named =
      movement.type === "REACTIVATION"
        ? typeOfReturn(books, unitId, on, policy)
        : { type: movement.type, isReturn: false };
    return { ...stand({ ...movement, amount, said: on }), ...named, driver, motion, campaign, on, change };
  });
}
