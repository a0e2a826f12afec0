// Which stored form answers a question. Every path that may answer gives the identical answer; the choice is made here and nowhere else.

import type { MetricsQuestion } from "./question.ts";

/** LEDGER: the movements and transfers themselves, summed at the time of asking. */
const readPaths = ["LEDGER"] as const;
export type ReadPath = (typeof readPaths)[number];

/** The path that answers: the ledger can answer everything. */
export function choosePath(_question: MetricsQuestion): ReadPath {
  return "LEDGER";
}
