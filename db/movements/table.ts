// The ledger: movements and the transfers between line values. Appended, never edited: a correction is a reversal and a new row.

import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { accounts } from "../accounts/table.ts";
import type { LineKind } from "../contracts/terms.ts";
import { isOneOf } from "../kernel/constraints.ts";
import { instant, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";
import { type Driver, drivers, type MovementRule, type MovementType, movementTypes } from "./types.ts";

export const movements = pgTable(
  "movements",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    accountId: uuid("account_id").notNull(),
    effectiveOn: date("effective_on", { mode: "string" }).notNull(),
    type: text("type").$type<MovementType>().notNull(),
    driver: text("driver").$type<Driver>(),
    amountMinor: bigint("amount_minor", { mode: "bigint" }).notNull(),
    currency: text("currency").notNull(),
    lineId: uuid("line_id"),
    productId: uuid("product_id"),
    planId: uuid("plan_id"),
    kind: text("kind").$type<LineKind>(),
    isAddOn: boolean("is_add_on").notNull(),
    motion: text("motion"),
    campaign: text("campaign"),
    bookedOn: date("booked_on", { mode: "string" }),
    /** The source's id of a ready-made movement; null for derived ones. */
    externalId: text("external_id"),
    /** The id of the first part: the parts of one divided change are one change. */
    changeId: uuid("change_id").notNull(),
    /** The movement that this one takes back, with its type, driver and date, and the negated amount. */
    reverses: uuid("reverses"),
    /** The ready-made movement that this one stands in for. */
    corrects: uuid("corrects"),
    /** Why it was corrected or withdrawn, in the words of whoever did. */
    note: text("note"),
    rule: text("rule").$type<MovementRule>().notNull(),
    versionBeforeId: uuid("version_before_id"),
    versionAfterId: uuid("version_after_id"),
    pairBeforeIds: uuid("pair_before_ids").array(),
    pairAfterIds: uuid("pair_after_ids").array(),
    batchId: uuid("batch_id").notNull(),
    /** The row of the file that brought a ready-made movement. */
    sourceRow: integer("source_row"),
    recordedAt: instant("recorded_at").notNull(),
    ledgerVersion: bigint("ledger_version", { mode: "bigint" }).notNull(),
  },
  (t) => [
    primaryKey({ name: "movements_pkey", columns: [t.workspaceId, t.id] }),
    index("movements_effective_on_idx").on(t.workspaceId, t.effectiveOn, t.id),
    index("movements_account_idx").on(t.workspaceId, t.accountId, t.effectiveOn),
    uniqueIndex("movements_reverses_key").on(t.workspaceId, t.reverses).where(sql`reverses is not null`),
    index("movements_external_id_idx").on(t.workspaceId, t.externalId).where(sql`external_id is not null`),
    index("movements_ledger_version_idx").on(t.workspaceId, t.ledgerVersion),
    foreignKey({
      name: "movements_account_fk",
      columns: [t.workspaceId, t.accountId],
      foreignColumns: [accounts.workspaceId, accounts.id],
    }),
    check("movements_type_check", isOneOf("type", movementTypes)),
    check("movements_driver_check", isOneOf("driver", drivers)),
    check("movements_driver_fits_type_check", sql`(driver is not null) = (type in ('EXPANSION', 'CONTRACTION'))`),
    check(
      "movements_sign_fits_type_check",
      sql`amount_minor <> 0 and (amount_minor > 0) = ((type in ('NEW', 'REACTIVATION', 'EXPANSION')) = (reverses is null))`,
    ),
    check("movements_currency_check", sql`currency ~ '^[A-Z]{3}$'`),
    workspaceIsolation(),
  ],
).enableRLS();

/** ARR that went from one line, product or plan to another without any change of ARR; sums to 0 over all of them. */
export const transfers = pgTable(
  "transfers",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    accountId: uuid("account_id").notNull(),
    effectiveOn: date("effective_on", { mode: "string" }).notNull(),
    /** Positive; negative in a reversal. */
    amountMinor: bigint("amount_minor", { mode: "bigint" }).notNull(),
    currency: text("currency").notNull(),
    /** Null in rows from before lines were kept; the ledger's doctor books them anew. */
    fromLineId: uuid("from_line_id"),
    toLineId: uuid("to_line_id"),
    fromProductId: uuid("from_product_id").notNull(),
    fromPlanId: uuid("from_plan_id").notNull(),
    toProductId: uuid("to_product_id").notNull(),
    toPlanId: uuid("to_plan_id").notNull(),
    reverses: uuid("reverses"),
    batchId: uuid("batch_id").notNull(),
    recordedAt: instant("recorded_at").notNull(),
    ledgerVersion: bigint("ledger_version", { mode: "bigint" }).notNull(),
  },
  (t) => [
    primaryKey({ name: "transfers_pkey", columns: [t.workspaceId, t.id] }),
    index("transfers_account_idx").on(t.workspaceId, t.accountId, t.effectiveOn),
    index("transfers_ledger_version_idx").on(t.workspaceId, t.ledgerVersion),
    uniqueIndex("transfers_reverses_key").on(t.workspaceId, t.reverses).where(sql`reverses is not null`),
    foreignKey({
      name: "transfers_account_fk",
      columns: [t.workspaceId, t.accountId],
      foreignColumns: [accounts.workspaceId, accounts.id],
    }),
    check("transfers_sign_check", sql`amount_minor <> 0 and (amount_minor > 0) = (reverses is null)`),
    check("transfers_way_check", sql`from_plan_id <> to_plan_id or from_line_id <> to_line_id`),
    workspaceIsolation(),
  ],
).enableRLS();
