// Workspaces (the tenants), the version row that puts their writers in line, the log of commits, their settings and their closed periods.

import { sql } from "drizzle-orm";
import { bigint, check, date, index, jsonb, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { isOneOf } from "../kernel/constraints.ts";
import { instant, recordedVersions, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";
import { type ClosedPeriodTreatment, closedPeriodTreatments } from "./closed-periods.ts";
import type { SegmentBand } from "./segments.ts";

export const workspaces = pgTable(
  "workspaces",
  {
    workspaceId: workspaceId().primaryKey(),
    name: text("name").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  () => [workspaceIsolation()],
).enableRLS();

/** One row per workspace, locked FOR UPDATE by every writer, so that version and time rise in commit order. */
export const ledgerVersions = pgTable(
  "ledger_versions",
  {
    workspaceId: workspaceId().primaryKey(),
    version: bigint("version", { mode: "bigint" }).notNull(),
    recordedAt: instant("recorded_at").notNull(),
  },
  () => [workspaceIsolation()],
).enableRLS();

/** One row per commit: what a version number means, and what turns an instant into a version. Append-only. */
export const commits = pgTable(
  "commits",
  {
    workspaceId: workspaceId(),
    version: bigint("version", { mode: "bigint" }).notNull(),
    recordedAt: instant("recorded_at").notNull(),
    /** Who wrote: an API key's id, or the operator's command. */
    actor: text("actor").notNull(),
    /** What was done, such as "import contract-lines". */
    action: text("action").notNull(),
  },
  (t) => [
    primaryKey({ name: "commits_pkey", columns: [t.workspaceId, t.version] }),
    index("commits_recorded_at_idx").on(t.workspaceId, t.recordedAt),
    workspaceIsolation(),
  ],
).enableRLS();

/** What the workspace has chosen, versioned: a change of a default is itself a recorded fact. */
export const workspaceSettings = pgTable(
  "workspace_settings",
  {
    workspaceId: workspaceId(),
    ...recordedVersions(),
    recordedAt: instant("recorded_at").notNull(),
    setBy: text("set_by").notNull(),
    reportingCurrency: text("reporting_currency").notNull(),
    fiscalYearStartMonth: smallint("fiscal_year_start_month").notNull(),
    segmentBands: jsonb("segment_bands").$type<readonly SegmentBand[]>().notNull(),
    /** The policy keys that differ from the product's built-in defaults. */
    defaultPolicy: jsonb("default_policy").$type<Record<string, unknown>>().notNull(),
    /** The rate sets of the policy's CONSTANT and REPORTED currency treatment; null until chosen. */
    constantRateSetId: uuid("constant_rate_set_id"),
    reportedRateSetId: uuid("reported_rate_set_id"),
    /** What happens to a late fact about a closed period. */
    closedPeriodTreatment: text("closed_period_treatment").$type<ClosedPeriodTreatment>().notNull().default("REFUSE"),
  },
  (t) => [
    primaryKey({ name: "workspace_settings_pkey", columns: [t.workspaceId, t.recordedVersion] }),
    check("workspace_settings_currency_check", sql`${t.reportingCurrency} ~ '^[A-Z]{3}$'`),
    check("workspace_settings_closed_check", isOneOf("closed_period_treatment", closedPeriodTreatments)),
    check("workspace_settings_month_check", sql`${t.fiscalYearStartMonth} between 1 and 12`),
    workspaceIsolation(),
  ],
).enableRLS();

/** Periods whose books are closed: a later fact about one of their days is refused or counted as a restatement. */
export const closedPeriods = pgTable(
  "closed_periods",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    fromOn: date("from_on", { mode: "string" }).notNull(),
    untilOn: date("until_on", { mode: "string" }).notNull(),
    ...recordedVersions(),
    recordedAt: instant("recorded_at").notNull(),
    /** Who closed it: an API key's id, or the operator's command. */
    closedBy: text("closed_by").notNull(),
    note: text("note"),
  },
  (t) => [
    primaryKey({ name: "closed_periods_pkey", columns: [t.workspaceId, t.id] }),
    check("closed_periods_dates_check", sql`${t.untilOn} > ${t.fromOn}`),
    workspaceIsolation(),
  ],
).enableRLS();
