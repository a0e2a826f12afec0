// Which accounts are others: merges and parent links as they were known at a ledger version, read whole. hierarchy.ts decides with them.

import type { Tx } from "../kernel/database.ts";
import { knownAt, newestKnown } from "../kernel/knowledge.ts";
import { Hierarchy, type ParentLink } from "./hierarchy.ts";

/**
 * Of every merged account the account that it ends up in, through all merges between; of the newest knowledge unless told. An account
 * that is not merged is no key.
 */
export async function loadSurvivors(tx: Tx, version: bigint = newestKnown): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql<{ accountId: string; intoId: string }[]>`
    select m.account_id as "accountId", m.into_id as "intoId" from account_merges m
    where m.workspace_id = ${tx.workspaceId} and ${knownAt(tx.sql, "m", version)}`;
  const into = new Map(rows.map(({ accountId, intoId }) => [accountId, intoId]));
  return new Map([...into.keys()].map((accountId) => [accountId, followMerges(into, accountId)]));
}

/** Of the accounts that are merged ones the account that each ends up in; the others are left out. */
export async function survivorsOf(
  tx: Tx,
  accountIds: readonly string[],
  version: bigint = newestKnown,
): Promise<ReadonlyMap<string, string>> {
  const survivors = await loadSurvivors(tx, version);
  return new Map(
    accountIds.flatMap((accountId) => {
      const survivorId = survivors.get(accountId);
      return survivorId === undefined ? [] : [[accountId, survivorId] as const];
    }),
  );
}

/** By account that others end up in: the ids of all of them, in no particular order. */
export function membersOf(survivors: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const [accountId, survivorId] of survivors) {
    const merged = members.get(survivorId);
    if (merged) merged.push(accountId);
    else members.set(survivorId, [accountId]);
  }
  return members;
}

/** Every parent link known at the version, the newest unless told: by the source's id of the account, then by day. */
export async function listParentLinks(tx: Tx, version: bigint = newestKnown): Promise<readonly ParentLink[]> {
  return tx.sql<ParentLink[]>`
    select l.account_id as "accountId", l.parent_id as "parentId", l.from_on as "fromOn", l.until_on as "untilOn"
    from account_parents l
    join accounts a on a.workspace_id = l.workspace_id and a.id = l.account_id
    where l.workspace_id = ${tx.workspaceId} and ${knownAt(tx.sql, "l", version)}
    order by a.external_id collate "C", l.from_on`;
}

/** The groups of all days as known at the version, the newest unless told; the days are the caller's to choose. */
export async function loadHierarchy(tx: Tx, version: bigint = newestKnown): Promise<Hierarchy> {
  const [links, survivors] = await Promise.all([listParentLinks(tx, version), loadSurvivors(tx, version)]);
  return new Hierarchy(links, survivors);
}

/** All parent links known at the version, as merges leave them; null where nothing is merged: the recorded ones hold. */
export async function findResolvedParents(tx: Tx, version: bigint): Promise<readonly ParentLink[] | null> {
  const survivors = await loadSurvivors(tx, version);
  if (survivors.size === 0) return null;
  return new Hierarchy(await listParentLinks(tx, version), survivors).listLinks();
}

/** The groups of the accounts, of all days, as far as they lie above them: enough for their parents, paths and tops. */
export async function loadHierarchyAbove(
  tx: Tx,
  accountIds: readonly string[],
  version: bigint = newestKnown,
): Promise<Hierarchy> {
  const survivors = await loadSurvivors(tx, version);
  const { sql, workspaceId } = tx;
  const merged = sql`unnest(${[...survivors.keys()]}::uuid[], ${[...survivors.values()]}::uuid[]) as merged (account_id, survivor_id)`;
  const links = await sql<ParentLink[]>`
    with recursive faces as materialized (
      select account_id, survivor_id from ${merged} union select survivor_id, account_id from ${merged}
    ), above as (
      select id from unnest(${[...accountIds]}::uuid[]) as asked (id)
      union
      select next.id from above cross join lateral (
        select l.parent_id as id from account_parents l
        where l.workspace_id = ${workspaceId} and l.account_id = above.id and ${knownAt(sql, "l", version)}
        union all
        select faces.survivor_id from faces where faces.account_id = above.id
      ) next
    )
    select l.account_id as "accountId", l.parent_id as "parentId", l.from_on as "fromOn", l.until_on as "untilOn"
    from above
    join account_parents l on l.workspace_id = ${workspaceId} and l.account_id = above.id
    join accounts a on a.workspace_id = l.workspace_id and a.id = l.account_id
    where ${knownAt(sql, "l", version)}
    order by a.external_id collate "C", l.from_on`;
  return new Hierarchy(links, survivors);
}

function followMerges(into: ReadonlyMap<string, string>, accountId: string): string {
  let survivorId = accountId;
  // Merges have no rings (mergeAccounts sees to it), so the way ends.
  for (let next = into.get(survivorId); next !== undefined; next = into.get(survivorId)) survivorId = next;
  return survivorId;
}
