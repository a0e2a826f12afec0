// The migration between segments: which accounts went from which ARR band to which.

import {
  askSegmentMigration,
  type MigratedAccount,
  type SegmentMigration,
  type SegmentMigrationLine,
} from "@accrete/db/metrics/segment-migration.ts";
import { AccountType } from "./accounts.ts";
import type { At } from "./batching.ts";
import { builder } from "./builder.ts";
import { knownAs, loadersAt } from "./context.ts";
import { WindowType } from "./metrics.ts";
import { moneyText, unitArgs } from "./metrics-money.ts";
import { askedReport, reportArgs } from "./metrics-reports.ts";
import { ResolvedPolicyType } from "./policies.ts";
import { pageArgs } from "./terms.ts";

type AnsweredAccount = At<MigratedAccount> & { readonly currency: string };

const arrived = "null when it has no ARR there: it arrived inside the window";
const left = "null when it has no ARR there: it left inside the window";

const MigratedAccountType = builder.objectRef<AnsweredAccount>("MigratedAccount").implement({
  description: "An account with ARR at one end of the window or at both, and its ARR band there.",
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: "The account; under `accountLevel: ULTIMATE_PARENT` the one at the top of its group.",
      resolve: ({ accountId, known }, _args, context) => loadersAt(context, known).account.get(accountId),
    }),
    openingSegment: t.exposeString("openingSegment", {
      nullable: true,
      description: `The band of its whole ARR at the opening; ${arrived}.`,
    }),
    closingSegment: t.exposeString("closingSegment", {
      nullable: true,
      description: `The band of its whole ARR at the closing; ${left}.`,
    }),
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
  }),
});

const MigratedAccountConnection = builder.connectionObject(
  { type: MigratedAccountType, name: "MigratedAccountConnection", description: "One page of the accounts of a line." },
  { name: "MigratedAccountEdge", description: "An account of the line and its place in the list." },
);

type AnsweredLine = SegmentMigrationLine & { readonly migration: At<SegmentMigration> };

const MigrationLineType = builder.objectRef<AnsweredLine>("SegmentMigrationLine").implement({
  description: "All accounts that went from one band to one band, or stayed in it.",
  fields: (t) => ({
    openingSegment: t.exposeString("openingSegment", {
      nullable: true,
      description: "The band at the opening; null for accounts without ARR there: they arrived inside the window.",
    }),
    closingSegment: t.exposeString("closingSegment", {
      nullable: true,
      description: "The band at the closing; null for accounts without ARR there: they left inside the window.",
    }),
    accountCount: t.exposeInt("accountCount", { description: "How many accounts." }),
    openingArr: t.field({
      type: "Decimal",
      description:
        "Their ARR at the opening. The lines of one opening band sum to its `openingArr` under `segmentAt: OPENING`. Reporting currency.",
      args: unitArgs,
      resolve: ({ openingMinor, migration }, { unit }) => moneyText(openingMinor, unit, migration.currency),
    }),
    closingArr: t.field({
      type: "Decimal",
      description:
        "Their ARR at the closing. The lines of one closing band sum to its `closingArr` under `segmentAt: CLOSING`. Reporting currency.",
      args: unitArgs,
      resolve: ({ closingMinor, migration }, { unit }) => moneyText(closingMinor, unit, migration.currency),
    }),
    accounts: t.connection(
      {
        type: MigratedAccountType,
        description: "The accounts, by external id; each stands in one line only.",
        resolve: async ({ openingSegment, closingSegment, accountCount, migration }, args) => {
          const page = await migration.accounts.page(
            pageArgs(args),
            (account) => account.openingSegment === openingSegment && account.closingSegment === closingSegment,
          );
          const { known, currency } = migration;
          return {
            ...page,
            edges: page.edges.map((edge) => ({ ...edge, node: { ...edge.node, known, currency } })),
            totalCount: async () => accountCount,
          };
        },
      },
      MigratedAccountConnection,
    ),
  }),
});

const SegmentMigrationType = builder.objectRef<At<SegmentMigration>>("SegmentMigration").implement({
  description: "The ways between ARR bands over a window: every account with ARR at either end stands on one line.",
  fields: (t) => ({
    lines: t.field({
      type: [MigrationLineType],
      description:
        "One line per way that some account went, staying included: from the highest opening band down, then by closing band; without ARR last.",
      resolve: (migration) => migration.lines.map((line) => ({ ...line, migration })),
    }),
    window: t.field({ type: WindowType, description: "The window asked for.", resolve: ({ window }) => window }),
    policy: t.field({
      type: ResolvedPolicyType,
      description: "Every policy key with the value used. `segmentAt` does not matter here: both readings are shown.",
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

builder.queryField("segmentMigration", (t) =>
  t.field({
    type: SegmentMigrationType,
    description:
      "Which accounts went from which ARR band to which, so that rows by OPENING and by CLOSING reconcile. Bands are those of the whole account; a filter takes amounts. RATE_MISSING and BAD_USER_INPUT as of expansionMetrics.",
    args: reportArgs,
    resolve: async (_root, args, context) => {
      const question = askedReport(args, context);
      const known = await knownAs(context, question.asOf ?? null);
      return { ...(await askSegmentMigration(context.tx, question)), known };
    },
  }),
);
