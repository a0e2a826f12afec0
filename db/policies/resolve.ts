// How choices are put over each other: the product's built-in defaults, the workspace's, those of a preset or saved policy, the question's.

import { badInput } from "../kernel/errors.ts";
import { parseInstant } from "../kernel/instants.ts";
import type { AsOf } from "../kernel/knowledge.ts";
import { builtInPolicy, type Policy, requireSettable, type SettablePolicy } from "./policy.ts";
import { presetOf } from "./presets.ts";

/** Every layer that can set keys, the weakest first. */
export type PolicyLayers = {
  readonly workspaceDefault: Readonly<Record<string, unknown>>;
  /** The keys of the preset or saved policy that the question names; empty when it names none. */
  readonly named?: Readonly<Record<string, unknown>>;
  /** The question's own keys. */
  readonly asked?: Partial<SettablePolicy>;
  readonly asOf?: AsOf | null;
};

/**
 * Every key with its value. `preset` is the one whose keys came out, however they were set. BAD_USER_INPUT for a key or a value that
 * cannot be, and for an instant that is none.
 */
export function resolvePolicy({ workspaceDefault, named = {}, asked = {}, asOf = null }: PolicyLayers): Policy {
  const keys = {
    ...builtInPolicy,
    ...requireSettable(workspaceDefault, "defaultPolicy"),
    ...requireSettable(named, "policy"),
    ...requireSettable(asked, "policy"),
    asOf: asOfText(asOf),
  };
  return { ...keys, preset: presetOf(keys) };
}

/** A ledger version as its digits; an instant as RFC 3339 in UTC without needless zeros, so that one moment has one text. */
function asOfText(asOf: AsOf | null): string | null {
  if (asOf === null) return null;
  if ("ledgerVersion" in asOf) return String(asOf.ledgerVersion);
  return parseInstant(asOf.at) ?? badInput("asOf", `'${asOf.at}' is not an instant such as 2025-12-31T23:59:59Z.`);
}
