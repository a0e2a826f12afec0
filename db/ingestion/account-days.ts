// The rules of ready-made movements that need an account's whole history: on every day the movements fit the ARR before and after it,
// which is never negative in any currency. What is recorded counts together with what comes.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { negativeDays, typeBit, unfitDays } from "../movements/account-days.ts";
import type { RefusalManner } from "./kind-import.ts";
import { movementRows } from "./movement-row.ts";
import { refuse } from "./refusals.ts";

/** A refused row may break the days after it; an account that still breaks after so many rounds is refused whole. */
const roundsMax = 12;

/** Refuses the rows that break an account's first broken day; in a partial import again and again, until nothing is broken. */
export async function refuseBrokenDays(tx: Tx, refusals: RefusalManner): Promise<void> {
  const { sql } = tx;
  await sql`create temporary table checked_accounts (account_key text, account_id uuid, is_new boolean) on commit drop`;
  await sql`create temporary table broken_days
    (account_key text, effective_on date, currency text, code text, expected integer, balance numeric) on commit drop`;
  await sql`create temporary table breaking_rows
    (row_number integer, account_key text, field text, code text, value text, other text) on commit drop`;
  // Without its refused rows an account's other rows would look wrong too.
  const isLeftOut =
    refusals === "partial" ? sql`false` : sql`exists (select from refused_keys r where r.key = a.account_key)`;
  await sql`
    insert into checked_accounts
    select a.account_key, a.account_id, a.is_new from named_accounts a
    where not ${isLeftOut} and exists (select from staged_movements s where s.account_key = a.account_key)`;
  await sql`analyze checked_accounts`;
  await findRecorded(tx);
  const [left] = await sql<{ rows: number }[]>`select count(*)::integer as rows from refused_keys`;
  let scope: Scope = refusals === "partial" || left?.rows === 0 ? "all" : "checked";
  for (let round = 1; (await findBrokenDays(tx, scope)) > 0; round += 1) {
    if (round <= roundsMax) await findBreakingRows(tx);
    await refuse(tx, movementRows, round > roundsMax ? rowsOfAccounts(tx) : breakingRows(tx));
    if (refusals === "all or nothing" || round > roundsMax) return;
    await sql`delete from checked_accounts c where not exists (select from broken_days b where b.account_key = c.account_key)`;
    scope = "checked";
  }
}

/** Whether every staged row is looked at, or those of checked_accounts: a join that a whole file need not pay for. */
type Scope = "all" | "checked";

/** Fills broken_days with each checked account's first broken day: why, and which type was expected. */
async function findBrokenDays(tx: Tx, scope: Scope): Promise<number> {
  const { sql } = tx;
  await sql`delete from broken_days`;
  const currencies = await listCurrencies(tx);
  const rows = entries(tx, scope);
  const only = currencies.length === 1 ? (currencies[0] ?? null) : null;
  await sql`insert into broken_days ${unfitDays(tx, rows, only)}`;
  if (currencies.length > 1) await sql`insert into broken_days ${negativeDays(tx, rows)}`;
  await sql`
    delete from broken_days b using (
      select account_key, min(effective_on) as effective_on, min(effective_on) filter (where code = 'BALANCE_NEGATIVE') as negative_on
      from broken_days group by account_key
    ) first
    where first.account_key = b.account_key and (b.effective_on > first.effective_on
      or (b.effective_on = first.negative_on and b.code <> 'BALANCE_NEGATIVE'))`;
  const [found] = await sql<{ days: number }[]>`select count(*)::integer as days from broken_days`;
  return found?.days ?? 0;
}

