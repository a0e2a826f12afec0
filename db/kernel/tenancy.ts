// What every tenant table shares: the leading workspace_id, its row-level-security policy, and the commit that recorded a row.

import { sql } from "drizzle-orm";
import { bigint, pgPolicy, timestamp, uuid } from "drizzle-orm/pg-core";

/** The setting that holds the tenant of the running transaction; only `inWorkspace` of database.ts writes it. */
const workspaceSetting = "app.workspace_id";

const isOwnRow = sql.raw(`workspace_id = nullif(current_setting('${workspaceSetting}', true), '')::uuid`);

/** The one policy of every tenant table: rows of the transaction's workspace, and no others, are seen or written. */
export const workspaceIsolation = () =>
  pgPolicy("workspace_isolation", { as: "permissive", for: "all", to: "public", using: isOwnRow, withCheck: isOwnRow });

export const workspaceId = () => uuid("workspace_id").notNull();

/** When a superseded fact has no successor it is live: this version is higher than any ledger version. */
export const liveVersion = 9_223_372_036_854_775_807n;

/** The commits that recorded and superseded a fact: it is known as of version v when recorded <= v < superseded. */
export const recordedVersions = () => ({
  recordedVersion: bigint("recorded_version", { mode: "bigint" }).notNull(),
  supersededVersion: bigint("superseded_version", { mode: "bigint" })
    .notNull()
    .default(sql.raw(String(liveVersion))),
});

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
