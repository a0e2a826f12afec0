// From a row of a metrics answer to the accounts that it is made of.

import { changeClasses } from "@accrete/db/metrics/change-class.ts";
import { type AccountChange, changesOfAccounts } from "@accrete/db/metrics/changes-of-accounts.ts";
import * as formulas from "@accrete/db/metrics/formulas.ts";
import { AccountType } from "./accounts.ts";
import { builder, wordsEnum } from "./builder.ts";
import { loadersAt } from "./context.ts";
import { countAsks } from "./metrics-asks.ts";
import { moneyText, unitArgs } from "./metrics-money.ts";
import { movementsOfRow } from "./metrics-movements.ts";
import { type AnsweredRow, MetricsRowType } from "./metrics-row.ts";
import { MovementConnection, MovementType } from "./movements.ts";
import { pageArgs } from "./terms.ts";

const ChangeClassEnum = wordsEnum("AccountChangeClass", changeClasses, {
  description: "What became of an account within a row, from both ends of the period and what happened between.",
  values: {
    NEW: "It became a customer, for the first time, and is one at the end.",
    REACTIVATION: "It came back and is a customer at the end.",
    EXPANSION: "Its flows sum to more: it grew, or took up what the row is of.",
    CONTRACTION: "Its flows sum to less: it shrank, or gave up what the row is of.",
    CHURN: "It left and has nothing at the end.",
    UNCHANGED: "It has as much as before, whatever went up and down between.",
    CAME_AND_WENT: "It has nothing of the row at either end, and moved in between.",
    TRANSFER: "Its ARR came from another row or went to one, without any flow.",
  },
});

type Change = AccountChange & { readonly of: AnsweredRow };

const AccountChangeType = builder.objectRef<Change>("AccountChange").implement({
  description:
    "What one account is of a metrics row, in the row's own columns, period and policy. closingArr = openingArr + newArr + reactivationArr + expansionArr + priceUpliftArr + discountChangeArr − contractionArr − churnedArr + fxArr + transferInArr − transferOutArr.",
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: "The account; under `accountLevel: ULTIMATE_PARENT` the one at the top of its group.",
      resolve: ({ accountId, of }, _args, context) => loadersAt(context, of.known).account.get(accountId),
    }),
    class: t.expose("class", { type: ChangeClassEnum, description: "What became of it." }),
    movements: t.connection(
      {
        type: MovementType,
        description:
          "The movements behind its part of the row, oldest first: as `movements` of the row, of this account alone; under ULTIMATE_PARENT of every account of its group.",
        resolve: async ({ accountId, of }, args, context) => {
          const page = pageArgs(args);
          const question = await movementsOfRow(context, of, [], [accountId]);
          const loaders = loadersAt(context, of.known);
          return {
            ...(await loaders.movementsOfQuestion.of({ page, orderBy: [] }).load(question)),
            totalCount: () => loaders.movementsCountOfQuestion.load(question),
          };
        },
      },
      MovementConnection,
    ),
  }),
});

builder.objectFields(AccountChangeType, (t) => {
  const flow = (amountOf: (change: AccountChange["row"]) => bigint, description: string) =>
    t.field({
      type: "Decimal",
      description,
      args: unitArgs,
      resolve: ({ row, of }, { unit }) => moneyText(amountOf(row), unit, of.currency),
    });
  const balance = (amountOf: (change: AccountChange["row"]) => bigint | null, description: string) =>
    t.field({
      type: "Decimal",
      nullable: true,
      description: `${description} Null in rows grouped by a flow dimension, which carry no balances.`,
      args: unitArgs,
      resolve: ({ row, of }, { unit }) => {
        const amountMinor = amountOf(row);
        return amountMinor === null ? null : moneyText(amountMinor, unit, of.currency);
      },
    });
  return {
    openingArr: balance(({ money }) => money.openingMinor, "What it had of the row at the opening."),
    closingArr: balance(({ money }) => money.closingMinor, "What it has of the row at the closing."),
    newArr: flow(({ money }) => money.newMinor, "Its part of newArr."),
    reactivationArr: flow(({ money }) => money.reactivationMinor, "Its part of reactivationArr."),
    expansionArr: flow(formulas.expansionMinor, "Its part of expansionArr."),
    contractionArr: flow(formulas.contractionMinor, "Its part of contractionArr, positive."),
    churnedArr: flow(({ money }) => money.churnedMinor, "Its part of churnedArr, positive."),
    priceUpliftArr: flow(({ money }) => money.priceUpliftMinor, "Its part of priceUpliftArr, signed."),
    discountChangeArr: flow(({ money }) => money.discountChangeMinor, "Its part of discountChangeArr, signed."),
    fxArr: balance(({ money }) => money.fxMinor, "Its part of fxArr, signed."),
    transferInArr: balance(
      ({ money }) => money.transferInMinor,
      "What came to it of the row by transfer. Between two accounts of one row a transfer stands here and in no column of the row: only the difference to transferOutArr sums to the row's.",
    ),
    transferOutArr: balance(({ money }) => money.transferOutMinor, "What left it by transfer; see transferInArr."),
  };
});

const AccountChangeConnection = builder.connectionObject(
  { type: AccountChangeType, name: "AccountChangeConnection", description: "One page of the accounts of a row." },
  { name: "AccountChangeEdge", description: "An account of the row and its place in the list." },
);

builder.objectField(MetricsRowType, "accountChanges", (t) =>
  t.connection(
    {
      type: AccountChangeType,
      description:
        "The accounts that this row is made of, by external id: those with ARR or flows in it. Every money column sums to the row's under every policy (transfers as a difference). The row's question is asked again for it: TOO_COMPLEX when one operation does so more than 64 times.",
      resolve: async (row, args, context) => {
        countAsks(context, 1, "accountChanges");
        const { question, period, group, policy } = row;
        const rows = await changesOfAccounts(context.tx, question, { ...question, period, group }, policy);
        const page = await rows.page(pageArgs(args), () => true);
        return {
          ...page,
          edges: page.edges.map((edge) => ({ ...edge, node: { ...edge.node, of: row } })),
          totalCount: () => rows.count(() => true),
        };
      },
    },
    AccountChangeConnection,
  ),
);
