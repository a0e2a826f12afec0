// ARR over time, for charts: per group one balance at the opening and one at the closing of every period, without gaps.

import type { Tx } from "../kernel/database.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import { getSettings } from "../workspaces/store.ts";
import type { ExpansionMetricsAnswer, GroupKey, Period } from "./answer.ts";
import { periodsOf } from "./periods.ts";
import { flowDimensions, type MetricsQuestion } from "./question.ts";
import { askExpansionMetrics, rowsMax } from "./store.ts";

/** A period's balances, in minor units of the reporting currency; 0 where the group has nothing. */
export type ArrPoint = { readonly period: Period; readonly openingMinor: bigint; readonly closingMinor: bigint };

export type ArrLine = { readonly group: GroupKey; readonly points: readonly ArrPoint[] };

export type ArrSeries = {
  /** By their first period with a balance, then as rows are. Groups that never have one are left out. */
  readonly lines: readonly ArrLine[];
  /** Of all groups together, period by period. */
  readonly total: readonly ArrPoint[];
  readonly answer: ExpansionMetricsAnswer;
};

/**
 * The balances of the question's periods. BAD_USER_INPUT (field `groupBy`) for a flow dimension, which carries no balances; TOO_COMPLEX
 * for more than 50,000 points; other errors as of `askExpansionMetrics`.
 */
export async function askArrSeries(tx: Tx, question: MetricsQuestion): Promise<ArrSeries> {
  const flow = question.groupBy.find((dimension) => flowDimensions.some((name) => name === dimension));
  if (flow !== undefined) badInput("groupBy", `'${flow}' is of flows and carries no balances: group by others.`);
  const answer = await askExpansionMetrics(tx, question);
  const { fiscalYearStartMonth } = await getSettings(tx, answer.ledgerVersion);
  const periods = periodsOf(question.window, question.grain, fiscalYearStartMonth);
  const groups = new Map<string, { readonly group: GroupKey; readonly byPeriod: Map<string, ArrPoint> }>();
  for (const { period, group, money } of answer.rows) {
    const point = { period, openingMinor: money.openingMinor ?? 0n, closingMinor: money.closingMinor ?? 0n };
    if (point.openingMinor === 0n && point.closingMinor === 0n) continue;
    const key = JSON.stringify(group);
    const line = groups.get(key) ?? { group, byPeriod: new Map() };
    line.byPeriod.set(period.fromOn, point);
    groups.set(key, line);
  }
  const pointCount = groups.size * periods.length;
  if (pointCount > rowsMax) {
    throw new AccreteError("TOO_COMPLEX", `The series have ${pointCount} points; the limit is ${rowsMax}.`, {
      field: "groupBy",
    });
  }
  const lines = [...groups.values()].map(({ group, byPeriod }) => ({
    group,
    points: periods.map((period) => byPeriod.get(period.fromOn) ?? { period, openingMinor: 0n, closingMinor: 0n }),
  }));
  const total = periods.map((period, index) => ({
    period,
    openingMinor: lines.reduce((sum, { points: own }) => sum + (own[index]?.openingMinor ?? 0n), 0n),
    closingMinor: lines.reduce((sum, { points: own }) => sum + (own[index]?.closingMinor ?? 0n), 0n),
  }));
  return { lines, total, answer };
}
