// What each value of each policy key does, in a few words: the beginning of the sentence that tells what a figure would be under it.

import { policyKeys, type SettablePolicy } from "../policies/policy.ts";

type Words = { readonly [K in keyof typeof policyKeys]: Readonly<Record<(typeof policyKeys)[K][number], string>> };

const words: Words = {
  method: {
    EVENT: "every movement counted as what it was when it happened",
    SNAPSHOT: "only both ends of the period counted",
  },
  accountLevel: {
    ACCOUNT: "each account counted by itself",
    ULTIMATE_PARENT: "each group of accounts counted as one customer",
  },
  hierarchyAt: {
    LIVE: "groups as they are now, for all history",
    AS_OF_EVENT: "groups as they were on each day",
  },
  priceIncrease: {
    EXPANSION: "price uplifts counted as expansion",
    SEPARATE: "price uplifts counted separately",
  },
  discountChange: {
    EXPANSION: "discount changes counted as expansion",
    SEPARATE: "discount changes counted separately",
  },
  reactivation: {
    SEPARATE: "returning accounts counted as reactivation",
    NEW: "returning accounts counted as new",
    EXPANSION: "returning accounts counted as expansion",
  },
  usage: {
    BILLED_RECURRING: "commitments and metered usage counted",
    COMMITTED: "commitments counted, metered usage not",
    EXCLUDE: "neither commitments nor metered usage counted",
  },
  segmentAt: {
    OPENING: "segments read at the opening",
    CLOSING: "segments read at the closing",
  },
  netting: {
    NONE: "no changes netted",
    DAY: "changes netted by day",
    MONTH: "changes netted by month",
  },
  currency: {
    CONSTANT: "currencies read at constant rates",
    REPORTED: "currencies read at the rates of the day",
  },
};

/** A window to compare with where the policy has none: the one of the field's tools that has one. */
const comparedWindowDays = 90;

/** One other value of a key, as the change of a policy, and what it does. */
export type PolicyAlternative = {
  readonly key: keyof SettablePolicy;
  readonly value: string | null;
  readonly change: Partial<SettablePolicy>;
  readonly words: string;
};

/** Every other value of every key; of `reactivationWindowDays`, no limit, or 90 days where there is none. */
export function alternativesOf(policy: SettablePolicy): readonly PolicyAlternative[] {
  const chosen = Object.entries(policyKeys).flatMap(([name, values]) => {
    const key = name as keyof typeof policyKeys;
    return values
      .filter((value) => value !== policy[key])
      .map((value) => ({ key, value, change: { [key]: value }, words: wordsOf(key, value) }));
  });
  const reactivationWindowDays = policy.reactivationWindowDays === null ? comparedWindowDays : null;
  return [
    ...chosen,
    {
      key: "reactivationWindowDays",
      value: reactivationWindowDays === null ? null : String(reactivationWindowDays),
      change: { reactivationWindowDays },
      words:
        reactivationWindowDays === null
          ? "returns counted as such after any time"
          : `returns counted as such within ${reactivationWindowDays} days`,
    },
  ];
}

function wordsOf(key: keyof typeof policyKeys, value: string): string {
  const ofKey: Readonly<Record<string, string>> = words[key];
  return ofKey[value] ?? value;
}