/** Fills recorded_entries: what the ledger has of the checked accounts. What was taken back has no say in the types of its day. */
async function findRecorded(tx: Tx): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`create temporary table recorded_entries
    (account_key text, effective_on date, currency text, amount_minor bigint, types integer) on commit drop`;
  await sql`
    insert into recorded_entries
    select c.account_key, m.effective_on, m.currency, m.amount_minor,
      case when m.reverses is null and r.id is null then ${typeBit(sql, sql`m.type`)} else 0 end
    from checked_accounts c
    cross join lateral (
      select id, effective_on, currency, amount_minor, type, reverses from movements
      where workspace_id = ${workspaceId} and account_id = c.account_id offset 0
    ) m
    left join lateral (
      select id from movements where workspace_id = ${workspaceId} and reverses = m.id limit 1
    ) r on true
    where not c.is_new`;
  await sql`analyze recorded_entries`;
}

/** Movements of the checked accounts, coming and recorded. */
function entries(tx: Tx, scope: Scope): Fragment {
  const { sql } = tx;
  const checked = (alias: string) =>
    scope === "all" ? sql`` : sql`join checked_accounts c on c.account_key = ${sql(`${alias}.account_key`)}`;
  // Byte order: sorting by the rules of a language takes several times as long, and any order does.
  return sql`
    select s.account_key collate "C" as account_key, s.effective_on, s.currency, s.amount_minor, ${typeBit(sql, sql`s.type`)} as types
    from staged_movements s ${checked("s")}
    union all
    select e.account_key, e.effective_on, e.currency, e.amount_minor, e.types
    from recorded_entries e ${checked("e")}`;
}

async function listCurrencies({ sql }: Tx): Promise<readonly string[]> {
  const rows = await sql<{ currency: string }[]>`
    select currency from staged_movements group by currency
    union
    select currency from recorded_entries group by currency`;
  return rows.map(({ currency }) => currency);
}

/** Fills breaking_rows: the rows of the broken days that break them, or else the latest rows before, which break what is recorded. */
async function findBreakingRows(tx: Tx): Promise<void> {
  const { sql } = tx;
  await sql`delete from breaking_rows`;
  await sql`
    insert into breaking_rows
    select s.row_number, s.account_key, 'amount', b.code, min(b.balance) || ' ' || b.currency, b.effective_on::text
    from broken_days b
    join staged_movements s on s.account_key = b.account_key and s.effective_on = b.effective_on and s.currency = b.currency
    where b.code = 'BALANCE_NEGATIVE' and s.amount_minor < 0
    group by s.row_number, s.account_key, b.code, b.currency, b.effective_on
    union all
    select distinct s.row_number, s.account_key, 'type', b.code, s.type, b.effective_on::text
    from broken_days b
    join staged_movements s on s.account_key = b.account_key and s.effective_on = b.effective_on
    where b.code <> 'BALANCE_NEGATIVE' and ${typeBit(sql, sql`s.type`)} & ~b.expected <> 0`;
  await sql`
    insert into breaking_rows
    select s.row_number, s.account_key, 'effective_on', 'RECORDED_MOVEMENT_CONTRADICTED', latest.code, latest.broken_on::text
    from (
      select b.account_key, min(b.code) as code, b.effective_on as broken_on, max(s.effective_on) as effective_on
      from broken_days b
      join staged_movements s on s.account_key = b.account_key and s.effective_on <= b.effective_on
      where not exists (select from breaking_rows r where r.account_key = b.account_key)
      group by b.account_key, b.effective_on
    ) latest
    join staged_movements s on s.account_key = latest.account_key and s.effective_on = latest.effective_on`;
}

function breakingRows({ sql }: Tx): Fragment {
  return sql`
    select s.row_number, s.line_number, r.field, r.code, r.value, r.other, null::integer
    from breaking_rows r join staged_movements s on s.row_number = r.row_number`;
}

/** Every row of the accounts with a broken day. */
function rowsOfAccounts({ sql }: Tx): Fragment {
  return sql`
    select s.row_number, s.line_number, 'account_id', 'RECORDED_MOVEMENT_CONTRADICTED', min(b.code), min(b.effective_on)::text, null::integer
    from staged_movements s join broken_days b on b.account_key = s.account_key
    group by s.row_number, s.line_number`;
}
