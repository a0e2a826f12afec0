// Which movements stand behind a row: the row's period, the question's filter and the row's group, as one filter of movements.

import type { MovementFilter } from "../movements/condition.ts";
import type { SegmentContext } from "../movements/segment.ts";
import type { Policy } from "../policies/policy.ts";
import type { WorkspaceSettings } from "../workspaces/store.ts";
import type { MetricsRow } from "./answer.ts";
import type { Dimension, MetricsQuestion } from "./question.ts";

export type RowMovements = {
  readonly filter: MovementFilter;
  /** How the filter's segment condition is read. */
  readonly segments: SegmentContext;
};

/**
 * The movements of a row: those of its period that the question's filter takes and that stand in its group by the values of their own
 * day. Under EVENT without netting their amounts sum to the row's flows exactly; netted flows are made of them.
 */
export function rowMovements(
  row: MetricsRow,
  question: MetricsQuestion,
  policy: Policy,
  settings: WorkspaceSettings,
): RowMovements {
  const inGroup = Object.assign({}, ...question.groupBy.map((dimension) => groupCondition(row, dimension)));
  const grouped = row.group.attributes.filter(({ name }) => question.groupByAttributes.includes(name));
  const asked = (question.filter.attributes ?? []).filter(({ name }) => !question.groupByAttributes.includes(name));
  const attributes = [...asked, ...grouped];
  return {
    filter: {
      ...question.filter,
      ...inGroup,
      ...(attributes.length > 0 ? { attributes } : {}),
      effectiveFromOn: row.period.fromOn,
      effectiveUntilOn: row.period.untilOn,
    },
    segments: {
      bands: settings.segmentBands,
      at: policy.segmentAt,
      currency: settings.reportingCurrency,
      period: { fromOn: row.period.fromOn, untilOn: row.period.untilOn },
    },
  };
}

/** The movements of an answer's total: those of the window that the filter takes, whatever the question groups by. */
export function totalMovements(
  total: MetricsRow,
  question: MetricsQuestion,
  policy: Policy,
  settings: WorkspaceSettings,
): RowMovements {
  return rowMovements(total, { ...question, groupBy: [], groupByAttributes: [] }, policy, settings);
}

/** The row's value passed the filter, so it stands in the place of the filter's condition on the same thing. */
function groupCondition({ group }: MetricsRow, dimension: Dimension): MovementFilter {
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
      return group.cohortWindow === null ? {} : { firstArr: group.cohortWindow };
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
