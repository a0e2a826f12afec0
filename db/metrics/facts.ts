// Which of the ledger's movements are the facts behind a row. Where the policy reads the ledger as it is stored, they are those that the
// row's own conditions choose; where it nets, groups or leaves out, those of the accounts that have flows in the row.

import type { Hierarchy } from "../accounts/hierarchy.ts";
import { loadHierarchy } from "../accounts/merges.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { AccreteError } from "../kernel/errors.ts";
import type { MovementFilter } from "../movements/condition.ts";
import type { Policy } from "../policies/policy.ts";
import { changesOfAccounts } from "./changes-of-accounts.ts";
import { filterOfRow, type RowPlace } from "./drilldown.ts";
import { groupMembers } from "./group-members.ts";
import type { MetricsQuestion } from "./question.ts";

/** The facts of a row are looked for among at most this many accounts. */
export const accountsMax = 50_000;

/** Whether the policy's movements are the stored ones, one by one: their sums are the row's flows. */
export function readsStoredMovements({ method, netting, accountLevel, usage }: Policy): boolean {
  return method === "EVENT" && netting === "NONE" && accountLevel === "ACCOUNT" && usage === "BILLED_RECURRING";
}

/** The filter of the stored movements that are a row's flows, under a policy that reads them as they are. */
export function filterOfStored(place: RowPlace, policy: Policy): MovementFilter {
  return typesAsStored(filterOfRow(place), policy);
}

/** A filter by the policy's types as one by the stored types: what the policy calls new or expansion may be stored as a reactivation. */
export function typesAsStored(filter: MovementFilter, policy: Policy): MovementFilter {
  const isPlain = policy.reactivation === "SEPARATE" && policy.reactivationWindowDays === null;
  const mayReturn = filter.type?.some((type) => type === "NEW" || type === "EXPANSION") ?? false;
  return isPlain || !mayReturn
    ? filter
    : { ...filter, type: [...new Set([...(filter.type ?? []), "REACTIVATION" as const])] };
}

/**
 * The filter of the facts of some accounts: the row's conditions on lines, ways and days. Types and drivers are the policy's own, and
 * what is said of accounts has chosen them already, so neither is asked again of the movements.
 */
export function filterOfFacts(place: RowPlace, policy: Policy, accountIds: readonly string[]): MovementFilter {
  const { productIds, planIds, product, plan, currency, motion, campaign, effectiveFromOn, effectiveUntilOn } =
    filterOfRow(place);
  const kept = { productIds, planIds, product, plan, currency, motion, campaign, effectiveFromOn, effectiveUntilOn };
  const given = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  return { ...given, ...kindsOf(policy), accountIds };
}

/** The accounts with flows in the row; of groups, all their accounts. TOO_COMPLEX for more than 50,000. */
export async function accountsOfFacts(
  tx: Tx,
  question: MetricsQuestion,
  place: RowPlace,
  known: { readonly policy: Policy; readonly version: bigint; readonly hierarchyOn: PlainDate },
): Promise<readonly string[]> {
  const found: string[] = [];
  const changes = await changesOfAccounts(tx, question, place, known.policy);
  await changes.each(({ accountId, row }) => {
    if (row.counts.movementCount > 0) found.push(accountId);
  });
  const isOfGroups = known.policy.accountLevel === "ULTIMATE_PARENT" && found.length > 0;
  const all = isOfGroups ? membersOf(await loadHierarchy(tx, known.version), place, known, found) : found;
  if (all.length <= accountsMax) return all;
  throw new AccreteError("TOO_COMPLEX", `The row is of ${all.length} accounts; the limit is ${accountsMax}.`, {
    field: "movements",
  });
}

/** The accounts of the groups with these at their tops. */
export function membersOf(
  hierarchy: Hierarchy,
  { period }: RowPlace,
  { policy, hierarchyOn }: { readonly policy: Policy; readonly hierarchyOn: PlainDate },
  unitIds: readonly string[],
): readonly string[] {
  const members = groupMembers(hierarchy, { hierarchyAt: policy.hierarchyAt, hierarchyOn, period });
  return [...new Set(unitIds.flatMap((unitId) => members.get(unitId) ?? [unitId]))];
}

/** A movement without a kind is recurring. */
function kindsOf({ usage }: Policy): MovementFilter {
  switch (usage) {
    case "BILLED_RECURRING":
      return {};
    case "COMMITTED":
      return { kind: ["RECURRING", "COMMITMENT", null] };
    case "EXCLUDE":
      return { kind: ["RECURRING", null] };
  }
}
