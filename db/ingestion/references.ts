// What the rows of a file name, looked up once per name: accounts, products and plans that exist, and those that are to be created.
// Every look-up in the books is a lateral one with a limit: by index and per name, whatever the planner believes of tables that no one has
// analyzed yet. A join in the wrong order over a new workspace's first million rows would take hours.

import type { AccountSource } from "../accounts/table.ts";
import type { Tx } from "../kernel/database.ts";
import { nameMerged, nameMergedSources } from "./merged.ts";
import { refuse } from "./refusals.ts";
import type { RowRule } from "./row.ts";

/** What happens to a name that is not known: its rows are refused, or the thing is created with the import. */
export type UnknownNames = "refuse" | "create";

/**
 * Makes named_accounts: every account that the rows name, with its id, its source and that of what is one with it; new ones take the id of
 * the first row. And merged_accounts.
 */
export async function nameAccounts(tx: Tx, rule: RowRule, unknown: UnknownNames): Promise<void> {
  const { sql } = tx;
  const table = sql(rule.table);
  await sql`create temporary table named_accounts
    (account_key text, account_id uuid, source text, is_new boolean, merged_source text) on commit drop`;
  await sql`
    insert into named_accounts
    select named.account_key, coalesce(a.id, s.id), a.source, a.id is null
    from (select account_key, min(row_number) as first_row from ${table} group by account_key) named
    left join lateral (
      select id, source from accounts where workspace_id = ${tx.workspaceId} and external_id = named.account_key limit 1
    ) a on true
    left join ${table} s on a.id is null and s.row_number = named.first_row`;
  await sql`analyze named_accounts`;
  await nameMerged(tx);
  await nameMergedSources(tx);
  if (unknown === "create") return;
  await refuse(
    tx,
    rule,
    sql`
      select s.row_number, s.line_number, 'account_id', 'ACCOUNT_UNKNOWN', s.account_key, null::text, null::integer
      from ${table} s join named_accounts a on a.account_key = s.account_key and a.is_new`,
  );
}

/** Makes named_products and named_plans, as `nameAccounts` does; a plan under a product that is not its own is refused. */
export async function nameCatalog(tx: Tx, rule: RowRule, unknown: UnknownNames): Promise<void> {
  const { sql } = tx;
  const table = sql(rule.table);
  await sql`create temporary table named_products (product_key text, product_id uuid, is_new boolean) on commit drop`;
  await sql`
    insert into named_products
    select named.product_key, coalesce(p.id, s.id), p.id is null
    from (
      select product_key, min(row_number) as first_row from ${table} where product_key is not null group by product_key
    ) named
    left join lateral (
      select id from products where workspace_id = ${tx.workspaceId} and external_id = named.product_key limit 1
    ) p on true
    left join ${table} s on p.id is null and s.row_number = named.first_row`;
  await sql`create temporary table named_plans
    (plan_key text, plan_id uuid, product_key text, is_new boolean) on commit drop`;
  await sql`
    insert into named_plans
    select named.plan_key, coalesce(l.id, s.id), coalesce(l.product_key, s.product_key), l.id is null
    from (select plan_key, min(row_number) as first_row from ${table} where plan_key is not null group by plan_key) named
    left join lateral (
      select l.id, p.external_id as product_key
      from plans l join products p on p.workspace_id = l.workspace_id and p.id = l.product_id
      where l.workspace_id = ${tx.workspaceId} and l.external_id = named.plan_key limit 1
    ) l on true
    left join ${table} s on l.id is null and s.row_number = named.first_row`;
  await sql`analyze named_products`;
  await sql`analyze named_plans`;
  if (unknown === "refuse") await refuseUnknownCatalog(tx, rule);
  await refuse(
    tx,
    rule,
    sql`
      select s.row_number, s.line_number, 'plan_id', 'PLAN_OF_OTHER_PRODUCT', s.plan_key, l.product_key, null::integer
      from ${table} s join named_plans l on l.plan_key = s.plan_key and l.product_key <> s.product_key`,
  );
}

async function refuseUnknownCatalog(tx: Tx, rule: RowRule): Promise<void> {
  const { sql } = tx;
  await refuse(
    tx,
    rule,
    sql`
      select s.row_number, s.line_number, 'product_id', 'PRODUCT_UNKNOWN', s.product_key, null::text, null::integer
      from ${sql(rule.table)} s join named_products p on p.product_key = s.product_key and p.is_new
      union all
      select s.row_number, s.line_number, 'plan_id', 'PLAN_UNKNOWN', s.plan_key, null, null
      from ${sql(rule.table)} s join named_plans l on l.plan_key = s.plan_key and l.is_new`,
  );
}

/** Refuses rows of accounts that are fed in the other form. */
export async function refuseMixedSources(tx: Tx, rule: RowRule, source: AccountSource): Promise<void> {
  const fedBy = source === "LINES" ? "ready-made movements" : "contract lines";
  await refuse(
    tx,
    rule,
    tx.sql`
      select s.row_number, s.line_number, 'account_id', 'MIXED_SOURCES', s.account_key, ${fedBy}, null::integer
      from ${tx.sql(rule.table)} s join named_accounts a on a.account_key = s.account_key and coalesce(a.source, a.merged_source) <> ${source}`,
  );
}
