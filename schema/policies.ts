// The metric policy: the choices that sources disagree on, as an input and as the resolved answer.

import { type AskedPolicy, type Policy, policyKeys, presetNames } from "@accrete/db/policies/policy.ts";
import { resolvePolicy } from "@accrete/db/policies/resolve.ts";
import { builder, wordsEnum } from "./builder.ts";
import { AsOfInput } from "./terms.ts";
import { WorkspaceType } from "./workspaces.ts";

const MethodEnum = wordsEnum("Method", policyKeys.method, {
  description:
    "How flows are read. The two are different numbers: round trips inside a window count in one and not in the other.",
  values: {
    EVENT:
      "Each movement counts as what it was when it happened: expansion is Σ EXPANSION, contraction −Σ CONTRACTION, churn −Σ CHURN.",
    SNAPSHOT:
      "Only opening and closing balances count: expansion is Σ max(a(e) − a(s), 0) over accounts with ARR at the opening; ups and downs in between cancel.",
  },
});

const NettingEnum = wordsEnum("Netting", policyKeys.netting, {
  description:
    "Whether an account's movements are first summed to one change per interval, which is then typed anew. Ignored under SNAPSHOT.",
  values: {
    NONE: "Every movement counts by itself.",
    DAY: "One net change per account and day.",
    MONTH:
      "One net change per account and calendar month, the first and last clipped to the window; it is dated on the interval's last day.",
  },
});

const SegmentAtEnum = wordsEnum("SegmentAt", policyKeys.segmentAt, {
  description: "Which balance decides an account's ARR band in a period.",
  values: {
    OPENING:
      "The ARR at the period's start; for an account without any, its first positive end-of-day ARR in the period.",
    CLOSING:
      "The ARR at the period's end; for an account that left, its last positive one. The opening balance moves into that band by transfer.",
  },
});

const AccountLevelEnum = wordsEnum("AccountLevel", policyKeys.accountLevel, {
  description: "At which level balances are formed and movements typed.",
  values: {
    ACCOUNT: "Each account by itself.",
    ULTIMATE_PARENT: "Each group of accounts, under the account at its top.",
  },
});

const HierarchyAtEnum = wordsEnum("HierarchyAt", policyKeys.hierarchyAt, {
  description: "Which parent links form groups.",
  values: {
    LIVE: "Those in force now, for all history.",
    AS_OF_EVENT: "Those in force when each thing happened; a new parent is a transfer, never churn.",
  },
});

const ChangeTreatmentEnum = wordsEnum("ChangeTreatment", policyKeys.priceIncrease, {
  description: "Where changes of price, or of discount, are shown.",
  values: {
    EXPANSION: "In expansion and contraction, under their driver.",
    SEPARATE: "On a signed line of their own, outside expansion and contraction and inside nrr.",
  },
});

const ReactivationTreatmentEnum = wordsEnum("ReactivationTreatment", policyKeys.reactivation, {
  description: "What an account that comes back counts as.",
  values: {
    SEPARATE: "As reactivation.",
    NEW: "As new.",
    EXPANSION: "As expansion, in the breakdown as `reactivation`.",
  },
});

const UsageTreatmentEnum = wordsEnum("UsageTreatment", policyKeys.usage, {
  description: "Which lines beside RECURRING ones are ARR.",
  values: {
    BILLED_RECURRING: "COMMITMENT and METERED lines.",
    COMMITTED: "COMMITMENT lines.",
    EXCLUDE: "None.",
  },
});

const CurrencyTreatmentEnum = wordsEnum("CurrencyTreatment", policyKeys.currency, {
  description: "At which rates other currencies are read in the reporting one.",
  values: {
    CONSTANT: "At one rate per currency, so that exchange rates move nothing.",
    REPORTED: "At the rates of the day; what only rates moved is `fxArr`.",
  },
});

export const PresetEnum = wordsEnum("Preset", presetNames, {
  description: "A named bundle that sets every policy key to reproduce another tool's number on the same facts.",
  values: {
    CHARTMOGUL: "ChartMogul's: every change is a movement, a return is a reactivation, rates of the day.",
    STRIPE: "Stripe Billing's: as ChartMogul's, without metered usage.",
    MAXIO_90D: "Maxio's: a return within 90 days is a reactivation, a later one is new; without metered usage.",
    GITLAB:
      "GitLab's: at the ultimate parent, netted per calendar month, a return is expansion, at constant rates; without metered usage.",
    DBT_MRR_PLAYBOOK:
      "The dbt MRR playbook's: netted per calendar month, a return is a reactivation, at constant rates.",
  },
});

