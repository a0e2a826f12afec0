// A workspace to test in. `world()` makes one in a test database; what happens in it is the test's own story.

import { type KeyScope, keyScopes } from "@accrete/db/identity/scopes.ts";
import { createApiKey } from "@accrete/db/identity/store.ts";
import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import type { ImportFormat } from "@accrete/db/ingestion/reading.ts";
import { type ImportResult, importFile } from "@accrete/db/ingestion/store.ts";
import { type Database, inWorkspace, type Tx } from "@accrete/db/kernel/database.ts";
import { newId } from "@accrete/db/kernel/ids.ts";
import { createWorkspace } from "@accrete/db/workspaces/store.ts";

export type World = {
  readonly workspaceId: string;
  /** The text of a key of each scope. */
  readonly keys: Readonly<Record<KeyScope, string>>;
  /** Runs in a transaction of the workspace that sees one snapshot and writes nothing. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs in a transaction of the workspace that commits as a whole. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Imports a file, given as its text; fails unless it is booked or changes nothing. */
  importText(kind: ImportKind, text: string, format?: ImportFormat): Promise<ImportResult>;
};

export type WorldOptions = {
  readonly name?: string;
  /** ISO 4217; USD unless told. */
  readonly currency?: string;
  /** 1 to 12; January unless told. */
  readonly fiscalYearStartMonth?: number;
};

/** Makes an empty workspace with a key of each scope, as the server's role. */
export async function world(db: { readonly api: Database }, options: WorldOptions = {}): Promise<World> {
  const workspaceId = newId();
  const read = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(db.api, workspaceId, "read", work);
  const write = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(db.api, workspaceId, "write", work);
  const workspace = {
    name: options.name ?? "Test workspace",
    reportingCurrency: options.currency ?? "USD",
    fiscalYearStartMonth: options.fiscalYearStartMonth ?? 1,
  };
  const keys = await write(async (tx) => {
    await createWorkspace(tx, workspace, { actor: "test", action: "create workspace" });
    const texts: Record<KeyScope, string> = { read: "", write: "", admin: "" };
    for (const scope of keyScopes) {
      texts[scope] = (await createApiKey(tx, { name: `test ${scope}`, scope, environment: "live" })).text;
    }
    return texts;
  });
  const importText = async (kind: ImportKind, text: string, format: ImportFormat = "csv") => {
    const result = await importFile(db.api, workspaceId, {
      kind,
      format,
      source: [Buffer.from(text)],
      effect: "write",
      unknownNames: "refuse",
      refusals: "all or nothing",
      fileName: null,
      actor: "test",
    });
    if (result.outcome === "REFUSED") throw new Error(`the file was refused: ${JSON.stringify(result.faults)}`);
    return result;
  };
  return { workspaceId, keys, read, write, importText };
}
