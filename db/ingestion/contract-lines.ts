// A file of contract lines against the books: versions that are new or stated otherwise, and those that cannot be.

import { createFedAccounts, setSource } from "../accounts/store.ts";
import { createIncomingLines, writeLineVersions } from "../contracts/versions.ts";
import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { LedgerWrite } from "../movements/append.ts";
import { deriveAccounts, type LedgerChange } from "../movements/store.ts";
import { contractLineRows } from "./contract-line-row.ts";
import { createNamed } from "./creation.ts";
import type { FileCheck, KindImport } from "./kind-import.ts";
import { survivorOf } from "./merged.ts";
import { refuseOverlaps } from "./overlaps.ts";
import { refuseUnranked } from "./ranks.ts";
import { nameAccounts, nameCatalog, refuseMixedSources } from "./references.ts";
import { refuse } from "./refusals.ts";
import { dropUnchanged } from "./unchanged.ts";

export const contractLinesImport: KindImport = { rule: contractLineRows, check, book, lateRows };

async function check(tx: Tx, { unknownNames, refusals }: FileCheck): Promise<void> {
  await nameAccounts(tx, contractLineRows, unknownNames);
  await nameCatalog(tx, contractLineRows, unknownNames);
  await refuseMixedSources(tx, contractLineRows, "LINES");
  await nameContracts(tx);
  await nameLines(tx);
  await dropKnown(tx);
  await refuseUnranked(tx, contractLineRows, { rankColumn: "plan_rank", plans: "new" }, refusals);
  await refuseOverlaps(tx, refusals);
}

/** Makes named_contracts; a contract under an account that is not its own is refused. */
async function nameContracts(tx: Tx): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`create temporary table named_contracts
    (contract_key text, contract_id uuid, account_key text, stated_line integer, is_new boolean) on commit drop`;
  await sql`
    insert into named_contracts
    select named.contract_key, coalesce(c.id, s.id), coalesce(c.account_key, s.account_key), s.line_number, c.id is null
    from (select contract_key, min(row_number) as first_row from staged_lines group by contract_key) named
    left join lateral (
      select c.id, a.external_id as account_key
      from contracts c join accounts a on a.workspace_id = c.workspace_id and a.id = c.account_id
      where c.workspace_id = ${workspaceId} and c.external_id = named.contract_key limit 1
    ) c on true
    left join staged_lines s on c.id is null and s.row_number = named.first_row`;
  await sql`analyze named_contracts`;
  await refuse(
    tx,
    contractLineRows,
    sql`
      select s.row_number, s.line_number, 'contract_id', 'CONTRACT_OF_OTHER_ACCOUNT', s.contract_key, c.account_key, c.stated_line
      from staged_lines s join named_contracts c on c.contract_key = s.contract_key and c.account_key <> s.account_key`,
  );
}

/** Makes named_lines, and known_versions: all live versions of the lines that the books have. */
async function nameLines({ sql, workspaceId }: Tx): Promise<void> {
  await sql`create temporary table named_lines (line_key text, line_id uuid, is_new boolean) on commit drop`;
  await sql`
    insert into named_lines
    select named.line_key, coalesce(l.id, s.id), l.id is null
    from (select line_key, min(row_number) as first_row from staged_lines group by line_key) named
    left join lateral (
      select id from contract_lines where workspace_id = ${workspaceId} and external_id = named.line_key limit 1
    ) l on true
    left join staged_lines s on l.id is null and s.row_number = named.first_row`;
  await sql`analyze named_lines`;
  await sql`create temporary table known_versions (line_key text, version_id uuid, from_on date, until_on date, account_id uuid,
    contract_id uuid, product_id uuid, plan_id uuid, kind text, is_add_on boolean, quantity numeric, unit_price numeric,
    discount_percent numeric, discount_amount numeric, billing_interval text, currency text, term_ends_on date, booked_on date,
    motion text, campaign text) on commit drop`;
  await sql`
    insert into known_versions
    select l.line_key, v.* from named_lines l
    cross join lateral (
      select id, from_on, until_on, account_id, contract_id, product_id, plan_id, kind, is_add_on, quantity, unit_price,
        discount_percent, discount_amount, billing_interval, currency, term_ends_on, booked_on, motion, campaign
      from contract_line_versions
      where workspace_id = ${workspaceId} and line_id = l.line_id and superseded_version = ${liveVersion} offset 0
    ) v
    where not l.is_new`;
  await sql`analyze known_versions`;
}

