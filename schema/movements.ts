// The ledger as it can be asked: movements, why they are what they are, and their reversals.

import { formatMoney } from "@accrete/db/kernel/money.ts";
import {
  countMovements,
  ledgerEntries,
  listMovements,
  type MovementQuestion,
  type MovementRow,
} from "@accrete/db/movements/list.ts";
import { movementRules } from "@accrete/db/movements/types.ts";
import { AccountType } from "./accounts.ts";
import { type At, type Knowledge, pageAt } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { PlanType, ProductType } from "./catalog.ts";
import { type Context, knownAs, loadersAt } from "./context.ts";
import { ContractLineType, LineKindEnum } from "./contracts.ts";
import {
  DriverEnum,
  MovementFilterInput,
  MovementOrderInput,
  MovementTypeEnum,
  movementFilter,
} from "./movements-filter.ts";
import { askedAsOf, asOfArgs, pageArgs } from "./terms.ts";

const MovementRuleEnum = wordsEnum("MovementRule", movementRules, {
  description: "The rule of the derivation that made a movement.",
  values: {
    FIRST_ARR: "The account had never had ARR: every line with ARR is NEW.",
    ARR_AGAIN: "The account had had ARR before, and none the day before: every line with ARR is REACTIVATION.",
    ARR_ENDED: "The account has no ARR left: every line that had some is CHURN.",
    COMMITMENT_CHANGED: "A COMMITMENT line started, changed or ended.",
    METERED_CHANGED: "A METERED line started, changed or ended.",
    QUANTITY_CHANGED: "The quantity step of a changed line, at the old price and discount.",
    PLAN_CHANGED: "The price and discount steps of a line whose plan's rank changed.",
    LIST_PRICE_CHANGED: "The list price step of a changed line, at the new quantity and the old discount.",
    DISCOUNT_CHANGED: "The discount step of a changed line, at the new quantity and price.",
    GROUP_CHANGED: "Lines of several plans or products that replaced each other: their whole difference.",
    LINE_STARTED: "A line that started and replaced nothing.",
    LINE_ENDED: "A line that ended and was replaced by nothing.",
    SOURCE: "Imported ready-made: type and driver are the source's.",
    MERGED:
      "Imported ready-made, and booked anew because accounts were merged: on the account that survived, with the type that it has in its whole history.",
  },
});

export const MovementReasonType = builder.objectRef<At<MovementRow>>("MovementReason").implement({
  description: "Why a movement is what it is: the rule, the line on both sides, and where it was read.",
  fields: (t) => ({
    rule: t.expose("rule", {
      type: MovementRuleEnum,
      description: "The rule that made it; SOURCE for a ready-made one.",
    }),
    lineBefore: t.field({
      type: ContractLineType,
      nullable: true,
      description:
        "The line's version the day before; null when the line was not in force, and for ready-made movements.",
      resolve: (movement, _args, context) =>
        loadersAt(context, movement.known).contractLine.findOptional(movement.versionBeforeId),
    }),
    lineAfter: t.field({
      type: ContractLineType,
      nullable: true,
      description:
        "The line's version on the day; null when the line is no longer in force, and for ready-made movements.",
      resolve: (movement, _args, context) =>
        loadersAt(context, movement.known).contractLine.findOptional(movement.versionAfterId),
    }),
    pairedBefore: t.field({
      type: [ContractLineType],
      description: "The versions that ended as a group, where lines replaced each other; empty otherwise.",
      resolve: (movement, _args, context) =>
        loadersAt(context, movement.known).contractLine.getMany(movement.pairBeforeIds),
    }),
    pairedAfter: t.field({
      type: [ContractLineType],
      description: "The versions that started as a group, where lines replaced each other; empty otherwise.",
      resolve: (movement, _args, context) =>
        loadersAt(context, movement.known).contractLine.getMany(movement.pairAfterIds),
    }),
  }),
});

export const MovementType = builder.objectRef<At<MovementRow>>("Movement");

export const MovementConnection = builder.connectionObject(
  { type: MovementType, name: "MovementConnection", description: "One page of movements." },
  { name: "MovementEdge", description: "A movement and its place in the list." },
);

