// What the reports beside the main question ask: a window, a filter and a policy, of the window as one period.

import type { MetricsQuestion } from "./question.ts";

export type ReportQuestion = Pick<MetricsQuestion, "window" | "filter" | "policy" | "asOf" | "todayOn"> & {
  /** How many accounts are asked about at once, where not the usual number. */
  readonly accountsPerPart?: number;
};

/** The main question of the same window, without groups. */
export function wholeQuestionOf({ accountsPerPart: _, ...question }: ReportQuestion): MetricsQuestion {
  return { ...question, grain: "WHOLE", groupBy: [], groupByAttributes: [], cohortGrain: "MONTH" };
}

/** Only what names accounts: the same accounts, whole, whatever the filter takes of their lines, values and flows. */
export function wholeAccounts({ filter, ...question }: MetricsQuestion): MetricsQuestion {
  const { accountIds, accountExternalIds, firstArr } = filter;
  return { ...question, filter: { accountIds, accountExternalIds, firstArr } };
}

/** Whether the filter takes accounts whole or not at all. */
export function takesWholeAccounts({ filter }: Pick<MetricsQuestion, "filter">): boolean {
  const naming: readonly string[] = ["accountIds", "accountExternalIds", "firstArr"];
  return Object.entries(filter).every(([name, value]) => value === undefined || naming.includes(name));
}
