// What the ledger sums to, account by account, for the API: ARR on a day, the first ARR, and the balance around each movement.

import type { AccountWorth } from "../accounts/list.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { AccreteError } from "../kernel/errors.ts";
import type { Known } from "../kernel/knowledge.ts";
import { unreversed } from "./filter.ts";
import { drivers } from "./types.ts";

/** An account's ARR at the end of a day. */
export type AccountDay = { readonly accountId: string; readonly on: PlainDate };

/** ARR of one account and day in one currency, minor units; never 0. */
export type Balance = AccountDay & { readonly currency: string; readonly arrMinor: bigint };

/** The day of an account's first ARR, and how much it was, by currency. */
export type FirstArr = {
  readonly accountId: string;
  readonly on: PlainDate;
  readonly currency: string;
  readonly arrMinor: bigint;
};

/** The balances that are not 0, of several accounts, each on its own day, as known at a ledger version. */
export async function sumBalances(tx: Tx, asked: readonly AccountDay[], version: bigint): Promise<readonly Balance[]> {
  return tx.sql<Balance[]>`
    select asked.account_id as "accountId", asked.day as "on", m.currency, sum(m.amount_minor)::bigint as "arrMinor"
    from unnest(${asked.map(({ accountId }) => accountId)}::uuid[], ${asked.map(({ on }) => on)}::date[]) as asked(account_id, day)
    join movements m on m.workspace_id = ${tx.workspaceId} and m.account_id = asked.account_id and m.effective_on <= asked.day
      and m.ledger_version <= ${version}
    group by asked.account_id, asked.day, m.currency
    having sum(m.amount_minor) <> 0`;
}

/** When each account had its first ARR, and how much at the end of that day; accounts that never had any are left out. */
export async function findFirstArr(
  tx: Tx,
  accountIds: readonly string[],
  version: bigint,
): Promise<readonly FirstArr[]> {
  return tx.sql<FirstArr[]>`
    select m.account_id as "accountId", m.effective_on as "on", m.currency, sum(m.amount_minor)::bigint as "arrMinor"
    from movements m
    where m.account_id = any(${[...accountIds]}::uuid[]) and m.type = 'NEW' and ${whatCounts(tx, version)}
    group by m.account_id, m.effective_on, m.currency`;
}

/**
 * The account's ARR, in the movement's currency, just after each movement, in the order of the day: increases, then decreases, then by
 * driver, line and id. Reversals and movements that were reversed by the version are left out: they are no part of the account's story.
 */
export async function sumArrAfter(
  tx: Tx,
  movementIds: readonly string[],
  version: bigint,
): Promise<ReadonlyMap<string, bigint>> {
  const ids = [...movementIds];
  const rows = await tx.sql<{ id: string; arrAfterMinor: bigint }[]>`
    select story.id, story.arr_after::bigint as "arrAfterMinor"
    from (
      select m.id, sum(m.amount_minor) over (
        partition by m.account_id, m.currency
        order by m.effective_on, m.amount_minor < 0, array_position(${[...drivers]}::text[], m.driver) nulls first, m.line_id, m.id
        rows unbounded preceding
      ) as arr_after
      from movements m
      where ${whatCounts(tx, version)} and m.account_id in (
        select asked.account_id from movements asked where asked.workspace_id = ${tx.workspaceId} and asked.id = any(${ids}::uuid[]))
    ) story
    where story.id = any(${ids}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row.arrAfterMinor]));
}

/** SQL of the ARR of accounts at the end of a day, for lists of accounts. */
export function accountWorth({ sql, workspaceId }: Tx, { version, on }: Known): AccountWorth {
  return {
    join: sql`cross join lateral (
      select coalesce(sum(held.arr_minor), 0) as arr_minor, coalesce(bool_or(held.arr_minor > 0), false) as is_active
      from (
        select sum(m.amount_minor) as arr_minor from movements m
        where m.workspace_id = ${workspaceId} and m.account_id = a.id and m.effective_on <= ${on}::date
          and m.ledger_version <= ${version}
        group by m.currency
      ) held
    ) worth`,
    arr: sql`worth.arr_minor`,
    isActive: sql`worth.is_active`,
  };
}

/** Throws RATE_MISSING when any account has ARR on the day in another currency: sums over accounts would mix currencies. */
export async function requireOneCurrency(tx: Tx, currency: string, { version, on }: Known): Promise<void> {
  const [other] = await tx.sql<{ currency: string }[]>`
    select m.currency from movements m
    where m.workspace_id = ${tx.workspaceId} and m.currency <> ${currency} and m.effective_on <= ${on}::date
      and m.ledger_version <= ${version}
    group by m.account_id, m.currency having sum(m.amount_minor) <> 0
    order by m.currency limit 1`;
  if (other) throw rateMissing(other.currency, currency, on);
}

/** RATE_MISSING for an amount of one currency that would have to be read in another. */
export function rateMissing(currency: string, into: string, on: PlainDate): AccreteError {
  return new AccreteError("RATE_MISSING", `No rate is known from ${currency} into ${into} on ${on}.`);
}

const whatCounts = ({ sql, workspaceId }: Tx, version: bigint) =>
  unreversed(sql, "m", { workspaceId, ledgerVersion: version });
