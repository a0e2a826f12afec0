// Who is above whom, as facts with days: the mutation that states them, and the links of an account's whole history.

import type { ParentLink } from "@accrete/db/accounts/hierarchy.ts";
import { type ParentStatement, type ParentsResult, setAccountParents } from "@accrete/db/accounts/set-parents.ts";
import { badInput } from "@accrete/db/kernel/errors.ts";
import { AccountReferenceInput, AccountType, askedAccount } from "./accounts.ts";
import { type At, rowsAt } from "./batching.ts";
import { builder } from "./builder.ts";
import { loadersAt, writing } from "./context.ts";
import { RefusalType } from "./terms.ts";

const AccountParentInput = builder.inputType("AccountParentInput", {
  description: "Who is directly above an account from a day until another. Other days stay as they are.",
  fields: (t) => ({
    account: t.field({ type: AccountReferenceInput, required: true, description: "The account below." }),
    parent: t.field({
      type: AccountReferenceInput,
      description: "The account directly above it; null or left out: nobody is.",
    }),
    fromOn: t.field({ type: "Date", required: true, description: "The first day; 1990-01-01 is since always." }),
    untilOn: t.field({
      type: "Date",
      description: "The first day on which it is no longer true; null or left out: it has no end.",
    }),
  }),
});

const SetAccountParentsResult = builder.objectRef<ParentsResult>("SetAccountParentsResult").implement({
  description: "What became of a list of parents.",
  fields: (t) => ({
    changed: t.exposeInt("changed", {
      description: "How many of the facts were not recorded yet, and are now; 0 when the list was refused.",
    }),
    restatements: t.exposeInt("restatements", {
      description:
        "How many of the facts change a parent on a day of a closed period, where the workspace books late facts.",
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      nullable: true,
      description: "The ledger version that recorded them; null when nothing was recorded.",
      resolve: ({ commit }) => commit?.version ?? null,
    }),
    refusals: t.field({
      type: [RefusalType],
      description:
        "Why nothing was booked, by place in the list; empty when the list was booked. Codes: ACCOUNT_UNKNOWN, ACCOUNT_MERGED, PARENT_UNKNOWN, PARENT_IS_ITSELF, TERM_EMPTY, STATED_TWICE, PARENT_CYCLE, HIERARCHY_TOO_DEEP.",
      resolve: ({ refusals }) => refusals,
    }),
  }),
});

const statementsMax = 1_000;

builder.mutationField("setAccountParents", (t) =>
  t.field({
    type: SetAccountParentsResult,
    description:
      "States who is directly above whom, with days. Booked as a whole or not at all; facts that are recorded already change nothing. On no day may the parents lead back to an account, or a group have more than 10 levels, the account at its top counted. PERIOD_CLOSED when an account would have another parent on a day of a closed period, from whichever day on, and the workspace refuses late facts. Needs a key of the scope `write`.",
    args: {
      parents: t.arg({ type: [AccountParentInput], required: true, description: "1 to 1,000 facts, in any order." }),
    },
    resolve: async (_root, { parents }, context) => {
      if (parents.length === 0 || parents.length > statementsMax) {
        badInput("parents", `'parents' holds ${parents.length} facts; 1 to ${statementsMax} are booked at once.`);
      }
      const statements = parents.map(
        ({ account, parent, fromOn, untilOn }, index): ParentStatement => ({
          account: askedAccount(account, `parents.${index}.account`),
          parent: parent == null ? null : askedAccount(parent, `parents.${index}.parent`),
          fromOn,
          untilOn: untilOn ?? null,
        }),
      );
      return writing(context, { needs: "write", action: "set account parents" }, (tx, author) =>
        setAccountParents(tx, statements, author),
      );
    },
  }),
);

const AccountParentType = builder.objectRef<At<ParentLink>>("AccountParent").implement({
  description: "Who was directly above an account from a day until another.",
  fields: (t) => ({
    parent: t.field({
      type: AccountType,
      description: "The account directly above.",
      resolve: ({ parentId, known }, _args, context) => loadersAt(context, known).account.get(parentId),
    }),
    fromOn: t.expose("fromOn", { type: "Date", description: "The first day; 1990-01-01 is since always." }),
    untilOn: t.expose("untilOn", {
      type: "Date",
      nullable: true,
      description: "The first day on which it is no longer true; null when it has no end.",
    }),
  }),
});

builder.objectFields(AccountType, (t) => ({
  parentHistory: t.field({
    type: [AccountParentType],
    description:
      "Every parent that the account ever has, by day; days without a parent are left out. Merges are seen through: links of an account that is merged into it are its own where it has none, and a merged account has its survivor's.",
    resolve: async (account, _args, context) => {
      const hierarchy = await loadersAt(context, account.known).hierarchyAbove.load(account.id);
      return rowsAt(hierarchy.parentsOf(account.id), account.known);
    },
  }),
  mergedInto: t.field({
    type: AccountType,
    nullable: true,
    description:
      "The account that its facts count for, because it was merged into it, through all merges between; null for an account that is not merged.",
    resolve: async (account, _args, context) => {
      const loaders = loadersAt(context, account.known);
      return loaders.account.findOptional((await loaders.survivors()).get(account.id) ?? null);
    },
  }),
  mergedAccounts: t.field({
    type: [AccountType],
    description:
      "The accounts whose facts count for it, because they were merged into it, by external id; empty for most.",
    resolve: async (account, _args, context) => {
      const loaders = loadersAt(context, account.known);
      const merged = [...(await loaders.survivors())].flatMap(([id, into]) => (into === account.id ? [id] : []));
      const rows = await loaders.account.getMany(merged);
      return [...rows].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
    },
  }),
}));
