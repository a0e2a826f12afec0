// The one server of a test run, with a migrated template database that every test file clones. TEST_POSTGRES_BIN names the folder of
// another PostgreSQL to run the same tests on.

import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binariesIn, findBinaries, serverUser } from "@accrete/db/kernel/binaries.ts";
import { startCluster, superuser } from "@accrete/db/kernel/cluster.ts";
import { connect, type DatabaseAddress } from "@accrete/db/kernel/database.ts";
import { migrate } from "@accrete/db/kernel/migrate.ts";
import { stopOrphan } from "@accrete/db/kernel/orphan.ts";
import { isAlive } from "@accrete/db/kernel/processes.ts";
import type { TestProject } from "vitest/node";

export const ownerRole = "accrete_owner";
export const serverRole = "accrete_server";
export const templateDatabase = "accrete_template";
/** Of both roles; a server that is reached through its socket asks for none. */
export const rolePassword = "test-only";

declare module "vitest" {
  interface ProvidedContext {
    /** A superuser's way into the run's server. */
    admin: DatabaseAddress;
  }
}

/** vitest's globalSetup: starts the server, gives its address to the tests, and stops it after the last one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestCluster();
  try {
    await makeTemplate(server.admin);
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide("admin", server.admin);
  return server.stop;
}

async function startTestCluster(): Promise<{ admin: DatabaseAddress; stop(): Promise<void> }> {
  await sweepKilledRuns();
  const directory = await mkdtemp(join(tmpdir(), `${directoryPrefix}${process.pid}-`));
  await chmod(directory, 0o711);
  const runAs = serverUser();
  const given = process.env.TEST_POSTGRES_BIN;
  const binaries = given ? await binariesIn(given, runAs) : await findBinaries(runAs);
  if (!binaries) throw new Error(`no PostgreSQL runs in ${given}`);
  const cluster = await startCluster({ directory, binaries, runAs, durability: "disposable", connectionsMax: 300 });
  const stop = async () => {
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { admin: cluster.address("postgres", superuser), stop };
}

const directoryPrefix = "accrete-test-";

/** A run that was killed leaves its server behind, and nobody else would ever stop it. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(directoryPrefix) ? name.slice(directoryPrefix.length).split("-")[0] : "");
    if (!Number.isInteger(pid) || pid < 2 || isAlive(pid)) continue;
    const directory = join(tmpdir(), name);
    // Another run may sweep at the same time, or the directory be another user's.
    await stopOrphan(join(directory, "postgres")).catch(() => {});
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}

async function makeTemplate(admin: DatabaseAddress): Promise<void> {
  const database = connect(admin, { connectionsMax: 1 });
  try {
    for (const role of [`${ownerRole} login createrole`, `${serverRole} login`]) {
      await database.sql.unsafe(`do $$ begin create role ${role} password '${rolePassword}';
        exception when duplicate_object then null; end $$`);
    }
    await database.sql.unsafe(`drop database if exists ${templateDatabase} with (force)`);
    await database.sql.unsafe(`create database ${templateDatabase} owner ${ownerRole}`);
    // An owner of another test run on the same server may have made this role: grants on it need the admin option.
    await database.sql.unsafe(
      `do $$ begin create role accrete_api nologin; exception when duplicate_object then null; end $$`,
    );
    await database.sql.unsafe(`grant accrete_api to ${ownerRole} with admin option`);
  } finally {
    await database.close();
  }
  const owner = addressOf(admin, templateDatabase, ownerRole);
  await migrate(owner, { user: serverRole, password: rolePassword });
}

/** The address of a database of the run's server, for one of its roles. */
export function addressOf(admin: DatabaseAddress, database: string, user: string): DatabaseAddress {
  if ("socketPath" in admin) return { ...admin, database, user };
  const url = new URL(admin.url);
  url.pathname = `/${database}`;
  url.username = user;
  url.password = rolePassword;
  return { url: url.href };
}
