// The demo's ledger as the product derives it, in memory: import rows in, movements out, with no database in between.

import { type DemoRow, demoRows } from "@accrete/api/demo/rows.ts";
import type { Catalog } from "@accrete/db/catalog/plans.ts";
import { billingIntervals, lineKinds } from "@accrete/db/contracts/terms.ts";
import { lineArrMinor } from "@accrete/db/contracts/value.ts";
import type { LineVersion } from "@accrete/db/contracts/version.ts";
import { deriveAccount } from "@accrete/db/movements/derive.ts";
import type { MovementDraft, TransferDraft } from "@accrete/db/movements/types.ts";

export type AccountLedger = {
  readonly accountId: string;
  readonly versions: readonly LineVersion[];
  readonly movements: readonly MovementDraft[];
  readonly transfers: readonly TransferDraft[];
};

/** Every account that ever had a line, by its id in the files. */
export function demoLedger(): ReadonlyMap<string, AccountLedger> {
  const rows = demoRows();
  const catalog: Catalog = new Map(
    rows.catalog.map((row) => [cell(row, "plan_id"), { rank: rankOf(row), family: cell(row, "family") }]),
  );
  const byAccount = new Map<string, LineVersion[]>();
  for (const row of rows["contract-lines"]) {
    const version = versionOf(row);
    byAccount.set(version.accountId, [...(byAccount.get(version.accountId) ?? []), version]);
  }
  return new Map(
    [...byAccount].map(([accountId, versions]) => [
      accountId,
      { accountId, versions, ...deriveAccount(versions, catalog) },
    ]),
  );
}

/** An account's ARR at the end of the day before `on`: the sum of its movements until then, in cents. */
export function arrBefore(account: AccountLedger, on: string): bigint {
  return account.movements
    .filter((movement) => movement.effectiveOn < on)
    .reduce((sum, movement) => sum + movement.amountMinor, 0n);
}

function versionOf(row: DemoRow): LineVersion {
  const billingInterval = billingIntervals.find((interval) => interval === row.billing_interval);
  const kind = lineKinds.find((known) => known === row.kind);
  if (!billingInterval || !kind) throw new RangeError(`no such interval or kind in ${JSON.stringify(row)}`);
  const terms = {
    quantity: cell(row, "quantity"),
    unitPrice: cell(row, "unit_price"),
    discountPercent: optional(row, "discount_percent"),
    discountAmount: optional(row, "discount_amount"),
    billingInterval,
    currency: cell(row, "currency"),
  };
  return {
    ...terms,
    id: `${row.line_id} from ${row.from_on}`,
    lineId: cell(row, "line_id"),
    lineExternalId: cell(row, "line_id"),
    accountId: cell(row, "account_id"),
    productId: cell(row, "product_id"),
    planId: cell(row, "plan_id"),
    kind,
    isAddOn: cell(row, "is_add_on") === "true",
    fromOn: cell(row, "from_on"),
    untilOn: optional(row, "until_on"),
    arrMinor: lineArrMinor(terms),
    bookedOn: optional(row, "booked_on"),
    motion: optional(row, "motion"),
    campaign: optional(row, "campaign"),
  };
}

function rankOf(row: DemoRow): number | null {
  const rank = optional(row, "rank");
  return rank === null ? null : Number(rank);
}

function optional(row: DemoRow, column: string): string | null {
  return cell(row, column) || null;
}

function cell(row: DemoRow, column: string): string {
  const text = row[column];
  if (text === undefined) throw new RangeError(`the demo's files have no column ${column}`);
  return text;
}
