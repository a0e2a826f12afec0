// The state hash: one number for what the ledger says, the same for the same facts in any order, any number of times, in any database.

import { createHash } from "node:crypto";
import type { Tx } from "../kernel/database.ts";

/** Rows that are in memory at once. */
const rowsMax = 5_000;

/**
 * SHA-256, in hex, over the ledger's standing movements and transfers: one line of JSON each, sorted by code points. A line has all that
 * answers can see, with the source's ids instead of ours; ids, recordedAt, batches and reasons are left out, since they tell how the
 * state came about. The parts of one change are told by their number and their sum.
 */
export async function hashState(tx: Tx): Promise<string> {
  const hash = createHash("sha256");
  const lines = tx.sql<{ line: string }[]>`
    select line from (
      select jsonb_build_array('movement', account.external_id, m.effective_on, m.type, m.driver, m.amount_minor, m.currency,
        line.external_id, product.external_id, plan.external_id, m.kind, m.is_add_on, m.motion, m.campaign, m.booked_on,
        m.external_id, count(*) over change, sum(m.amount_minor) over change)::text as line
      from movements m
      join accounts account on account.workspace_id = m.workspace_id and account.id = m.account_id
      left join contract_lines line on line.workspace_id = m.workspace_id and line.id = m.line_id
      left join products product on product.workspace_id = m.workspace_id and product.id = m.product_id
      left join plans plan on plan.workspace_id = m.workspace_id and plan.id = m.plan_id
      where m.workspace_id = ${tx.workspaceId} and m.reverses is null and not exists (
        select from movements reversal where reversal.workspace_id = m.workspace_id and reversal.reverses = m.id)
      window change as (partition by m.change_id)
      union all
      select jsonb_build_array('transfer', account.external_id, t.effective_on, t.amount_minor, t.currency,
        from_line.external_id, was.external_id, to_line.external_id, is_now.external_id)::text
      from transfers t
      join accounts account on account.workspace_id = t.workspace_id and account.id = t.account_id
      join plans was on was.workspace_id = t.workspace_id and was.id = t.from_plan_id
      join plans is_now on is_now.workspace_id = t.workspace_id and is_now.id = t.to_plan_id
      left join contract_lines from_line on from_line.workspace_id = t.workspace_id and from_line.id = t.from_line_id
      left join contract_lines to_line on to_line.workspace_id = t.workspace_id and to_line.id = t.to_line_id
      where t.workspace_id = ${tx.workspaceId} and t.reverses is null and not exists (
        select from transfers reversal where reversal.workspace_id = t.workspace_id and reversal.reverses = t.id)
    ) state
    order by line collate "C"`;
  for await (const rows of lines.cursor(rowsMax)) {
    for (const { line } of rows) hash.update(`${line}\n`);
  }
  return hash.digest("hex");
}
