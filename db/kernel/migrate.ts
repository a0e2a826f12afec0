// Brings a database to the schema of this program, as its owner; tells the server whether it already is. One migrator at a time:
// drizzle's takes no lock, and of four at once three failed.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as runMigrations } from "drizzle-orm/postgres-js/migrator";
import { connect, type DatabaseAddress, type Sql } from "./database.ts";
import { OperatorError } from "./operator.ts";
import { grantServerRole, type ServerLogin } from "./roles.ts";

const folder = fileURLToPath(new URL("../migrations", import.meta.url));

/** Any number, as long as every migrator of Accrete takes the same one. */
const migrationLock = 4_127_885_309n;

/** CURRENT; BEHIND: `accrete migrate` is due; NEWER: the database knows migrations that this program does not; EMPTY: none ran yet. */
export type SchemaState = "CURRENT" | "BEHIND" | "NEWER" | "EMPTY";

export type SchemaStatus = {
  readonly state: SchemaState;
  readonly appliedCount: number;
  readonly knownCount: number;
};

export type MigrateResult = { readonly appliedCount: number; readonly status: SchemaStatus };

/**
 * Migrates as the owner, then makes sure that the login role of `server` may do what the API does. Waits for another migrator to
 * finish; a migration that was killed is rolled back by Postgres and simply runs again. Throws OperatorError for a newer
 * schema, and when the owner lacks a right.
 */
export async function migrate(owner: DatabaseAddress, server: ServerLogin | null): Promise<MigrateResult> {
  // One connection, so that the lock and the migrations live and die together.
  const database = connect(owner, { connectionsMax: 1, applicationName: "accrete migrate" });
  try {
    await requireCreateRole(database.sql);
    await database.sql`select pg_advisory_lock(${migrationLock})`;
    const before = await schemaStatus(database.sql);
    refuseNewer(before);
    // Wrapping a client changes how it reads dates for good; this one serves nothing else.
    if (before.state !== "CURRENT") {
      await runMigrations(drizzle(database.sql), {
        migrationsFolder: folder,
        migrationsTable: "schema_migrations",
        migrationsSchema: "public",
      });
    }
    if (server) await grantServerRole(database.sql, server);
    const status = await schemaStatus(database.sql);
    return { appliedCount: status.appliedCount - before.appliedCount, status };
  } finally {
    await database.close();
  }
}

/** How the database's schema compares with this program's. Any role that may read `schema_migrations` can ask. */
export async function schemaStatus(sql: Sql): Promise<SchemaStatus> {
  const known = await knownMigrations();
  const [table] = await sql<{ name: string | null }[]>`select to_regclass('public.schema_migrations')::text as name`;
  if (!table?.name) return { state: "EMPTY", appliedCount: 0, knownCount: known.size };
  // Compared by their stamps, not by the hash of their text, which a checkout with other line ends would change.
  const applied = await sql<{ stamp: string }[]>`select created_at::text as stamp from schema_migrations`;
  const appliedCount = applied.length;
  const state: SchemaState =
    appliedCount === 0
      ? "EMPTY"
      : applied.some(({ stamp }) => !known.has(stamp))
        ? "NEWER"
        : appliedCount < known.size
          ? "BEHIND"
          : "CURRENT";
  return { state, appliedCount, knownCount: known.size };
}

/** Throws OperatorError, in one line that says what to do, unless the schema is this program's. */
export function requireCurrent(status: SchemaStatus): void {
  refuseNewer(status);
  if (status.state === "CURRENT") return;
  throw new OperatorError(
    `the database's schema is not up to date (${status.appliedCount} of ${status.knownCount} migrations): ` +
      "run 'accrete migrate' with DATABASE_OWNER_URL",
  );
}

function refuseNewer(status: SchemaStatus): void {
  if (status.state !== "NEWER") return;
  throw new OperatorError(
    "the database's schema is newer than this program: a later version of Accrete migrated it; run that version",
  );
}

async function requireCreateRole(sql: Sql): Promise<void> {
  const [role] = await sql<{ name: string; may: boolean }[]>`
    select rolname as name, rolsuper or rolcreaterole as may from pg_roles where rolname = current_user`;
  if (role?.may) return;
  throw new OperatorError(
    `the role '${role?.name}' of DATABASE_OWNER_URL cannot make roles: as a superuser run 'alter role "${role?.name}" createrole'`,
  );
}

async function knownMigrations(): Promise<ReadonlySet<string>> {
  const journal = JSON.parse(await readFile(`${folder}/meta/_journal.json`, "utf8")) as { entries: { when: number }[] };
  return new Set(journal.entries.map(({ when }) => String(when)));
}
