// A metrics question as the model asks it: the product's words for windows, dimensions and policy, the source's ids for everything else.

import type { CohortGrain, Dimension, Grain } from "@accrete/db/metrics/question.ts";
import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import type { SettablePolicy } from "@accrete/db/policies/policy.ts";
import type { Day } from "./calendar.ts";
import type { View } from "./scene.ts";

/** Conditions of several fields must all hold, of several values in one field any; an empty list holds for nothing. */
export type ModelFilter = {
  readonly account?: readonly string[];
  readonly segment?: readonly string[];
  readonly channel?: readonly (string | null)[];
  readonly region?: readonly (string | null)[];
  readonly industry?: readonly (string | null)[];
  readonly owner?: readonly (string | null)[];
  readonly parent?: readonly (string | null)[];
  /** One name's conditions are alternatives. */
  readonly attributes?: readonly { readonly name: string; readonly value: string | null }[];
  readonly product?: readonly string[];
  readonly plan?: readonly string[];
  readonly currency?: readonly string[];
  readonly type?: readonly MovementType[];
  readonly driver?: readonly (Driver | null)[];
  readonly motion?: readonly (string | null)[];
  readonly campaign?: readonly (string | null)[];
};

export type ModelQuestion = {
  readonly from: Day;
  readonly until: Day;
  readonly grain: Grain;
  readonly groupBy: readonly Dimension[];
  readonly groupByAttributes: readonly string[];
  readonly cohortGrain: CohortGrain;
  readonly filter: ModelFilter;
  readonly policy: ModelPolicy;
  /** The day on which a LIVE hierarchy is read. */
  readonly todayOn: Day;
};

/** Every key that can be set, resolved. */
export type ModelPolicy = SettablePolicy;

/** A window that is asked about as a whole: one period of a grain, or all of it. */
export type Span = { readonly from: Day; readonly until: Day };

export type ModelPeriod = Span & { readonly label: string; readonly partial: boolean };

/** What the question's derivation sees. */
export function viewOf({ policy, todayOn }: ModelQuestion): View {
  const { accountLevel, hierarchyAt, usage } = policy;
  return { accountLevel, hierarchyAt, usage, hierarchyOn: todayOn };
}
