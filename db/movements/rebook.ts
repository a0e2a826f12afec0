// Books ready-made movements where merges have them count: on the survivor, typed by its whole history. The statement of a source stays as
// it was recorded; what stands in its place is taken back and booked anew, and an undone merge puts the statement back.

import { loadSurvivors, membersOf } from "../accounts/merges.ts";
import { loadCatalog, loadFamilies } from "../catalog/store.ts";
import { wordArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import { AccreteError } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { type LedgerWrite, reverseMovements } from "./append.ts";
import { History } from "./history.ts";
import type { ReadyMade, TypedReadyMade } from "./ready-made.ts";
import type { LedgerChange } from "./store.ts";
import type { Driver, MovementType } from "./types.ts";

/** What a source says now under one of its ids, and the row of the ledger that stands for it. */
type Statement = ReadyMade & {
  /** The row that states it: of rule SOURCE, whether it stands or a merge has taken it back. */
  readonly statementId: string;
  readonly standing: Standing;
};

type Standing = {
  readonly id: string;
  readonly accountId: string;
  readonly type: MovementType;
  readonly driver: Driver | null;
};

/** An account and all that are merged into it, whose facts count as one. */
export type MergedAccount = { readonly survivorId: string; readonly memberIds: readonly string[] };

/**
 * Brings the ready-made movements of the accounts, and of all that are merged into them, to how they count together: on the survivor's
 * account, with the types of its whole history. One that counts just as it was stated stands as a row of rule SOURCE, every other one of
 * rule MERGED. What is right already stays. Name both accounts of a merge that is undone: each statement finds its own. CONFLICT when an
 * account would have ARR below 0 on some day. Call it under the commit's lock.
 */
export async function rebookReadyMade(
  tx: Tx,
  write: LedgerWrite,
  accounts: readonly MergedAccount[],
): Promise<LedgerChange> {
  let changes = 0;
  for (const { survivorId, changed } of await findMisbooked(tx, accounts)) {
    await reverseMovements(
      tx,
      write,
      changed.map(({ source }) => source.standing.id),
    );
    await appendRebooked(tx, write, survivorId, changed);
    changes += changed.length;
  }
  return { appended: changes, reversed: changes };
}

/** Ready-made movements that are not booked as they count: on another account than the survivor's, or with another type or driver. */
type Misbooked = { readonly survivorId: string; readonly changed: readonly TypedReadyMade<Statement>[] };

async function findMisbooked(tx: Tx, accounts: readonly MergedAccount[]): Promise<readonly Misbooked[]> {
  const statements = await listStandingStatements(
    tx,
    accounts.flatMap(({ survivorId, memberIds }) => [survivorId, ...memberIds]),
  );
  if (statements.length === 0) return [];
  const [catalog, families] = await Promise.all([loadCatalog(tx), loadFamilies(tx)]);
  return accounts.map(({ survivorId, memberIds }) => {
    const own = statements.filter(({ accountId }) => accountId === survivorId || memberIds.includes(accountId));
    const changed = typeTogether(own, new History(catalog, families)).filter(
      ({ source: { standing }, type, driver }) =>
        standing.accountId !== survivorId || standing.type !== type || standing.driver !== driver,
    );
    return { survivorId, changed };
  });
}

/** By survivor, how many of its ready-made movements are not booked as the merges have them count; accounts without any are left out. */
export async function countMisbooked(tx: Tx): Promise<ReadonlyMap<string, number>> {
  const members = membersOf(await loadSurvivors(tx));
  const misbooked = await findMisbooked(
    tx,
    [...members].map(([survivorId, memberIds]) => ({ survivorId, memberIds })),
  );
  return new Map(
    misbooked.flatMap(({ survivorId, changed }) => (changed.length > 0 ? [[survivorId, changed.length] as const] : [])),
  );
}

/** Re-books all accounts that others are merged into: their drivers hang on the families of products. Call it under the commit's lock. */
export async function rebookMerged(tx: Tx, write: LedgerWrite): Promise<LedgerChange> {
  const members = membersOf(await loadSurvivors(tx));
  return rebookReadyMade(
    tx,
    write,
    [...members].map(([survivorId, memberIds]) => ({ survivorId, memberIds })),
  );
}

function typeTogether(statements: readonly Statement[], history: History): readonly TypedReadyMade<Statement>[] {
  const balances = new Map<string, bigint>();
  return [...byDay(statements)].flatMap(([on, readyMade]) => {
    for (const { currency, amountMinor } of readyMade) {
      balances.set(currency, (balances.get(currency) ?? 0n) + amountMinor);
    }
    const below = [...balances].find(([, balance]) => balance < 0n);
    if (below) {
      throw new AccreteError(
        "CONFLICT",
        `Apart, one of the accounts would have ARR below 0 in ${below[0]} on ${on}: correct its movements of that day first.`,
      );
    }
    return history.derive({ on, changes: [], readyMade }).readyMade;
  });
}

function byDay(statements: readonly Statement[]): ReadonlyMap<string, readonly Statement[]> {
  const days = new Map<string, Statement[]>();
  for (const statement of statements) {
    const day = days.get(statement.effectiveOn);
    if (day) day.push(statement);
    else days.set(statement.effectiveOn, [statement]);
  }
  return days;
}

/** By day and then by the source's id: the last statement under each id that stands, as it is or re-booked. Withdrawn ones do not. */
async function listStandingStatements(tx: Tx, accountIds: readonly string[]): Promise<readonly Statement[]> {
  const { sql, workspaceId } = tx;
  const rows = await sql<(ReadyMade & { statementId: string } & Prefixed<Standing>)[]>`
    select s.id as "statementId", s.external_id as "sourceId", s.account_id as "accountId", s.effective_on as "effectiveOn", s.type,
      s.driver, s.amount_minor as "amountMinor", s.currency, s.product_id as "productId", s.plan_id as "planId", s.kind,
      s.is_add_on as "isAddOn", s.motion, s.campaign, s.booked_on as "bookedOn", m.id as "standingId",
      m.account_id as "standingAccountId", m.type as "standingType", m.driver as "standingDriver"
    from movements m
    cross join lateral (
      select * from movements s
      where s.workspace_id = ${workspaceId} and s.external_id = m.external_id and s.rule = 'SOURCE' and s.reverses is null
      order by s.ledger_version desc, s.id desc limit 1
    ) s
    where m.workspace_id = ${workspaceId} and m.account_id = any(${[...accountIds]}::uuid[]) and m.external_id is not null
      and m.reverses is null
      and not exists (select from movements r where r.workspace_id = m.workspace_id and r.reverses = m.id)
    order by s.effective_on, s.external_id collate "C"`;
  return rows.map(({ standingId, standingAccountId, standingType, standingDriver, ...statement }) => ({
    ...statement,
    standing: { id: standingId, accountId: standingAccountId, type: standingType, driver: standingDriver },
  }));
}

type Prefixed<T> = { readonly [Key in keyof T & string as `standing${Capitalize<Key>}`]: T[Key] };

/** Rows of the statements' content, batch and row of file, with the account, type and driver that they have now. */
async function appendRebooked(
  tx: Tx,
  { commit }: LedgerWrite,
  survivorId: string,
  typed: readonly TypedReadyMade<Statement>[],
): Promise<void> {
  await tx.sql`
    insert into movements (workspace_id, id, change_id, account_id, effective_on, type, driver, amount_minor, currency, product_id,
      plan_id, kind, is_add_on, motion, campaign, booked_on, external_id, source_row, rule, batch_id, recorded_at, ledger_version)
    select s.workspace_id, r.id, r.id, ${survivorId}::uuid, s.effective_on, r.type, r.driver, s.amount_minor, s.currency, s.product_id,
      s.plan_id, s.kind, s.is_add_on, s.motion, s.campaign, s.booked_on, s.external_id, s.source_row,
      case when (s.account_id, s.type) = (${survivorId}::uuid, r.type) and s.driver is not distinct from r.driver
        then 'SOURCE' else 'MERGED' end,
      s.batch_id, ${commit.recordedAt}::timestamptz, ${commit.version}::bigint
    from unnest(${wordArray(typed.map(() => newId()))}::uuid[],
      ${wordArray(typed.map(({ source }) => source.statementId))}::uuid[], ${wordArray(typed.map(({ type }) => type))}::text[],
      ${wordArray(typed.map(({ driver }) => driver))}::text[]) as r (id, statement_id, type, driver)
    join movements s on s.workspace_id = ${tx.workspaceId} and s.id = r.statement_id`;
}
