// The workspace of a transaction ends with it: what a connection served before is nothing to what it serves next.

import { connect, type Database, inWorkspace } from "@accrete/db/kernel/database.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let one: World;
let other: World;
/** One connection, so that every transaction follows another on it. */
let connection: Database;
beforeAll(async () => {
  db = await testDatabase();
  one = await world(db);
  other = await world(db);
  connection = connect(db.address("api"), { connectionsMax: 1 });
});
afterAll(async () => {
  await connection.close();
  await db.drop();
});

async function seenWithoutContext() {
  const [row] = await connection.sql<{ workspaces: bigint; setting: string | null }[]>`
    select (select count(*) from workspaces) as workspaces, nullif(current_setting('app.workspace_id', true), '') as setting`;
  return row;
}

test("a connection keeps no workspace after a transaction, committed or not", async () => {
  const nothing = { workspaces: 0n, setting: null };
  expect(await seenWithoutContext()).toEqual(nothing);
  await inWorkspace(connection, one.workspaceId, "read", async () => {});
  expect(await seenWithoutContext()).toEqual(nothing);
  await inWorkspace(connection, one.workspaceId, "write", async () => {});
  expect(await seenWithoutContext()).toEqual(nothing);
  const failing = inWorkspace(connection, one.workspaceId, "write", () => Promise.reject(new Error("given up")));
  await expect(failing).rejects.toThrow("given up");
  expect(await seenWithoutContext()).toEqual(nothing);
});

test("a hundred transactions of two workspaces at once each see their own rows alone", async () => {
  const seen = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const { workspaceId } = index % 2 === 0 ? one : other;
      const rows = await inWorkspace(
        db.api,
        workspaceId,
        "read",
        // Without a condition of its own: row-level security is the only wall here.
        (tx) => tx.sql<{ workspace_id: string }[]>`select workspace_id from workspaces`,
      );
      return rows.length === 1 && rows[0]?.workspace_id === workspaceId;
    }),
  );
  expect(seen.filter((isOwn) => !isOwn)).toEqual([]);
});
