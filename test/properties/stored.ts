// The ledger as it is stored, in the model's words: what stands, with the source's ids.

import type { Tx } from "@accrete/db/kernel/database.ts";
import { dayOf } from "../model/calendar.ts";
import type { ModelMovement, ModelTransfer } from "../model/facts.ts";
import type { ModelLedger } from "../model/ledger.ts";

type MovementRow = Omit<ModelMovement, "on" | "bookedOn"> & { readonly on: string; readonly bookedOn: string | null };
type TransferRow = Omit<ModelTransfer, "on"> & { readonly on: string };

export async function storedLedger(tx: Tx): Promise<ModelLedger> {
  const movements = await tx.sql<MovementRow[]>`
    select account.external_id as "accountId", m.effective_on as "on", m.type, m.driver, m.amount_minor as amount, m.currency,
      line.external_id as "lineId", product.external_id as "productId", plan.external_id as "planId", m.kind,
      m.is_add_on as "isAddOn", m.motion, m.campaign, m.booked_on as "bookedOn", m.change_id::text as change
    from movements m
    join accounts account on account.workspace_id = m.workspace_id and account.id = m.account_id
    left join contract_lines line on line.workspace_id = m.workspace_id and line.id = m.line_id
    left join products product on product.workspace_id = m.workspace_id and product.id = m.product_id
    left join plans plan on plan.workspace_id = m.workspace_id and plan.id = m.plan_id
    where m.workspace_id = ${tx.workspaceId} and m.reverses is null and not exists (
      select from movements r where r.workspace_id = m.workspace_id and r.reverses = m.id)`;
  const transfers = await tx.sql<TransferRow[]>`
    select account.external_id as "accountId", t.effective_on as "on", t.amount_minor as amount, t.currency,
      from_product.external_id as "fromProductId", from_plan.external_id as "fromPlanId",
      to_product.external_id as "toProductId", to_plan.external_id as "toPlanId"
    from transfers t
    join accounts account on account.workspace_id = t.workspace_id and account.id = t.account_id
    join products from_product on from_product.workspace_id = t.workspace_id and from_product.id = t.from_product_id
    join products to_product on to_product.workspace_id = t.workspace_id and to_product.id = t.to_product_id
    join plans from_plan on from_plan.workspace_id = t.workspace_id and from_plan.id = t.from_plan_id
    join plans to_plan on to_plan.workspace_id = t.workspace_id and to_plan.id = t.to_plan_id
    where t.workspace_id = ${tx.workspaceId} and t.reverses is null and not exists (
      select from transfers r where r.workspace_id = t.workspace_id and r.reverses = t.id)`;
  return {
    movements: movements.map((row) => ({
      ...row,
      on: dayOf(row.on),
      bookedOn: row.bookedOn === null ? null : dayOf(row.bookedOn),
    })),
    transfers: transfers.map((row) => ({ ...row, on: dayOf(row.on) })),
  };
}

/** What all rows ever written come to, reversed ones and reversals among them: per account, the same as what stands. */
export async function sumOfAllRows(tx: Tx): Promise<ReadonlyMap<string, bigint>> {
  const rows = await tx.sql<{ accountId: string; amount: bigint }[]>`
    select account.external_id as "accountId", sum(m.amount_minor)::bigint as amount
    from movements m join accounts account on account.workspace_id = m.workspace_id and account.id = m.account_id
    where m.workspace_id = ${tx.workspaceId} group by account.external_id`;
  return new Map(rows.map((row) => [row.accountId, row.amount]));
}

/** The uuids of the accounts, by the source's id. */
export async function storedAccountIds(tx: Tx): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql<{ name: string; id: string }[]>`
    select external_id as name, id::text from accounts where workspace_id = ${tx.workspaceId}`;
  return new Map(rows.map(({ name, id }) => [name, id]));
}
