// The one pass over the ledger: everything before the window summed per account and line value, and the window's movements as they are.

import { allOf, type Fragment, listed } from "../kernel/fragments.ts";
import { accountConditions, lineConditions, unreversed } from "../movements/filter.ts";
import { columnIn } from "./keys.ts";
import { lineKeys, type Reading } from "./reading.ts";

/**
 * Common table expressions, each `name as (…)`:
 * `entries`, the window's unreversed movements, and `divided_changes`, those of several parts; `line_transfers` and `line_legs`, the transfers before its end and their two sides;
 * `openings`, what came before it; `line_entries`, both together by line value; `firsts`, every account's first ARR.
 */
export function ledgerRelations(reading: Reading): Fragment[] {
  const { sql, context, window } = reading;
  const lines = lineKeys(reading.keys);
  const lineColumns = lines.map(columnIn(sql, "m"));
  const passes = allOf(sql, lineConditions(sql, reading.filter, context, "m"));
  const ofAccounts = (alias: string) =>
    allOf(sql, accountConditions(sql, reading.filter, context, sql`${sql(alias)}.account_id`));
  const by = (...rest: Fragment[]) => listed(sql, [sql`m.account_id`, ...lineColumns, ...rest]);

  const relations = [
    sql`entries as materialized (
      select m.account_id, m.effective_on, m.type, m.driver, m.amount_minor, m.product_id, m.plan_id, m.currency,
        m.motion, m.campaign, m.change_id, m.change_id <> m.id as is_later_part
      from movements m
      where ${unreversed(sql, "m", context)} and ${ofAccounts("m")}
        and m.effective_on >= ${window.fromOn}::date and m.effective_on < ${window.untilOn}::date)`,
    sql`movements_before as (
      select ${by()}, ${passes} as passes, sum(m.amount_minor)::bigint as amount_minor,
        min(m.effective_on) filter (where m.type = 'NEW') as first_on,
        sum(m.amount_minor) filter (where m.type = 'NEW') as first_arr_minor
      from movements m
      where ${unreversed(sql, "m", context)} and ${ofAccounts("m")} and m.effective_on < ${window.fromOn}::date
      group by ${by(sql`passes`)})`,
    sql`divided_changes as (select distinct change_id from entries where is_later_part)`,
    sql`firsts as (
      select account_id, min(first_on) as first_on, sum(first_arr_minor)::bigint as first_arr_minor from (
        select account_id, first_on, first_arr_minor from movements_before where first_on is not null
        union all select account_id, effective_on, amount_minor from entries where type = 'NEW'
      ) f group by account_id)`,
  ];
  if (reading.hasLines) {
    relations.push(
      sql`line_transfers as materialized (
        select t.* from transfers t
        where t.workspace_id = ${context.workspaceId} and t.ledger_version <= ${context.ledgerVersion}
          and t.effective_on < ${window.untilOn}::date and ${ofAccounts("t")})`,
      sql`line_legs as (
        select account_id, effective_on, to_product_id as product_id, to_plan_id as plan_id, currency, amount_minor
        from line_transfers
        union all
        select account_id, effective_on, from_product_id, from_plan_id, currency, -amount_minor from line_transfers)`,
    );
  }
  const legs = reading.hasLines
    ? sql`union all
      select ${by()}, greatest(m.effective_on, ${window.fromOn}::date - 1), ${passes}, m.amount_minor from line_legs m`
    : sql``;
  relations.push(
    sql`line_entries as not materialized (
      select ${by()}, ${window.fromOn}::date - 1 as effective_on, m.passes, m.amount_minor from movements_before m
      union all
      select ${by()}, m.effective_on, ${passes}, m.amount_minor from entries m
      ${legs})`,
  );
  return relations;
}
