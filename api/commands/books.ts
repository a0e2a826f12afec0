// What every command but `serve` begins with: the books, wherever they are, and the workspace that is meant.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, type Database, type DatabaseAddress } from "@accrete/db/kernel/database.ts";
import { openEmbedded } from "@accrete/db/kernel/embedded.ts";
import { migrate, requireCurrent, schemaStatus } from "@accrete/db/kernel/migrate.ts";
import { OperatorError } from "@accrete/db/kernel/operator.ts";
import { assertSafeRole } from "@accrete/db/kernel/roles.ts";
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
export async function readDemoFile(dataDirectory: string): Promise<DemoFile | null> {
  const text = await readFile(demoFileOf(dataDirectory), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as DemoFile);
}
