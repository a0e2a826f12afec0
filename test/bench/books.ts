// Scratch books to measure on: an embedded PostgreSQL of their own, as the product starts it, in a folder that goes afterwards.

import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Database, type DatabaseAddress, inWorkspace } from "@accrete/db/kernel/database.ts";
import { openEmbedded } from "@accrete/db/kernel/embedded.ts";
import { newId } from "@accrete/db/kernel/ids.ts";
import { migrate } from "@accrete/db/kernel/migrate.ts";
import { createWorkspace } from "@accrete/db/workspaces/store.ts";

export type ScratchBooks = {
  /** As the server's role: what the product uses. */
  readonly server: Database;
  readonly serverAddress: DatabaseAddress;
  /** As the owner: makes the tables that COPY is measured on. */
  readonly owner: Database;
  /** For files; goes with the books. */
  readonly directory: string;
  readonly postgresVersion: string;
  close(): Promise<void>;
};

export async function openScratchBooks(): Promise<ScratchBooks> {
  const directory = await mkdtemp(join(tmpdir(), "accrete-bench-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    // Started by root, PostgreSQL runs as another user, who must be able to walk in.
    await chmod(directory, 0o711);
    const embedded = await openEmbedded({
      dataDirectory: join(directory, "books"),
      manner: "alone",
      onNotice: (line) => console.error(line),
    });
    try {
      await migrate(embedded.owner, embedded.serverLogin);
      const server = connect(embedded.server, { applicationName: "accrete bench" });
      const owner = connect(embedded.owner, { connectionsMax: 2, applicationName: "accrete bench owner" });
      const [row] = await server.sql<{ version: string }[]>`select current_setting('server_version') as version`;
      const close = async () => {
        await Promise.all([server.close(), owner.close()]);
        await embedded.stop("at once");
        await remove();
      };
      return { server, serverAddress: embedded.server, owner, directory, postgresVersion: row?.version ?? "?", close };
    } catch (error) {
      await embedded.stop("at once");
      throw error;
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

/** An empty workspace in USD. */
export async function newWorkspace(books: ScratchBooks): Promise<string> {
  const workspaceId = newId();
  const workspace = { name: "Benchmark", reportingCurrency: "USD", fiscalYearStartMonth: 1 };
  await inWorkspace(books.server, workspaceId, "write", (tx) =>
    createWorkspace(tx, workspace, { actor: "bench", action: "create workspace" }),
  );
  return workspaceId;
}
