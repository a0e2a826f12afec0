// The bridge between the methods: what EVENT and SNAPSHOT read differently, why, and in which accounts.

import { bridgeCauses } from "@accrete/db/metrics/bridge-cause.ts";
import {
  askMethodBridge,
  type BridgeAccount,
  type BridgeAmounts,
  type BridgeLine,
  type MethodBridge,
} from "@accrete/db/metrics/method-bridge.ts";
import { AccountType } from "./accounts.ts";
import type { At } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { knownAs, loadersAt } from "./context.ts";
import { WindowType } from "./metrics.ts";
import { moneyText, unitArgs } from "./metrics-money.ts";
import { askedReport, reportArgs } from "./metrics-reports.ts";
import { ResolvedPolicyType } from "./policies.ts";
import { pageArgs } from "./terms.ts";

const BridgeCauseEnum = wordsEnum("BridgeCause", bridgeCauses, {
  description: "Why an account's flows differ between the methods; the whole of its difference has one cause.",
  values: {
    NEWCOMER_MOVES: "It came inside the window and moved again later: SNAPSHOT reads all of that as what it came with.",
    ROUND_TRIPS: "It was there at both ends and went up and down in between, which cancels in SNAPSHOT.",
    CHANGE_BEFORE_CHURN: "It grew or shrank before it left: SNAPSHOT loses what it had at the opening.",
    CHURN_AND_RETURN: "It left and came back, or left more than once.",
    CAME_AND_WENT: "It has no ARR at either end: SNAPSHOT never sees it.",
    RE_PARENTING: "ARR came to the group or left it with an account that changed its parent.",
  },
});

type Amounts = { readonly amounts: BridgeAmounts; readonly currency: string };

const BridgeAmountsType = builder.objectRef<Amounts>("BridgeAmounts").implement({
  description:
    "The flows that the methods read differently, in the reporting currency, each with the sign that its metric has; differences, EVENT − SNAPSHOT, may be below 0.",
  fields: (t) => {
    const amount = (name: keyof BridgeAmounts, metric: string) =>
      t.field({
        type: "Decimal",
        description: `${metric}, or its difference.`,
        args: unitArgs,
        resolve: ({ amounts, currency }, { unit }) => moneyText(amounts[name], unit, currency),
      });
    return {
      newArr: amount("newMinor", "newArr"),
      reactivationArr: amount("reactivationMinor", "reactivationArr"),
      expansionArr: amount("expansionMinor", "expansionArr"),
      contractionArr: amount("contractionMinor", "contractionArr"),
      churnedArr: amount("churnedMinor", "churnedArr"),
      priceUpliftArr: amount("priceUpliftMinor", "priceUpliftArr"),
      discountChangeArr: amount("discountChangeMinor", "discountChangeArr"),
    };
  },
});

type AnsweredAccount = At<BridgeAccount> & { readonly currency: string };

const BridgeAccountType = builder.objectRef<AnsweredAccount>("MethodBridgeAccount").implement({
  description: "An account whose flows the methods read differently.",
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: "The account; under `accountLevel: ULTIMATE_PARENT` the one at the top of its group.",
      resolve: ({ accountId, known }, _args, context) => loadersAt(context, known).account.get(accountId),
    }),
    cause: t.expose("cause", { type: BridgeCauseEnum, description: "Why they differ." }),
    openingArr: t.field({
      type: "Decimal",
      description: "Its ARR at the opening, as far as the filter takes it. Reporting currency.",
      args: unitArgs,
      resolve: ({ openingMinor, currency }, { unit }) => moneyText(openingMinor, unit, currency),
    }),
    closingArr: t.field({
      type: "Decimal",
      description: "Its ARR at the closing, as far as the filter takes it. Reporting currency.",
      args: unitArgs,
      resolve: ({ closingMinor, currency }, { unit }) => moneyText(closingMinor, unit, currency),
    }),
    event: t.field({
      type: BridgeAmountsType,
      description: "Its flows under EVENT.",
      resolve: ({ event, currency }) => ({ amounts: event, currency }),
    }),
    snapshot: t.field({
      type: BridgeAmountsType,
      description: "Its flows under SNAPSHOT.",
      resolve: ({ snapshot, currency }) => ({ amounts: snapshot, currency }),
    }),
    difference: t.field({
      type: BridgeAmountsType,
      description: "EVENT − SNAPSHOT.",
      resolve: ({ difference, currency }) => ({ amounts: difference, currency }),
    }),
  }),
});

