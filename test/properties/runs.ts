// How many random cases a property tries, and from which seed: both can be set from outside for long runs.

import type { Parameters } from "fast-check";

/**
 * ACCRETE_PROPERTY_RUNS multiplies nothing: it is the number of runs itself. ACCRETE_PROPERTY_SEED repeats a run that failed; without
 * it every run starts from the same fixed seed, so that a failure on one machine is a failure on all.
 */
export function runs(byDefault: number): Parameters<unknown> {
  const asked = Number(process.env.ACCRETE_PROPERTY_RUNS ?? byDefault);
  const seed = Number(process.env.ACCRETE_PROPERTY_SEED ?? 20_251_001);
  return { numRuns: asked, seed, verbose: 1, endOnFailure: false };
}