/** Rows that say what is known of their line from their day on leave the staging. */
async function dropKnown(tx: Tx): Promise<void> {
  await dropUnchanged(
    tx,
    contractLineRows,
    tx.sql`
      select s.row_number from staged_lines s
      join known_versions v on v.line_key = s.line_key and v.from_on = s.from_on
      join named_accounts a on a.account_key = s.account_key
      join named_contracts c on c.contract_key = s.contract_key
      join named_products p on p.product_key = s.product_key
      join named_plans pl on pl.plan_key = s.plan_key
      where (v.account_id, v.contract_id, v.product_id, v.plan_id, v.kind, v.is_add_on, v.until_on, v.quantity, v.unit_price,
          v.discount_percent, v.discount_amount, v.billing_interval, v.currency, v.term_ends_on, v.booked_on, v.motion, v.campaign)
        is not distinct from (a.account_id, c.contract_id, p.product_id, pl.plan_id, s.kind, s.is_add_on, s.until_on, s.quantity,
          s.unit_price, s.discount_percent, s.discount_amount, s.billing_interval, s.currency, s.term_ends_on, s.booked_on, s.motion,
          s.campaign)`,
  );
}

/** Accounts that are derived in one call; their ids are all that is in memory. */
const accountsMax = 20_000;

async function book(tx: Tx, write: LedgerWrite): Promise<LedgerChange> {
  const { sql } = tx;
  await createNamed(tx, contractLineRows, write.commit);
  await createIncomingLines(tx);
  await sql`
    insert into incoming_lines
    select s.id, v.version_id, l.line_id, s.line_key, l.is_new, c.contract_id, s.contract_key, c.is_new, a.account_id, p.product_id,
      pl.plan_id, s.kind, s.is_add_on, s.from_on, s.until_on, s.quantity, s.unit_price, s.discount_percent, s.discount_amount,
      s.billing_interval, s.currency, s.arr_minor, s.term_ends_on, s.booked_on, s.motion, s.campaign, s.row_number
    from staged_lines s
    join named_lines l on l.line_key = s.line_key
    left join known_versions v on v.line_key = s.line_key and v.from_on = s.from_on
    join named_contracts c on c.contract_key = s.contract_key
    join named_accounts a on a.account_key = s.account_key
    join named_products p on p.product_key = s.product_key
    join named_plans pl on pl.plan_key = s.plan_key`;
  await writeLineVersions(tx, write.commit, write.batchId);
  await createFedAccounts(tx);
  await sql`insert into fed_accounts select account_id from touched_accounts`;
  await setSource(tx, "LINES");
  let change: LedgerChange = { appended: 0, reversed: 0 };
  for (let after = noAccount; ; ) {
    const accounts = await sql<{ accountId: string }[]>`
      select account_id as "accountId" from touched_accounts where account_id > ${after} order by account_id limit ${accountsMax}`;
    const last = accounts.at(-1);
    if (!last) return change;
    const derived = await deriveAccounts(
      tx,
      write,
      accounts.map(({ accountId }) => accountId),
    );
    change = { appended: change.appended + derived.appended, reversed: change.reversed + derived.reversed };
    after = last.accountId;
  }
}

const noAccount = "00000000-0000-0000-0000-000000000000";

/** A line's rows stand together: one may end the version that another follows, of another account. */
function lateRows(tx: Tx): Fragment {
  const { sql } = tx;
  return sql`
    select s.row_number, ${survivorOf(tx, sql`line.account_id`)} as account_id from staged_lines s
    join (
      select o.line_key, a.account_id from staged_lines o join named_accounts a on a.account_key = o.account_key
      union
      select v.line_key, v.account_id from known_versions v
    ) line on line.line_key = s.line_key`;
}
