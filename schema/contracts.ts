// Contracts and their lines. One ContractLine is one dated version of a source's line.

import type { ContractLineRow, ContractRow } from "@accrete/db/contracts/list.ts";
import { billingIntervals, lineKinds } from "@accrete/db/contracts/terms.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import { AccountType } from "./accounts.ts";
import type { At } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { PlanType, ProductType } from "./catalog.ts";
import { loadersAt } from "./context.ts";
import { pageArgs } from "./terms.ts";

export const LineKindEnum = wordsEnum("LineKind", lineKinds, {
  description: "What a contract line charges for.",
  values: {
    RECURRING: "A fee per unit and billing period.",
    COMMITMENT: "A recurring commitment to usage, or a minimum spend; its changes are USAGE_COMMITMENT.",
    METERED: "Metered usage; its changes are USAGE.",
  },
});

const BillingIntervalEnum = wordsEnum("BillingInterval", billingIntervals, {
  description: "The billing period that unit price and discount amount are stated for.",
  values: {
    DAY: "A day: 365 periods a year.",
    WEEK: "A week: 52 periods a year.",
    MONTH: "A month: 12 periods a year.",
    QUARTER: "A quarter: 4 periods a year.",
    YEAR: "A year.",
    THREE_YEARS: "Three years: a third of a period a year.",
  },
});

const ContractType = builder.objectRef<At<ContractRow>>("Contract");

builder.node(ContractType, {
  description: "A contract of one account; it holds lines.",
  id: { resolve: (contract) => contract.id },
  loadManyWithoutCache: (ids, { loaders }) => loaders.contract.findMany(ids),
  fields: (t) => ({
    externalId: t.exposeString("externalId", { description: "The id in the source system, unique in the workspace." }),
    account: t.field({
      type: AccountType,
      description: "The account that signed it; a contract never changes its account.",
      resolve: (contract, _args, context) => loadersAt(context, contract.known).account.get(contract.accountId),
    }),
  }),
});

export const ContractLineType = builder.objectRef<At<ContractLineRow>>("ContractLine");

const ContractLineConnection = builder.connectionObject(
  { type: ContractLineType, name: "ContractLineConnection", description: "One page of contract line versions." },
  { name: "ContractLineEdge", description: "A contract line version and its place in the list." },
);

builder.node(ContractLineType, {
  description:
    "One version of a contract line: what it charged from `fromOn` until `untilOn`. A source's line is known by `externalId` through all its versions.",
  id: { resolve: (line) => line.id },
  loadManyWithoutCache: (ids, { loaders }) => loaders.contractLine.findMany(ids),
  fields: (t) => ({
    lineId: t.id({
      description: "The opaque id of the line that this is a version of; equal for all its versions.",
      resolve: (line) => publicId("contractLine", line.lineId),
    }),
    externalId: t.exposeString("externalId", {
      description: "The line's id in the source system, equal for all its versions.",
    }),
    contract: t.field({
      type: ContractType,
      description: "The contract that holds the line.",
      resolve: (line, _args, context) => loadersAt(context, line.known).contract.get(line.contractId),
    }),
    account: t.field({
      type: AccountType,
      description:
        "The account that the line is recorded for; while that is merged, its ARR is part of the survivor's.",
      resolve: (line, _args, context) => loadersAt(context, line.known).account.get(line.accountId),
    }),
    product: t.field({
      type: ProductType,
      description: "What is sold.",
      resolve: (line, _args, context) => loadersAt(context, line.known).product.get(line.productId),
    }),
    plan: t.field({
      type: PlanType,
      description: "The product's plan.",
      resolve: (line, _args, context) => loadersAt(context, line.known).plan.get(line.planId),
    }),
    kind: t.expose("kind", { type: LineKindEnum, description: "What the line charges for." }),
    isAddOn: t.exposeBoolean("isAddOn", {
      description: "Whether the line is a module or feature beside another line.",
    }),
    fromOn: t.expose("fromOn", { type: "Date", description: "The first day in force." }),
    untilOn: t.expose("untilOn", {
      type: "Date",
      nullable: true,
      description: "The first day no longer in force; null while no end is known.",
    }),
    quantity: t.expose("quantity", { type: "Decimal", description: "Units, such as seats; above 0." }),
    unitPrice: t.expose("unitPrice", {
      type: "Decimal",
      description: "List price per unit and billing period, in `currency`, up to 12 decimals.",
    }),
    discountPercent: t.expose("discountPercent", {
      type: "Decimal",
      nullable: true,
      description:
        "Recurring discount, 0 to 100 percent of the list price; null when there is none or it is an amount.",
    }),
    discountAmount: t.expose("discountAmount", {
      type: "Decimal",
      nullable: true,
      description:
        "Recurring discount per billing period, in `currency`, capped at the list value; null when there is none or it is a percentage.",
    }),
    billingInterval: t.expose("billingInterval", {
      type: BillingIntervalEnum,
      description: "The billing period of `unitPrice` and `discountAmount`.",
    }),
    currency: t.expose("currency", { type: "CurrencyCode", description: "The currency of the line's money." }),
    arr: t.field({
      type: "Decimal",
      description:
        "The line's ARR while this version is in force, in `currency`: (quantity × unit price − discount) × billing periods per year, rounded half-even once. Of a METERED line this is what counts while it has no `usage`.",
      resolve: (line) => formatMoney(line.arrMinor, line.currency),
    }),
    termEndsOn: t.expose("termEndsOn", {
      type: "Date",
      nullable: true,
      description:
        "When the contracted term ends; information only, since ARR ends at `untilOn`. Null when not stated.",
    }),
    bookedOn: t.expose("bookedOn", {
      type: "Date",
      nullable: true,
      description: "When it was signed; information only. Null when not stated.",
    }),
    motion: t.exposeString("motion", {
      nullable: true,
      description: "The sales motion, such as product-led; null when not stated.",
    }),
    campaign: t.exposeString("campaign", { nullable: true, description: "The campaign; null when not stated." }),
  }),
});

builder.objectField(AccountType, "contractLines", (t) =>
  t.connection(
    {
      type: ContractLineType,
      description:
        "The account's contract line versions in force on a day, and those of accounts merged into it, by their first day.",
      args: {
        on: t.arg({
          type: "Date",
          description: "In force at the end of this day; today (UTC), or the day of `asOf`, when left out.",
        }),
      },
      resolve: async ({ id, known }, { on, ...args }, context) => {
        const loaders = loadersAt(context, known);
        return {
          ...(await loaders.contractLines.of({ on: on ?? known.on, page: pageArgs(args) }).load(id)),
          totalCount: () => loaders.contractLinesCount.of(on ?? known.on).load(id),
        };
      },
    },
    ContractLineConnection,
  ),
);
