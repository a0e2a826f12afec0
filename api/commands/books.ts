// What every command but `serve` begins with: the books, wherever they are, and the workspace that is meant.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { authenticate } from "@accrete/db/identity/store.ts";
import { connect, type Database, type DatabaseAddress, inWorkspace } from "@accrete/db/kernel/database.ts";
import { openEmbedded } from "@accrete/db/kernel/embedded.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { parsePublicId, publicId } from "@accrete/db/kernel/ids.ts";
import { migrate, requireCurrent, schemaStatus } from "@accrete/db/kernel/migrate.ts";
import { OperatorError } from "@accrete/db/kernel/operator.ts";
import { assertSafeRole } from "@accrete/db/kernel/roles.ts";
import { getWorkspace } from "@accrete/db/workspaces/store.ts";
import type { Settings } from "../settings.ts";

/** The books as the server's role sees them. */
export type Books = {
  readonly database: Database;
  /** Leaves the books; stops the server of the embedded default when this process started it. */
  close(): Promise<void>;
};

/**
 * Opens the books: DATABASE_URL, else the embedded default (joining the server that runs in the data directory, or starting it).
 * Throws OperatorError when the role is not safe or the schema not current.
 */
export async function openBooks(settings: Settings): Promise<Books> {
  if (settings.database) {
    const database = await openServing(settings.database, settings.poolSize);
    return { database, close: () => database.close() };
  }
  requireNoOwner(settings);
  const embedded = await openEmbedded({
    dataDirectory: settings.dataDirectory,
    manner: "share",
    onNotice: (line) => console.error(line),
  });
  try {
    await migrate(embedded.owner, embedded.serverLogin);
    const database = await openServing(embedded.server, settings.poolSize);
    return {
      database,
      async close() {
        await database.close();
        await embedded.stop("politely");
      },
    };
  } catch (error) {
    await embedded.stop("at once");
    throw error;
  }
}

/** Throws OperatorError when only the owner's address is set: whoever set it does not mean the embedded default. */
export function requireNoOwner(settings: Settings): void {
  if (!settings.databaseOwner) return;
  throw new OperatorError(
    "DATABASE_OWNER_URL is set and DATABASE_URL is not: set the address of the role that answers",
  );
}

/** A pool for answering: the role is bound by row-level security, and the schema is this program's. */
export async function openServing(address: DatabaseAddress, connectionsMax: number): Promise<Database> {
  const database = connect(address, { connectionsMax, applicationName: "accrete" });
  try {
    await requireVersion(database);
    await assertSafeRole(database.sql);
    requireCurrent(await schemaStatus(database.sql));
    return database;
  } catch (error) {
    await database.close();
    if ((error as { code?: string }).code !== "42501") throw error;
    throw new OperatorError(
      "the role of DATABASE_URL has no rights on the books yet: run 'accrete migrate' with DATABASE_OWNER_URL, which grants them",
    );
  }
}

/** Throws OperatorError for a PostgreSQL older than 15. */
export async function requireVersion(database: Database): Promise<void> {
  const [row] = await database.sql<{ number: string; text: string }[]>`
    select current_setting('server_version_num') as number, current_setting('server_version') as text`;
  if (Number(row?.number) >= 150_000) return;
  throw new OperatorError(`Accrete needs PostgreSQL 15 or newer, and DATABASE_URL leads to ${row?.text}`);
}

/** What `serve` leaves in the data directory while it runs on the embedded default. */
export type DemoFile = { readonly endpoint: string; readonly apiKey: string; readonly pid: number };

export function demoFileOf(dataDirectory: string): string {
  return join(dataDirectory, "demo.json");
}

/** The demo's address and key; null when no server runs on the data directory. */
async function readDemoFile(dataDirectory: string): Promise<DemoFile | null> {
  const text = await readFile(demoFileOf(dataDirectory), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as DemoFile);
}

/** The option of every command that works in one workspace. */
export const workspaceOption = [
  "--workspace <id>",
  "which workspace, as wsp_…; else that of ACCRETE_API_KEY, else the demo's while its server runs",
] as const;

/**
 * The workspace (its uuid) that a command means: the one named, else that of ACCRETE_API_KEY, else the demo's. Throws OperatorError
 * when none is meant, or the one meant is not there.
 */
export async function resolveWorkspace(
  database: Database,
  settings: Settings,
  named: string | undefined,
): Promise<string> {
  if (named !== undefined) return requireWorkspace(database, named);
  if (settings.apiKey !== null) return workspaceOfKey(database, settings.apiKey, "ACCRETE_API_KEY");
  const demo = settings.database ? null : await readDemoFile(settings.dataDirectory);
  if (demo) return workspaceOfKey(database, demo.apiKey, demoFileOf(settings.dataDirectory));
  throw new OperatorError(
    "which workspace? Name it with --workspace wsp_…, or set ACCRETE_API_KEY ('accrete workspace create' makes a new one)",
  );
}

async function requireWorkspace(database: Database, id: string): Promise<string> {
  const workspaceId = parsePublicId("workspace", id);
  if (workspaceId === null)
    throw new OperatorError(`--workspace must be an id such as ${publicId("workspace", exampleId)}, not '${id}'`);
  try {
    await inWorkspace(database, workspaceId, "read", getWorkspace);
    return workspaceId;
  } catch (error) {
    if (error instanceof AccreteError && error.code === "NOT_FOUND")
      throw new OperatorError(`there is no workspace ${id} here`);
    throw error;
  }
}

const exampleId = "0188bac7-4afa-78aa-bc3b-bd1eef28d881";

async function workspaceOfKey(database: Database, key: string, source: string): Promise<string> {
  const identity = await authenticate(database, key);
  if (identity) return identity.workspaceId;
  throw new OperatorError(
    `the key of ${source} is not valid here: it is mistyped, revoked, expired or another database's`,
  );
}
