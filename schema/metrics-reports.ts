// What the reports beside expansionMetrics share: the arguments of their questions.

import type { ReportQuestion } from "@accrete/db/metrics/report-question.ts";
import { builder } from "./builder.ts";
import type { Context } from "./context.ts";
import { WindowInput } from "./metrics.ts";
import { MovementFilterInput, movementFilter } from "./movements-filter.ts";
import { askedPolicy, PolicyInput } from "./policies.ts";
import { askedAsOf } from "./terms.ts";

/** `window`, `filter` and `policy`. */
export const reportArgs = builder.args((t) => ({
  window: t.field({ type: WindowInput, required: true, description: "The span of days." }),
  filter: t.field({
    type: MovementFilterInput,
    description: "Which accounts, lines and flows; all when left out. Without days: the report has its window.",
  }),
  policy: t.field({
    type: PolicyInput,
    description: "The choices of this question; the rest comes from the workspace's default policy.",
  }),
}));

type ReportArgs = Pick<ReportQuestion, "window"> & {
  readonly filter?: typeof MovementFilterInput.$inferInput | null | undefined;
  readonly policy?: typeof PolicyInput.$inferInput | null | undefined;
};

/** The question as db reads it. */
export function askedReport({ window, filter, policy }: ReportArgs, { todayOn }: Context): ReportQuestion {
  return {
    window,
    filter: movementFilter(filter),
    policy: askedPolicy(policy),
    asOf: askedAsOf(policy?.asOf),
    todayOn,
  };
}
