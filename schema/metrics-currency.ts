// The constant-currency bridge: a window at the rates of the days beside the same at constant rates, per currency.

import {
  askCurrencyBridge,
  type CurrencyBridge,
  type CurrencyBridgeRow,
  type CurrencyColumn,
  currencyColumns,
} from "@accrete/db/metrics/currency-bridge.ts";
import type { MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { wholeQuestionOf } from "@accrete/db/metrics/report-question.ts";
import type { At } from "./batching.ts";
import { builder } from "./builder.ts";
import { knownAs } from "./context.ts";
import { WindowType } from "./metrics.ts";
import { moneyText, unitArgs } from "./metrics-money.ts";
import { askedReport, reportArgs } from "./metrics-reports.ts";
import { answeredRow, MetricsRowType } from "./metrics-row.ts";
import { ResolvedPolicyType } from "./policies.ts";

type AnsweredBridge = At<CurrencyBridge> & { readonly question: MetricsQuestion };
type AnsweredRow = CurrencyBridgeRow & { readonly bridge: AnsweredBridge };

const DifferenceType = builder.objectRef<AnsweredRow>("CurrencyDifference").implement({
  description:
    "Reported less constant, column by column: what exchange rates alone make of each. Reporting currency; may be below 0.",
  fields: (t) => {
    const column = (name: CurrencyColumn) =>
      t.field({
        type: "Decimal",
        description: `${name} at the rates of the days less ${name} at constant rates.`,
        args: unitArgs,
        resolve: ({ difference, bridge }, { unit }) => moneyText(difference[name], unit, bridge.reported.currency),
      });
    return Object.fromEntries((Object.keys(currencyColumns) as CurrencyColumn[]).map((name) => [name, column(name)]));
  },
});

const CurrencyBridgeRowType = builder.objectRef<AnsweredRow>("CurrencyBridgeRow").implement({
  description: "The lines of one currency, read both ways in the reporting currency.",
  fields: (t) => ({
    currency: t.expose("currency", {
      type: "CurrencyCode",
      nullable: true,
      description: "The lines' currency. Null in the total.",
    }),
    reported: t.field({
      type: MetricsRowType,
      description:
        "At the rates of the days: openings and closings at their day's rate, `fxArr` what only rates moved.",
      resolve: ({ reported, currency, bridge }) =>
        answeredRow(reported, { ...bridge.reported, known: bridge.known }, questionOf(bridge, currency)),
    }),
    constant: t.field({
      type: MetricsRowType,
      description: "At one rate per currency: `fxArr` is 0.",
      resolve: ({ constant, currency, bridge }) =>
        answeredRow(constant, { ...bridge.constant, known: bridge.known }, questionOf(bridge, currency)),
    }),
    difference: t.field({
      type: DifferenceType,
      description: "reported − constant.",
      resolve: (row) => row,
    }),
  }),
});

const CurrencyBridgeType = builder.objectRef<AnsweredBridge>("CurrencyBridge").implement({
  description:
    "Reported and constant currency from one question. In every row and in the total the identity of MetricsRow holds on both sides; the rows' differences sum to the total's.",
  fields: (t) => ({
    rows: t.field({
      type: [CurrencyBridgeRowType],
      description: "One row per currency with a balance or a flow, by code; the reporting currency among them.",
      resolve: (bridge) => bridge.rows.map((row) => ({ ...row, bridge })),
    }),
    total: t.field({
      type: CurrencyBridgeRowType,
      description: "All currencies together.",
      resolve: (bridge) => ({ ...bridge.total, bridge }),
    }),
    residual: t.field({
      type: "Decimal",
      description: 'What the rows leave unexplained, summed without sign: "0.00"; anything else is a fault of ours.',
      resolve: ({ residualMinor, reported }) => moneyText(residualMinor, "ARR", reported.currency),
    }),
    window: t.field({
      type: WindowType,
      description: "The window asked for.",
      resolve: ({ reported }) => reported.window,
    }),
    policy: t.field({
      type: ResolvedPolicyType,
      description: "Every policy key with the value used on both sides, but for `currency`, which is REPORTED here.",
      resolve: ({ reported }) => reported.policy,
    }),
    currency: t.field({
      type: "CurrencyCode",
      description: "The reporting currency, in which all money of the answer is.",
      resolve: ({ reported }) => reported.currency,
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version that the answer was read from.",
      resolve: ({ reported }) => reported.ledgerVersion,
    }),
  }),
});

/** The total's question groups by nothing. */
function questionOf({ question }: AnsweredBridge, currency: string | null): MetricsQuestion {
  return currency === null ? { ...question, groupBy: [] } : question;
}

builder.queryField("currencyBridge", (t) =>
  t.field({
    type: CurrencyBridgeType,
    description:
      "The constant-currency bridge of a window: per currency and in total, everything at the rates of the days, at constant rates, and the difference of each column. The policy's `currency` is ignored. RATE_MISSING when either rate set has no rate that is needed.",
    args: reportArgs,
    resolve: async (_root, args, context) => {
      const asked = askedReport(args, context);
      const known = await knownAs(context, asked.asOf ?? null);
      const question: MetricsQuestion = { ...wholeQuestionOf(asked), groupBy: ["CURRENCY"] };
      return { ...(await askCurrencyBridge(context.tx, asked)), known, question };
    },
  }),
);
