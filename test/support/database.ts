// A database of its own for each test file: a clone of the migrated template, made in some tens of milliseconds.

import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { connect, type Database, type DatabaseAddress } from "@accrete/db/kernel/database.ts";
import { inject } from "vitest";
import { addressOf, ownerRole, serverRole, templateDatabase } from "./cluster.ts";

export type TestRole = "api" | "owner" | "superuser";

export type TestDatabase = {
  /** As the server's role: bound by row-level security, and by its grants. */
  readonly api: Database;
  /** As the owner of every table; still bound by row-level security. */
  readonly owner: Database;
  readonly name: string;
  address(role: TestRole): DatabaseAddress;
  /** The same as the text of DATABASE_URL. */
  url(role: TestRole): string;
  /** Closes both pools and drops the database. A database not dropped goes with the run's server. */
  drop(): Promise<void>;
};

/** Clones the template, or (`empty`) makes a database without any schema. */
export async function testDatabase(contents: "migrated" | "empty" = "migrated"): Promise<TestDatabase> {
  const admin = inject("admin");
  const name = `test_${randomBytes(8).toString("hex")}`;
  const template = contents === "migrated" ? templateDatabase : "template1";
  await asAdmin(admin, `create database ${name} owner ${ownerRole} template ${template}`);
  const address = (role: TestRole) =>
    role === "superuser" ? adminOf(admin, name) : addressOf(admin, name, role === "api" ? serverRole : ownerRole);
  const api = connect(address("api"), { connectionsMax: 10, applicationName: "test api" });
  const owner = connect(address("owner"), { connectionsMax: 2, applicationName: "test owner" });
  const drop = async () => {
    await Promise.all([api.close(), owner.close()]);
    await asAdmin(admin, `drop database if exists ${name} with (force)`);
  };
  return { api, owner, name, address, url: (role) => urlOf(address(role)), drop };
}

function adminOf(admin: DatabaseAddress, database: string): DatabaseAddress {
  if ("socketPath" in admin) return { ...admin, database };
  const url = new URL(admin.url);
  url.pathname = `/${database}`;
  return { url: url.href };
}

function urlOf(address: DatabaseAddress): string {
  if ("url" in address) return address.url;
  const { socketPath, database, user } = address;
  return `postgres://${user}@/${database}?host=${encodeURIComponent(dirname(socketPath))}`;
}

async function asAdmin(admin: DatabaseAddress, statement: string): Promise<void> {
  const database = connect(admin, { connectionsMax: 1, applicationName: "test admin" });
  try {
    await database.sql.unsafe(statement);
  } finally {
    await database.close();
  }
}
