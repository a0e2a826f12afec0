// `accrete migrate`: brings a database to this program's schema and makes the server's role.

import { type DatabaseAddress, loginOf } from "@accrete/db/kernel/database.ts";
import { openEmbedded } from "@accrete/db/kernel/embedded.ts";
import { type MigrateResult, migrate } from "@accrete/db/kernel/migrate.ts";
import { OperatorError } from "@accrete/db/kernel/operator.ts";
import type { Command } from "commander";
import { readSettings, type Settings } from "../settings.ts";

export function registerMigrate(program: Command): void {
  program
    .command("migrate")
    .description("Bring the database to this program's schema, as its owner, and make the role that serves.")
    .addHelpText(
      "after",
      `
Needs DATABASE_OWNER_URL: a role that owns the database and may make roles (createrole).
With DATABASE_URL set as well, its role is made when missing, with the password of that address.
Without either, migrates the embedded default. Safe to run twice, or twice at once.

Example:
  export DATABASE_OWNER_URL=postgres://accrete_owner:…@db.example.com/accrete
  export DATABASE_URL=postgres://accrete_server:…@db.example.com/accrete
  accrete migrate && accrete serve`,
    )
    .action(async () => {
      const { appliedCount, status } = await migrateBooks(readSettings(process.env));
      const what = appliedCount === 0 ? "nothing to do" : `${appliedCount} migrations applied`;
      console.log(`The schema is current (${status.knownCount} of ${status.knownCount}): ${what}.`);
    });
}

async function migrateBooks(settings: Settings): Promise<MigrateResult> {
  if (settings.databaseOwner) {
    return migrate(settings.databaseOwner, settings.database && requireLogin(settings.database));
  }
  if (settings.database) {
    throw new OperatorError(
      "DATABASE_OWNER_URL must be set: the role of DATABASE_URL serves, and may not change the schema",
    );
  }
  const { dataDirectory } = settings;
  const embedded = await openEmbedded({ dataDirectory, manner: "share", onNotice: (line) => console.error(line) });
  try {
    return await migrate(embedded.owner, embedded.serverLogin);
  } finally {
    await embedded.stop("politely");
  }
}

function requireLogin(address: DatabaseAddress) {
  const login = loginOf(address);
  if (login) return login;
  throw new OperatorError("DATABASE_URL must name its user, as in postgres://accrete_server:password@host/accrete");
}
