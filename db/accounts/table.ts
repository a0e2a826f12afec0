// Accounts: an identity, its attributes and its parent, both dated (true from…until) and versioned (known from…until).

import { sql } from "drizzle-orm";
import { check, date, foreignKey, index, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { isOneOf } from "../kernel/constraints.ts";
import { instant, recordedVersions, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";

/** An account's ARR comes from contract lines, or from ready-made movements; null until the first of either arrives. */
export const accountSources = ["LINES", "MOVEMENTS"] as const;
export type AccountSource = (typeof accountSources)[number];

export const accounts = pgTable(
  "accounts",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    externalId: text("external_id").notNull(),
    source: text("source").$type<AccountSource>(),
  },
  (t) => [
    primaryKey({ name: "accounts_pkey", columns: [t.workspaceId, t.id] }),
    unique("accounts_external_id_key").on(t.workspaceId, t.externalId),
    check("accounts_source_check", isOneOf("source", accountSources)),
    workspaceIsolation(),
  ],
).enableRLS();

export const accountVersions = pgTable(
  "account_versions",
  {
    workspaceId: workspaceId(),
    accountId: uuid("account_id").notNull(),
    fromOn: date("from_on", { mode: "string" }).notNull(),
    untilOn: date("until_on", { mode: "string" }),
    ...recordedVersions(),
    name: text("name").notNull(),
    channel: text("channel"),
    region: text("region"),
    industry: text("industry"),
    owner: text("owner"),
    /** The workspace's own attributes, by name. */
    attributes: jsonb("attributes").$type<Record<string, string>>().notNull(),
  },
  (t) => [
    primaryKey({ name: "account_versions_pkey", columns: [t.workspaceId, t.accountId, t.fromOn, t.recordedVersion] }),
    foreignKey({
      name: "account_versions_account_fk",
      columns: [t.workspaceId, t.accountId],
      foreignColumns: [accounts.workspaceId, accounts.id],
    }),
    check("account_versions_dates_check", sql`${t.untilOn} > ${t.fromOn}`),
    workspaceIsolation(),
  ],
).enableRLS();

export const accountParents = pgTable(
  "account_parents",
  {
    workspaceId: workspaceId(),
    accountId: uuid("account_id").notNull(),
    parentId: uuid("parent_id").notNull(),
    fromOn: date("from_on", { mode: "string" }).notNull(),
    untilOn: date("until_on", { mode: "string" }),
    ...recordedVersions(),
  },
  (t) => [
    primaryKey({ name: "account_parents_pkey", columns: [t.workspaceId, t.accountId, t.fromOn, t.recordedVersion] }),
    foreignKey({
      name: "account_parents_account_fk",
      columns: [t.workspaceId, t.accountId],
      foreignColumns: [accounts.workspaceId, accounts.id],
    }),
    foreignKey({
      name: "account_parents_parent_fk",
      columns: [t.workspaceId, t.parentId],
      foreignColumns: [accounts.workspaceId, accounts.id],
    }),
    index("account_parents_parent_idx").on(t.workspaceId, t.parentId),
    check("account_parents_dates_check", sql`${t.untilOn} > ${t.fromOn}`),
    check("account_parents_self_check", sql`${t.parentId} <> ${t.accountId}`),
    workspaceIsolation(),
  ],
).enableRLS();

/** An account that is another one: its facts count for the survivor while the row is live. Undone by superseding it. */
export const accountMerges = pgTable(
  "account_merges",
  {
    workspaceId: workspaceId(),
    accountId: uuid("account_id").notNull(),
    intoId: uuid("into_id").notNull(),
    ...recordedVersions(),
    recordedAt: instant("recorded_at").notNull(),
    /** Who merged: an API key's id, or the operator's command. */
    mergedBy: text("merged_by").notNull(),
  },
  (t) => [
    primaryKey({ name: "account_merges_pkey", columns: [t.workspaceId, t.accountId, t.recordedVersion] }),
    foreignKey({
      name: "account_merges_account_fk",
      columns: [t.workspaceId, t.accountId],
      foreignColumns: [accounts.workspaceId, accounts.id],
    }),
    foreignKey({
      name: "account_merges_into_fk",
      columns: [t.workspaceId, t.intoId],
      foreignColumns: [accounts.workspaceId, accounts.id],
    }),
    index("account_merges_into_idx").on(t.workspaceId, t.intoId),
    check("account_merges_self_check", sql`${t.intoId} <> ${t.accountId}`),
    workspaceIsolation(),
  ],
).enableRLS();
