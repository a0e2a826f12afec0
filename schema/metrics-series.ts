// ARR over time, for charts: the opening and closing of every period, group by group.

import { type ArrLine, type ArrPoint, type ArrSeries, askArrSeries } from "@accrete/db/metrics/arr-series.ts";
import { builder } from "./builder.ts";
import { GrainEnum, metricsArgs, metricsQuestion, WindowType } from "./metrics.ts";
import { GroupKeyType, PeriodType } from "./metrics-group.ts";
import { moneyText, unitArgs } from "./metrics-money.ts";
import { ResolvedPolicyType } from "./policies.ts";

type InCurrency<Shape> = Shape & { readonly currency: string };

const ArrPointType = builder.objectRef<InCurrency<ArrPoint>>("ArrPoint").implement({
  description: "The balances at both ends of a period. Reporting currency; 0 where the group has none.",
  fields: (t) => ({
    period: t.field({ type: PeriodType, description: "The span of days.", resolve: ({ period }) => period }),
    openingArr: t.field({
      type: "Decimal",
      description: "ARR at the end of the day before the period.",
      args: unitArgs,
      resolve: ({ openingMinor, currency }, { unit }) => moneyText(openingMinor, unit, currency),
    }),
    closingArr: t.field({
      type: "Decimal",
      description: "ARR at the end of the period's last day.",
      args: unitArgs,
      resolve: ({ closingMinor, currency }, { unit }) => moneyText(closingMinor, unit, currency),
    }),
  }),
});

const ArrLineType = builder.objectRef<InCurrency<ArrLine>>("ArrLine").implement({
  description: "One group's balances over time.",
  fields: (t) => ({
    group: t.field({ type: GroupKeyType, description: "The group.", resolve: ({ group }) => group }),
    points: t.field({
      type: [ArrPointType],
      description: "One point per period of the window, in order, without gaps.",
      resolve: ({ points, currency }) => points.map((point) => ({ ...point, currency })),
    }),
  }),
});

const ArrSeriesType = builder.objectRef<ArrSeries>("ArrSeries").implement({
  description: "ARR over time, with its recipe. In every period the lines' balances sum to the total's.",
  fields: (t) => ({
    lines: t.field({
      type: [ArrLineType],
      description:
        "One line per group that has a balance at some time, by their first such period, then as the rows of expansionMetrics are ordered. Without groups, one line; none when there is no ARR at all.",
      resolve: ({ lines, answer: { currency } }) => lines.map((line) => ({ ...line, currency })),
    }),
    total: t.field({
      type: [ArrPointType],
      description: "All groups together: one point per period of the window, in order.",
      resolve: ({ total, answer: { currency } }) => total.map((point) => ({ ...point, currency })),
    }),
    grain: t.field({ type: GrainEnum, description: "The grain asked for.", resolve: ({ answer }) => answer.grain }),
    window: t.field({ type: WindowType, description: "The window asked for.", resolve: ({ answer }) => answer.window }),
    policy: t.field({
      type: ResolvedPolicyType,
      description: "Every policy key with the value used.",
      resolve: ({ answer }) => answer.policy,
    }),
    currency: t.field({
      type: "CurrencyCode",
      description: "The reporting currency, in which all money of the answer is.",
      resolve: ({ answer }) => answer.currency,
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version that the answer was read from.",
      resolve: ({ answer }) => answer.ledgerVersion,
    }),
  }),
});

builder.queryField("arrSeries", (t) =>
  t.field({
    type: ArrSeriesType,
    description:
      "ARR at the opening and closing of every period, group by group and without gaps: what a chart draws. BAD_USER_INPUT (field groupBy) for DRIVER, MOTION and CAMPAIGN, which carry no balances; TOO_COMPLEX for more than 50,000 points; otherwise as expansionMetrics.",
    args: metricsArgs,
    resolve: (_root, args, { tx, todayOn }) => askArrSeries(tx, metricsQuestion(args, todayOn)),
  }),
);