builder.node(MovementType, {
  description:
    "One dated, signed change of one line's ARR. The ledger is append-only: a correction is a reversal and a new movement, and both stay readable.",
  id: { resolve: (movement) => movement.id },
  loadManyWithoutCache: (ids, { loaders }) => loaders.movement.findMany(ids),
  fields: (t) => ({
    type: t.expose("type", { type: MovementTypeEnum, description: "What it did to its account." }),
    driver: t.expose("driver", {
      type: DriverEnum,
      nullable: true,
      description: "What moved; null for NEW, REACTIVATION and CHURN.",
    }),
    amount: t.field({
      type: "Decimal",
      description:
        "The change of ARR in `currency`, signed: below 0 for CONTRACTION and CHURN. A reversal has the negated amount.",
      resolve: (movement) => formatMoney(movement.amountMinor, movement.currency),
    }),
    currency: t.expose("currency", {
      type: "CurrencyCode",
      description: "The currency of `amount`.",
    }),
    effectiveOn: t.expose("effectiveOn", {
      type: "Date",
      description: "The day from whose end on the change is true.",
    }),
    bookedOn: t.expose("bookedOn", {
      type: "Date",
      nullable: true,
      description: "When the change was signed; information only. Null when not stated.",
    }),
    recordedAt: t.expose("recordedAt", { type: "DateTime", description: "When the ledger learned of it." }),
    ledgerVersion: t.expose("ledgerVersion", { type: "BigInt", description: "The commit that appended it." }),
    account: t.field({
      type: AccountType,
      description: "Whose ARR moved.",
      resolve: (movement, _args, context) => loadersAt(context, movement.known).account.get(movement.accountId),
    }),
    product: t.field({
      type: ProductType,
      nullable: true,
      description: "The product of the line that moved; null when a ready-made movement names none.",
      resolve: (movement, _args, context) =>
        loadersAt(context, movement.known).product.findOptional(movement.productId),
    }),
    plan: t.field({
      type: PlanType,
      nullable: true,
      description:
        "The plan of the line that moved, after a plan change the new one; null when a ready-made movement names none.",
      resolve: (movement, _args, context) => loadersAt(context, movement.known).plan.findOptional(movement.planId),
    }),
    kind: t.expose("kind", {
      type: LineKindEnum,
      nullable: true,
      description: "The line's kind; null when a ready-made movement states none, which reads as RECURRING.",
    }),
    isAddOn: t.exposeBoolean("isAddOn", { description: "Whether the line is an add-on." }),
    line: t.field({
      type: ContractLineType,
      nullable: true,
      description: "The line's version after the change, before it when the line ended; null for ready-made movements.",
      resolve: (movement, _args, context) =>
        loadersAt(context, movement.known).contractLine.findOptional(
          movement.versionAfterId ?? movement.versionBeforeId,
        ),
    }),
    motion: t.exposeString("motion", {
      nullable: true,
      description: "The sales motion, such as product-led; null when not stated.",
    }),
    campaign: t.exposeString("campaign", { nullable: true, description: "The campaign; null when not stated." }),
    externalId: t.exposeString("externalId", {
      nullable: true,
      description: "The source's id of a ready-made movement; null for a derived one.",
    }),
    reason: t.field({
      type: MovementReasonType,
      description: "Why the movement is what it is.",
      resolve: (movement) => movement,
    }),
    reverses: t.field({
      type: MovementType,
      nullable: true,
      description: "The movement that this one takes back; null unless this is a reversal.",
      resolve: (movement, _args, context) =>
        loadersAt(context, movement.known).movement.findOptional(movement.reverses),
    }),
    reversedBy: t.field({
      type: MovementType,
      nullable: true,
      description: "The reversal that takes this movement back; null while it counts.",
      resolve: (movement, _args, context) => loadersAt(context, movement.known).reversalOf.load(movement.id),
    }),
  }),
});

const LedgerEntriesEnum = wordsEnum("LedgerEntries", ledgerEntries, {
  description: "Which rows of the append-only ledger a list shows.",
  values: {
    UNREVERSED: "What counts: neither reversals nor the movements that they took back.",
    ALL: "Every row that was ever appended, reversals and reversed movements included. Amounts still sum to the same balances.",
  },
});

const listArgs = builder.args((t) => ({
  filter: t.field({ type: MovementFilterInput, description: "Which movements; all when left out." }),
  orderBy: t.field({
    type: [MovementOrderInput],
    description: "The order; by EFFECTIVE_ON ascending when left out or empty. A field may appear once.",
  }),
  entries: t.field({
    type: LedgerEntriesEnum,
    required: true,
    defaultValue: "UNREVERSED",
    description: "Only what counts (the default), or the whole ledger.",
  }),
}));

type ListArgs = {
  readonly filter?: typeof MovementFilterInput.$inferInput | null | undefined;
  readonly orderBy?: MovementQuestion["orderBy"] | null | undefined;
  readonly entries: MovementQuestion["entries"];
};

/** What a list asks of db. A segment condition reads the band before the movement's day, or of that day where there was none. */
async function movementQuestion(context: Context, known: Knowledge, args: ListArgs): Promise<MovementQuestion> {
  const filter = movementFilter(args.filter);
  const settings = filter.segment ? await loadersAt(context, known).settings() : null;
  if (settings) await loadersAt(context, known).requireConstantRates();
  const segments = settings && {
    bands: settings.segmentBands,
    at: "OPENING" as const,
    rates: await loadersAt(context, known).constantRates(),
    period: null,
  };
  const parents = filter.parentIds ? await loadersAt(context, known).resolvedParents() : null;
  const { workspaceId } = context.tx;
  return {
    filter,
    context: { workspaceId, ledgerVersion: known.version, parents, ...(segments ? { segments } : {}) },
    entries: args.entries,
    orderBy: args.orderBy ?? [],
  };
}

builder.queryField("movements", (t) =>
  t.connection(
    {
      type: MovementType,
      description:
        "The ledger's movements. A `segment` condition reads the account's band at the end of the day before the movement, or of its day where there was no ARR before.",
      args: { ...listArgs, ...asOfArgs },
      resolve: async (_root, args, context) => {
        const known = await knownAs(context, askedAsOf(args.asOf));
        const question = await movementQuestion(context, known, args);
        return {
          ...pageAt(await listMovements(context.tx, question, pageArgs(args)), known),
          totalCount: () => countMovements(context.tx, question),
        };
      },
    },
    MovementConnection,
  ),
);

builder.objectFields(AccountType, (t) => ({
  firstArrOn: t.field({
    type: "Date",
    nullable: true,
    description: "The day of the account's first ARR, which places it in its cohort; null when it never had any.",
    resolve: async ({ id, known }, _args, context) =>
      (await loadersAt(context, known).firstArr.load(id))[0]?.on ?? null,
  }),
  movements: t.connection(
    {
      type: MovementType,
      description: "The account's movements.",
      args: listArgs,
      resolve: async (account, args, context) => {
        const question = await movementQuestion(context, account.known, args);
        const page = pageArgs(args);
        const loaders = loadersAt(context, account.known);
        return {
          ...(await loaders.movements.of({ question, page }).load(account.id)),
          totalCount: () => loaders.movementsCount.of(question).load(account.id),
        };
      },
    },
    MovementConnection,
  ),
}));
