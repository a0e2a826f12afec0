// Contracts and their lines. A line is known by its source's id through dated versions [fromOn, untilOn).

import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { accounts } from "../accounts/table.ts";
import { plans } from "../catalog/table.ts";
import { isOneOf } from "../kernel/constraints.ts";
import { recordedVersions, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";
import { type BillingInterval, billingIntervals, type LineKind, lineKinds } from "./terms.ts";

export const contracts = pgTable(
  "contracts",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    accountId: uuid("account_id").notNull(),
    externalId: text("external_id").notNull(),
  },
  (t) => [
    primaryKey({ name: "contracts_pkey", columns: [t.workspaceId, t.id] }),
    unique("contracts_external_id_key").on(t.workspaceId, t.externalId),
    unique("contracts_account_key").on(t.workspaceId, t.accountId, t.id),
    foreignKey({
      name: "contracts_account_fk",
      columns: [t.workspaceId, t.accountId],
      foreignColumns: [accounts.workspaceId, accounts.id],
    }),
    workspaceIsolation(),
  ],
).enableRLS();

export const contractLines = pgTable(
  "contract_lines",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    externalId: text("external_id").notNull(),
  },
  (t) => [
    primaryKey({ name: "contract_lines_pkey", columns: [t.workspaceId, t.id] }),
    unique("contract_lines_external_id_key").on(t.workspaceId, t.externalId),
    workspaceIsolation(),
  ],
).enableRLS();

export const contractLineVersions = pgTable(
  "contract_line_versions",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    lineId: uuid("line_id").notNull(),
    contractId: uuid("contract_id").notNull(),
    accountId: uuid("account_id").notNull(),
    productId: uuid("product_id").notNull(),
    planId: uuid("plan_id").notNull(),
    kind: text("kind").$type<LineKind>().notNull(),
    isAddOn: boolean("is_add_on").notNull(),
    fromOn: date("from_on", { mode: "string" }).notNull(),
    untilOn: date("until_on", { mode: "string" }),
    quantity: numeric("quantity").notNull(),
    /** Per unit and billing period, major units of the currency. */
    unitPrice: numeric("unit_price").notNull(),
    discountPercent: numeric("discount_percent"),
    /** Per billing period, major units of the currency. */
    discountAmount: numeric("discount_amount"),
    billingInterval: text("billing_interval").$type<BillingInterval>().notNull(),
    currency: text("currency").notNull(),
    /** V(q, p, d) of metrics: the line's ARR while this version is in force, minor units of its currency. */
    arrMinor: bigint("arr_minor", { mode: "bigint" }).notNull(),
    termEndsOn: date("term_ends_on", { mode: "string" }),
    bookedOn: date("booked_on", { mode: "string" }),
    motion: text("motion"),
    campaign: text("campaign"),
    ...recordedVersions(),
    /** The import that brought it, and the row of its file. */
    batchId: uuid("batch_id").notNull(),
    sourceRow: integer("source_row").notNull(),
  },
  (t) => [
    primaryKey({ name: "contract_line_versions_pkey", columns: [t.workspaceId, t.id] }),
    unique("contract_line_versions_key").on(t.workspaceId, t.lineId, t.fromOn, t.recordedVersion),
    index("contract_line_versions_account_idx").on(t.workspaceId, t.accountId, t.fromOn),
    foreignKey({
      name: "contract_line_versions_line_fk",
      columns: [t.workspaceId, t.lineId],
      foreignColumns: [contractLines.workspaceId, contractLines.id],
    }),
    foreignKey({
      name: "contract_line_versions_contract_fk",
      columns: [t.workspaceId, t.accountId, t.contractId],
      foreignColumns: [contracts.workspaceId, contracts.accountId, contracts.id],
    }),
    foreignKey({
      name: "contract_line_versions_plan_fk",
      columns: [t.workspaceId, t.productId, t.planId],
      foreignColumns: [plans.workspaceId, plans.productId, plans.id],
    }),
    check("contract_line_versions_dates_check", sql`${t.untilOn} > ${t.fromOn}`),
    check("contract_line_versions_kind_check", isOneOf("kind", lineKinds)),
    check("contract_line_versions_interval_check", isOneOf("billing_interval", billingIntervals)),
    check("contract_line_versions_arr_check", sql`${t.arrMinor} >= 0`),
    check("contract_line_versions_quantity_check", sql`${t.quantity} >= 0 and ${t.unitPrice} >= 0`),
    check(
      "contract_line_versions_discount_check",
      sql`(${t.discountPercent} is null or ${t.discountPercent} between 0 and 100)
        and (${t.discountAmount} is null or ${t.discountAmount} >= 0)
        and (${t.discountPercent} is null or ${t.discountAmount} is null)`,
    ),
    workspaceIsolation(),
  ],
).enableRLS();

/** What was billed for a metered line in one completed billing period, beyond the commitment. */
export const usagePeriods = pgTable(
  "usage_periods",
  {
    workspaceId: workspaceId(),
    lineId: uuid("line_id").notNull(),
    fromOn: date("from_on", { mode: "string" }).notNull(),
    untilOn: date("until_on", { mode: "string" }).notNull(),
    /** For the whole period, major units of the line's currency. */
    amount: numeric("amount").notNull(),
    ...recordedVersions(),
    /** The import or mutation that brought it, and the row of its file. */
    batchId: uuid("batch_id").notNull(),
    sourceRow: integer("source_row").notNull(),
  },
  (t) => [
    primaryKey({ name: "usage_periods_pkey", columns: [t.workspaceId, t.lineId, t.fromOn, t.recordedVersion] }),
    foreignKey({
      name: "usage_periods_line_fk",
      columns: [t.workspaceId, t.lineId],
      foreignColumns: [contractLines.workspaceId, contractLines.id],
    }),
    check("usage_periods_dates_check", sql`${t.untilOn} > ${t.fromOn}`),
    check("usage_periods_amount_check", sql`${t.amount} >= 0`),
    workspaceIsolation(),
  ],
).enableRLS();
