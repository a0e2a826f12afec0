// Accounts: who they are, and where they stand in their group. What they are worth is added by movements.ts and metrics.ts.

import {
  type AccountQuestion,
  type AccountRow,
  accountOrderFields,
  countAccounts,
  listAccounts,
} from "@accrete/db/accounts/list.ts";
import type { AccountReference } from "@accrete/db/accounts/reference.ts";
import { accountSources } from "@accrete/db/accounts/table.ts";
import { requirePublicId } from "@accrete/db/kernel/ids.ts";
import { type At, type Knowledge, pageAt } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { type Context, knownAs, loadersAt } from "./context.ts";
import { askedAsOf, asOfArgs, OrderDirectionEnum, pageArgs } from "./terms.ts";

const AccountSourceEnum = wordsEnum("AccountSource", accountSources, {
  description: "Which kind of fact feeds an account's ARR. An account has one kind, never both.",
  values: {
    LINES: "Contract lines, from which its movements are derived.",
    MOVEMENTS: "Ready-made movements, imported as such.",
  },
});

const AccountAttributeType = builder.objectRef<{ name: string; value: string }>("AccountAttribute").implement({
  description: "One of the workspace's own attributes of an account.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The attribute's name, as in the import column `attribute.<name>`." }),
    value: t.exposeString("value", { description: "Its value for this account, today." }),
  }),
});

export const AccountType = builder.objectRef<At<AccountRow>>("Account");

const AccountConnection = builder.connectionObject(
  { type: AccountType, name: "AccountConnection", description: "One page of accounts." },
  { name: "AccountEdge", description: "An account and its place in the list." },
);

const onDayArgs = builder.args((t) => ({
  on: t.field({
    type: "Date",
    description: "At the end of this day; today (UTC; with `asOf`, its day) when left out.",
  }),
}));

builder.node(AccountType, {
  description:
    "A customer, or one of a customer's subsidiaries. Name and attributes are dated; the fields here hold the values in force today (UTC; in a question with `asOf`, on its day), or the first known ones where they only begin later.",
  id: { resolve: (account) => account.id },
  loadManyWithoutCache: (ids, { loaders }) => loaders.account.findMany(ids),
  fields: (t) => ({
    externalId: t.exposeString("externalId", { description: "The id in the source system, unique in the workspace." }),
    name: t.exposeString("name", { description: "The account's name." }),
    channel: t.exposeString("channel", {
      nullable: true,
      description: "The acquisition channel; null when none was stated.",
    }),
    region: t.exposeString("region", { nullable: true, description: "The region; null when none was stated." }),
    industry: t.exposeString("industry", { nullable: true, description: "The industry; null when none was stated." }),
    owner: t.exposeString("owner", {
      nullable: true,
      description: "Who looks after the account; null when none was stated.",
    }),
    attributes: t.field({
      type: [AccountAttributeType],
      description: "The workspace's own attributes that have a value, by name.",
      resolve: ({ attributes }) =>
        Object.keys(attributes)
          .sort()
          .map((name) => ({ name, value: attributes[name] ?? "" })),
    }),
    source: t.field({
      type: AccountSourceEnum,
      nullable: true,
      description:
        "What feeds the account's ARR; null until its own first contract line or movement arrives. Facts of accounts merged into it are theirs.",
      resolve: async ({ id, source, known }, _args, context) => {
        if (source === null || known.asOf === null) return source;
        return (await loadersAt(context, known).wasFed.load(id)) ? source : null;
      },
    }),
    parent: t.field({
      type: AccountType,
      nullable: true,
      description:
        "The account directly above it on a day; null for one at the top. Of a merged account: its survivor's.",
      args: onDayArgs,
      resolve: async (account, { on }, context) => {
        const loaders = loadersAt(context, account.known);
        const hierarchy = await loaders.hierarchyAbove.load(account.id);
        return loaders.account.findOptional(hierarchy.parentOn(account.id, on ?? account.known.on));
      },
    }),
    ultimateParent: t.field({
      type: AccountType,
      description:
        "The account at the top of its group on a day; the account itself (its survivor, when merged) when nothing is above it.",
      args: onDayArgs,
      resolve: async (account, { on }, context) => {
        const loaders = loadersAt(context, account.known);
        const hierarchy = await loaders.hierarchyAbove.load(account.id);
        return loaders.account.get(hierarchy.topOn(account.id, on ?? account.known.on));
      },
    }),
    children: t.connection(
      {
        type: AccountType,
        description:
          "The accounts directly below it on a day, by external id. A merged account has none: they are its survivor's.",
        args: onDayArgs,
        resolve: async (account, { on, ...page }, context) => {
          const loaders = loadersAt(context, account.known);
          const day = on ?? account.known.on;
          const children = await loaders.children.of({ on: day, page: pageArgs(page) }).load(account.id);
          return {
            ...loaders.account.prime(children),
            totalCount: () => loaders.childrenCount.of(day).load(account.id),
          };
        },
      },
      AccountConnection,
    ),
  }),
});

