// Reads a formula with its numbers as a person with a calculator would, so that a test can compare what it comes to.

import {
  add,
  divide,
  multiply,
  parseDecimal,
  type Rational,
  rational,
  subtract,
  toFixed,
} from "@accrete/db/kernel/rational.ts";
import type { MetricsRow } from "@accrete/db/metrics/answer.ts";
import { type Metric, metricTable } from "@accrete/db/metrics/formula-table.ts";
import { drivers } from "@accrete/db/movements/types.ts";

/** What the formula comes to, in the metric's own form; null for a division by zero. */
export function computed(metric: Metric, text: string, row: MetricsRow): string | null {
  const { unit } = metricTable[metric];
  if (unit === "DRIVER") return largestOf(text, row);
  const tokens = text.replaceAll(",", "").match(/\d+(?:\.\d+)?|[()+−×÷]/g) ?? [];
  if (tokens.join("") !== text.replace(/[, ]/g, "")) throw new Error(`'${text}' holds more than numbers`);
  const value = sum(tokens);
  if (tokens.length > 0) throw new Error(`'${text}' goes on with ${tokens.join(" ")}`);
  if (value === null) return null;
  return toFixed(value, { MONEY: 2, RATIO: 6, COUNT: 0 }[unit]);
}

function sum(tokens: string[]): Rational | null {
  let value = product(tokens);
  while (tokens[0] === "+" || tokens[0] === "−") {
    const combine = tokens.shift() === "+" ? add : subtract;
    const next = product(tokens);
    value = value && next && combine(value, next);
  }
  return value;
}

function product(tokens: string[]): Rational | null {
  let value = term(tokens);
  while (tokens[0] === "×" || tokens[0] === "÷") {
    const isProduct = tokens.shift() === "×";
    const next = term(tokens);
    if (value === null || next === null || (!isProduct && next.num === 0n)) value = null;
    else value = isProduct ? multiply(value, next) : divide(value, next);
  }
  return value;
}

function term(tokens: string[]): Rational | null {
  const token = tokens.shift() ?? "";
  if (token === "(") {
    const value = sum(tokens);
    if (tokens.shift() !== ")") throw new Error("a bracket is not closed");
    return value;
  }
  if (token === "−") {
    const value = term(tokens);
    return value && subtract(rational(0n), value);
  }
  return parseDecimal(token);
}

/** The driver whose amount is the largest of those listed, the first where several are; null when all are 0. */
function largestOf(text: string, row: MetricsRow): string | null {
  const amounts = text
    .replace(/^the driver of the largest of /, "")
    .split(", ")
    .map((amount) => Number(amount.replaceAll(",", "").replace(".", "")));
  if (amounts.length !== drivers.length)
    throw new Error(`'${text}' lists ${amounts.length} amounts for ${row.period.label}`);
  const largest = Math.max(...amounts);
  return largest === 0 ? null : (drivers[amounts.indexOf(largest)] ?? null);
}
