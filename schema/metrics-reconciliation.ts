// The proof that the numbers hold together: the facts before and after a window against the ledger's flows between, group by group.

import { formatMoney } from "@accrete/db/kernel/money.ts";
import {
  type ReconciliationDimension,
  type ReconciliationRow,
  reconcile,
  reconciliationDimensions,
} from "@accrete/db/metrics/reconciliation.ts";
import type { ReportQuestion } from "@accrete/db/metrics/report-question.ts";
import { wholeQuestionOf } from "@accrete/db/metrics/report-question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import type { Knowledge } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { knownAs, loadersAt } from "./context.ts";
import { answered, ExpansionMetricsType, WindowInput, WindowType } from "./metrics.ts";
import { askedReport } from "./metrics-reports.ts";
import { PolicyInput } from "./policies.ts";

const ReconciliationDimensionEnum = wordsEnum("ReconciliationDimension", reconciliationDimensions, {
  description:
    "What a reconciliation is grouped by, beside the currency. Accounts are grouped by what is known of them on the window's last day.",
  values: {
    PRODUCT: "The product's external id.",
    PLAN: "The plan's external id.",
    ACCOUNT: "The account's external id.",
    CHANNEL: "The account's acquisition channel.",
    REGION: "The account's region.",
    INDUSTRY: "The account's industry.",
    OWNER: "The account's owner.",
  },
});

type GroupValue = { readonly dimension: ReconciliationDimension; readonly value: string | null };

const GroupValueType = builder.objectRef<GroupValue>("ReconciliationGroup").implement({
  description: "One dimension of a reconciled group, and its value.",
  fields: (t) => ({
    dimension: t.expose("dimension", { type: ReconciliationDimensionEnum, description: "The dimension." }),
    value: t.exposeString("value", { nullable: true, description: "The value; null is the group without one." }),
  }),
});

type Row = ReconciliationRow & { readonly groupBy: readonly ReconciliationDimension[] };

const ReconciliationRowType = builder.objectRef<Row>("ReconciliationRow").implement({
  description: "One group in one currency, in which all amounts are: nothing is converted.",
  fields: (t) => {
    const amount = (pick: (row: ReconciliationRow) => bigint, description: string) =>
      t.field({ type: "Decimal", description, resolve: (row) => formatMoney(pick(row), row.currency) });
    return {
      group: t.field({
        type: [GroupValueType],
        description: "The group, in the order of `groupBy`; empty when grouped by currency alone.",
        resolve: ({ group, groupBy }) =>
          groupBy.map((dimension, index) => ({ dimension, value: group[index] ?? null })),
      }),
      currency: t.expose("currency", { type: "CurrencyCode", description: "The currency of every amount of the row." }),
      openingArr: amount(
        ({ openingMinor }) => openingMinor,
        "What the facts say of the end of the day before the window: versions of contract lines in force, and their usage; of accounts fed by movements, every row of their ledger.",
      ),
      newArr: amount(({ newMinor }) => newMinor, "Σ NEW of the ledger in the window."),
      reactivationArr: amount(
        ({ reactivationMinor }) => reactivationMinor,
        "Σ REACTIVATION of the ledger in the window.",
      ),
      expansionArr: amount(({ expansionMinor }) => expansionMinor, "Σ EXPANSION of the ledger in the window."),
      contractionArr: amount(({ contractionMinor }) => contractionMinor, "−Σ CONTRACTION of the ledger in the window."),
      churnedArr: amount(({ churnedMinor }) => churnedMinor, "−Σ CHURN of the ledger in the window."),
      transferInArr: amount(({ transferInMinor }) => transferInMinor, "ARR that came from another plan by transfer."),
      transferOutArr: amount(({ transferOutMinor }) => transferOutMinor, "ARR that went to another plan by transfer."),
      closingArr: amount(({ closingMinor }) => closingMinor, "What the facts say of the end of the window's last day."),
      residual: amount(
        ({ residualMinor }) => residualMinor,
        "closingArr − (openingArr + newArr + reactivationArr + expansionArr − contractionArr − churnedArr + transferInArr − transferOutArr). It is 0; anything else is told by `accrete doctor --ledger`.",
      ),
    };
  },
});

type Reconciliation = {
  readonly rows: readonly Row[];
  readonly question: ReportQuestion;
  readonly known: Knowledge;
};

const ReconciliationType = builder.objectRef<Reconciliation>("Reconciliation").implement({
  description: "The facts against the ledger, and the identity of the metrics under a policy.",
  fields: (t) => ({
    rows: t.field({
      type: [ReconciliationRowType],
      description: "One row per group and currency in which anything is not 0, by group and then by currency.",
      resolve: ({ rows }) => [...rows],
    }),
    isReconciled: t.boolean({
      description: "Whether the residual of every row is 0.",
      resolve: ({ rows }) => rows.every(({ residualMinor }) => residualMinor === 0n),
    }),
    metrics: t.field({
      type: ExpansionMetricsType,
      description:
        "expansionMetrics of the same window under the policy, by CURRENCY: its `residual` is 0 as well. Only it converts: RATE_MISSING where a rate is not known.",
      resolve: async ({ question, known }, _args, { tx }) => {
        const asked = { ...wholeQuestionOf(question), groupBy: ["CURRENCY"] as const };
        return answered({ ...(await askExpansionMetrics(tx, asked)), known }, asked);
      },
    }),
    window: t.field({
      type: WindowType,
      description: "The window asked for.",
      resolve: ({ question }) => question.window,
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version that both sides were read from.",
      resolve: async ({ known }, _args, context) => (await loadersAt(context, known).ledger()).version,
    }),
  }),
});

builder.queryField("reconciliation", (t) =>
  t.field({
    type: ReconciliationType,
    description:
      "Reconciles the ledger with the facts that it was derived from, for a window: what contract lines were worth before and after it, summed from their versions, against the flows that the ledger has between. BAD_USER_INPUT for an empty window and for more than three dimensions; TOO_COMPLEX for more than 10,000 rows.",
    args: {
      window: t.arg({ type: WindowInput, required: true, description: "The span of days." }),
      groupBy: t.arg({
        type: [ReconciliationDimensionEnum],
        required: true,
        defaultValue: [],
        description: "At most three dimensions, each once; none gives one row per currency.",
      }),
      policy: t.arg({
        type: PolicyInput,
        description: "The choices of `metrics`; its `asOf` chooses whose knowledge is reconciled.",
      }),
    },
    resolve: async (_root, { window, groupBy, policy }, context) => {
      const question = askedReport({ window, policy }, context);
      const known = await knownAs(context, question.asOf ?? null);
      const { version } = await loadersAt(context, known).ledger();
      const rows = await reconcile(context.tx, { window, groupBy, version });
      return { rows: rows.map((row) => ({ ...row, groupBy })), question, known };
    },
  }),
);
