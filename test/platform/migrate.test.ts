// Migrations: one at a time, whole or not at all, never by a program older than the schema.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { binariesIn, findBinaries, serverUser } from "@accrete/db/kernel/binaries.ts";
import { startCluster, superuser } from "@accrete/db/kernel/cluster.ts";
import { connect, type Database, type DatabaseAddress } from "@accrete/db/kernel/database.ts";
import { migrate, requireCurrent, schemaStatus } from "@accrete/db/kernel/migrate.ts";
import { expect, onTestFinished, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryDirectory } from "../support/directory.ts";
import { runScript } from "../support/program.ts";

async function database(contents: "migrated" | "empty"): Promise<TestDatabase> {
  const db = await testDatabase(contents);
  onTestFinished(() => db.drop());
  return db;
}

function asSuperuser(db: TestDatabase): Database {
  const admin = connect(db.address("superuser"), { connectionsMax: 2 });
  onTestFinished(() => admin.close());
  return admin;
}

/** A role of this test, gone with its database. */
async function roleOf(db: TestDatabase, admin: Database, attributes: string): Promise<string> {
  const role = `${db.name}_owner`;
  await admin.sql.unsafe(`create role ${role} login ${attributes} password 'test-only'`);
  await admin.sql.unsafe(`alter database ${db.name} owner to ${role}`);
  onTestFinished(async () => {
    await admin.sql.unsafe(`alter database ${db.name} owner to accrete_owner`);
    await admin.sql.unsafe(`drop owned by ${role}`);
    await admin.sql.unsafe(`drop role ${role}`);
  });
  return role;
}

test("an empty database becomes current, and migrating again changes nothing", async () => {
  const db = await database("empty");
  const { knownCount } = await schemaStatus(db.owner.sql);
  expect(await migrate(db.address("owner"), null)).toEqual({
    appliedCount: knownCount,
    status: { state: "CURRENT", appliedCount: knownCount, knownCount },
  });
  expect((await migrate(db.address("owner"), null)).appliedCount).toBe(0);
});

test("of four migrators at once, one migrates and the others wait for it", async () => {
  const db = await database("empty");
  const results = await Promise.all([1, 2, 3, 4].map(() => migrate(db.address("owner"), null)));
  const applied = results.map(({ appliedCount }) => appliedCount).sort((a, b) => a - b);
  expect(applied).toEqual([0, 0, 0, results[0]?.status.knownCount]);
});

test("a migration that is killed half-way leaves nothing behind, and runs again", async () => {
  const db = await database("empty");
  const admin = asSuperuser(db);
  // Whoever changes the database's rights holds its row: the migration, half done by then, waits for it.
  const blocker = await admin.sql.reserve();
  await blocker.unsafe("begin");
  await blocker.unsafe(`grant connect on database ${db.name} to accrete_server`);
  const migrator = runScript("test/platform/programs/migrator.ts", [JSON.stringify(db.address("owner"))]);
  await expect
    .poll(
      () => admin.sql`select wait_event_type as waits_for from pg_stat_activity
        where application_name = 'accrete migrate' and datname = ${db.name}`,
      { timeout: 15_000, interval: 20 },
    )
    .toEqual([{ waits_for: "Lock" }]);
  migrator.kill("SIGKILL");
  await migrator.ended;
  await blocker.unsafe("rollback");
  blocker.release();
  const again = await migrate(db.address("owner"), null);
  expect(again.appliedCount).toBe(again.status.knownCount);
});

test("a schema that this program does not know is refused by the migrator and by the server", async () => {
  const db = await database("migrated");
  await db.owner.sql`insert into schema_migrations (hash, created_at) values ('later', 4102444800000)`;
  const refusal =
    "the database's schema is newer than this program: a later version of Accrete migrated it; run that version";
  await expect(migrate(db.address("owner"), null)).rejects.toThrow(refusal);
  const status = await schemaStatus(db.api.sql);
  expect(status.state).toBe("NEWER");
  expect(() => requireCurrent(status)).toThrow(refusal);
});

test("a schema that is behind is refused by the server with the command that mends it", async () => {
  const db = await database("migrated");
  await db.owner.sql`delete from schema_migrations where created_at = (select max(created_at) from schema_migrations)`;
  const status = await schemaStatus(db.api.sql);
  expect(status.state).toBe("BEHIND");
  expect(() => requireCurrent(status)).toThrow("run 'accrete migrate' with DATABASE_OWNER_URL");
});

test("an owner that may not make roles is told so before anything is changed", async () => {
  const db = await database("empty");
  const admin = asSuperuser(db);
  const role = await roleOf(db, admin, "nocreaterole");
  const owner = { ...db.address("superuser"), user: role } as DatabaseAddress;
  await expect(migrate(owner, null)).rejects.toThrow(
    `the role '${role}' of DATABASE_OWNER_URL cannot make roles: as a superuser run 'alter role "${role}" createrole'`,
  );
  expect((await schemaStatus(admin.sql)).state).toBe("EMPTY");
});

test("an owner that may not pass the API's rights on is told which statement mends it", async () => {
  const db = await database("empty");
  const admin = asSuperuser(db);
  const role = await roleOf(db, admin, "createrole");
  const owner = { ...db.address("superuser"), user: role } as DatabaseAddress;
  const login = { user: `${db.name}_server`, password: null };
  onTestFinished(() => void admin.sql.unsafe(`drop role if exists ${login.user}`));
  const outcome = await migrate(owner, login).then(
    () => "granted",
    (error: Error) => error.message,
  );
  const [version] = await admin.sql<{ number: string }[]>`select current_setting('server_version_num') as number`;
  // Before 16, whoever may make roles may grant any.
  expect(outcome).toBe(
    Number(version?.number) < 160_000
      ? "granted"
      : `the role '${role}' may not grant accrete_api: as a superuser run 'grant accrete_api to "${role}" with admin option'`,
  );
});

test("the server's role is made with the address' password, which the server never sees in the clear", async () => {
  const directory = await temporaryDirectory();
  const runAs = serverUser();
  const given = process.env.TEST_POSTGRES_BIN;
  const binaries = (given && (await binariesIn(given, runAs))) || (await findBinaries(runAs));
  const cluster = await startCluster({ directory, binaries, runAs, durability: "disposable" });
  onTestFinished(() => cluster.stop());
  const admin = connect(cluster.address("postgres", superuser), { connectionsMax: 1 });
  onTestFinished(() => admin.close());
  await admin.sql.unsafe("create role accrete_owner login createrole password 'of the owner'");
  await admin.sql.unsafe("create database accrete owner accrete_owner");
  await writeFile(
    join(directory, "postgres", "pg_hba.conf"),
    `local all ${superuser} trust\nlocal all all scram-sha-256\n`,
  );
  await admin.sql`select pg_reload_conf()`;

  const password = `p@ss'w"örd \\ 1`;
  const owner = { ...cluster.address("accrete", "accrete_owner"), password: "of the owner" };
  await migrate(owner, { user: "the server", password });

  const roleWith = async (text: string) => {
    const db = connect({ ...cluster.address("accrete", "the server"), password: text }, { connectionsMax: 1 });
    try {
      return (await db.sql`select current_user::text as role`)[0]?.role;
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      await db.close();
    }
  };
  expect(await roleWith(password)).toBe("the server");
  expect(await roleWith("wrong")).toBe("28P01");
});
