// Policies saved under a name, and the workspace's default: what each sets, who set it, and what it was before.

import { badInput } from "@accrete/db/kernel/errors.ts";
import { type Policy, policyHash, type SettablePolicy, settableKeys } from "@accrete/db/policies/policy.ts";
import { resolvePolicy } from "@accrete/db/policies/resolve.ts";
import {
  deletePolicy,
  listSavedPolicies,
  listSavedPolicyChanges,
  type SavedPolicy,
  type SavedPolicyChange,
  savePolicy,
  setDefaultPolicy,
} from "@accrete/db/policies/store.ts";
import { type At, rowsAt } from "./batching.ts";
import { builder } from "./builder.ts";
import { type Context, knownAs, loadersAt, writing } from "./context.ts";
import { askedPolicy, PolicyInput, ResolvedPolicyType } from "./policies.ts";
import { askedAsOf, asOfArgs } from "./terms.ts";
import { loadWorkspace, WorkspaceType } from "./workspaces.ts";

type KeyValue = { readonly key: keyof SettablePolicy; readonly value: string | null };

const keyDescriptions: Readonly<Record<keyof SettablePolicy, string>> = {
  method: "How flows are read.",
  accountLevel: "The level of balances and movements.",
  hierarchyAt: "Which parent links form groups.",
  priceIncrease: "Where changes by the driver PRICE are shown.",
  discountChange: "Where changes by the driver DISCOUNT are shown.",
  reactivation: "What an account that comes back counts as.",
  reactivationWindowDays: "The longest gap, in days, that a reactivation may follow.",
  usage: "Which lines beside RECURRING ones are ARR.",
  segmentAt: "Which balance decides an account's ARR band.",
  netting: "Whether changes are netted per interval first.",
  currency: "At which rates other currencies are read.",
};

/** The keys in the schema's own spelling of words: ACCOUNT_LEVEL for accountLevel. */
export const PolicyKeyEnum = builder.enumType("PolicyKey", {
  description: "A key of a policy that can be set; the field of ResolvedPolicy of the same words holds its value.",
  values: Object.fromEntries(
    settableKeys.map((key) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
      { value: key, description: keyDescriptions[key] },
    ]),
  ),
});

const PolicyKeyValueType = builder.objectRef<KeyValue>("PolicyKeyValue").implement({
  description: "A key of a policy, and the value that it is set to.",
  fields: (t) => ({
    key: t.expose("key", { type: PolicyKeyEnum, description: "The key." }),
    value: t.exposeString("value", {
      nullable: true,
      description:
        "Its value as PolicyInput takes it, a number as its digits; null is reactivationWindowDays: no limit.",
    }),
  }),
});

const SavedPolicyChangeType = builder.objectRef<SavedPolicyChange>("SavedPolicyChange").implement({
  description: "What a saved policy's name meant from one commit to the next.",
  fields: (t) => ({
    keys: t.field({
      type: [PolicyKeyValueType],
      nullable: true,
      description: "The keys that it set; null when it was deleted.",
      resolve: ({ keys }) => (keys === null ? null : keyValues(keys)),
    }),
    setBy: t.exposeString("setBy", { description: "The id of the API key that set it, or `command`." }),
    recordedAt: t.expose("recordedAt", { type: "DateTime", description: "When it was set." }),
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version from which on it was so.",
      resolve: ({ recordedVersion }) => recordedVersion,
    }),
  }),
});

const SavedPolicyType = builder.objectRef<At<SavedPolicy>>("SavedPolicy").implement({
  description: "A policy saved under a name, for `policy: { name: … }` in questions.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "What questions call it; unique in the workspace." }),
    keys: t.field({
      type: [PolicyKeyValueType],
      description: "The keys that it sets; the workspace's default policy sets the rest.",
      resolve: ({ keys }) => keyValues(keys),
    }),
    resolved: t.field({
      type: ResolvedPolicyType,
      description: "Every key with the value that a question gets that names it and sets nothing itself.",
      resolve: resolvedOf,
    }),
    policyHash: t.string({
      description:
        "The hash of `resolved`: SHA-256, in hex, of the canonical JSON of the keys that differ from the built-in policy.",
      resolve: async (saved, _args, context) => policyHash(await resolvedOf(saved, {}, context)),
    }),
    setBy: t.exposeString("setBy", { description: "The id of the API key that saved it last, or `command`." }),
    recordedAt: t.expose("recordedAt", { type: "DateTime", description: "When it was saved last." }),
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version from which on it is so.",
      resolve: ({ recordedVersion }) => recordedVersion,
    }),
    history: t.field({
      type: [SavedPolicyChangeType],
      description: "What the name meant, the newest first; the first entry is what it means.",
      resolve: ({ name, known }, _args, { tx }) => listSavedPolicyChanges(tx, [name], known.version),
    }),
  }),
});

