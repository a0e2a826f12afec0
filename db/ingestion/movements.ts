// A file of ready-made movements against the books: what is new in it, and what cannot be.

import { createFedAccounts, setSource } from "../accounts/store.ts";
import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { appendReadyMade, type LedgerWrite } from "../movements/append.ts";
import type { LedgerChange } from "../movements/store.ts";
import { refuseBrokenDays } from "./account-days.ts";
import { createNamed } from "./creation.ts";
import type { FileCheck, KindImport } from "./kind-import.ts";
import { refuseMerged } from "./merged.ts";
import { movementRows } from "./movement-row.ts";
import { nameAccounts, nameCatalog, refuseMixedSources } from "./references.ts";
import { refuse } from "./refusals.ts";

export const movementsImport: KindImport = { rule: movementRows, check, book, lateRows };

async function check(tx: Tx, { unknownNames, refusals }: FileCheck): Promise<void> {
  await nameAccounts(tx, movementRows, unknownNames);
  await nameCatalog(tx, movementRows, unknownNames);
  await refuseMerged(tx, movementRows);
  await refuseMixedSources(tx, movementRows, "MOVEMENTS");
  await settleRecorded(tx);
  await refuseBrokenDays(tx, refusals);
}

/**
 * Movements that the ledger has: equal ones are no longer staged, different ones are refused. What counts is what was last stated under
 * the id, by an import or a correction, and not how a merge of accounts has booked it since; what was withdrawn is different from every row.
 */
async function settleRecorded(tx: Tx): Promise<void> {
  const { sql } = tx;
  const [any] = await sql`
    select 1 from movements where workspace_id = ${tx.workspaceId} and external_id is not null limit 1`;
  if (!any) return;
  await sql`create temporary table recorded (row_number integer, is_equal boolean) on commit drop`;
  const found = await sql`
    insert into recorded
    select s.row_number, (m.account_id, m.effective_on, m.type, m.driver, m.amount_minor, m.currency, m.product_id, m.plan_id, m.kind,
        m.is_add_on, m.motion, m.campaign, m.booked_on)
      is not distinct from (a.account_id, s.effective_on, s.type, s.driver, s.amount_minor, s.currency, p.product_id, l.plan_id, s.kind,
        s.is_add_on, s.motion, s.campaign, s.booked_on)
      and (r.id is null or ${isBooked(tx)})
    from staged_movements s
    cross join lateral (
      select m.* from movements m
      where m.workspace_id = ${tx.workspaceId} and m.external_id = s.movement_key and m.reverses is null and m.rule = 'SOURCE'
      order by m.ledger_version desc limit 1
    ) m
    left join lateral (
      select id from movements where workspace_id = ${tx.workspaceId} and reverses = m.id limit 1
    ) r on true
    join named_accounts a on a.account_key = s.account_key
    left join named_products p on p.product_key = s.product_key
    left join named_plans l on l.plan_key = s.plan_key`;
  if (found.count === 0) return;
  await sql`analyze recorded`;
  await sql`delete from staged_movements s using recorded r where r.row_number = s.row_number and r.is_equal`;
  await refuse(
    tx,
    movementRows,
    sql`
      select s.row_number, s.line_number, 'movement_id', 'MOVEMENT_ALREADY_RECORDED', s.movement_key, null::text, null::integer
      from staged_movements s join recorded r on r.row_number = s.row_number`,
  );
}

/** Whether what was stated last still stands under its id, booked by a merge of accounts. */
function isBooked({ sql, workspaceId }: Tx): Fragment {
  return sql`exists (select from movements b where b.workspace_id = ${workspaceId} and b.external_id = m.external_id
    and b.reverses is null
    and not exists (select from movements t where t.workspace_id = ${workspaceId} and t.reverses = b.id))`;
}

async function book(tx: Tx, write: LedgerWrite): Promise<LedgerChange> {
  const { sql } = tx;
  await createNamed(tx, movementRows, write.commit);
  await createFedAccounts(tx);
  await sql`
    insert into fed_accounts
    select a.account_id from named_accounts a
    where a.source is null and exists (select from staged_movements s where s.account_key = a.account_key)`;
  await setSource(tx, "MOVEMENTS");
  const appended = await appendReadyMade(
    tx,
    write,
    sql`
      select s.id, a.account_id, s.effective_on, s.type, s.driver, s.amount_minor, s.currency, p.product_id, l.plan_id, s.kind,
        s.is_add_on, s.motion, s.campaign, s.booked_on, s.movement_key as external_id, s.row_number as source_row,
        null::uuid as corrects
      from staged_movements s
      join named_accounts a on a.account_key = s.account_key
      left join named_products p on p.product_key = s.product_key
      left join named_plans l on l.plan_key = s.plan_key`,
  );
  return { appended, reversed: 0 };
}

function lateRows({ sql }: Tx): Fragment {
  return sql`
    select s.row_number, a.account_id from staged_movements s join named_accounts a on a.account_key = s.account_key`;
}
