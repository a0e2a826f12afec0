// What every other test stands on: the clone of the template, and the two roles.

import type { Tx } from "@accrete/db/kernel/database.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test("the server's role reads the books and owns nothing", async () => {
  const [row] = await db.api.sql`select current_user::text as role, (select count(*) from workspaces) as workspaces,
    (select count(*) from pg_tables where tableowner = current_user) as owned`;
  expect(row).toEqual({ role: "accrete_server", workspaces: 0n, owned: 0n });
});

test("a world's rows are seen in its own workspace and in no other", async () => {
  const [ours, theirs] = [await world(db, { name: "Ours" }), await world(db, { name: "Theirs" })];
  const names = (tx: Tx) => tx.sql<{ name: string }[]>`select name from workspaces`;
  expect(await ours.read(names)).toEqual([{ name: "Ours" }]);
  expect(await theirs.read(names)).toEqual([{ name: "Theirs" }]);
});
