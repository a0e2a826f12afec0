// Why a figure is what it is: its formula with the numbers put in, and what it would be under each other value of each policy key.

import type { Tx } from "../kernel/database.ts";
import { AccreteError } from "../kernel/errors.ts";
import { type Policy, settableKeys } from "../policies/policy.ts";
import type { MetricsRow } from "./answer.ts";
import { questionOfRow, type RowPlace } from "./drilldown.ts";
import { type Metric, metricTable } from "./formula-table.ts";
import { differenceText, grouped, metricText } from "./formula-text.ts";
import { alternativesOf, type PolicyAlternative } from "./policy-words.ts";
import type { MetricsQuestion } from "./question.ts";
import { askExpansionMetrics } from "./store.ts";

/** The row as it would be under another value of one key, or why there is none. */
export type AlternativeRow = PolicyAlternative & {
  readonly row: MetricsRow | null;
  /** Why the question cannot be answered so, such as a missing rate; null when it can. */
  readonly unavailable: string | null;
};

/** What one metric would be under another value. */
export type AlternativeFigure = Pick<PolicyAlternative, "value"> & {
  /** Null where the row would have no value, and where the question cannot be answered so. */
  readonly figure: string | null;
  /** The other figure less this one, in the metric's own unit: money, a ratio's points, a count. */
  readonly difference: string | null;
  readonly sentence: string;
  readonly unavailable: string | null;
};

export type KeyExplanation = {
  readonly key: PolicyAlternative["key"];
  /** The value that was used; null is no limit, of `reactivationWindowDays`. */
  readonly value: string | null;
  /** Whether some other value gives another figure. */
  readonly mattered: boolean;
  readonly alternatives: readonly AlternativeFigure[];
};

/**
 * The row's own question again, narrowed to its period and group, under each other value of each key of its policy: one question each.
 * A missing rate makes a value unavailable; other errors are those of `askExpansionMetrics`.
 */
export async function askAlternatives(
  tx: Tx,
  question: MetricsQuestion,
  place: RowPlace,
  row: MetricsRow,
  policy: Policy,
): Promise<readonly AlternativeRow[]> {
  const asked = questionOfRow(question, place, policy);
  const found: AlternativeRow[] = [];
  for (const alternative of alternativesOf(policy)) {
    found.push({ ...alternative, ...(await askUnder(tx, asked, alternative, row)) });
  }
  return found;
}

/** What the alternatives mean for one metric, key by key. */
export function explainKeys(
  metric: Metric,
  row: MetricsRow,
  alternatives: readonly AlternativeRow[],
  { policy, currency }: { readonly policy: Policy; readonly currency: string },
): readonly KeyExplanation[] {
  const value = metricText(metric, row, currency);
  return settableKeys.map((key) => {
    const figures = alternatives
      .filter((alternative) => alternative.key === key)
      .map((alternative) => figureOf(metric, value, alternative, currency));
    return {
      key,
      value: policy[key] === null ? null : String(policy[key]),
      mattered: figures.some(({ figure, unavailable }) => unavailable === null && figure !== value),
      alternatives: figures,
    };
  });
}

async function askUnder(
  tx: Tx,
  asked: MetricsQuestion,
  { change }: PolicyAlternative,
  row: MetricsRow,
): Promise<Pick<AlternativeRow, "row" | "unavailable">> {
  try {
    const { total } = await askExpansionMetrics(tx, { ...asked, policy: { ...asked.policy, ...change } });
    return { row: asPlaced(total, row), unavailable: null };
  } catch (error) {
    if (error instanceof AccreteError && error.code === "RATE_MISSING")
      return { row: null, unavailable: error.message };
    throw error;
  }
}

/** What a row of a flow dimension does not have, its narrowed question's total has not either. */
function asPlaced(total: MetricsRow, row: MetricsRow): MetricsRow {
  if (row.money.openingMinor !== null) return total;
  const { money, counts } = total;
  const none = {
    openingMinor: null,
    closingMinor: null,
    fxMinor: null,
    transferInMinor: null,
    transferOutMinor: null,
    cumulativeExpansionMinor: null,
    cohortClosingMinor: null,
    cohortRetainedMinor: null,
  };
  return {
    ...total,
    money: { ...money, ...none },
    counts: { ...counts, openingAccounts: null, closingAccounts: null, lostAccounts: null },
  };
}

function figureOf(
  metric: Metric,
  value: string | null,
  { row, words, unavailable, value: other }: AlternativeRow,
  currency: string,
): AlternativeFigure {
  if (row === null)
    return { value: other, figure: null, difference: null, sentence: `${words}: not known`, unavailable };
  const figure = metricText(metric, row, currency);
  const difference = differenceText(metric, value, figure);
  return {
    value: other,
    figure,
    difference,
    sentence: `${words}: ${told(metric, value, figure, difference)}`,
    unavailable,
  };
}

function told(metric: Metric, value: string | null, figure: string | null, difference: string | null): string {
  if (figure === value) return "the same";
  if (figure === null) return "no value";
  if (value === null || difference === null) return metricTable[metric].unit === "DRIVER" ? figure : grouped(figure);
  const isLess = difference.startsWith("-");
  const less = metricTable[metric].unit === "COUNT" ? "fewer" : "less";
  return `${grouped(difference.replace("-", ""))} ${isLess ? less : "more"}`;
}
