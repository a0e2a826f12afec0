// Row-level security binds a plain role only: every other kind is refused before a question is answered.

import { connect } from "@accrete/db/kernel/database.ts";
import { assertSafeRole, grantServerRole, unguardedTables } from "@accrete/db/kernel/roles.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

async function refusalOf(address: Parameters<typeof connect>[0], prepare = "select 1"): Promise<string> {
  const database = connect(address, { connectionsMax: 1 });
  try {
    await database.sql.unsafe(prepare);
    await assertSafeRole(database.sql);
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  } finally {
    await database.close();
  }
}

/** Makes a role for one test, takes it away again, and gives what assertSafeRole says of it. */
async function refusalOfRole(attributes: string, grants: (role: string) => string = () => "select 1"): Promise<string> {
  const role = `${db.name}_role`;
  const admin = connect(db.address("superuser"), { connectionsMax: 1 });
  try {
    await admin.sql.unsafe(`create role ${role} login ${attributes} password 'test-only'`);
    await admin.sql.unsafe(grants(role));
    const refusal = await refusalOf({ ...db.address("superuser"), user: role } as Parameters<typeof connect>[0]);
    return refusal.replaceAll(role, "ROLE");
  } finally {
    await admin.sql.unsafe(`drop owned by ${role}`);
    await admin.sql.unsafe(`drop role ${role}`);
    await admin.close();
  }
}

test("the server's role is accepted", async () => {
  expect(await refusalOf(db.address("api"))).toBe("accepted");
});

test("a superuser is refused, with the remedy", async () => {
  expect(await refusalOf(db.address("superuser"))).toBe(
    "the role 'postgres' is a superuser, so one workspace could read another's rows: give DATABASE_URL a plain role of its own " +
      "(for example accrete_server) and run 'accrete migrate' with this one as DATABASE_OWNER_URL, which makes it",
  );
});

test("the owner of the tables is refused", async () => {
  expect(await refusalOf(db.address("owner"))).toContain("the role 'accrete_owner' owns the table account_merges, so");
});

test("a role with BYPASSRLS is refused", async () => {
  expect(await refusalOfRole("bypassrls")).toContain("the role 'ROLE' has BYPASSRLS, so");
});

test("a role that can make roles is refused: it could make itself anything", async () => {
  expect(await refusalOfRole("createrole")).toContain("the role 'ROLE' has CREATEROLE, so");
});

test("a role that can become the owner is refused", async () => {
  const refusal = await refusalOfRole("", (role) => `grant accrete_owner to ${role}`);
  expect(refusal).toContain("the role 'ROLE' can become 'accrete_owner', which owns the table account_merges, so");
});

test("a superuser in a plain role's clothes is refused: it can put them off again", async () => {
  expect(await refusalOf(db.address("superuser"), "set role accrete_server")).toContain(
    "the role 'postgres' is a superuser, so",
  );
});

test("row-level security is forced on every table of a workspace", async () => {
  const { guardedCount, unguarded } = await unguardedTables(db.api.sql);
  expect(unguarded).toEqual([]);
  expect(guardedCount).toBeGreaterThanOrEqual(15);
});

test("a table without forced row-level security is named", async () => {
  const other = await testDatabase();
  await other.owner.sql.unsafe("alter table movements no force row level security");
  expect((await unguardedTables(other.owner.sql)).unguarded).toEqual(["movements"]);
  await other.drop();
});

test("owner and server may not be one role", async () => {
  await expect(grantServerRole(db.owner.sql, { user: "accrete_owner", password: null })).rejects.toThrow(
    "DATABASE_URL and DATABASE_OWNER_URL name the same role 'accrete_owner'",
  );
});
