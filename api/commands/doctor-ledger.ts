// `accrete doctor --ledger`: rebuilds a workspace's ledger from its facts and compares, checks what must hold of every ledger, and lists
// what is suspected of the facts. With --repair it books the differences.

import { findAccounts } from "@accrete/db/accounts/list.ts";
import { inWorkspace, type Tx } from "@accrete/db/kernel/database.ts";
import { newestKnown } from "@accrete/db/kernel/knowledge.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import { askQuality } from "@accrete/db/metrics/quality.ts";
import { qualityTable } from "@accrete/db/metrics/quality-codes.ts";
import { hashState } from "@accrete/db/movements/hash.ts";
import { countUnfaithfulReversals, findBrokenDays } from "@accrete/db/movements/invariants.ts";
import { type AccountDifference, compareLedger, repairLedger } from "@accrete/db/movements/reconcile.ts";
import { getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import { readSettings } from "../settings.ts";
import { openBooks, resolveWorkspace } from "./books.ts";

export type LedgerExamination = {
  readonly workspace: string | undefined;
  readonly manner: "examine" | "repair";
  /** The UTC day on which accounts and rates are looked at. */
  readonly todayOn: string;
};

/** Accounts that are listed with what differs; all are counted. */
const listedMax = 25;

/** Prints what it finds, and gives the number of faults: differences that are left, and invariants that do not hold. Suspicions are none. */
export async function examineLedger(
  { workspace, manner, todayOn }: LedgerExamination,
  print: (line: string) => void,
): Promise<number> {
  const settings = readSettings(process.env);
  const books = await openBooks(settings);
  try {
    const { database } = books;
    const workspaceId = await resolveWorkspace(database, settings, workspace);
    if (manner === "repair") {
      const change = await inWorkspace(database, workspaceId, "write", async (tx) => {
        await tx.sql`set local statement_timeout = 0`;
        return repairLedger(tx, { actor: "command", action: "repair ledger" });
      });
      print(
        change
          ? `Repaired: ${change.appended} movements appended, ${change.reversed} taken back.`
          : "Nothing to repair.",
      );
    }
    return await inWorkspace(database, workspaceId, "read", async (tx) => {
      await tx.sql`set local statement_timeout = 0`;
      const differing = await tellDifferences(tx, print);
      const broken = await tellInvariants(tx, print);
      const { version } = await getLedgerVersion(tx);
      print(`  state  ${await hashState(tx)} at ledger version ${version}`);
      await tellQuality(tx, { version, todayOn }, print);
      return differing + broken;
    });
  } finally {
    await books.close();
  }
}

async function tellDifferences(tx: Tx, print: (line: string) => void): Promise<number> {
  let seen = 0;
  let count = 0;
  const listed: AccountDifference[] = [];
  for await (const difference of compareLedger(tx, (accounts) => {
    seen = accounts;
  })) {
    count += 1;
    if (listed.length < listedMax) listed.push(difference);
  }
  if (count === 0) {
    print(`  ok     rebuilt from the facts: the ledger of ${shown(seen, "account")} says the same`);
    return 0;
  }
  print(`  WRONG  rebuilt from the facts: the ledger of ${shown(count, "account")} of ${seen} says otherwise`);
  const names = await namesOf(
    tx,
    listed.map(({ accountId }) => accountId),
  );
  for (const difference of listed) print(`           ${names.get(difference.accountId)}: ${describe(difference)}`);
  if (count > listed.length) print(`           … and ${count - listed.length} more`);
  print("         'accrete doctor --ledger --repair' books the differences.");
  return count;
}

function describe(difference: AccountDifference): string {
  const { missing, surplus, missingTransfers, surplusTransfers, misbooked } = difference;
  const counts = [
    ...(missing > 0 ? [`${shown(missing, "movement")} missing`] : []),
    ...(surplus > 0 ? [`${shown(surplus, "movement")} too many`] : []),
    ...(missingTransfers > 0 ? [`${shown(missingTransfers, "transfer")} missing`] : []),
    ...(surplusTransfers > 0 ? [`${shown(surplusTransfers, "transfer")} too many`] : []),
    ...(misbooked > 0 ? [`${shown(misbooked, "ready-made movement")} not as merged`] : []),
  ];
  const amounts = [...difference.amounts].map(([currency, { missingMinor, surplusMinor }]) => {
    const difference = missingMinor - surplusMinor;
    return `${difference > 0n ? "+" : ""}${formatMoney(difference, currency)} ${currency}`;
  });
  return amounts.length === 0 ? counts.join(", ") : `${counts.join(", ")}; ${amounts.join(", ")} in sum`;
}

async function tellInvariants(tx: Tx, print: (line: string) => void): Promise<number> {
  const { count, days } = await findBrokenDays(tx);
  if (count === 0) print("  ok     days: no balance is below 0, and every type fits the ARR before and after its day");
  else {
    print(`  WRONG  days: ${shown(count, "day")} on which balances or types do not hold`);
    const names = await namesOf(
      tx,
      days.map(({ accountId }) => accountId),
    );
    for (const { accountId, on, code } of days) print(`           ${names.get(accountId)} on ${on}: ${code}`);
  }
  const unfaithful = await countUnfaithfulReversals(tx);
  if (unfaithful === 0) print("  ok     reversals: each has the values of what it takes back, and the negated amount");
  else print(`  WRONG  reversals: ${shown(unfaithful, "reversal")} of other values than what they take back`);
  return count + unfaithful;
}

async function tellQuality(
  tx: Tx,
  { version, todayOn }: { readonly version: bigint; readonly todayOn: string },
  print: (line: string) => void,
): Promise<void> {
  const checks = await askQuality(tx, { window: null, known: { version, on: todayOn } });
  const suspected = checks.filter(({ count }) => count > 0);
  if (suspected.length === 0) print("  facts  nothing is suspected of them");
  for (const { code, count, findings } of suspected) {
    print(`  facts  ${code}, ${count}: ${qualityTable[code].fix}`);
    for (const { message, subjects } of findings.slice(0, 5)) print(`           ${message} (${subjects.join(", ")})`);
    if (findings.length > 5) print("           … dataQuality lists more");
  }
}

async function namesOf(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const accounts = await findAccounts(tx, accountIds, { version: newestKnown, on: "2100-12-31" });
  return new Map(accounts.map(({ id, externalId }) => [id, externalId]));
}

function shown(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
