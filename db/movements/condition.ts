// What a filter of movements can say, before it is SQL (filter.ts). Metrics questions and movement lists share it.

import type { LineKind } from "../contracts/terms.ts";
import type { PlainDate, Window } from "../kernel/dates.ts";
import type { Driver, MovementType } from "./types.ts";

/** A condition on one of the workspace's own account attributes; null is the accounts without a value. */
export type AttributeCondition = { readonly name: string; readonly value: string | null };

/**
 * Conditions of several fields must all hold, of several values in one field any; an empty list holds for nothing, a field left out for
 * everything. Null in a list is "has no value". Values that do not exist choose nothing.
 *
 * Account conditions (`accountIds` to `firstArr`) are tested by the value in force on the movement's day; line conditions (`productIds` to
 * `currency`) choose balances and flows; flow conditions (`type` to `campaign`) choose flows only.
 */
export type MovementFilter = {
  /** uuids, not public ids. */
  readonly accountIds?: readonly string[] | undefined;
  readonly accountExternalIds?: readonly string[] | undefined;
  /** Band names, of the period that the context names. */
  readonly segment?: readonly string[] | undefined;
  readonly channel?: readonly (string | null)[] | undefined;
  readonly region?: readonly (string | null)[] | undefined;
  readonly industry?: readonly (string | null)[] | undefined;
  readonly owner?: readonly (string | null)[] | undefined;
  /** uuids of the account directly above; null is "at the top". */
  readonly parentIds?: readonly (string | null)[] | undefined;
  /** Conditions on one name are alternatives; all names must hold. */
  readonly attributes?: readonly AttributeCondition[] | undefined;
  /** Accounts whose first ARR ever fell into these days: a cohort. */
  readonly firstArr?: Window | undefined;
  /** uuids. */
  readonly productIds?: readonly (string | null)[] | undefined;
  readonly planIds?: readonly (string | null)[] | undefined;
  /** External ids. */
  readonly product?: readonly string[] | undefined;
  readonly plan?: readonly string[] | undefined;
  readonly currency?: readonly string[] | undefined;
  /** Movement lists only: a metrics question has its policy's `usage`. */
  readonly kind?: readonly (LineKind | null)[] | undefined;
  readonly type?: readonly MovementType[] | undefined;
  readonly driver?: readonly (Driver | null)[] | undefined;
  readonly motion?: readonly (string | null)[] | undefined;
  readonly campaign?: readonly (string | null)[] | undefined;
  /** Movement lists only: a metrics question has its window. */
  readonly effectiveFromOn?: PlainDate | undefined;
  readonly effectiveUntilOn?: PlainDate | undefined;
};
