// Merging accounts that are one and the same, and undoing it.

import { type MergeResult, mergeAccounts, unmergeAccounts } from "@accrete/db/movements/merge.ts";
import { AccountReferenceInput, AccountType, askedAccount } from "./accounts.ts";
import { builder } from "./builder.ts";
import { writing } from "./context.ts";

const AccountMergeType = builder.objectRef<MergeResult>("AccountMerge").implement({
  description: "What a merge of accounts, or its undoing, has booked.",
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: "The account that was merged, or is one of its own again.",
      resolve: ({ accountId }, _args, { loaders }) => loaders.account.get(accountId),
    }),
    survivor: t.field({
      type: AccountType,
      description: "The account that its facts count for; after the undoing, counted for.",
      resolve: ({ survivorId }, _args, { loaders }) => loaders.account.get(survivorId),
    }),
    movementsAppended: t.exposeInt("appended", {
      description: "Movements that the ledger has since, reversals not counted.",
    }),
    movementsReversed: t.exposeInt("reversed", { description: "Movements that were taken back." }),
    restatements: t.exposeInt("restatements", {
      description: "Rows of the ledger about days of closed periods, where the workspace books late facts.",
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version that recorded it: `asOf` the one before gives the numbers from before.",
      resolve: ({ commit }) => commit.version,
    }),
  }),
});

builder.mutationFields((t) => ({
  mergeAccounts: t.field({
    type: AccountMergeType,
    description:
      "Says that two accounts are one and the same, for all of their history. The facts of `from` stay recorded as they are and count for `into`: lines and movements of both are typed together, parents of `from` are those of `into` where it has none. BAD_USER_INPUT (field `from` or `into`) for an unknown account, for one that is merged already, and where parents would lead in a circle or a group would have more than 10 levels. MIXED_SOURCES when one is fed by contract lines and the other by ready-made movements. PERIOD_CLOSED when the ledger would change in a closed period and the workspace refuses late facts. Needs a key of the scope `write`.",
    args: {
      from: t.arg({ type: AccountReferenceInput, required: true, description: "The account that is the other one." }),
      into: t.arg({ type: AccountReferenceInput, required: true, description: "The account that remains." }),
    },
    resolve: (_root, { from, into }, context) =>
      writing(context, { needs: "write", action: "merge accounts" }, (tx, author) =>
        mergeAccounts(tx, { from: askedAccount(from, "from"), into: askedAccount(into, "into") }, author),
      ),
  }),
  unmergeAccounts: t.field({
    type: AccountMergeType,
    description:
      "Undoes the merge of an account: its facts count for itself again, and the ledger says what it would say had it never been merged. Accounts that were merged into it stay so. BAD_USER_INPUT (field `from`) for an unknown account, for one that is not merged, and where parents, apart, would lead in a circle or a group would have more than 10 levels. CONFLICT when movements that were imported meanwhile would leave one of the accounts with ARR below 0. PERIOD_CLOSED as in merging. Needs a key of the scope `write`.",
    args: {
      from: t.arg({ type: AccountReferenceInput, required: true, description: "The account that was merged." }),
    },
    resolve: (_root, { from }, context) =>
      writing(context, { needs: "write", action: "unmerge accounts" }, (tx, author) =>
        unmergeAccounts(tx, askedAccount(from, "from"), author),
      ),
  }),
}));
