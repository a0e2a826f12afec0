// The metric policy: every choice that sources disagree on, its values, its built-in default, and the hash of a resolved one.

import { createHash } from "node:crypto";

export const policyKeys = {
  method: ["EVENT", "SNAPSHOT"],
  netting: ["NONE", "DAY", "MONTH"],
  segmentAt: ["OPENING", "CLOSING"],
} as const;

export type PolicyKey = keyof typeof policyKeys;
export type Policy = { readonly [K in PolicyKey]: (typeof policyKeys)[K][number] };

/** The product's built-in defaults: the first value of each key. */
export const builtInPolicy: Policy = { method: "EVENT", netting: "NONE", segmentAt: "OPENING" };

/** The question's keys over the workspace's, over the built-in ones. */
export function resolvePolicy(asked: Partial<Policy>, workspaceDefault: Partial<Policy>): Policy {
  return { ...builtInPolicy, ...workspaceDefault, ...asked };
}

/** SHA-256, in hex, of the canonical JSON of the keys that differ from the built-in defaults: equal meaning, equal hash. */
export function policyHash(policy: Policy): string {
  const differing = (Object.keys(policyKeys) as PolicyKey[])
    .filter((key) => policy[key] !== builtInPolicy[key])
    .sort()
    .map((key) => [key, policy[key]]);
  return createHash("sha256")
    .update(JSON.stringify(Object.fromEntries(differing)))
    .digest("hex");
}
