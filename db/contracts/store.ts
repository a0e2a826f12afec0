// Line versions in Postgres, as the derivation reads them: all that is known of the lines of some accounts, metered ones cut by their usage.

import type { Tx } from "../kernel/database.ts";
import { knownAt, newestKnown } from "../kernel/knowledge.ts";
import { cutByUsage, type UsagePeriod } from "./metered.ts";
import type { LineVersion } from "./version.ts";

/**
 * Every version of the accounts' own lines that was known at the ledger version (the newest unless told), in no particular order. A
 * METERED line with usage comes in spans of one ARR each, which share their version's id. Merges are the caller's: name the merged
 * accounts too. At most as many rows as `countVersionsKnownAt` says: bound them first.
 */
export async function listVersionsKnownAt(
  tx: Tx,
  accountIds: readonly string[],
  version: bigint = newestKnown,
): Promise<readonly LineVersion[]> {
  const versions = await tx.sql<LineVersion[]>`
    select v.id, v.line_id as "lineId", l.external_id as "lineExternalId", v.account_id as "accountId",
      v.product_id as "productId", v.plan_id as "planId", v.kind, v.is_add_on as "isAddOn", v.from_on as "fromOn",
      v.until_on as "untilOn", v.quantity, v.unit_price as "unitPrice", v.discount_percent as "discountPercent",
      v.discount_amount as "discountAmount", v.billing_interval as "billingInterval", v.currency, v.arr_minor as "arrMinor",
      v.booked_on as "bookedOn", v.motion, v.campaign
    from contract_line_versions v
    join contract_lines l on l.workspace_id = v.workspace_id and l.id = v.line_id
    where v.workspace_id = ${tx.workspaceId} and v.account_id = any(${[...accountIds]}::uuid[])
      and ${knownAt(tx.sql, "v", version)}`;
  const metered = new Set(versions.filter(({ kind }) => kind === "METERED").map(({ lineId }) => lineId));
  if (metered.size === 0) return versions;
  return cutByUsage(versions, await listUsageOfLines(tx, [...metered], version));
}

/** The usage periods of the lines that were known at the ledger version, the newest unless told, in no particular order. */
export async function listUsageOfLines(
  tx: Tx,
  lineIds: readonly string[],
  version: bigint = newestKnown,
): Promise<readonly UsagePeriod[]> {
  return tx.sql<UsagePeriod[]>`
    select u.line_id as "lineId", u.from_on as "fromOn", u.until_on as "untilOn", u.amount::text as amount
    from usage_periods u
    where u.workspace_id = ${tx.workspaceId} and u.line_id = any(${[...lineIds]}::uuid[]) and ${knownAt(tx.sql, "u", version)}`;
}

/** `listVersionsKnownAt` of the newest knowledge. */
export async function listLiveVersions(tx: Tx, accountIds: readonly string[]): Promise<readonly LineVersion[]> {
  return listVersionsKnownAt(tx, accountIds);
}

/** How many rows `listVersionsKnownAt` gives of each account at most; accounts without any are left out. */
export async function countVersionsKnownAt(
  tx: Tx,
  accountIds: readonly string[],
  version: bigint = newestKnown,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.sql<{ accountId: string; versions: number }[]>`
    select v.account_id as "accountId", (count(*) + coalesce(sum(case when v.kind = 'METERED' then (
        select 2 * count(*) from usage_periods u
        where u.workspace_id = v.workspace_id and u.line_id = v.line_id and ${knownAt(tx.sql, "u", version)}) end), 0))::integer as versions
    from contract_line_versions v
    where v.workspace_id = ${tx.workspaceId} and v.account_id = any(${[...accountIds]}::uuid[])
      and ${knownAt(tx.sql, "v", version)}
    group by v.account_id`;
  return new Map(rows.map(({ accountId, versions }) => [accountId, versions]));
}

/** `countVersionsKnownAt` of the newest knowledge. */
export async function countLiveVersions(tx: Tx, accountIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return countVersionsKnownAt(tx, accountIds);
}