const AccountFilterInput = builder.inputType("AccountFilter", {
  description:
    "Which accounts. Conditions of several fields must all hold, of several values of one field any; attributes are those in force today.",
  fields: (t) => ({
    externalIds: t.stringList({ description: "By id in the source system. Ids that do not exist choose nothing." }),
    channel: t.stringList({ description: "By acquisition channel." }),
    region: t.stringList({ description: "By region." }),
    industry: t.stringList({ description: "By industry." }),
    owner: t.stringList({ description: "By owner." }),
    parentId: t.id({
      description: "Accounts directly below this one, by its opaque id. BAD_USER_INPUT when malformed.",
    }),
    active: t.boolean({ description: "True: accounts with ARR above 0 today. False: accounts without." }),
    nameContains: t.string({ description: "A part of the name, of any case; `%` and `_` are ordinary characters." }),
  }),
});

const AccountOrderFieldEnum = wordsEnum("AccountOrderField", accountOrderFields, {
  description: "What accounts can be ordered by.",
  values: {
    NAME: "The name, by code point: capitals before small letters.",
    EXTERNAL_ID: "The id in the source system, by code point.",
    ARR: "The ARR today, in the reporting currency; RATE_MISSING when any account has ARR in another.",
  },
});

const AccountOrderInput = builder.inputType("AccountOrder", {
  description: "One key of an order; earlier keys decide first, and the opaque id decides last.",
  fields: (t) => ({
    field: t.field({ type: AccountOrderFieldEnum, required: true, description: "The key." }),
    direction: t.field({
      type: OrderDirectionEnum,
      required: true,
      defaultValue: "ASC",
      description: "ASC unless told.",
    }),
  }),
});

export const AccountReferenceInput = builder.inputType("AccountReference", {
  description: "One account, by exactly one of its ids.",
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: "The opaque id, `acc_…`. BAD_USER_INPUT when malformed." }),
    externalId: t.string({ description: "The id in the source system." }),
  }),
});

/** The account that an input names; BAD_USER_INPUT naming the field for a malformed id. */
export function askedAccount(by: typeof AccountReferenceInput.$inferInput, field: string): AccountReference {
  return by.id != null ? { id: requirePublicId("account", by.id, `${field}.id`) } : { externalId: by.externalId ?? "" };
}

builder.queryFields((t) => ({
  account: t.field({
    type: AccountType,
    nullable: true,
    description: "One account; null when none with this id exists in the key's workspace, or did not yet `asOf` then.",
    args: {
      by: t.arg({ type: AccountReferenceInput, required: true, description: "By `id` or by `externalId`." }),
      ...asOfArgs,
    },
    resolve: async (_root, { by, asOf }, context) => {
      const loaders = loadersAt(context, await knownAs(context, askedAsOf(asOf)));
      return by.id != null
        ? loaders.account.find(requirePublicId("account", by.id, "by.id"))
        : loaders.accountByExternalId.load(by.externalId ?? "");
    },
  }),
  accounts: t.connection(
    {
      type: AccountType,
      description: "Accounts, ordered by external id unless told.",
      args: {
        filter: t.arg({ type: AccountFilterInput, description: "Which accounts; all when left out." }),
        orderBy: t.arg({
          type: [AccountOrderInput],
          description: "The order; by external id when left out or empty. A key may appear once.",
        }),
        ...asOfArgs,
      },
      resolve: async (_root, args, context) => {
        const known = await knownAs(context, askedAsOf(args.asOf));
        const loaders = loadersAt(context, known);
        const question = await accountQuestion(context, known, args);
        if (question.orderBy.some(({ field }) => field === "ARR")) await loaders.requireConstantRates();
        const page = await listAccounts(context.tx, question, pageArgs(args));
        return {
          ...loaders.account.prime(pageAt(page, known)),
          totalCount: () => countAccounts(context.tx, question),
        };
      },
    },
    AccountConnection,
  ),
}));

type ListArgs = {
  readonly filter?: typeof AccountFilterInput.$inferInput | null | undefined;
  readonly orderBy?: AccountQuestion["orderBy"] | null | undefined;
};

async function accountQuestion(
  context: Context,
  known: Knowledge,
  { filter, orderBy }: ListArgs,
): Promise<AccountQuestion> {
  const { parentId, ...conditions } = filter ?? {};
  return {
    filter: {
      ...conditions,
      parentId: parentId == null ? null : requirePublicId("account", parentId, "filter.parentId"),
    },
    orderBy: orderBy ?? [],
    known,
    worth: await loadersAt(context, known).accountWorth(),
  };
}