const BridgeAccountConnection = builder.connectionObject(
  {
    type: BridgeAccountType,
    name: "MethodBridgeAccountConnection",
    description: "One page of the accounts of a line.",
  },
  { name: "MethodBridgeAccountEdge", description: "An account of the line and its place in the list." },
);

type AnsweredLine = BridgeLine & { readonly bridge: At<MethodBridge> };

const BridgeLineType = builder.objectRef<AnsweredLine>("MethodBridgeLine").implement({
  description: "All accounts whose flows differ for one cause.",
  fields: (t) => ({
    cause: t.expose("cause", { type: BridgeCauseEnum, description: "Why they differ." }),
    accountCount: t.exposeInt("accountCount", { description: "How many accounts." }),
    difference: t.field({
      type: BridgeAmountsType,
      description: "EVENT − SNAPSHOT, summed over them.",
      resolve: ({ difference, bridge }) => ({ amounts: difference, currency: bridge.currency }),
    }),
    accounts: t.connection(
      {
        type: BridgeAccountType,
        description: "The accounts, by external id; each stands in one line only.",
        resolve: async ({ cause, accountCount, bridge }, args) => {
          const page = await bridge.accounts.page(pageArgs(args), (account) => account.cause === cause);
          const { known, currency } = bridge;
          return {
            ...page,
            edges: page.edges.map((edge) => ({ ...edge, node: { ...edge.node, known, currency } })),
            totalCount: async () => accountCount,
          };
        },
      },
      BridgeAccountConnection,
    ),
  }),
});

const MethodBridgeType = builder.objectRef<At<MethodBridge>>("MethodBridge").implement({
  description:
    "EVENT minus SNAPSHOT, line by line: they are different numbers, and here is what makes the difference. event − snapshot = difference = Σ lines, exactly.",
  fields: (t) => ({
    event: t.field({
      type: BridgeAmountsType,
      description: "The flows of the window under EVENT, with the policy's netting.",
      resolve: ({ event, currency }) => ({ amounts: event, currency }),
    }),
    snapshot: t.field({
      type: BridgeAmountsType,
      description: "The flows of the window under SNAPSHOT.",
      resolve: ({ snapshot, currency }) => ({ amounts: snapshot, currency }),
    }),
    difference: t.field({
      type: BridgeAmountsType,
      description: "EVENT − SNAPSHOT.",
      resolve: ({ difference, currency }) => ({ amounts: difference, currency }),
    }),
    lines: t.field({
      type: [BridgeLineType],
      description: "One line per cause that some account has, in the causes' order; empty where the methods agree.",
      resolve: (bridge) => bridge.lines.map((line) => ({ ...line, bridge })),
    }),
    residual: t.field({
      type: "Decimal",
      description: 'What the lines leave unexplained, summed without sign: "0.00"; anything else is a fault of ours.',
      resolve: ({ residualMinor, currency }) => moneyText(residualMinor, "ARR", currency),
    }),
    window: t.field({ type: WindowType, description: "The window asked for.", resolve: ({ window }) => window }),
    policy: t.field({
      type: ResolvedPolicyType,
      description: "Every policy key with the value used on both sides, but for `method`, which is EVENT here.",
      resolve: ({ policy }) => policy,
    }),
    currency: t.field({
      type: "CurrencyCode",
      description: "The reporting currency, in which all money of the answer is.",
      resolve: ({ currency }) => currency,
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version that the answer was read from.",
      resolve: ({ ledgerVersion }) => ledgerVersion,
    }),
  }),
});

builder.queryField("methodBridge", (t) =>
  t.field({
    type: MethodBridgeType,
    description:
      "Why EVENT and SNAPSHOT differ over a window: newcomers' later moves, round trips, changes before churn, churn and return. The policy's `method` is ignored. RATE_MISSING and BAD_USER_INPUT as of expansionMetrics.",
    args: reportArgs,
    resolve: async (_root, args, context) => {
      const question = askedReport(args, context);
      const known = await knownAs(context, question.asOf ?? null);
      return { ...(await askMethodBridge(context.tx, question)), known };
    },
  }),
);
