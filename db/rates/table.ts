// Exchange rates in named sets. A CONSTANT set has one rate per pair of currencies, a DATED one a rate from each of its days on.

import { sql } from "drizzle-orm";
import { check, date, foreignKey, numeric, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { isOneOf } from "../kernel/constraints.ts";
import { recordedVersions, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";
import { type RateSetKind, rateSetKinds } from "./kinds.ts";

export const rateSets = pgTable(
  "rate_sets",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    name: text("name").notNull(),
    kind: text("kind").$type<RateSetKind>().notNull(),
  },
  (t) => [
    primaryKey({ name: "rate_sets_pkey", columns: [t.workspaceId, t.id] }),
    unique("rate_sets_name_key").on(t.workspaceId, t.name),
    check("rate_sets_kind_check", isOneOf("kind", rateSetKinds)),
    workspaceIsolation(),
  ],
).enableRLS();

/** One unit of `from_currency` is `rate` units of `to_currency`, from its day until the next one's of the pair in the set. */
export const exchangeRates = pgTable(
  "exchange_rates",
  {
    workspaceId: workspaceId(),
    rateSetId: uuid("rate_set_id").notNull(),
    fromCurrency: text("from_currency").notNull(),
    toCurrency: text("to_currency").notNull(),
    /** The first day on which it holds; 1990-01-01 in a CONSTANT set. */
    fromOn: date("from_on", { mode: "string" }).notNull(),
    rate: numeric("rate").notNull(),
    ...recordedVersions(),
    /** The import or mutation that brought it. */
    batchId: uuid("batch_id").notNull(),
  },
  (t) => [
    primaryKey({
      name: "exchange_rates_pkey",
      columns: [t.workspaceId, t.rateSetId, t.fromCurrency, t.toCurrency, t.fromOn, t.recordedVersion],
    }),
    foreignKey({
      name: "exchange_rates_set_fk",
      columns: [t.workspaceId, t.rateSetId],
      foreignColumns: [rateSets.workspaceId, rateSets.id],
    }),
    check(
      "exchange_rates_currencies_check",
      sql`from_currency ~ '^[A-Z]{3}$' and to_currency ~ '^[A-Z]{3}$' and from_currency <> to_currency`,
    ),
    check("exchange_rates_rate_check", sql`rate > 0`),
    workspaceIsolation(),
  ],
).enableRLS();
