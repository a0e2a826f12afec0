// The closed list of suspicions, what each means and what to do, and the shape of what is found.

import type { Window } from "../kernel/dates.ts";
import type { Known } from "../kernel/knowledge.ts";

export const qualityCodes = [
  "DUPLICATE_ACCOUNTS",
  "PARENTS_MISSING",
  "ATTRIBUTES_MISSING",
  "LINES_OVERLAP",
  "RANKS_MISSING",
  "DRIVERS_OTHER",
  "RATES_MISSING",
  "RATES_STALE",
] as const;
export type QualityCode = (typeof qualityCodes)[number];

/** What each finding means, and what to do about it. */
export const qualityTable: Readonly<Record<QualityCode, { readonly meaning: string; readonly fix: string }>> = {
  DUPLICATE_ACCOUNTS: {
    meaning:
      "Accounts have the same name, apart from case, punctuation and words such as Inc or GmbH: one customer may be counted twice, and its expansion as new.",
    fix: "Merge them (mergeAccounts) when they are one; give them a parent when they are one group; else let them be.",
  },
  PARENTS_MISSING: {
    meaning:
      "An account's name begins with another account's whole name, and it has no parent: a subsidiary may be counted as a customer of its own under ULTIMATE_PARENT.",
    fix: "State its parent (setAccountParents, or an import of accounts), when it has one.",
  },
  ATTRIBUTES_MISSING: {
    meaning:
      "An account with ARR has no channel, no region, no industry and no owner: it stands in the group without a value.",
    fix: "Import its row with what is known of it.",
  },
  LINES_OVERLAP: {
    meaning:
      "An account has two contract lines of one plan, kind and currency with ARR on the same days: the same contract may have been recorded under two ids.",
    fix: "Delete the one that is too much (deleteContractLines); two lines that are both right are no fault.",
  },
  RANKS_MISSING: {
    meaning: "A plan of a product with several plans has no rank: a change to or from it is PRICE, never TIER.",
    fix: "Import the catalog with a rank for every plan of the product, from small to large.",
  },
  DRIVERS_OTHER: {
    meaning: "Expansion or contraction in the window has the driver OTHER: its source did not say what moved.",
    fix: "Correct the movements (correctMovement), or have the source state their drivers.",
  },
  RATES_MISSING: {
    meaning: "There is ARR in a currency without a rate in the constant rate set: questions that read it are refused.",
    fix: "Choose a constant rate set (setRateSets), and state the currency's rate in it (setFxRates, or an import of rates).",
  },
  RATES_STALE: {
    meaning: "The last dated rate of a currency with ARR is more than 45 days old: REPORTED converts at it.",
    fix: "State newer rates (setFxRates, or an import of rates).",
  },
};

/** What a finding is about. */
export const subjectKinds = ["ACCOUNT", "CONTRACT_LINE", "PLAN", "MOVEMENT", "CURRENCY"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export type QualityFinding = {
  readonly kind: SubjectKind;
  /** The source's ids, or the currency's code; the first 20. */
  readonly subjects: readonly string[];
  readonly message: string;
};

export type QualityCheck = {
  readonly code: QualityCode;
  /** How many findings there are; the first 50 are listed. */
  readonly count: number;
  readonly findings: readonly QualityFinding[];
};

export type QualityQuestion = {
  /** The days whose drivers are looked at; null is the last 365. */
  readonly window: Window | null;
  readonly known: Known;
};

/** Findings of one check that are listed, and subjects of one finding. */
export const findingsMax = 50;
export const subjectsMax = 20;
