// A workspace to test in. `world()` makes one in a test database; what happens in it is the test's own story.

import { type Database, inWorkspace, type Tx } from "@accrete/db/kernel/database.ts";
import { newId } from "@accrete/db/kernel/ids.ts";
import { createWorkspace } from "@accrete/db/workspaces/store.ts";

export type World = {
  readonly workspaceId: string;
  /** Runs in a transaction of the workspace that sees one snapshot and writes nothing. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs in a transaction of the workspace that commits as a whole. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

export type WorldOptions = {
  readonly name?: string;
  /** ISO 4217; USD unless told. */
  readonly currency?: string;
  /** 1 to 12; January unless told. */
  readonly fiscalYearStartMonth?: number;
};

/** Makes an empty workspace, as the server's role. */
export async function world(db: { readonly api: Database }, options: WorldOptions = {}): Promise<World> {
  const workspaceId = newId();
  const read = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(db.api, workspaceId, "read", work);
  const write = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(db.api, workspaceId, "write", work);
  const workspace = {
    name: options.name ?? "Test workspace",
    reportingCurrency: options.currency ?? "USD",
    fiscalYearStartMonth: options.fiscalYearStartMonth ?? 1,
  };
  await write((tx) => createWorkspace(tx, workspace, { actor: "test", action: "create workspace" }));
  return { workspaceId, read, write };
}
