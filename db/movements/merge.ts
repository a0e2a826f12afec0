// Merging accounts that are one and the same, for all of their history, and undoing it. Decides what can be merged, and books the ledger of
// all that is concerned anew; nothing of either account's facts is changed.

import { Hierarchy } from "../accounts/hierarchy.ts";
import { listParentLinks, loadSurvivors, membersOf } from "../accounts/merges.ts";
import { type AccountReference, findNamedAccounts, type NamedAccount, nameOfReference } from "../accounts/reference.ts";
import type { AccountSource } from "../accounts/table.ts";
import type { Tx } from "../kernel/database.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { type Commit, type CommitAuthor, lockForCommit, writeCommit } from "../workspaces/store.ts";
import { admitLedgerRows } from "./closings.ts";
import { rebookReadyMade } from "./rebook.ts";
import { deriveAccounts, type LedgerChange } from "./store.ts";

export type MergeResult = LedgerChange & {
  /** The account that was merged, or is one of its own again. */
  readonly accountId: string;
  /** The account that its facts count for, or counted for. */
  readonly survivorId: string;
  /** How many rows of the ledger are about closed periods. */
  readonly restatements: number;
  readonly commit: Commit;
};

/**
 * From now on `from` is `into`: all its facts, whenever they are true, count for the survivor, and its ARR is part of the survivor's.
 * BAD_USER_INPUT (field `from` or `into`) for an unknown account, for one that is merged already, for an account into itself, and where the
 * groups of the two would make a circle or have too many levels. MIXED_SOURCES when one is fed by lines and the other by movements.
 * PERIOD_CLOSED when the ledger would change in a closed period and the workspace refuses late facts.
 */
export async function mergeAccounts(
  tx: Tx,
  { from, into }: { readonly from: AccountReference; readonly into: AccountReference },
  author: CommitAuthor,
): Promise<MergeResult> {
  const commit = await lockForCommit(tx);
  const [[merged, target], survivors] = await Promise.all([findNamedAccounts(tx, [from, into]), loadSurvivors(tx)]);
  if (!merged) badInput("from", `There is no account ${nameOfReference(from)}.`);
  if (!target) badInput("into", `There is no account ${nameOfReference(into)}.`);
  if (survivors.has(merged.id)) badInput("from", `'${merged.externalId}' is merged already: unmerge it first.`);
  const survivorId = survivors.get(target.id) ?? target.id;
  if (survivorId === merged.id) {
    badInput("into", `'${target.externalId}' is '${merged.externalId}' itself, or merged into it.`);
  }
  const after = new Map([...survivors].map(([id, end]) => [id, end === merged.id ? survivorId : end]));
  after.set(merged.id, survivorId);
  await requireOneSource(tx, [merged, target], survivors);
  await requireGroups(tx, after, "into");
  await tx.sql`
    insert into account_merges (workspace_id, account_id, into_id, recorded_version, superseded_version, recorded_at, merged_by)
    values (${tx.workspaceId}::uuid, ${merged.id}::uuid, ${target.id}::uuid, ${commit.version}::bigint, ${liveVersion}::bigint,
      ${commit.recordedAt}::timestamptz, ${author.actor})`;
  const change = await bookAnew(tx, commit, [survivorId], after);
  return finish(tx, { commit, author }, { ...change, accountId: merged.id, survivorId });
}

/**
 * Undoes a merge: the account's facts count for itself again, and the ledger says what it would say had it never been merged.
 * BAD_USER_INPUT (field `from`) for an unknown account, for one that is not merged, and where the groups, apart, would make a circle or have
 * too many levels. CONFLICT when, apart, the ready-made movements of one would leave it with ARR below 0. PERIOD_CLOSED as in merging.
 */
export async function unmergeAccounts(tx: Tx, from: AccountReference, author: CommitAuthor): Promise<MergeResult> {
  const commit = await lockForCommit(tx);
  const [[merged], survivors] = await Promise.all([findNamedAccounts(tx, [from]), loadSurvivors(tx)]);
  if (!merged) badInput("from", `There is no account ${nameOfReference(from)}.`);
  const survivorId = survivors.get(merged.id);
  if (survivorId === undefined) badInput("from", `'${merged.externalId}' is not merged into any account.`);
  await tx.sql`
    update account_merges set superseded_version = ${commit.version}
    where workspace_id = ${tx.workspaceId} and account_id = ${merged.id}::uuid and superseded_version = ${liveVersion}`;
  const after = await loadSurvivors(tx);
  await requireGroups(tx, after, "from");
  const change = await bookAnew(tx, commit, [survivorId, merged.id], after);
  return finish(tx, { commit, author }, { ...change, accountId: merged.id, survivorId });
}

async function finish(
  tx: Tx,
  { commit, author }: { readonly commit: Commit; readonly author: CommitAuthor },
  done: Omit<MergeResult, "restatements" | "commit">,
): Promise<MergeResult> {
  const restatements = await admitLedgerRows(tx, commit);
  await writeCommit(tx, commit, author);
  return { ...done, restatements, commit };
}

/** The ledgers of the accounts, with all that is merged into them: lines are derived anew, ready-made movements re-booked. */
async function bookAnew(
  tx: Tx,
  commit: Commit,
  survivorIds: readonly string[],
  survivors: ReadonlyMap<string, string>,
): Promise<LedgerChange> {
  const write = { commit, batchId: newId() };
  const members = membersOf(survivors);
  const derived = await deriveAccounts(tx, write, survivorIds);
  const rebooked = await rebookReadyMade(
    tx,
    write,
    survivorIds.map((survivorId) => ({ survivorId, memberIds: members.get(survivorId) ?? [] })),
  );
  return { appended: derived.appended + rebooked.appended, reversed: derived.reversed + rebooked.reversed };
}

/** An account without facts goes with either kind. */
async function requireOneSource(
  tx: Tx,
  accounts: readonly NamedAccount[],
  survivors: ReadonlyMap<string, string>,
): Promise<void> {
  const members = membersOf(survivors);
  const ids = accounts.flatMap(({ id }) => [
    id,
    ...(members.get(survivors.get(id) ?? id) ?? []),
    survivors.get(id) ?? id,
  ]);
  const rows = await tx.sql<{ source: AccountSource; externalId: string }[]>`
    select distinct on (source) source, external_id as "externalId" from accounts
    where workspace_id = ${tx.workspaceId} and id = any(${ids}::uuid[]) and source is not null order by source, external_id`;
  const [lines, movements] = rows;
  if (!lines || !movements) return;
  throw new AccreteError(
    "MIXED_SOURCES",
    `'${lines.externalId}' is fed by contract lines and '${movements.externalId}' by ready-made movements: such accounts cannot be one.`,
  );
}

async function requireGroups(tx: Tx, survivors: ReadonlyMap<string, string>, field: "from" | "into"): Promise<void> {
  const [fault] = new Hierarchy(await listParentLinks(tx), survivors).listFaults();
  if (!fault) return;
  const what = fault.kind === "CYCLE" ? "the parents would lead in a circle" : "a group would have more than 10 levels";
  badInput(field, `From ${fault.on} on, ${what}: change the parents first.`);
}
