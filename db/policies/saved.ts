// What a policy can be saved under, and how many a workspace saves.

import { badInput } from "../kernel/errors.ts";
import { presetNames } from "./policy.ts";

const nameCharactersMax = 100;
const savedPoliciesMax = 200;

/** The name without spaces around it. BAD_USER_INPUT (field `name`) for one that is blank, long, or means a preset. */
export function requirePolicyName(text: string): string {
  const name = text.trim();
  if (name === "" || name.length > nameCharactersMax) {
    badInput("name", `A policy is saved under a name of 1 to ${nameCharactersMax} characters.`);
  }
  if (presetNames.some((preset) => preset === name.toUpperCase())) {
    badInput("name", `'${name}' is the name of a preset: save the policy under another one.`);
  }
  return name;
}

/** BAD_USER_INPUT (field `name`) when the workspace has saved as many policies as it can. */
export function requireRoomForPolicy(saved: number): void {
  if (saved < savedPoliciesMax) return;
  badInput("name", `A workspace saves at most ${savedPoliciesMax} policies: delete one that nobody asks by.`);
}
