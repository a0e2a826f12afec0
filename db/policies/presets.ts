// The named bundles that reproduce another tool's number on the same facts. Each sets every key; docs/presets/ tells the source of each.

import { type Policy, type PresetName, presetNames, type SettablePolicy, settableKeys } from "./policy.ts";

/** What each preset sets: every key. */
export const presets: Readonly<Record<PresetName, SettablePolicy>> = {
  CHARTMOGUL: {
    method: "EVENT",
    accountLevel: "ACCOUNT",
    hierarchyAt: "LIVE",
    priceIncrease: "EXPANSION",
    discountChange: "EXPANSION",
    reactivation: "SEPARATE",
    reactivationWindowDays: null,
    usage: "BILLED_RECURRING",
    segmentAt: "OPENING",
    netting: "NONE",
    currency: "REPORTED",
  },
  STRIPE: {
    method: "EVENT",
    accountLevel: "ACCOUNT",
    hierarchyAt: "LIVE",
    priceIncrease: "EXPANSION",
    discountChange: "EXPANSION",
    reactivation: "SEPARATE",
    reactivationWindowDays: null,
    usage: "COMMITTED",
    segmentAt: "OPENING",
    netting: "NONE",
    currency: "REPORTED",
  },
  MAXIO_90D: {
    method: "EVENT",
    accountLevel: "ACCOUNT",
    hierarchyAt: "LIVE",
    priceIncrease: "EXPANSION",
    discountChange: "EXPANSION",
    reactivation: "SEPARATE",
    reactivationWindowDays: 90,
    usage: "COMMITTED",
    segmentAt: "OPENING",
    netting: "NONE",
    currency: "REPORTED",
  },
  GITLAB: {
    method: "EVENT",
    accountLevel: "ULTIMATE_PARENT",
    hierarchyAt: "LIVE",
    priceIncrease: "EXPANSION",
    discountChange: "EXPANSION",
    reactivation: "EXPANSION",
    reactivationWindowDays: null,
    usage: "COMMITTED",
    segmentAt: "OPENING",
    netting: "MONTH",
    currency: "CONSTANT",
  },
  DBT_MRR_PLAYBOOK: {
    method: "EVENT",
    accountLevel: "ACCOUNT",
    hierarchyAt: "LIVE",
    priceIncrease: "EXPANSION",
    discountChange: "EXPANSION",
    reactivation: "SEPARATE",
    reactivationWindowDays: null,
    usage: "BILLED_RECURRING",
    segmentAt: "OPENING",
    netting: "MONTH",
    currency: "CONSTANT",
  },
};

/** The preset whose keys these are, whoever set them; null when they are no preset's. */
export function presetOf(policy: Omit<Policy, "preset">): PresetName | null {
  return presetNames.find((name) => settableKeys.every((key) => presets[name][key] === policy[key])) ?? null;
}
