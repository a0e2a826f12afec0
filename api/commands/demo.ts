// `accrete demo`: the demo workspace and a key to it, on any database; and the key of it that `serve` hands out on the embedded default.

import { connect, type Database } from "@accrete/db/kernel/database.ts";
import type { EmbeddedDatabase } from "@accrete/db/kernel/embedded.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import type { Command } from "commander";
import { writeDemoFiles } from "../demo/files.ts";
import { demoWorkspaceId, loadDemo } from "../demo/load.ts";
import { readSettings } from "../settings.ts";
import { openBooks } from "./books.ts";

export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("Make the demo workspace in the database and print a key, or write its files for you to look at.")
    .option(
      "--out <folder>",
      "write catalog.csv, accounts.csv and contract-lines.csv there; the database stays as it is",
    )
    .addHelpText(
      "after",
      `
'accrete serve' makes it by itself on an embedded default that is empty. On any other database this makes it; where it is already, it
stays as it is and its key is replaced.

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

/**
 * A key of the demo workspace for this server's time, in place of the last server's; makes the workspace in a database that has none at
 * all. Null when the database holds other workspaces only: somebody works with it, and asked for no demo.
 */
export async function openDemo(embedded: EmbeddedDatabase, database: Database): Promise<string | null> {
  const workspaces = await listWorkspaces(embedded);
  if (workspaces.length === 0) console.log("Loading the demo workspace …");
  else if (!workspaces.includes(demoWorkspaceId)) return null;
  return (await loadDemo(database, { keyName: "accrete serve" })).apiKey;
}

/** Every workspace of the embedded default: row-level security shows them to its superuser only. */
async function listWorkspaces(embedded: EmbeddedDatabase): Promise<readonly string[]> {
  const database = connect(embedded.superuser, { connectionsMax: 1 });
  try {
    const rows = await database.sql<{ id: string }[]>`select workspace_id as id from workspaces`;
    return rows.map(({ id }) => id);
  } finally {
    await database.close();
  }
}
