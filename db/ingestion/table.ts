// Import batches: one row per import that changed something, with what it counted.

import { bigint, check, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { isOneOf } from "../kernel/constraints.ts";
import { instant, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";
import { type ImportKind, importKinds } from "./kinds.ts";

export const importBatches = pgTable(
  "import_batches",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    kind: text("kind").$type<ImportKind>().notNull(),
    /** The file's name as the sender gave it, without its folder; null where there was none. */
    fileName: text("file_name"),
    actor: text("actor").notNull(),
    ledgerVersion: bigint("ledger_version", { mode: "bigint" }).notNull(),
    recordedAt: instant("recorded_at").notNull(),
    rowsRead: bigint("rows_read", { mode: "number" }).notNull(),
    rowsChanged: bigint("rows_changed", { mode: "number" }).notNull(),
    rowsRefused: bigint("rows_refused", { mode: "number" }).notNull(),
    movementsAppended: bigint("movements_appended", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ name: "import_batches_pkey", columns: [t.workspaceId, t.id] }),
    check("import_batches_kind_check", isOneOf("kind", importKinds)),
    workspaceIsolation(),
  ],
).enableRLS();
