// Line versions in Postgres, as the derivation reads them: all that is known now of the lines of some accounts.

import type { Tx } from "../kernel/database.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { LineVersion } from "./version.ts";

/** Every live version of the accounts' lines, in no particular order. As many rows as `countLiveVersions` says: bound them first. */
export async function listLiveVersions(tx: Tx, accountIds: readonly string[]): Promise<readonly LineVersion[]> {
  return tx.sql<LineVersion[]>`
    select v.id, v.line_id as "lineId", l.external_id as "lineExternalId", v.account_id as "accountId",
      v.product_id as "productId", v.plan_id as "planId", v.kind, v.is_add_on as "isAddOn", v.from_on as "fromOn",
      v.until_on as "untilOn", v.quantity, v.unit_price as "unitPrice", v.discount_percent as "discountPercent",
      v.discount_amount as "discountAmount", v.billing_interval as "billingInterval", v.currency, v.arr_minor as "arrMinor",
      v.booked_on as "bookedOn", v.motion, v.campaign
    from contract_line_versions v
    join contract_lines l on l.workspace_id = v.workspace_id and l.id = v.line_id
    where v.workspace_id = ${tx.workspaceId} and v.account_id = any(${[...accountIds]}::uuid[])
      and v.superseded_version = ${liveVersion}`;
}

/** How many live versions the lines of each account have; accounts without any are left out. */
export async function countLiveVersions(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.sql<{ accountId: string; versions: number }[]>`
    select account_id as "accountId", count(*)::integer as versions
    from contract_line_versions
    where workspace_id = ${tx.workspaceId} and account_id = any(${[...accountIds]}::uuid[])
      and superseded_version = ${liveVersion}
    group by account_id`;
  return new Map(rows.map(({ accountId, versions }) => [accountId, versions]));
}
