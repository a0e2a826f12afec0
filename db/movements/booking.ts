// Whose ledger a fact is booked in: the account's own, or, where that account is merged, its survivor's.

export type Merges = {
  /** Of every merged account the account that it ends up in. */
  readonly survivors: ReadonlyMap<string, string>;
  /** The other way round: by survivor, all that are merged into it. */
  readonly members: ReadonlyMap<string, readonly string[]>;
};

/** The facts with the account in whose ledger they stand. */
export function bookOnSurvivors<T extends { readonly accountId: string }>(
  facts: readonly T[],
  { survivors }: Merges,
): readonly T[] {
  if (survivors.size === 0) return facts;
  return facts.map((fact) => {
    const survivorId = survivors.get(fact.accountId);
    return survivorId === undefined ? fact : { ...fact, accountId: survivorId };
  });
}

/** Each named account once, as its survivor followed by all that are merged into that. */
export function wholeAccounts(
  accountIds: Iterable<string>,
  { survivors, members }: Merges,
): readonly (readonly string[])[] {
  const survivorIds = new Set<string>();
  for (const accountId of accountIds) survivorIds.add(survivors.get(accountId) ?? accountId);
  return [...survivorIds].map((survivorId) => [survivorId, ...(members.get(survivorId) ?? [])]);
}
