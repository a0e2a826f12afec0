// Which accounts are one group in a row of an answer at the level of ultimate parents.

import type { Hierarchy } from "../accounts/hierarchy.ts";
import type { PlainDate, Window } from "../kernel/dates.ts";
import type { Policy } from "../policies/policy.ts";

export type GroupView = Pick<Policy, "hierarchyAt"> & {
  /** The day of a LIVE hierarchy. */
  readonly hierarchyOn: PlainDate;
  /** AS_OF_EVENT: whoever is of the group on a day of it. */
  readonly period: Window;
};

/** The accounts of each group under the account at its top, that one among them; accounts that have no link at all are left out. */
export function groupMembers(
  hierarchy: Hierarchy,
  { hierarchyAt, hierarchyOn, period }: GroupView,
): ReadonlyMap<string, readonly string[]> {
  const accountIds = new Set(hierarchy.listLinks().flatMap(({ accountId, parentId }) => [accountId, parentId]));
  const members = new Map<string, string[]>();
  for (const accountId of accountIds) {
    const tops =
      hierarchyAt === "LIVE"
        ? [hierarchy.topOn(accountId, hierarchyOn)]
        : hierarchy
            .topsOf(accountId)
            .filter(({ fromOn, untilOn }) => fromOn < period.untilOn && (untilOn === null || untilOn > period.fromOn))
            .map(({ topId }) => topId);
    for (const topId of new Set(tops)) members.set(topId, [...(members.get(topId) ?? []), accountId]);
  }
  return members;
}
