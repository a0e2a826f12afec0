// Keeps the ledger in step with the contract lines: derives accounts anew, and appends and reverses what is different.

import { setImmediate as turn } from "node:timers/promises";
import { loadSurvivors, membersOf } from "../accounts/merges.ts";
import type { Catalog } from "../catalog/plans.ts";
import { loadCatalog } from "../catalog/store.ts";
import { countLiveVersions, listLiveVersions } from "../contracts/store.ts";
import type { LineVersion } from "../contracts/version.ts";
import type { Tx } from "../kernel/database.ts";
import { lookingUpByIndex } from "../kernel/planner.ts";
import { appendMovements, appendTransfers, type LedgerWrite, reverseMovements, reverseTransfers } from "./append.ts";
import { bookOnSurvivors, type Merges, wholeAccounts } from "./booking.ts";
import { type Derivation, deriveAccount } from "./derive.ts";
import { diffMovements, diffTransfers, type MovementDiff, type TransferDiff } from "./diff.ts";
import type { StoredMovement, StoredTransfer } from "./types.ts";

/** What a derivation changed in the ledger: movements only, transfers go with them. */
export type LedgerChange = { readonly appended: number; readonly reversed: number };

/** Accounts and line versions that are in memory at once; an account with more versions, or more merged into it, is derived alone. */
const accountsMax = 1_000;
const versionsMax = 2_000;

/**
 * Derives the accounts from their live line versions, and brings their derived movements and transfers to it. The lines of a merged account
 * are booked on its survivor; either may be named. Deriving what is derived already changes nothing; ready-made movements are left alone.
 * Call it under the commit's lock.
 */
export async function deriveAccounts(tx: Tx, write: LedgerWrite, accountIds: readonly string[]): Promise<LedgerChange> {
  if (accountIds.length === 0) return { appended: 0, reversed: 0 };
  const [catalog, survivors] = await Promise.all([loadCatalog(tx), loadSurvivors(tx)]);
  return lookingUpByIndex(tx, () =>
    deriveInBatches(tx, write, { accountIds, catalog, merges: { survivors, members: membersOf(survivors) } }),
  );
}

/**
 * What the derivation says otherwise than the ledger, batch by batch of the accounts; nothing is written. Batches without a difference
 * are passed over.
 */
export async function* compareAccounts(tx: Tx, accountIds: readonly string[]): AsyncGenerator<Difference, void> {
  const [catalog, survivors] = await Promise.all([loadCatalog(tx), loadSurvivors(tx)]);
  const merges = { survivors, members: membersOf(survivors) };
  for await (const batch of accountBatches(tx, wholeAccounts(accountIds, merges))) {
    const difference = compareWithLedger(await loadFacts(tx, batch, merges), catalog);
    const { movements, transfers } = difference;
    const parts = [movements.append, movements.reverse, transfers.append, transfers.reverse];
    if (parts.some((rows) => rows.length > 0)) yield difference;
  }
}

type Task = { readonly accountIds: readonly string[]; readonly catalog: Catalog; readonly merges: Merges };

async function deriveInBatches(tx: Tx, write: LedgerWrite, task: Task): Promise<LedgerChange> {
  const { catalog, merges } = task;
  const batches = accountBatches(tx, wholeAccounts(task.accountIds, merges));
  const loadNext = async () => {
    const next = await batches.next();
    return next.done ? null : loadFacts(tx, next.value, merges);
  };
  let change: LedgerChange = { appended: 0, reversed: 0 };
  // While one batch is derived here, the server writes the one before and reads the one after.
  let writing: Promise<void> = Promise.resolve();
  for (let facts = await loadNext(); facts; ) {
    const loading = loadNext();
    // Whichever fails first is thrown; the others fail with the same transaction.
    loading.catch(() => {});
    await turn();
    const difference = compareWithLedger(facts, catalog);
    await writing;
    writing = writeDifference(tx, write, difference);
    writing.catch(() => {});
    change = {
      appended: change.appended + difference.movements.append.length,
      reversed: change.reversed + difference.movements.reverse.length,
    };
    facts = await loading;
  }
  await writing;
  return change;
}

/** What is known of a batch of accounts: their lines, and what of the ledger was derived from lines and stands. */
type Facts = {
  readonly versions: readonly LineVersion[];
  readonly movements: readonly StoredMovement[];
  readonly transfers: readonly StoredTransfer[];
};

