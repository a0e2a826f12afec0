// Where a balance or a flow stands: the values of its account and of its line. From a place come the row it belongs to and whether a filter lets it in.

import type { Dimension } from "@accrete/db/metrics/question.ts";
import { type AccountValues, type Books, firstArr } from "./books.ts";
import type { ModelMovement, Tuple } from "./facts.ts";
import { nameOf } from "./periods.ts";
import type { ModelFilter, ModelQuestion } from "./question.ts";

export type Place = Tuple & {
  readonly unitId: string;
  readonly values: AccountValues;
  readonly segment: string | null;
  readonly cohort: string | null;
};

/** What a flow has beside its place. */
export type FlowWords = Pick<ModelMovement, "type" | "driver" | "motion" | "campaign">;

/** The group of a row: one value per dimension asked for, then one per attribute. */
export type Group = readonly (string | null)[];

export const flowDimensions: readonly Dimension[] = ["DRIVER", "MOTION", "CAMPAIGN"];
export const lineDimensions: readonly Dimension[] = ["PRODUCT", "PLAN", "CURRENCY"];

export function cohortOf(books: Books, unitId: string, question: ModelQuestion): string | null {
  const first = firstArr(books, unitId);
  return first && nameOf(first.on, question.cohortGrain, books.fiscalYearStartMonth);
}

/** The place's values in the dimensions asked for; a balance has no values in flow dimensions. */
export function groupOf(place: Place, words: FlowWords | null, question: ModelQuestion): Group {
  const value = (dimension: Dimension): string | null => {
    switch (dimension) {
      case "SEGMENT":
        return place.segment;
      case "PRODUCT":
        return place.productId;
      case "PLAN":
        return place.planId;
      case "CHANNEL":
        return place.values.channel;
      case "REGION":
        return place.values.region;
      case "INDUSTRY":
        return place.values.industry;
      case "OWNER":
        return place.values.owner;
      case "COHORT":
        return place.cohort;
      case "ACCOUNT":
        return place.unitId;
      case "PARENT":
        return place.values.parentId;
      case "CURRENCY":
        return place.currency;
      case "DRIVER":
        return words?.driver ?? null;
      case "MOTION":
        return words?.motion ?? null;
      case "CAMPAIGN":
        return words?.campaign ?? null;
    }
  };
  return [
    ...question.groupBy.map(value),
    ...question.groupByAttributes.map((name) => place.values.attributes[name] ?? null),
  ];
}

function isAmong<T>(value: T, chosen: readonly T[] | undefined): boolean {
  return chosen === undefined || chosen.includes(value);
}

/** Account and line conditions: they choose balances and flows alike. */
export function letsIn(filter: ModelFilter, place: Place): boolean {
  const { values } = place;
  const names = new Set((filter.attributes ?? []).map((condition) => condition.name));
  const attributesHold = [...names].every((name) =>
    filter.attributes?.some(
      (condition) => condition.name === name && condition.value === (values.attributes[name] ?? null),
    ),
  );
  return (
    isAmong<string | null>(place.unitId, filter.account) &&
    isAmong<string | null>(place.segment, filter.segment) &&
    isAmong(values.channel, filter.channel) &&
    isAmong(values.region, filter.region) &&
    isAmong(values.industry, filter.industry) &&
    isAmong(values.owner, filter.owner) &&
    isAmong(values.parentId, filter.parent) &&
    (filter.attributes === undefined || (names.size > 0 && attributesHold)) &&
    isAmong<string | null>(place.productId, filter.product) &&
    isAmong<string | null>(place.planId, filter.plan) &&
    isAmong<string | null>(place.currency, filter.currency)
  );
}

/** Flow conditions: they choose flows and leave balances as they are. */
export function countsFlow(filter: ModelFilter, words: FlowWords): boolean {
  return (
    isAmong<string | null>(words.type, filter.type) &&
    isAmong<string | null>(words.driver, filter.driver) &&
    isAmong(words.motion, filter.motion) &&
    isAmong(words.campaign, filter.campaign)
  );
}

export function hasLineOrFlowCondition(filter: ModelFilter): boolean {
  return [
    filter.product,
    filter.plan,
    filter.currency,
    filter.type,
    filter.driver,
    filter.motion,
    filter.campaign,
  ].some((condition) => condition !== undefined);
}
