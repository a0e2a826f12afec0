// The metric policy: every choice that sources disagree on, its values, its built-in default, and the hash of a resolved one. How layers
// of choices are put over each other is resolve.ts' work.

import { createHash } from "node:crypto";
import { badInput } from "../kernel/errors.ts";

/** The keys that choose one of a few words; the first is the product's built-in default. */
export const policyKeys = {
  method: ["EVENT", "SNAPSHOT"],
  accountLevel: ["ACCOUNT", "ULTIMATE_PARENT"],
  hierarchyAt: ["LIVE", "AS_OF_EVENT"],
  priceIncrease: ["EXPANSION", "SEPARATE"],
  discountChange: ["EXPANSION", "SEPARATE"],
  reactivation: ["SEPARATE", "NEW", "EXPANSION"],
  usage: ["BILLED_RECURRING", "COMMITTED", "EXCLUDE"],
  segmentAt: ["OPENING", "CLOSING"],
  netting: ["NONE", "DAY", "MONTH"],
  currency: ["CONSTANT", "REPORTED"],
} as const;

export type PolicyKey = keyof typeof policyKeys;

/** The named bundles; what each sets is in presets.ts. */
export const presetNames = ["CHARTMOGUL", "STRIPE", "MAXIO_90D", "GITLAB", "DBT_MRR_PLAYBOOK"] as const;
export type PresetName = (typeof presetNames)[number];

/** Every key with a value: the recipe of a number. */
export type Policy = { readonly [K in PolicyKey]: (typeof policyKeys)[K][number] } & {
  /** The longest gap in days that a reactivation may follow; null is no limit. */
  readonly reactivationWindowDays: number | null;
  /** The ledger version (decimal digits) or instant (RFC 3339, UTC) whose knowledge answers; null is the newest. */
  readonly asOf: string | null;
  /** The bundle whose keys these are; null for none. Not part of the hash: a name changes no number. */
  readonly preset: PresetName | null;
};

/** The keys that a question, a saved policy or a workspace can set; a key left out is taken from what stands behind. */
export type SettablePolicy = Omit<Policy, "asOf" | "preset">;

/** What a question says of its policy: keys of its own, over a preset or a policy saved under a name. At most one of the two is named. */
export type AskedPolicy = Partial<SettablePolicy> & {
  readonly preset?: PresetName | null | undefined;
  /** A policy saved under this name in the workspace. */
  readonly name?: string | null | undefined;
};

/** The product's built-in defaults. */
export const builtInPolicy: Policy = {
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
  currency: "CONSTANT",
  asOf: null,
  preset: null,
};

/** Every key that can be set, in the order of `builtInPolicy`. */
export const settableKeys = Object.keys(builtInPolicy).filter(
  (key) => key !== "asOf" && key !== "preset",
) as (keyof SettablePolicy)[];

/** SHA-256, in hex, of the canonical JSON of the keys that differ from the built-in defaults: equal meaning, equal hash. */
export function policyHash(policy: Policy): string {
  const differing = Object.entries(policy)
    .filter(([key, value]) => key !== "preset" && value !== builtInPolicy[key as keyof Policy])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify(Object.fromEntries(differing)))
    .digest("hex");
}

const windowDaysMax = 36_500;

/**
 * The keys that really are set, each checked: one left out, or undefined, is not, and null is a value of reactivationWindowDays only.
 * BAD_USER_INPUT (field `<field>.<key>`) for a key or a value that cannot be.
 */
export function requireSettable(keys: Readonly<Record<string, unknown>>, field: string): Partial<SettablePolicy> {
  const given = Object.entries(keys).filter(
    ([key, value]) => value !== undefined && (value !== null || key === "reactivationWindowDays"),
  );
  for (const [key, value] of given) checkKey(key, value, field);
  return Object.fromEntries(given) as Partial<SettablePolicy>;
}

function checkKey(key: string, value: unknown, field: string): void {
  if (key === "reactivationWindowDays") {
    if (value === null || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= windowDaysMax)) return;
    badInput(`${field}.${key}`, `'${key}' is a whole number of days from 0 to ${windowDaysMax}, or null for no limit.`);
  }
  const values: readonly unknown[] | undefined = Object.entries(policyKeys).find(([known]) => known === key)?.[1];
  if (!values) {
    badInput(`${field}.${key}`, `'${key}' is not a policy key that can be set; these can: ${settableKeys.join(", ")}.`);
  }
  if (values.includes(value)) return;
  badInput(
    `${field}.${key}`,
    `'${String(value)}' is not a value of the policy key '${key}'; these are: ${values.join(", ")}.`,
  );
}