async function loadFacts(tx: Tx, accountIds: readonly string[], merges: Merges): Promise<Facts> {
  const [versions, movements, transfers] = await Promise.all([
    listLiveVersions(tx, accountIds),
    listDerivedMovements(tx, accountIds),
    listStandingTransfers(tx, accountIds),
  ]);
  return { versions: bookOnSurvivors(versions, merges), movements, transfers };
}

/** What is to be appended to the ledger and what reversed, so that it says what is derived. */
export type Difference = { readonly movements: MovementDiff; readonly transfers: TransferDiff };

function compareWithLedger(facts: Facts, catalog: Catalog): Difference {
  const versionsOf = new Map<string, LineVersion[]>();
  for (const version of facts.versions) {
    const versions = versionsOf.get(version.accountId);
    if (versions) versions.push(version);
    else versionsOf.set(version.accountId, [version]);
  }
  const derived: Derivation = { movements: [], transfers: [] };
  for (const versions of versionsOf.values()) {
    const { movements, transfers } = deriveAccount(versions, catalog);
    for (const movement of movements) derived.movements.push(movement);
    for (const transfer of transfers) derived.transfers.push(transfer);
  }
  return {
    movements: diffMovements(derived.movements, facts.movements),
    transfers: diffTransfers(derived.transfers, facts.transfers),
  };
}

async function writeDifference(tx: Tx, write: LedgerWrite, { movements, transfers }: Difference): Promise<void> {
  await reverseMovements(tx, write, movements.reverse.map(idOf));
  await reverseTransfers(tx, write, transfers.reverse.map(idOf));
  await appendMovements(tx, write, movements.append);
  await appendTransfers(tx, write, transfers.append);
}

const idOf = (row: { readonly id: string }) => row.id;

/** Packs accounts so that neither many accounts nor accounts with many lines are in memory at once. */
async function* accountBatches(
  tx: Tx,
  accounts: readonly (readonly string[])[],
): AsyncGenerator<readonly string[], void> {
  for (let start = 0; start < accounts.length; start += accountsMax) {
    const page = accounts.slice(start, start + accountsMax);
    const versionsOf = await countLiveVersions(tx, page.flat());
    let batch: string[] = [];
    let versions = 0;
    for (const accountIds of page) {
      const own = accountIds.reduce((sum, accountId) => sum + (versionsOf.get(accountId) ?? 0), 0);
      if (batch.length > 0 && versions + own > versionsMax) {
        yield batch;
        batch = [];
        versions = 0;
      }
      batch.push(...accountIds);
      versions += own;
    }
    yield batch;
  }
}

/** The accounts' derived movements that stand: neither reversals nor reversed. */
async function listDerivedMovements(tx: Tx, accountIds: readonly string[]): Promise<readonly StoredMovement[]> {
  const rows = await tx.sql<(StoredMovement & Reversible)[]>`
    select m.id, m.reverses, m.change_id as "changeId", m.account_id as "accountId", m.effective_on as "effectiveOn", m.type,
      m.driver, m.amount_minor as "amountMinor", m.currency, m.line_id as "lineId", m.product_id as "productId",
      m.plan_id as "planId", m.kind, m.is_add_on as "isAddOn", m.motion, m.campaign, m.booked_on as "bookedOn"
    from movements m
    where m.workspace_id = ${tx.workspaceId} and m.account_id = any(${[...accountIds]}::uuid[]) and m.external_id is null`;
  return standing(rows);
}

/** The accounts' transfers that stand: neither reversals nor reversed. */
async function listStandingTransfers(tx: Tx, accountIds: readonly string[]): Promise<readonly StoredTransfer[]> {
  const rows = await tx.sql<(StoredTransfer & Reversible)[]>`
    select t.id, t.reverses, t.account_id as "accountId", t.effective_on as "effectiveOn", t.amount_minor as "amountMinor",
      t.currency, t.from_line_id as "fromLineId", t.to_line_id as "toLineId", t.from_product_id as "fromProductId", t.from_plan_id as "fromPlanId", t.to_product_id as "toProductId",
      t.to_plan_id as "toPlanId"
    from transfers t
    where t.workspace_id = ${tx.workspaceId} and t.account_id = any(${[...accountIds]}::uuid[])`;
  return standing(rows);
}

type Reversible = { readonly id: string; readonly reverses: string | null };

// Sorted out here, not by an anti-join: a reversal is a row of the same account, so it has been read already.
function standing<T extends Reversible>(rows: readonly T[]): readonly T[] {
  const reversed = new Set(rows.map((row) => row.reverses));
  return rows.filter((row) => row.reverses === null && !reversed.has(row.id));
}
