// Who belongs to whom on a day: accounts that were merged into others, parents, and the top of a group.

import type { Day } from "./calendar.ts";
import { type AccountFact, byText, type MergeFact } from "./facts.ts";

/** The account that an account is now, after every merge. */
export function survivorOf(merges: readonly MergeFact[], accountId: string): string {
  const merge = merges.find(({ from }) => from === accountId);
  return merge ? survivorOf(merges, merge.into) : accountId;
}

/** What is said of an account itself on a day. */
export function factOn(accounts: readonly AccountFact[], accountId: string, day: Day): AccountFact | null {
  let latest: AccountFact | null = null;
  for (const fact of accounts) {
    if (fact.accountId === accountId && fact.from <= day && (!latest || latest.from < fact.from)) latest = fact;
  }
  return latest;
}

/** The parent of a surviving account on a day: by its own link, else by one of those that were merged into it. */
export function parentOn(
  accounts: readonly AccountFact[],
  merges: readonly MergeFact[],
  accountId: string,
  day: Day,
): string | null {
  const merged = [...new Set(merges.map(({ from }) => from))].sort(byText);
  const selves = [accountId, ...merged.filter((from) => survivorOf(merges, from) === accountId)];
  for (const self of selves) {
    const said = factOn(accounts, self, day)?.parentId ?? null;
    const parent = said === null ? null : survivorOf(merges, said);
    if (parent !== null && parent !== accountId) return parent;
  }
  return null;
}

/** The account at the top of the group on a day. */
export function topOn(
  accounts: readonly AccountFact[],
  merges: readonly MergeFact[],
  accountId: string,
  day: Day,
): string {
  let top = accountId;
  for (let steps = 0; steps <= accounts.length; steps += 1) {
    const parent = parentOn(accounts, merges, top, day);
    if (parent === null) return top;
    top = parent;
  }
  throw new RangeError(`the parents of ${accountId} go round in a circle`);
}

/** Whether on any day somebody is their own ancestor. */
export function goesRound(accounts: readonly AccountFact[], merges: readonly MergeFact[]): boolean {
  const days = new Set(accounts.map(({ from }) => from));
  return [...days].some((day) =>
    accounts.some(({ accountId }) => {
      try {
        topOn(accounts, merges, survivorOf(merges, accountId), day);
        return false;
      } catch {
        return true;
      }
    }),
  );
}
