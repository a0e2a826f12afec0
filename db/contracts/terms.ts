// The words of a contract line: its kinds and billing intervals, and how many of each interval make a year.

import type { Rational } from "../kernel/rational.ts";

export const lineKinds = ["RECURRING", "COMMITMENT", "METERED"] as const;
export type LineKind = (typeof lineKinds)[number];

export const billingIntervals = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "THREE_YEARS"] as const;
export type BillingInterval = (typeof billingIntervals)[number];

/** Billing periods per year, exactly: what turns a unit price into a yearly one. */
export const periodsPerYear: Readonly<Record<BillingInterval, Rational>> = {
  DAY: { num: 365n, den: 1n },
  WEEK: { num: 52n, den: 1n },
  MONTH: { num: 12n, den: 1n },
  QUARTER: { num: 4n, den: 1n },
  YEAR: { num: 1n, den: 1n },
  THREE_YEARS: { num: 1n, den: 3n },
};
