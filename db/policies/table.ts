// Policies saved under a name, versioned: a change of what a name means is itself a recorded fact.

import { jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, recordedVersions, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";

export const savedPolicies = pgTable(
  "saved_policies",
  {
    workspaceId: workspaceId(),
    name: text("name").notNull(),
    ...recordedVersions(),
    recordedAt: instant("recorded_at").notNull(),
    /** Who saved it: an API key's id, or the operator's command. */
    setBy: text("set_by").notNull(),
    /** The keys that it sets; null when it was deleted. */
    keys: jsonb("keys").$type<Record<string, unknown>>(),
  },
  (t) => [
    primaryKey({ name: "saved_policies_pkey", columns: [t.workspaceId, t.name, t.recordedVersion] }),
    workspaceIsolation(),
  ],
).enableRLS();
