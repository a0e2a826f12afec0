// What must hold of every ledger, whatever brought it about, asked of the stored rows themselves.

import type { Tx } from "../kernel/database.ts";
import { type DayFault, negativeDays, typeBit, unfitDays } from "./account-days.ts";

/** A day on which an account's rows do not hold together. */
export type BrokenDay = {
  readonly accountId: string;
  readonly on: string;
  readonly code: DayFault;
};

/** Broken days that are listed; all are counted. */
const listedMax = 25;

/**
 * The days on which an account's balance is below 0 in a currency, or whose types do not fit: NEW once and first, REACTIVATION after none,
 * CHURN to exactly 0, EXPANSION and CONTRACTION between. The first 25, by account and day, and how many there are.
 */
export async function findBrokenDays(tx: Tx): Promise<{ readonly count: number; readonly days: readonly BrokenDay[] }> {
  const { sql, workspaceId } = tx;
  const entries = sql`
    select m.account_id as account_key, m.effective_on, m.currency, m.amount_minor,
      case when m.reverses is null and r.id is null then ${typeBit(sql, sql`m.type`)} else 0 end as types
    from movements m
    left join movements r on r.workspace_id = ${workspaceId} and r.reverses is not null and r.reverses = m.id
    where m.workspace_id = ${workspaceId}`;
  const rows = await sql<(BrokenDay & { readonly count: number })[]>`
    select account_key as "accountId", effective_on as "on", code, (count(*) over ())::integer as count
    from (
      select account_key, effective_on, code from (${negativeDays(tx, entries)}) negative
      union
      select account_key, effective_on, code from (${unfitDays(tx, entries, null)}) unfit
    ) broken
    order by account_key, effective_on, code limit ${listedMax}`;
  return { count: rows[0]?.count ?? 0, days: rows.map(({ accountId, on, code }) => ({ accountId, on, code })) };
}

/** How many reversals do not say what they take back: other values than its own, or not the negated amount. */
export async function countUnfaithfulReversals({ sql, workspaceId }: Tx): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select ((
      select count(*) from movements r
      left join movements m on m.workspace_id = r.workspace_id and m.id = r.reverses
      where r.workspace_id = ${workspaceId} and r.reverses is not null
        and (m.account_id, m.effective_on, m.type, m.driver, m.amount_minor, m.currency, m.line_id, m.product_id, m.plan_id, m.reverses)
          is distinct from (r.account_id, r.effective_on, r.type, r.driver, -r.amount_minor, r.currency, r.line_id, r.product_id, r.plan_id,
            null::uuid)
    ) + (
      select count(*) from transfers r
      left join transfers t on t.workspace_id = r.workspace_id and t.id = r.reverses
      where r.workspace_id = ${workspaceId} and r.reverses is not null
        and (t.account_id, t.effective_on, t.amount_minor, t.currency, t.from_plan_id, t.to_plan_id, t.reverses)
          is distinct from (r.account_id, r.effective_on, -r.amount_minor, r.currency, r.from_plan_id, r.to_plan_id, null::uuid)
    ))::integer as count`;
  return row?.count ?? 0;
}
