// API keys. The secret itself is never kept: only its SHA-256.

import { check, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { isOneOf } from "../kernel/constraints.ts";
import { instant, workspaceId, workspaceIsolation } from "../kernel/tenancy.ts";
import { type KeyScope, keyScopes } from "./scopes.ts";

export const apiKeys = pgTable(
  "api_keys",
  {
    workspaceId: workspaceId(),
    id: uuid("id").notNull(),
    name: text("name").notNull(),
    scope: text("scope").$type<KeyScope>().notNull(),
    secretHash: text("secret_hash").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    primaryKey({ name: "api_keys_pkey", columns: [t.workspaceId, t.id] }),
    check("api_keys_scope_check", isOneOf("scope", keyScopes)),
    workspaceIsolation(),
  ],
).enableRLS();
