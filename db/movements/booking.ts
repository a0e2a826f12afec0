// Whose ledger a fact is booked in: the account's own, or, where that account is merged, its survivor's.

import { membersOf } from "../accounts/merges.ts";

/** Of every merged account the account that it ends up in. */
export type Survivors = ReadonlyMap<string, string>;

/** The facts with the account in whose ledger they stand. */
export function bookOnSurvivors<T extends { readonly accountId: string }>(
  facts: readonly T[],
  survivors: Survivors,
): readonly T[] {
  if (survivors.size === 0) return facts;
  return facts.map((fact) => {
    const survivorId = survivors.get(fact.accountId);
    return survivorId === undefined ? fact : { ...fact, accountId: survivorId };
  });
}

/** Each named account once, as its survivor followed by all that are merged into that. */
export function wholeAccounts(accountIds: Iterable<string>, survivors: Survivors): readonly (readonly string[])[] {
  const members = membersOf(survivors);
  const survivorIds = new Set<string>();
  for (const accountId of accountIds) survivorIds.add(survivors.get(accountId) ?? accountId);
  return [...survivorIds].map((survivorId) => [survivorId, ...(members.get(survivorId) ?? [])]);
}
