// `accrete doctor`: looks at everything that has to hold before questions can be answered, and says what to do about what does not.

import { existsSync } from "node:fs";
import { findBinaries, serverUser } from "@accrete/db/kernel/binaries.ts";
import { connect, type Database, type DatabaseAddress } from "@accrete/db/kernel/database.ts";
import { hostOf, openEmbedded } from "@accrete/db/kernel/embedded.ts";
import { requireCurrent, schemaStatus } from "@accrete/db/kernel/migrate.ts";
import { OperatorError } from "@accrete/db/kernel/operator.ts";
import { assertSafeRole, unguardedTables } from "@accrete/db/kernel/roles.ts";
import type { Command } from "commander";
import { readSettings, type Settings } from "../settings.ts";
import { requireVersion, workspaceOption } from "./books.ts";
import { examineLedger } from "./doctor-ledger.ts";
import { failureOf } from "./failure.ts";
import { requireFreePort, requireLoopback } from "./listening.ts";

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("Check the settings, the database, its roles and its schema; say what to do about each fault.")
    .option("--ledger", "check a workspace's books instead: rebuild its ledger from the facts, and compare")
    .option("--repair", "with --ledger: book the differences, as reversals and new rows")
    .option(...workspaceOption)
    .addHelpText("after", help)
    .action(async ({ ledger, repair, workspace }: DoctorOptions) => {
      if (!ledger && (repair || workspace)) throw new OperatorError("--repair and --workspace go with --ledger");
      const print = (line: string) => console.log(line);
      const todayOn = new Date().toISOString().slice(0, 10);
      const manner = repair ? "repair" : "examine";
      const faults = ledger
        ? await examineLedger({ workspace, manner, todayOn }, print)
        : await examine(readSettings(process.env), print);
      console.log(faults === 0 ? "All is well." : `${faults} of the above need${faults === 1 ? "s" : ""} mending.`);
      if (faults > 0) process.exitCode = 1;
    });
}

type DoctorOptions = { readonly ledger?: true; readonly repair?: true; readonly workspace?: string };

const help = `
Exits with 1 when anything is wrong. Changes nothing, but for --repair.

Examples:
  accrete doctor
  accrete doctor --ledger --workspace wsp_…
  accrete doctor --ledger --repair`;

type Check = { readonly title: string; readonly run: () => Promise<string> };

/** Runs every check, prints a line for each, and gives the number of faults. A check after a fault still runs where it can. */
async function examine(settings: Settings, print: (line: string) => void): Promise<number> {
  let faults = 0;
  const check = async ({ title, run }: Check) => {
    try {
      print(`  ok     ${title}: ${await run()}`);
      return true;
    } catch (error) {
      faults += 1;
      print(`  WRONG  ${title}: ${failureOf(error).replace(/^accrete: /, "")}`);
      return false;
    }
  };
  await check({ title: "Node", run: async () => process.versions.node });
  const host = settings.database ? null : await hostOf(settings.dataDirectory);
  await check({
    title: "address",
    run: async () => {
      if (!settings.database) requireLoopback(settings.host);
      if (host) return `an Accrete (pid ${host.pid}) serves from ${settings.dataDirectory}`;
      await requireFreePort(settings);
      return `${settings.host}:${settings.port} is free`;
    },
  });
  await withDatabase(settings, check, async (database) => {
    await check({ title: "server's role", run: async () => describeRole(database) });
    await check({ title: "schema", run: async () => describeSchema(database) });
    await check({ title: "row-level security", run: async () => describeGuards(database) });
  });
  if (settings.databaseOwner) {
    const owner = settings.databaseOwner;
    await check({ title: "owner's address", run: () => describeServer(owner) });
  }
  return faults;
}

async function withDatabase(
  settings: Settings,
  check: (check: Check) => Promise<boolean>,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  let address: DatabaseAddress | null = settings.database;
  let leave = async () => {};
  if (!address) {
    const { dataDirectory } = settings;
    await check({
      title: "data directory",
      run: async () => {
        if (!existsSync(dataDirectory)) {
          const { majorVersion } = await findBinaries(serverUser());
          return `${dataDirectory} is not there yet: 'accrete serve' makes it, with PostgreSQL ${majorVersion}`;
        }
        const embedded = await openEmbedded({ dataDirectory, manner: "share", onNotice: () => {} });
        leave = () => embedded.stop("politely");
        address = embedded.server;
        return `${dataDirectory}, with a PostgreSQL of Accrete's own`;
      },
    });
  }
  if (!address) return;
  const known: DatabaseAddress = address;
  try {
    if (!(await check({ title: "database", run: () => describeServer(known) }))) return;
    const database = connect(known, { connectionsMax: 1, applicationName: "accrete doctor" });
    try {
      await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await leave();
  }
}

async function describeServer(address: DatabaseAddress): Promise<string> {
  const database = connect(address, { connectionsMax: 1, applicationName: "accrete doctor" });
  try {
    await requireVersion(database);
    const [row] = await database.sql<{ version: string; role: string; name: string }[]>`
      select current_setting('server_version') as version, current_user::text as role, current_database()::text as name`;
    return `PostgreSQL ${row?.version}, database ${row?.name}, role ${row?.role}`;
  } finally {
    await database.close();
  }
}

async function describeRole(database: Database): Promise<string> {
  await assertSafeRole(database.sql);
  return "row-level security binds it";
}

async function describeSchema(database: Database): Promise<string> {
  const status = await schemaStatus(database.sql);
  requireCurrent(status);
  return `${status.appliedCount} of ${status.knownCount} migrations`;
}

async function describeGuards(database: Database): Promise<string> {
  const { guardedCount, unguarded } = await unguardedTables(database.sql);
  if (unguarded.length === 0) return `forced on ${guardedCount} tables`;
  const remedy = unguarded.map((table) => `alter table ${table} force row level security`).join("; ");
  throw new OperatorError(`not forced on ${unguarded.join(", ")}: as the owner run '${remedy}'`);
}
