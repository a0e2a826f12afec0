// Ready-made movements as their sources state them, at a ledger version: what the derivation of units starts from.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { ReadyMade } from "./ready-made.ts";

type Row = ReadyMade & {
  readonly id: string;
  readonly reverses: string | null;
  readonly rule: string;
};

/** What was known at a version, of days before `untilOn`. */
export type StatementQuestion = { readonly version: bigint; readonly untilOn: PlainDate };

/**
 * The ready-made movements of the accounts that stood at the version, in no particular order: the account is the one in whose ledger each
 * is booked; type and driver are the source's own, whatever a merge made of them. Name merged accounts with their survivor.
 */
export async function listStatements(
  tx: Tx,
  accountIds: readonly string[],
  { version, untilOn }: StatementQuestion,
): Promise<readonly ReadyMade[]> {
  const rows = await tx.sql<Row[]>`
    select m.id, m.reverses, m.rule, m.external_id as "sourceId", m.account_id as "accountId", m.effective_on as "effectiveOn", m.type,
      m.driver, m.amount_minor as "amountMinor", m.currency, m.product_id as "productId", m.plan_id as "planId", m.kind,
      m.is_add_on as "isAddOn", m.motion, m.campaign, m.booked_on as "bookedOn"
    from movements m
    where m.workspace_id = ${tx.workspaceId} and m.account_id = any(${[...accountIds]}::uuid[]) and m.external_id is not null
      and m.ledger_version <= ${version} and m.effective_on < ${untilOn}::date
    order by m.ledger_version, m.id`;
  const reversed = new Set(rows.map(({ reverses }) => reverses));
  const stated = new Map<string, Row>();
  for (const row of rows) if (row.reverses === null && row.rule === "SOURCE") stated.set(row.sourceId, row);
  return rows
    .filter(({ id, reverses }) => reverses === null && !reversed.has(id))
    .map(({ accountId, sourceId, ...row }) => {
      const { id, reverses, rule, ...statement } = { ...row, ...stated.get(sourceId), sourceId, accountId };
      return statement;
    });
}
