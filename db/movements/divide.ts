// How a pair's parts fall on its lines after, and which balance goes along where a line or a plan changed.

import type { LineVersion } from "../contracts/version.ts";
import { divideByLargestRemainder, lesser } from "../kernel/rational.ts";
import type { Pair } from "./pair.ts";
import type { Part } from "./split.ts";

/** What of one part falls on one line after; never 0. */
export type Share = { readonly part: Part; readonly line: LineVersion; readonly amountMinor: bigint };

/**
 * Each part over the lines after, in proportion to their ARR, by largest remainder with ties in the order of line ids. Where no line
 * after has ARR there is no proportion: the first line takes the whole.
 */
export function divideOverLines(parts: readonly Part[], after: readonly LineVersion[]): Share[] {
  const [only, second] = after;
  if (only && !second) return parts.map((part) => ({ part, line: only, amountMinor: part.amountMinor }));
  const arrs = after.map((line) => line.arrMinor);
  const weights = arrs.some((arr) => arr > 0n) ? arrs : arrs.map((_, index) => (index === 0 ? 1n : 0n));
  return parts.flatMap((part) => {
    const amounts = divideByLargestRemainder(part.amountMinor, weights);
    return after
      .map((line, index) => ({ part, line, amountMinor: amounts[index] ?? 0n }))
      .filter((share) => share.amountMinor !== 0n);
  });
}

/** Part of a balance that goes from one line or plan to another; the amount is positive. */
export type Flow = { readonly from: LineVersion; readonly to: LineVersion; readonly amountMinor: bigint };

/**
 * The balance before, brought from the lines before to the lines after, in the order of line ids. What a line after is worth without
 * its shares is what it brought along. Each part is rounded by itself, so that can be a little less than nothing: such a line hands on
 * what its shares have too much. Where line, plan and account stayed nothing goes anywhere.
 */
export function flowsBetweenLines(pair: Pair, shares: readonly Share[]): Flow[] {
  const [before] = pair.before;
  const [after] = pair.after;
  if (pair.how === "ITSELF" && before && after) return stays(before, after) ? [] : wholeFlow(before, after);
  const sources = pair.before.map((line): Pot => ({ line, leftMinor: line.arrMinor }));
  const targets = pair.after.map((line): Pot => ({ line, leftMinor: line.arrMinor }));
  const targetOf = new Map(targets.map((target) => [target.line, target]));
  for (const { line, amountMinor } of shares) {
    const target = targetOf.get(line);
    if (target) target.leftMinor -= amountMinor;
  }
  const overdrawn = targets.filter(({ leftMinor }) => leftMinor < 0n);
  return pour(
    [...sources, ...overdrawn.map(({ line, leftMinor }) => ({ line, leftMinor: -leftMinor }))],
    targets.filter(({ leftMinor }) => leftMinor > 0n),
  );
}

function stays(before: LineVersion, after: LineVersion): boolean {
  return before.planId === after.planId && before.accountId === after.accountId;
}

function wholeFlow(from: LineVersion, to: LineVersion): Flow[] {
  return from.arrMinor > 0n ? [{ from, to, amountMinor: from.arrMinor }] : [];
}

type Pot = { readonly line: LineVersion; leftMinor: bigint };

/** Empties the sources into the targets, in their order, and tells what went where. */
function pour(sources: readonly Pot[], targets: readonly Pot[]): Flow[] {
  const flows: Flow[] = [];
  let next = 0;
  for (const source of sources) {
    for (let target = targets[next]; target && source.leftMinor > 0n; target = targets[next]) {
      const amountMinor = lesser(source.leftMinor, target.leftMinor);
      source.leftMinor -= amountMinor;
      target.leftMinor -= amountMinor;
      flows.push({ from: source.line, to: target.line, amountMinor });
      if (target.leftMinor === 0n) next += 1;
    }
  }
  return flows;
}
