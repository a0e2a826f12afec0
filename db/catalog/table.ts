// Products and plans: an identity that never changes, and versions of what is said of it (family, name, rank).

import { foreignKey, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { recordedVersions, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";

export const products = pgTable(
  "products",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    externalId: text("external_id").notNull(),
  },
  (t) => [
    primaryKey({ name: "products_pkey", columns: [t.workspaceId, t.id] }),
    unique("products_external_id_key").on(t.workspaceId, t.externalId),
    workspaceIsolation(),
  ],
).enableRLS();

export const productVersions = pgTable(
  "product_versions",
  {
    workspaceId: workspaceId(),
    productId: uuid("product_id").notNull(),
    ...recordedVersions(),
    name: text("name").notNull(),
    family: text("family").notNull(),
  },
  (t) => [
    primaryKey({ name: "product_versions_pkey", columns: [t.workspaceId, t.productId, t.recordedVersion] }),
    foreignKey({
      name: "product_versions_product_fk",
      columns: [t.workspaceId, t.productId],
      foreignColumns: [products.workspaceId, products.id],
    }),
    workspaceIsolation(),
  ],
).enableRLS();

export const plans = pgTable(
  "plans",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    productId: uuid("product_id").notNull(),
    externalId: text("external_id").notNull(),
  },
  (t) => [
    primaryKey({ name: "plans_pkey", columns: [t.workspaceId, t.id] }),
    unique("plans_external_id_key").on(t.workspaceId, t.externalId),
    unique("plans_product_key").on(t.workspaceId, t.productId, t.id),
    foreignKey({
      name: "plans_product_fk",
      columns: [t.workspaceId, t.productId],
      foreignColumns: [products.workspaceId, products.id],
    }),
    workspaceIsolation(),
  ],
).enableRLS();

export const planVersions = pgTable(
  "plan_versions",
  {
    workspaceId: workspaceId(),
    planId: uuid("plan_id").notNull(),
    ...recordedVersions(),
    name: text("name").notNull(),
    /** The order of a product's plans from small to large; null while the product has only this plan. */
    rank: integer("rank"),
  },
  (t) => [
    primaryKey({ name: "plan_versions_pkey", columns: [t.workspaceId, t.planId, t.recordedVersion] }),
    foreignKey({
      name: "plan_versions_plan_fk",
      columns: [t.workspaceId, t.planId],
      foreignColumns: [plans.workspaceId, plans.id],
    }),
    workspaceIsolation(),
  ],
).enableRLS();
