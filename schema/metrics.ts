// The main question, expansionMetrics, and its answer: rows by period and group, with every metric of the period.

import type { PlainDate, Window } from "@accrete/db/kernel/dates.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import { requirePageSize } from "@accrete/db/kernel/pages.ts";
import type { ExpansionMetricsAnswer } from "@accrete/db/metrics/answer.ts";
import { cohortGrains, dimensions, grains, type MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import type { At } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { knownAs } from "./context.ts";
import { RowOrderInput, rankRows } from "./metrics-ranking.ts";
import { type AnsweredRow, answeredRow, MetricsRowType } from "./metrics-row.ts";
import { MovementFilterInput, movementFilter } from "./movements-filter.ts";
import { askedPolicy, PolicyInput, ResolvedPolicyType } from "./policies.ts";
import { askedAsOf } from "./terms.ts";

export const GrainEnum = wordsEnum("Grain", grains, {
  description:
    "How the window is cut into periods. Each period has its own opening, cohort and bands; periods at the window's edges are clipped and flagged `partial`.",
  values: {
    DAY: "One period per day.",
    WEEK: "ISO weeks, from Monday.",
    MONTH: "Calendar months.",
    QUARTER: "Quarters of the fiscal year, which starts in the workspace's start month.",
    YEAR: "Fiscal years.",
    WHOLE: "The window as one period.",
  },
});

const DimensionEnum = wordsEnum("Dimension", dimensions, {
  description:
    "What rows can be grouped by, several at once. All but DRIVER, MOTION and CAMPAIGN carry balances, and their rows add up to the total in every money column. A missing value is a group of its own.",
  values: {
    SEGMENT: "The account's ARR band, by `segmentAt`.",
    PRODUCT: "The line's product.",
    PLAN: "The line's plan.",
    CHANNEL: "The account's acquisition channel.",
    REGION: "The account's region.",
    INDUSTRY: "The account's industry.",
    OWNER: "The account's owner.",
    COHORT: "The month, quarter or year (`cohortGrain`) of the account's first ARR.",
    ACCOUNT: "The account itself.",
    PARENT: "The account directly above; accounts at the top are the null group.",
    CURRENCY: "The line's currency.",
    DRIVER:
      "A flow dimension: the driver of expansions and contractions; other flows are the null group. Balances are null.",
    MOTION: "A flow dimension: the movement's sales motion. Balances are null.",
    CAMPAIGN: "A flow dimension: the movement's campaign. Balances are null.",
  },
});

const CohortGrainEnum = wordsEnum("CohortGrain", cohortGrains, {
  description: "How first ARR is gathered into cohorts.",
  values: {
    MONTH: 'Calendar months: "2025-10".',
    QUARTER: 'Quarters of the fiscal year: "2025-Q4".',
    YEAR: 'Fiscal years: "2025".',
  },
});

export const WindowInput = builder.inputType("WindowInput", {
  description: "A half-open span of days. BAD_USER_INPUT when it is empty or reversed.",
  fields: (t) => ({
    fromOn: t.field({ type: "Date", required: true, description: "The first day." }),
    untilOn: t.field({ type: "Date", required: true, description: "The day after the last one." }),
  }),
});

export const WindowType = builder.objectRef<Window>("Window").implement({
  description: "A half-open span of days.",
  fields: (t) => ({
    fromOn: t.expose("fromOn", { type: "Date", description: "The first day." }),
    untilOn: t.expose("untilOn", { type: "Date", description: "The day after the last one." }),
  }),
});

type AnswerShape = Omit<ExpansionMetricsAnswer, "rows" | "total"> & {
  readonly rows: readonly AnsweredRow[];
  readonly total: AnsweredRow;
};

export const ExpansionMetricsType = builder.objectRef<AnswerShape>("ExpansionMetrics").implement({
  description: "An answer and its recipe: the same question at the same ledger version gives the same numbers.",
  fields: (t) => ({
    rows: t.field({
      type: [MetricsRowType],
      description:
        "One row per period and group with a balance or flow that is not zero; with neither grain nor group, one row. Ordered by period, then by group: bands from the highest, others by text, missing values last.",
      args: {
        orderBy: t.arg({ type: RowOrderInput, description: "Ranks all rows by one metric instead." }),
        first: t.arg.int({
          description:
            "Only so many rows, 1 to 200, after ordering; all when left out. `total` still covers everything.",
        }),
      },
      resolve: ({ rows }, { orderBy, first }) => {
        const ranked = orderBy ? rankRows(rows, orderBy) : rows;
        return first == null ? ranked : ranked.slice(0, requirePageSize("first", first));
      },
    }),
    total: t.field({
      type: MetricsRowType,
      description: "The whole window as one period, all groups together; the filter applies.",
      resolve: (answer) => answer.total,
    }),
    policy: t.field({
      type: ResolvedPolicyType,
      description: "Every policy key with the value used.",
      resolve: (answer) => answer.policy,
    }),
    policyHash: t.exposeString("policyHash", {
      description:
        "SHA-256, in hex, of the policy keys that differ from the product's built-in defaults: equal meaning, equal hash.",
    }),
    window: t.field({ type: WindowType, description: "The window asked for.", resolve: (answer) => answer.window }),
    grain: t.field({ type: GrainEnum, description: "The grain asked for.", resolve: (answer) => answer.grain }),
    currency: t.field({
      type: "CurrencyCode",
      description: "The reporting currency, in which all money of the answer is.",
      resolve: (answer) => answer.currency,
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version that the answer was read from.",
      resolve: (answer) => answer.ledgerVersion,
    }),
    hierarchyOn: t.field({
      type: "Date",
      description:
        "The day whose parent links form the groups of a LIVE hierarchy: today (UTC), or the day (UTC) of the instant, or of the commit of the ledger version, whose knowledge answers. Only `accountLevel: ULTIMATE_PARENT` reads it.",
      resolve: (answer) => answer.hierarchyOn,
    }),
    residual: t.field({
      type: "Decimal",
      description:
        'The sum, over all rows and the total, of what the identity of MetricsRow leaves unexplained. It is "0.00"; anything else is a fault of ours.',
      resolve: (answer) => formatMoney(answer.residualMinor, answer.currency),
    }),
  }),
});

/** What is asked of a window, period by period and group by group. */
export const metricsArgs = builder.args((t) => ({
  window: t.field({ type: WindowInput, required: true, description: "The span of days." }),
  grain: t.field({
    type: GrainEnum,
    required: true,
    defaultValue: "WHOLE",
    description: "How the window is cut into periods; WHOLE, one period, unless told.",
  }),
  groupBy: t.field({
    type: [DimensionEnum],
    required: true,
    defaultValue: [],
    description: "Dimensions, all at once; none gives one row per period. BAD_USER_INPUT when one appears twice.",
  }),
  groupByAttributes: t.stringList({
    required: true,
    defaultValue: [],
    description:
      "The workspace's own account attributes to group by, by name. A name that no account has gives one group without a value. BAD_USER_INPUT when one appears twice.",
  }),
  cohortGrain: t.field({
    type: CohortGrainEnum,
    required: true,
    defaultValue: "MONTH",
    description: "How COHORT gathers first ARR; MONTH unless told.",
  }),
  filter: t.field({ type: MovementFilterInput, description: "Which accounts, lines and flows; all when left out." }),
  policy: t.field({
    type: PolicyInput,
    description: "The choices of this question; the rest comes from the workspace's default policy.",
  }),
}));

builder.queryField("expansionMetrics", (t) =>
  t.field({
    type: ExpansionMetricsType,
    description:
      "Expansion ARR and everything around it, for a window, by period and group. Computed from exact integers; RATE_MISSING, naming the currency and the day, when an amount in another currency than the reporting one has no rate in the rate set that the policy's `currency` reads; TOO_COMPLEX when the grain cuts the window into more than 400 periods.",
    args: metricsArgs,
    resolve: async (_root, args, context) => {
      const known = await knownAs(context, askedAsOf(args.policy?.asOf));
      const question = metricsQuestion(args, context.todayOn);
      return answered({ ...(await askExpansionMetrics(context.tx, question)), known }, question);
    },
  }),
);

/** An answer of db with what its rows' fields need of the question. */
export function answered(answer: At<ExpansionMetricsAnswer>, question: MetricsQuestion): AnswerShape {
  return {
    ...answer,
    rows: answer.rows.map((row) => answeredRow(row, answer, question)),
    total: answeredRow(answer.total, answer, { ...question, groupBy: [], groupByAttributes: [] }),
  };
}

type QuestionArgs = Pick<MetricsQuestion, "window" | "grain" | "groupBy" | "groupByAttributes" | "cohortGrain"> & {
  readonly filter?: typeof MovementFilterInput.$inferInput | null | undefined;
  readonly policy?: typeof PolicyInput.$inferInput | null | undefined;
};

/** The question as db reads it. */
export function metricsQuestion({ filter, policy, ...question }: QuestionArgs, todayOn: PlainDate): MetricsQuestion {
  const asOf = askedAsOf(policy?.asOf);
  return { ...question, filter: movementFilter(filter), policy: askedPolicy(policy), asOf, todayOn };
}
