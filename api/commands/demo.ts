// `accrete demo`: the demo workspace, made or brought back to its first state; and the key of it that `serve` hands out.

import { createApiKey, listApiKeys, revokeApiKey } from "@accrete/db/identity/store.ts";
import { connect, type Database, inWorkspace } from "@accrete/db/kernel/database.ts";
import type { EmbeddedDatabase } from "@accrete/db/kernel/embedded.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import type { Command } from "commander";
import { writeDemoFiles } from "../demo/files.ts";
import { demoWorkspaceName, loadDemo } from "../demo/load.ts";
import { readSettings } from "../settings.ts";
import { openBooks } from "./books.ts";

export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("Make the demo workspace in the database, or write its files for you to look at.")
    .option(
      "--out <folder>",
      "write catalog.csv, accounts.csv and contract-lines.csv there; the database stays as it is",
    )
    .addHelpText(
      "after",
      `
'accrete serve' makes it by itself on the embedded default. On a database of yours, this makes it and prints a key.

Examples:
  accrete demo
  accrete demo --out demo-files`,
    )
    .action(async ({ out }: { readonly out?: string }) => {
      if (out !== undefined) {
        for (const path of await writeDemoFiles(out)) console.log(path);
        return;
      }
      const books = await openBooks(readSettings(process.env));
      try {
        const { workspaceId, apiKey } = await loadDemo(books.database, {});
        console.log(`Workspace  ${publicId("workspace", workspaceId)}\nKey        ${apiKey}`);
      } finally {
        await books.close();
      }
    });
}

const servedKeyName = "demo (accrete serve)";

/**
 * A key of the demo workspace for as long as this server runs; makes the workspace in a database that has none at all. Null when the
 * database holds other workspaces only: somebody works with it, and asked for no demo.
 */
export async function openDemo(embedded: EmbeddedDatabase, database: Database): Promise<string | null> {
  const workspaces = await listWorkspaces(embedded);
  if (workspaces.length === 0) {
    console.log("Loading the demo workspace …");
    return (await loadDemo(database, {})).apiKey;
  }
  const demo = workspaces.find(({ name }) => name === demoWorkspaceName);
  if (!demo) return null;
  return inWorkspace(database, demo.workspaceId, "write", async (tx) => {
    // A server that was killed could not take its key back.
    const old = (await listApiKeys(tx)).filter(({ name, revokedAt }) => name === servedKeyName && revokedAt === null);
    for (const { id } of old) await revokeApiKey(tx, id);
    return (await createApiKey(tx, { name: servedKeyName, scope: "admin", environment: "demo" })).text;
  });
}

/** Every workspace of the embedded default: row-level security shows them to its superuser only. */
async function listWorkspaces(embedded: EmbeddedDatabase): Promise<readonly { workspaceId: string; name: string }[]> {
  const database = connect(embedded.superuser, { connectionsMax: 1 });
  try {
    return await database.sql<{ workspaceId: string; name: string }[]>`
      select workspace_id as "workspaceId", name from workspaces order by created_at`;
  } finally {
    await database.close();
  }
}
