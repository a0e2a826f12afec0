// How many random cases a property tries, and from which seed: both can be set from outside for long runs.

import type { Parameters } from "fast-check";

const askedRuns = process.env.ACCRETE_PROPERTY_RUNS;
const askedSeed = process.env.ACCRETE_PROPERTY_SEED;

/** A property's own limit; none where the number of runs was set from outside. */
export const timeoutMs = askedRuns === undefined ? 240_000 : 0;

/**
 * fast-check's parameters. ACCRETE_PROPERTY_RUNS replaces the number of runs; ACCRETE_PROPERTY_SEED repeats or varies them. Without it
 * every run starts from the same seed, so that a failure on one machine is a failure on all. A failure prints its seed and path; with
 * ACCRETE_PROPERTY_SHRINK=no it is shown as it was found, at once; ACCRETE_PROPERTY_PATH goes to it directly. Properties of other streams meet other cases.
 */
export function runs<T>(byDefault: number, stream = 0): Parameters<T> {
  const chosen = {
    numRuns: Number(askedRuns ?? byDefault),
    seed: Number(askedSeed ?? 20_251_001) + stream,
    endOnFailure: process.env.ACCRETE_PROPERTY_SHRINK === "no",
    ...(process.env.ACCRETE_PROPERTY_PATH ? { path: process.env.ACCRETE_PROPERTY_PATH } : {}),
  };
  if (timeoutMs === 0) return chosen;
  // In time to tell the smallest counterexample found so far, rather than to be cut off without a word.
  return { ...chosen, interruptAfterTimeLimit: timeoutMs - 20_000, markInterruptAsFailure: true };
}
