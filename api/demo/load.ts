// The demo workspace in Postgres: made once, through the same import as anybody's files; each time only its key is new.

import { createApiKey, listApiKeys, revokeApiKey } from "@accrete/db/identity/store.ts";
import { importFile } from "@accrete/db/ingestion/store.ts";
import { type Database, inWorkspace, type Tx } from "@accrete/db/kernel/database.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { createWorkspace, getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import { demoFiles } from "./files.ts";
import { demoKinds } from "./rows.ts";

/** Always the same, so that a second start finds the first one's workspace. */
export const demoWorkspaceId = "0190a3c4-7de0-7000-8000-00000000de30";
const demoWorkspaceName = "Demo";

const author = { actor: "demo", action: "create workspace" };

export type DemoOptions = {
  /** Names the new key, and the earlier ones that it replaces; "demo" unless told. */
  readonly keyName?: string;
};

/** How to reach the demo. The key has the scope admin and is not kept anywhere. */
export type Demo = { readonly workspaceId: string; readonly apiKey: string };

/**
 * Makes the demo workspace when there is none, finishes one whose making was cut short, and leaves a finished one as it is. Revokes the
 * demo's keys of that name and makes another. Throws the database's errors.
 */
export async function loadDemo(database: Database, options: DemoOptions): Promise<Demo> {
  const inDemo = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(database, demoWorkspaceId, "write", work);
  const version = await inDemo(findLedgerVersion);
  if (version === null) {
    const workspace = { name: demoWorkspaceName, reportingCurrency: "USD", fiscalYearStartMonth: 1 };
    await inDemo((tx) => createWorkspace(tx, workspace, author));
  }
  // Making the workspace is the ledger's first version, and each file one more.
  if (version === null || version < 1n + BigInt(demoKinds.length)) await importFiles(database);
  const apiKey = await inDemo((tx) => renewKey(tx, options.keyName ?? "demo"));
  return { workspaceId: demoWorkspaceId, apiKey };
}

async function findLedgerVersion(tx: Tx): Promise<bigint | null> {
  try {
    return (await getLedgerVersion(tx)).version;
  } catch (error) {
    if (error instanceof AccreteError && error.code === "NOT_FOUND") return null;
    throw error;
  }
}

async function importFiles(database: Database): Promise<void> {
  const files = demoFiles();
  for (const kind of demoKinds) {
    const { outcome, faults } = await importFile(database, demoWorkspaceId, {
      kind,
      format: "csv",
      source: [Buffer.from(files[kind])],
      fileName: `${kind}.csv`,
      actor: author.actor,
      effect: "write",
      unknownNames: "refuse",
      refusals: "all or nothing",
    });
    if (outcome === "REFUSED") throw new Error(`the demo's ${kind} do not import: ${faults[0]?.message}`);
  }
}

async function renewKey(tx: Tx, name: string): Promise<string> {
  const earlier = (await listApiKeys(tx)).filter((key) => key.name === name && key.revokedAt === null);
  for (const { id } of earlier) await revokeApiKey(tx, id);
  return (await createApiKey(tx, { name, scope: "admin", environment: "demo" })).text;
}