async function resolvedOf({ keys, known }: At<SavedPolicy>, _args: object, context: Context): Promise<Policy> {
  const { defaultPolicy } = await loadersAt(context, known).settings();
  return resolvePolicy({ workspaceDefault: defaultPolicy, named: keys });
}

function keyValues(keys: Partial<SettablePolicy>): readonly KeyValue[] {
  return settableKeys.flatMap((key) => {
    const value = keys[key];
    return value === undefined ? [] : [{ key, value: value === null ? null : String(value) }];
  });
}

builder.queryField("policies", (t) =>
  t.field({
    type: [SavedPolicyType],
    description: "The policies that the workspace has saved, by name; at most 200.",
    args: asOfArgs,
    resolve: async (_root, { asOf }, context) => listPolicies(context, askedAsOf(asOf)),
  }),
);

async function listPolicies(context: Context, asOf: ReturnType<typeof askedAsOf>) {
  const known = await knownAs(context, asOf);
  return rowsAt(await listSavedPolicies(context.tx, known.version), known);
}

/** What is to be kept; whose knowledge answers is chosen by each question. */
function policyToKeep({ asOf, ...policy }: typeof PolicyInput.$inferInput): ReturnType<typeof askedPolicy> {
  if (asOf != null) badInput("policy.asOf", "A policy that is kept has no 'asOf': each question chooses its own.");
  return askedPolicy(policy);
}

builder.mutationField("savePolicy", (t) =>
  t.field({
    type: SavedPolicyType,
    description:
      "Saves a policy under a name, in place of what the name meant; questions `asOf` an earlier version keep the earlier meaning. A preset or another saved policy stands for the keys that it sets now. BAD_USER_INPUT for a name that is blank, longer than 100 characters or a preset's, and for an `asOf`. Needs a key of the scope `admin`.",
    args: {
      name: t.arg.string({ required: true, description: "The name, 1 to 100 characters." }),
      policy: t.arg({ type: PolicyInput, required: true, description: "The keys to save; the rest stays open." }),
    },
    resolve: async (_root, { name, policy }, context) => {
      await writing(context, { needs: "admin", action: "save policy" }, (tx, author) =>
        savePolicy(tx, name, policyToKeep(policy), author),
      );
      const saved = (await listPolicies(context, null)).find((one) => one.name === name.trim());
      return saved ?? badInput("name", `No policy is saved under the name '${name}'.`);
    },
  }),
);

builder.mutationField("deletePolicy", (t) =>
  t.field({
    type: [SavedPolicyType],
    description:
      "Ends what a saved policy's name means, and gives the policies that are left; questions `asOf` an earlier version still know it. BAD_USER_INPUT when nothing is saved under the name. Needs a key of the scope `admin`.",
    args: { name: t.arg.string({ required: true, description: "The saved policy's name." }) },
    resolve: async (_root, { name }, context) => {
      await writing(context, { needs: "admin", action: "delete policy" }, (tx, author) =>
        deletePolicy(tx, name, author),
      );
      return listPolicies(context, null);
    },
  }),
);

builder.mutationField("setPolicy", (t) =>
  t.field({
    type: WorkspaceType,
    description:
      "Sets the workspace's default policy as a whole: a key left out, or null, has its built-in value again. A preset or saved policy stands for the keys that it sets now. Questions `asOf` an earlier version keep the earlier default; `settingsChanges` tells who changed what. BAD_USER_INPUT for an `asOf`. Needs a key of the scope `admin`.",
    args: {
      policy: t.arg({ type: PolicyInput, required: true, description: "The keys that differ from the built-in ones." }),
    },
    resolve: async (_root, { policy }, context) => {
      await writing(context, { needs: "admin", action: "set policy" }, (tx, author) =>
        setDefaultPolicy(tx, policyToKeep(policy), author),
      );
      return loadWorkspace(context);
    },
  }),
);
