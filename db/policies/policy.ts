// The metric policy: every choice that sources disagree on, its values, its built-in default, and the hash of a resolved one.

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

/** Every key with a value: the recipe of a number. */
export type Policy = { readonly [K in PolicyKey]: (typeof policyKeys)[K][number] } & {
  /** The longest gap in days that a reactivation may follow; null is no limit. */
  readonly reactivationWindowDays: number | null;
  /** The ledger version or instant whose knowledge answers; null is the newest. */
  readonly asOf: string | null;
  /** The named bundle that set the keys; null for none. Not part of the hash: a name changes no number. */
  readonly preset: string | null;
};

/** The keys that a question or a workspace can set; every other key has its built-in value. */
const settableKeys = ["method", "netting", "segmentAt"] as const satisfies readonly PolicyKey[];
export type SettablePolicy = Pick<Policy, (typeof settableKeys)[number]>;

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

/** The question's keys over the workspace's, over the built-in ones. BAD_USER_INPUT for a key or a value that cannot be set. */
export function resolvePolicy(
  asked: Partial<SettablePolicy>,
  workspaceDefault: Readonly<Record<string, unknown>>,
): Policy {
  return { ...builtInPolicy, ...settable(workspaceDefault, "defaultPolicy"), ...settable(asked, "policy") };
}

/** SHA-256, in hex, of the canonical JSON of the keys that differ from the built-in defaults: equal meaning, equal hash. */
export function policyHash(policy: Policy): string {
  const differing = Object.entries(policy)
    .filter(([key, value]) => key !== "preset" && value !== builtInPolicy[key as keyof Policy])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify(Object.fromEntries(differing)))
    .digest("hex");
}

function settable(keys: Readonly<Record<string, unknown>>, field: string): Partial<SettablePolicy> {
  const given = Object.entries(keys).filter(([, value]) => value !== undefined && value !== null);
  for (const [key, value] of given) {
    const name = settableKeys.find((known) => known === key);
    if (!name)
      badInput(
        `${field}.${key}`,
        `'${key}' is not a policy key that can be set; these can: ${settableKeys.join(", ")}.`,
      );
    const values: readonly unknown[] = policyKeys[name];
    if (!values.includes(value)) {
      badInput(
        `${field}.${key}`,
        `'${String(value)}' is not a value of the policy key '${key}'; these are: ${values.join(", ")}.`,
      );
    }
  }
  return Object.fromEntries(given) as Partial<SettablePolicy>;
}
