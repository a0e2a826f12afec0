// A metric's formula as text: in names, and with a row's numbers put in their places.

import { formatMoney } from "../kernel/money.ts";
import { parseDecimal, subtract, toFixed } from "../kernel/rational.ts";
import { ratioDecimals } from "./annualize.ts";
import type { MetricsRow } from "./answer.ts";
import {
  formulaParts,
  type Metric,
  type MetricEntry,
  type MetricUnit,
  type MetricValue,
  metricTable,
  type WordsPolicy,
} from "./formula-table.ts";

/** One name of a formula. */
export type FormulaPart = {
  /** As in the formula. */
  readonly name: string;
  /** What it is: a metric's own formula, or words. */
  readonly meaning: string;
  /** A plain decimal or a count; null where the row has no such value. */
  readonly value: string | null;
};

export type FormulaText = {
  readonly metric: Metric;
  readonly name: string;
  readonly formula: string;
  /** The formula with the row's numbers; null when one of them is missing. A sum over the ledger is its own number. */
  readonly withNumbers: string | null;
  readonly parts: readonly FormulaPart[];
  /** Exact; null where the row has no such value. */
  readonly value: string | null;
};

/** The policy whose words are wanted, and the reporting currency. */
export type FormulaReading = { readonly policy: WordsPolicy; readonly currency: string };

/** What the row's metric is made of. */
export function formulaTextOf(metric: Metric, row: MetricsRow, asked: FormulaReading): FormulaText {
  const entry: MetricEntry = metricTable[metric];
  const value = textOf(entry.unit, entry.value(row), asked.currency);
  if ("sum" in entry) {
    const withNumbers = value === null ? null : grouped(value);
    return { metric, name: entry.name, formula: entry.sum(asked.policy), withNumbers, parts: [], value };
  }
  const parts = [...new Set(entry.formula.match(names) ?? [])]
    .flatMap((name) => named(name) ?? [])
    .map(({ name, unit, meaning, read }) => ({
      name,
      meaning: meaning(asked.policy),
      value: textOf(unit, read(row), asked.currency),
    }));
  const byName = new Map(parts.map((part) => [part.name, part.value]));
  const isWhole = parts.every((part) => part.value !== null);
  const withNumbers = isWhole ? entry.formula.replace(names, (name) => inFormula(byName.get(name) ?? name)) : null;
  return { metric, name: entry.name, formula: entry.formula, withNumbers, parts, value };
}

/** The metric's value as the API gives it: a plain decimal, a count, or a driver's name; null where the row has none. */
export function metricText(metric: Metric, row: MetricsRow, currency: string): string | null {
  const entry: MetricEntry = metricTable[metric];
  return textOf(entry.unit, entry.value(row), currency);
}

/** How far the other value is from this one, in the metric's own unit; null where one of them is missing or is no number. */
export function differenceText(metric: Metric, value: string | null, other: string | null): string | null {
  const entry: MetricEntry = metricTable[metric];
  if (value === null || other === null || entry.unit === "DRIVER") return null;
  const [from, to] = [parseDecimal(value), parseDecimal(other)];
  if (from === null || to === null) return null;
  const decimals = entry.unit === "RATIO" ? ratioDecimals : (value.split(".")[1]?.length ?? 0);
  return toFixed(subtract(to, from), decimals);
}

/** "12000.00" as "12,000.00". */
export function grouped(value: string): string {
  const [whole = "", fraction] = value.split(".");
  const parted = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? parted : `${parted}.${fraction}`;
}

/** Names of a formula: they begin with a small letter, as fields do. Other words are left as they stand. */
const names = /\b[a-z]\w*(\.[a-z]\w*)?\b/g;

type Named = {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly meaning: (policy: WordsPolicy) => string;
  readonly read: (row: MetricsRow) => MetricValue;
};

const entries: readonly MetricEntry[] = Object.values(metricTable);

function named(name: string): Named | null {
  const part = formulaParts[name];
  if (part) return { name, unit: part.unit, meaning: part.meaning, read: part.value };
  const entry = entries.find((one) => one.name === name);
  if (!entry) return null;
  const meaning = (policy: WordsPolicy) => ("sum" in entry ? entry.sum(policy) : entry.formula);
  // What rates divide by is there in rows of flow dimensions too.
  const read = name === "openingArr" ? ({ money }: MetricsRow) => money.baseMinor : entry.value;
  return { name, unit: entry.unit, meaning, read };
}

function textOf(unit: MetricUnit, value: MetricValue, currency: string): string | null {
  if (value === null) return null;
  return unit === "MONEY" ? formatMoney(BigInt(value), currency) : String(value);
}

function inFormula(value: string): string {
  return value.startsWith("-") ? `(−${grouped(value.slice(1))})` : grouped(value);
}
