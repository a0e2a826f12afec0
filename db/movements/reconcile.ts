// The stored ledger against one rebuilt from the facts: account by account what is missing in it and what is too much, and bringing it there.

import type { Tx } from "../kernel/database.ts";
import { newId } from "../kernel/ids.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { type CommitAuthor, lockForCommit, writeCommit } from "../workspaces/store.ts";
import { admitLedgerRows } from "./closings.ts";
import { countMisbooked, rebookMerged } from "./rebook.ts";
import { compareAccounts, type Difference, deriveAccounts, type LedgerChange } from "./store.ts";

/** Where an account's ledger says otherwise than its facts. Amounts are sums of movements, signed, in minor units by currency. */
export type AccountDifference = {
  readonly accountId: string;
  /** Movements that follow from the facts and are not in the ledger, and those in it that do not follow. */
  readonly missing: number;
  readonly surplus: number;
  readonly missingTransfers: number;
  readonly surplusTransfers: number;
  /** Ready-made movements that are not booked as the merges of accounts have them count. */
  readonly misbooked: number;
  readonly amounts: ReadonlyMap<string, { readonly missingMinor: bigint; readonly surplusMinor: bigint }>;
};

/** Accounts that are listed from the books at once. */
const accountsMax = 10_000;

/**
 * Rebuilds every account's movements and transfers from its lines, their usage, the catalog and the merges, in memory and in bounded
 * batches, and gives the accounts that differ. `onProgress` is told how many accounts were looked at. Nothing is written.
 */
export async function* compareLedger(
  tx: Tx,
  onProgress: (accounts: number) => void = () => {},
): AsyncGenerator<AccountDifference, void> {
  const misbooked = new Map(await countMisbooked(tx));
  let seen = 0;
  for await (const accountIds of accountPages(tx)) {
    for await (const difference of compareAccounts(tx, accountIds)) {
      for (const account of byAccount(difference)) {
        yield { ...account, misbooked: misbooked.get(account.accountId) ?? 0 };
        misbooked.delete(account.accountId);
      }
    }
    seen += accountIds.length;
    onProgress(seen);
  }
  for (const [accountId, count] of misbooked) {
    yield { ...new Tally(accountId), misbooked: count };
  }
}

/** The accounts whose ledger is one of their own: those that are merged into others have theirs there. */
async function* accountPages({ sql, workspaceId }: Tx): AsyncGenerator<readonly string[], void> {
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const rows = await sql<{ id: string }[]>`
      select a.id from accounts a
      where a.workspace_id = ${workspaceId} and a.id > ${after}::uuid and not exists (
        select from account_merges g where g.workspace_id = a.workspace_id and g.account_id = a.id
          and g.superseded_version = ${liveVersion})
      order by a.id limit ${accountsMax}`;
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ id }) => id);
    after = last.id;
  }
}

class Tally implements AccountDifference {
  readonly accountId: string;
  missing = 0;
  surplus = 0;
  missingTransfers = 0;
  surplusTransfers = 0;
  readonly misbooked = 0;
  readonly amounts = new Map<string, { missingMinor: bigint; surplusMinor: bigint }>();

  constructor(accountId: string) {
    this.accountId = accountId;
  }

  add(currency: string, side: "missingMinor" | "surplusMinor", amountMinor: bigint): void {
    const amounts = this.amounts.get(currency) ?? { missingMinor: 0n, surplusMinor: 0n };
    this.amounts.set(currency, { ...amounts, [side]: amounts[side] + amountMinor });
  }
}

function byAccount({ movements, transfers }: Difference): Iterable<AccountDifference> {
  const tallies = new Map<string, Tally>();
  const of = (accountId: string) => {
    const tally = tallies.get(accountId) ?? new Tally(accountId);
    tallies.set(accountId, tally);
    return tally;
  };
  for (const { draft } of movements.append) {
    of(draft.accountId).missing += 1;
    of(draft.accountId).add(draft.currency, "missingMinor", draft.amountMinor);
  }
  for (const { accountId, currency, amountMinor } of movements.reverse) {
    of(accountId).surplus += 1;
    of(accountId).add(currency, "surplusMinor", amountMinor);
  }
  for (const { accountId } of transfers.append) of(accountId).missingTransfers += 1;
  for (const { accountId } of transfers.reverse) of(accountId).surplusTransfers += 1;
  return tallies.values();
}

/**
 * Books what `compareLedger` would find, as reversals and new rows of one commit; null when there is nothing to book. Transfers of ledgers
 * from before lines were kept on them are booked anew too. PERIOD_CLOSED when a closed period would change and late facts are refused.
 */
export async function repairLedger(tx: Tx, author: CommitAuthor): Promise<LedgerChange | null> {
  const commit = await lockForCommit(tx);
  const accountIds: string[] = [];
  for await (const { accountId } of compareLedger(tx)) accountIds.push(accountId);
  if (accountIds.length === 0) return null;
  const write = { commit, batchId: newId() };
  const derived = await deriveAccounts(tx, write, accountIds);
  const rebooked = await rebookMerged(tx, write);
  await admitLedgerRows(tx, commit);
  await writeCommit(tx, commit, author);
  return {
    appended: derived.appended + rebooked.appended,
    reversed: derived.reversed + rebooked.reversed,
  };
}
