// From a row back to the ledger: which movements stand behind it. Under EVENT without netting they sum to the row's flows exactly.

import type { Window } from "../kernel/dates.ts";
import type { MovementFilter } from "../movements/condition.ts";
import type { Policy } from "../policies/policy.ts";
import type { GroupKey } from "./answer.ts";
import type { Dimension, MetricsQuestion } from "./question.ts";

/** A row by what chose its movements: the question's filter and dimensions (none, for the total), its period and its group. */
export type RowPlace = Pick<MetricsQuestion, "filter" | "groupBy" | "groupByAttributes"> & {
  readonly period: Window;
  readonly group: GroupKey;
};

/** The filter of the row's movements. A segment condition in it is of the row's period. */
export function filterOfRow({ filter, groupBy, groupByAttributes, period, group }: RowPlace): MovementFilter {
  const byDimension = groupBy.map((dimension) => conditionOf(dimension, group));
  const attributes = [
    // Conditions on one name are alternatives: the group's own value replaces the question's.
    ...(filter.attributes ?? []).filter(({ name }) => !groupByAttributes.includes(name)),
    ...group.attributes.filter(({ name }) => groupByAttributes.includes(name)),
  ];
  return Object.assign({}, filter, ...byDimension, attributes.length > 0 ? { attributes } : {}, {
    effectiveFromOn: period.fromOn,
    effectiveUntilOn: period.untilOn,
  });
}

/** The row passes the question's own condition on its dimension, so that the group's one value can take its place. */
function conditionOf(dimension: Dimension, group: GroupKey): MovementFilter {
  switch (dimension) {
    case "SEGMENT":
      return { segment: group.segment === null ? [] : [group.segment] };
    case "PRODUCT":
      return { productIds: [group.productId] };
    case "PLAN":
      return { planIds: [group.planId] };
    case "CHANNEL":
      return { channel: [group.channel] };
    case "REGION":
      return { region: [group.region] };
    case "INDUSTRY":
      return { industry: [group.industry] };
    case "OWNER":
      return { owner: [group.owner] };
    case "COHORT":
      // An account without a first ARR has no movements.
      return group.cohortWindow === null ? { accountIds: [] } : { firstArr: group.cohortWindow };
    case "ACCOUNT":
      return { accountIds: group.accountId === null ? [] : [group.accountId] };
    case "PARENT":
      return { parentIds: [group.parentId] };
    case "CURRENCY":
      return { currency: group.currency === null ? [] : [group.currency] };
    case "DRIVER":
      return { driver: [group.driver] };
    case "MOTION":
      return { motion: [group.motion] };
    case "CAMPAIGN":
      return { campaign: [group.campaign] };
  }
}

/**
 * The question whose total is the row: the row's own period, group and policy, and nothing else. Rows of flow dimensions have balances
 * there, which they themselves have not.
 */
export function questionOfRow(question: MetricsQuestion, place: RowPlace, policy: Policy): MetricsQuestion {
  const { effectiveFromOn: _from, effectiveUntilOn: _until, ...filter } = filterOfRow(place);
  const { asOf: _asOf, preset: _preset, ...keys } = policy;
  return {
    ...question,
    window: { fromOn: place.period.fromOn, untilOn: place.period.untilOn },
    grain: "WHOLE",
    groupBy: [],
    groupByAttributes: [],
    filter,
    policy: keys,
  };
}
