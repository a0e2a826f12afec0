// What a figure of a row says of itself: formula, numbers, and what other policies would make of it.

import {
  type AlternativeFigure,
  type AlternativeRow,
  askAlternatives,
  explainKeys,
  type KeyExplanation,
} from "@accrete/db/metrics/explain.ts";
import { type Metric, metrics, metricTable } from "@accrete/db/metrics/formula-table.ts";
import { type FormulaPart, type FormulaText, formulaTextOf } from "@accrete/db/metrics/formula-text.ts";
import { alternativesOf } from "@accrete/db/metrics/policy-words.ts";
import { builder, wordsEnum } from "./builder.ts";
import type { Context } from "./context.ts";
import { countAsks } from "./metrics-asks.ts";
import { type AnsweredRow, MetricsRowType } from "./metrics-row.ts";

const MetricEnum = wordsEnum("Metric", metrics, {
  description: "Every metric of a MetricsRow.",
  values: Object.fromEntries(metrics.map((metric) => [metric, `The field ${metricTable[metric].name}.`])) as Record<
    Metric,
    string
  >,
});

const FormulaPartType = builder.objectRef<FormulaPart>("FormulaPart").implement({
  description: "One name of a formula.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "As in the formula." }),
    meaning: t.exposeString("meaning", { description: "What it is: a formula of its own, or words." }),
    value: t.exposeString("value", {
      nullable: true,
      description:
        "A plain decimal in the reporting currency, or a count. Null where the row has no such value: rows of flow dimensions carry no balances.",
    }),
  }),
});

const AlternativeFigureType = builder.objectRef<AlternativeFigure>("PolicyAlternative").implement({
  description: "What the figure would be under another value of one policy key, all other keys as they were.",
  fields: (t) => ({
    value: t.exposeString("value", {
      nullable: true,
      description: "The other value; null is no limit, of reactivationWindowDays.",
    }),
    figure: t.exposeString("figure", {
      nullable: true,
      description:
        "The metric then, in its own form. Null when it would divide by zero, when the row has no such value, and when `unavailable` says why it cannot be known.",
    }),
    difference: t.exposeString("difference", {
      nullable: true,
      description:
        "The other figure less this one, in the metric's own unit: money, a ratio's points, a count. Null when one of them is missing, and for topDriver.",
    }),
    sentence: t.exposeString("sentence", {
      description: 'The difference in words, such as "price uplifts counted separately: 12,000.00 less".',
    }),
    unavailable: t.exposeString("unavailable", {
      nullable: true,
      description:
        "Why the question cannot be answered under this value, such as a rate that is missing; null when it can.",
    }),
  }),
});

const PolicyKeyType = builder.objectRef<KeyExplanation>("PolicyKeyExplanation").implement({
  description: "One policy key, and what its other values would make of the figure.",
  fields: (t) => ({
    key: t.exposeString("key", { description: "The key, as in PolicyInput." }),
    value: t.exposeString("value", {
      nullable: true,
      description: "The value that was used; null is no limit, of reactivationWindowDays.",
    }),
    mattered: t.exposeBoolean("mattered", { description: "Whether some other value gives another figure." }),
    alternatives: t.field({
      type: [AlternativeFigureType],
      description: "Every other value; of reactivationWindowDays, no limit, or 90 days where the policy has no limit.",
      resolve: ({ alternatives }) => alternatives,
    }),
  }),
});

type Explanation = FormulaText & { readonly row: AnsweredRow };

const ExplanationType = builder.objectRef<Explanation>("MetricExplanation").implement({
  description: "Why one figure of a row is what it is.",
  fields: (t) => ({
    metric: t.expose("metric", { type: MetricEnum, description: "The metric asked for." }),
    name: t.exposeString("name", { description: "Its field of MetricsRow." }),
    formula: t.exposeString("formula", {
      description:
        "The formula in names: of other metrics, of breakdowns (`expansion.seat`), and of what `parts` describes. A sum over the ledger is told in words. a(s) and a(e) are an account's ARR at the opening and at the closing.",
    }),
    formulaWithNumbers: t.exposeString("withNumbers", {
      nullable: true,
      description:
        "The formula with the row's numbers in place of the names; it computes to `value`. A sum over the ledger is its own number. Null when one of the numbers is missing.",
    }),
    value: t.exposeString("value", {
      nullable: true,
      description:
        "The figure, as its field gives it: a decimal, a count, or a driver's name. Null when it would divide by zero and when the row has no such value.",
    }),
    parts: t.field({
      type: [FormulaPartType],
      description: "The names of the formula in their order; empty for a sum over the ledger.",
      resolve: ({ parts }) => parts,
    }),
    policyKeys: t.field({
      type: [PolicyKeyType],
      description:
        "Every policy key: whether it mattered, and what the figure would be under each of its other values. The row's own period and group are asked again once per value, for all metrics of the row together: TOO_COMPLEX when one operation asks again more than 64 times, which is more than four rows.",
      resolve: async ({ metric, row }, _args, context) =>
        explainKeys(metric, row, await alternativesOfRow(row, context), row),
    }),
  }),
});

const asked = new WeakMap<AnsweredRow, Promise<readonly AlternativeRow[]>>();

/** Asked once per row, whichever of its metrics are explained. */
function alternativesOfRow(row: AnsweredRow, context: Context): Promise<readonly AlternativeRow[]> {
  const known = asked.get(row);
  if (known) return known;
  countAsks(context, alternativesOf(row.policy).length, "policyKeys");
  const { question, period, group, policy } = row;
  const rows = askAlternatives(context.tx, question, { ...question, period, group }, row, policy);
  asked.set(row, rows);
  return rows;
}

builder.objectField(MetricsRowType, "explain", (t) =>
  t.field({
    type: ExplanationType,
    description:
      "Why a figure of this row is what it is: its formula, the formula with the numbers in it, and what other policies would make of it. Rates are the period's own, not annualized; money is ARR.",
    args: { metric: t.arg({ type: MetricEnum, required: true, description: "The metric." }) },
    resolve: (row, { metric }) => {
      const { currency, policy } = row;
      return { ...formulaTextOf(metric, row, { policy, currency }), row };
    },
  }),
);
