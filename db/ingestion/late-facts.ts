// Rows about days of closed periods: refused, with every row of the accounts whose past they would change, or counted as restatements.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { Fragment } from "../kernel/fragments.ts";
import type { LedgerWrite } from "../movements/append.ts";
import { admitLedgerRows, type LateAccount, listLateAccounts } from "../movements/closings.ts";
import type { LedgerChange } from "../movements/store.ts";
import {
  closedError,
  closedPeriodOf,
  hasClosedPeriods,
  inClosedPeriod,
  refusesLateFacts,
} from "../workspaces/closings.ts";
import type { KindImport, RefusalManner } from "./kind-import.ts";
import { refuse } from "./refusals.ts";
import type { RowRule } from "./row.ts";

/** For a check: refuses the rows that are themselves facts about a day in a closed period, unless late facts are booked. */
export async function refuseLateRows(tx: Tx, rule: RowRule, datedRows: (tx: Tx) => Fragment): Promise<number> {
  if (!(await hasClosedPeriods(tx)) || !(await refusesLateFacts(tx))) return 0;
  const { sql } = tx;
  return refuse(
    tx,
    rule,
    sql`
      select d.row_number, d.line_number, ${rule.keyField}, 'PERIOD_CLOSED', d."on"::text, ${closedPeriodOf(tx, sql`d."on"`)}, null::integer
      from (${datedRows(tx)}) d where ${inClosedPeriod(tx, sql`d."on"`)}`,
  );
}

/** What was booked; `restatements` are the rows of the ledger, and the facts beside it, that are about closed periods. */
export type Booking = LedgerChange & { readonly restatements: number };

/** No change: everything that was staged has been refused. */
const nothing: Booking = { appended: 0, reversed: 0, restatements: 0 };

/**
 * Books what is staged. Where late facts are refused and the ledger's new rows show that there are some, nothing of it stays: the rows of
 * the accounts at fault are refused, and what is left is booked, in a partial import only.
 */
export async function bookStaged(
  tx: Tx,
  write: LedgerWrite,
  { rule, datedRows, lateRows, book }: KindImport,
  refusals: RefusalManner,
): Promise<Booking> {
  const { sql } = tx;
  if (!(await hasClosedPeriods(tx))) return { ...(await book(tx, write)), restatements: 0 };
  if (!lateRows || !(await refusesLateFacts(tx))) {
    const facts = datedRows ? await countLate(tx, datedRows(tx)) : 0;
    const change = await book(tx, write);
    return { ...change, restatements: facts + (await admitLedgerRows(tx, write.commit)) };
  }
  await sql`savepoint before_booking`;
  const change = await book(tx, write);
  const late = await listLateAccounts(tx, write.commit);
  if (late.length === 0) return { ...change, restatements: 0 };
  await sql`rollback to savepoint before_booking`;
  if ((await refuseAccounts(tx, rule, late, lateRows)) === 0) throw await closedError(tx, firstOf(late));
  const [left] = await sql`select 1 from ${sql(rule.table)} limit 1`;
  if (refusals === "all or nothing" || !left) return nothing;
  const rest = await book(tx, write);
  // An account's ledger hangs on its own rows only: what is left over touches none that was refused.
  return { ...rest, restatements: await admitLedgerRows(tx, write.commit) };
}

/** The earliest day, for what no row of the file stands for by itself. */
function firstOf(late: readonly LateAccount[]): PlainDate {
  return late.map(({ firstOn }) => firstOn).sort()[0] ?? "";
}

async function countLate(tx: Tx, datedRows: Fragment): Promise<number> {
  const [late] = await tx.sql<{ rows: number }[]>`
    select count(*)::integer as rows from (${datedRows}) d where ${inClosedPeriod(tx, tx.sql`d."on"`)}`;
  return late?.rows ?? 0;
}

async function refuseAccounts(
  tx: Tx,
  rule: RowRule,
  late: readonly LateAccount[],
  lateRows: (tx: Tx) => Fragment,
): Promise<number> {
  const { sql } = tx;
  await sql`create temporary table late_accounts (account_id uuid, first_on date) on commit drop`;
  await sql`
    insert into late_accounts select * from unnest(
      ${late.map(({ accountId }) => accountId)}::uuid[], ${late.map(({ firstOn }) => firstOn)}::date[])`;
  await sql`analyze late_accounts`;
  return refuse(
    tx,
    rule,
    sql`
      select s.row_number, s.line_number, 'account_id', 'PERIOD_CLOSED', min(l.first_on)::text,
        ${closedPeriodOf(tx, sql`min(l.first_on)`)}, null::integer
      from (${lateRows(tx)}) row join late_accounts l on l.account_id = row.account_id
      join ${sql(rule.table)} s on s.row_number = row.row_number
      group by s.row_number, s.line_number`,
  );
}
