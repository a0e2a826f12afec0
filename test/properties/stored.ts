// The ledger as it is stored, in the model's words: what stands, with the source's ids.

import type { Tx } from "@accrete/db/kernel/database.ts";
import { dayOf } from "../model/calendar.ts";
import type { ModelMovement, ModelTransfer } from "../model/facts.ts";
import type { ModelLedger } from "../model/ledger.ts";

type Row<T> = Omit<T, "on" | "bookedOn"> & { readonly on: string; readonly bookedOn: string | null };

export async function storedLedger(tx: Tx): Promise<ModelLedger> {
  const movements = await tx.sql<Row<ModelMovement>[]>`
    select account.external_id as "unitId", account.external_id as "accountId", m.effective_on as "on", m.type, m.driver,
      m.amount_minor as amount, m.currency, line.external_id as "lineId", coalesce(line.external_id, m.external_id) as "sourceId",
      '' as key, product.external_id as "productId", plan.external_id as "planId", m.kind,
      m.is_add_on as "isAddOn", m.motion, m.campaign, m.booked_on as "bookedOn", m.change_id::text as change
    from movements m
    join accounts account on account.workspace_id = m.workspace_id and account.id = m.account_id
    left join contract_lines line on line.workspace_id = m.workspace_id and line.id = m.line_id
    left join products product on product.workspace_id = m.workspace_id and product.id = m.product_id
    left join plans plan on plan.workspace_id = m.workspace_id and plan.id = m.plan_id
    where m.workspace_id = ${tx.workspaceId} and m.reverses is null and not exists (
      select from movements r where r.workspace_id = m.workspace_id and r.reverses = m.id)`;
  const transfers = await tx.sql<(Omit<ModelTransfer, "on"> & { readonly on: string })[]>`
    select account.external_id as "unitId", t.effective_on as "on", t.amount_minor as amount, t.currency,
      from_line.external_id as "fromLineId", to_line.external_id as "toLineId",
      from_product.external_id as "fromProductId", from_plan.external_id as "fromPlanId",
      to_product.external_id as "toProductId", to_plan.external_id as "toPlanId"
    from transfers t
    join accounts account on account.workspace_id = t.workspace_id and account.id = t.account_id
    join contract_lines from_line on from_line.workspace_id = t.workspace_id and from_line.id = t.from_line_id
    join contract_lines to_line on to_line.workspace_id = t.workspace_id and to_line.id = t.to_line_id
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
    moves: [],
  };
}

/** What all rows ever written come to, reversed ones and reversals among them: per account and currency, the same as what stands. */
export async function sumOfAllRows(tx: Tx): Promise<ReadonlyMap<string, bigint>> {
  const rows = await tx.sql<{ label: string; amount: bigint }[]>`
    select account.external_id || ' ' || m.currency as label, sum(m.amount_minor)::bigint as amount
    from movements m join accounts account on account.workspace_id = m.workspace_id and account.id = m.account_id
    where m.workspace_id = ${tx.workspaceId} group by account.external_id, m.currency`;
  return new Map(rows.map((row) => [row.label, row.amount]));
}

/** The uuids of the accounts, by the source's id. */
export async function storedAccountIds(tx: Tx): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql<{ name: string; id: string }[]>`
    select external_id as name, id::text from accounts where workspace_id = ${tx.workspaceId}`;
  return new Map(rows.map(({ name, id }) => [name, id]));
}
