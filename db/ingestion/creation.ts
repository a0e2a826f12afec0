// What an import creates because its rows name it and the books do not know it: accounts, products and plans.

import { createAccountTimelines, createIncomingAccounts, writeAccounts } from "../accounts/store.ts";
import { createIncomingCatalog, writeCatalog } from "../catalog/store.ts";
import type { Tx } from "../kernel/database.ts";
import { dateMin } from "../kernel/dates.ts";
import type { Fragment } from "../kernel/fragments.ts";
import type { Commit } from "../workspaces/store.ts";
import type { RowRule } from "./row.ts";

/**
 * Writes the new accounts, products and plans that the staged rows name. Their own columns (account_name, product_name, product_family,
 * plan_name, plan_rank) say more where the kind has them, the first row that fills one counting; otherwise the id is the name.
 */
export async function createNamed(tx: Tx, rule: RowRule, commit: Commit): Promise<void> {
  await createAccounts(tx, rule, commit);
  await createCatalog(tx, rule, commit);
}

async function createAccounts(tx: Tx, rule: RowRule, commit: Commit): Promise<void> {
  const { sql } = tx;
  await createIncomingAccounts(tx);
  const found = await sql`
    insert into incoming_accounts
    select a.account_key, a.account_id, true, ${dateMin}::date, coalesce(${said(tx, rule, "account_name")}, a.account_key), null, null, null,
      null, '{}'
    from named_accounts a join ${sql(rule.table)} s on s.account_key = a.account_key
    where a.is_new group by a.account_key, a.account_id`;
  if (found.count === 0) return;
  await createAccountTimelines(tx);
  await writeAccounts(tx, commit);
}

async function createCatalog(tx: Tx, rule: RowRule, commit: Commit): Promise<void> {
  const { sql } = tx;
  await createIncomingCatalog(tx);
  const products = await sql`
    insert into incoming_products
    select p.product_id, p.product_key, coalesce(${said(tx, rule, "product_name")}, p.product_key),
      coalesce(${said(tx, rule, "product_family")}, p.product_key)
    from named_products p join ${sql(rule.table)} s on s.product_key = p.product_key
    where p.is_new group by p.product_id, p.product_key`;
  const plans = await sql`
    insert into incoming_plans
    select l.plan_id, l.plan_key, p.product_id, coalesce(${said(tx, rule, "plan_name")}, l.plan_key), (${said(tx, rule, "plan_rank")})::integer
    from named_plans l
    join named_products p on p.product_key = l.product_key
    join ${sql(rule.table)} s on s.plan_key = l.plan_key
    where l.is_new group by l.plan_id, l.plan_key, p.product_id`;
  if (products.count + plans.count > 0) await writeCatalog(tx, commit);
}

/** What the first row that fills the column says; null when no row does, or the kind has no such column. */
export function said({ sql }: Tx, rule: RowRule, column: string): Fragment {
  if (!(column in rule.columns)) return sql`null`;
  return sql`(array_agg(s.${sql(column)} order by s.row_number) filter (where s.${sql(column)} is not null))[1]`;
}