export const PolicyInput = builder.inputType("PolicyInput", {
  description:
    "The policy of a question. A key left out, or null, comes from the preset or saved policy that is named, else from the workspace's default policy, else from the product's built-in one.",
  fields: (t) => ({
    preset: t.field({
      type: PresetEnum,
      description: "A preset under the keys that are set here. BAD_USER_INPUT beside a `name`.",
    }),
    name: t.string({
      description:
        "A policy saved in the workspace, under the keys that are set here. BAD_USER_INPUT when nothing is saved under the name.",
    }),
    method: t.field({ type: MethodEnum, description: "How flows are read: EVENT at first." }),
    accountLevel: t.field({
      type: AccountLevelEnum,
      description: "The level of balances and movements: ACCOUNT at first.",
    }),
    hierarchyAt: t.field({ type: HierarchyAtEnum, description: "Which parent links form groups: LIVE at first." }),
    priceIncrease: t.field({
      type: ChangeTreatmentEnum,
      description: "Where changes by the driver PRICE are shown: in EXPANSION at first.",
    }),
    discountChange: t.field({
      type: ChangeTreatmentEnum,
      description: "Where changes by the driver DISCOUNT are shown: in EXPANSION at first.",
    }),
    reactivation: t.field({
      type: ReactivationTreatmentEnum,
      description: "What an account that comes back counts as: SEPARATE at first.",
    }),
    reactivationWindowDays: t.int({
      description:
        "The longest gap, in days from 0 to 36500, after which a return still is a reactivation; null means no limit, and is a choice: leave it out to take the workspace's.",
    }),
    usage: t.field({
      type: UsageTreatmentEnum,
      description: "Which lines beside RECURRING ones are ARR: BILLED_RECURRING at first.",
    }),
    segmentAt: t.field({
      type: SegmentAtEnum,
      description: "Which balance decides an account's ARR band: OPENING at first.",
    }),
    netting: t.field({ type: NettingEnum, description: "Whether changes are netted per interval: NONE at first." }),
    currency: t.field({
      type: CurrencyTreatmentEnum,
      description: "At which rates other currencies are read: CONSTANT at first.",
    }),
    asOf: t.field({ type: AsOfInput, description: "Whose knowledge answers; the newest when left out." }),
  }),
});

/** What a question's policy says; what it leaves out is not in it. Null says something of reactivationWindowDays only. `asOf` is the question's own: see askedAsOf. */
export function askedPolicy(input: typeof PolicyInput.$inferInput | null | undefined): AskedPolicy {
  const { asOf: _, ...keys } = input ?? {};
  const given = Object.entries(keys).filter(
    ([key, value]) => value !== undefined && (value !== null || key === "reactivationWindowDays"),
  );
  return Object.fromEntries(given) as AskedPolicy;
}

export const ResolvedPolicyType = builder.objectRef<Policy>("ResolvedPolicy").implement({
  description: "Every policy key with the value that was used: the recipe of a number.",
  fields: (t) => ({
    method: t.expose("method", { type: MethodEnum, description: "How flows were read." }),
    netting: t.expose("netting", { type: NettingEnum, description: "Whether changes were netted per interval first." }),
    segmentAt: t.expose("segmentAt", { type: SegmentAtEnum, description: "Which balance decided the ARR band." }),
    accountLevel: t.expose("accountLevel", {
      type: AccountLevelEnum,
      description: "The level of balances and movements.",
    }),
    hierarchyAt: t.expose("hierarchyAt", { type: HierarchyAtEnum, description: "Which parent links formed groups." }),
    priceIncrease: t.expose("priceIncrease", {
      type: ChangeTreatmentEnum,
      description: "Where PRICE changes are shown.",
    }),
    discountChange: t.expose("discountChange", {
      type: ChangeTreatmentEnum,
      description: "Where DISCOUNT changes are shown.",
    }),
    reactivation: t.expose("reactivation", {
      type: ReactivationTreatmentEnum,
      description: "What an account that came back counted as.",
    }),
    reactivationWindowDays: t.exposeInt("reactivationWindowDays", {
      nullable: true,
      description: "The longest gap, in days, that a reactivation may follow; null means no limit.",
    }),
    usage: t.expose("usage", { type: UsageTreatmentEnum, description: "Which lines beside RECURRING ones were ARR." }),
    currency: t.expose("currency", {
      type: CurrencyTreatmentEnum,
      description: "At which rates currencies were read.",
    }),
    asOf: t.exposeString("asOf", {
      nullable: true,
      description: "The ledger version or instant whose knowledge answered; null means the newest.",
    }),
    preset: t.expose("preset", {
      type: PresetEnum,
      nullable: true,
      description:
        "The preset whose keys these are, however they were set; null means that they are no preset's. It is not part of the hash.",
    }),
  }),
});

builder.objectField(WorkspaceType, "defaultPolicy", (t) =>
  t.field({
    type: ResolvedPolicyType,
    description:
      "The policy of a question that sets no key: the workspace's choices over the product's built-in defaults.",
    resolve: ({ settings }) => resolvePolicy({ workspaceDefault: settings.defaultPolicy }),
  }),
);
