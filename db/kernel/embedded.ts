// The embedded default: a PostgreSQL of our own in a data directory, started by whoever comes first and shared with who comes while it
// runs. Makes the owner's role and the database; the schema and the server's role are migrate.ts's.

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findBinaries } from "./binaries.ts";
import { type Cluster, startCluster, superuser } from "./cluster.ts";
import { connect, type DatabaseAddress } from "./database.ts";
import { type LockHolder, lockHolder, takeLock } from "./lockfile.ts";
import { OperatorError } from "./operator.ts";
import { placeCluster } from "./places.ts";
import type { ServerLogin } from "./roles.ts";

const databaseName = "accrete";
const ownerRole = "accrete_owner";
const serverRole = "accrete_server";

/** How to reach the server of a data directory, in each role. */
export type EmbeddedAddresses = {
  readonly owner: DatabaseAddress;
  readonly server: DatabaseAddress;
  /** For setting up, and for looking across workspaces; never to answer. */
  readonly superuser: DatabaseAddress;
  readonly serverLogin: ServerLogin;
};

export type EmbeddedDatabase = EmbeddedAddresses & {
  /** `host`: this process runs the server. `guest`: another one does, and stopping here stops nothing. */
  readonly part: "host" | "guest";
  /** Resolves when the server has ended, asked or not; never for a guest. */
  readonly ended: Promise<void>;
  /** Stops the server and gives the directory up. `politely` first waits for the guests to leave. */
  stop(manner: "at once" | "politely"): Promise<void>;
};

/** The directory belongs to another process just now. */
class DirectoryInUseError extends OperatorError {
  override readonly name = "DirectoryInUseError";
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`another Accrete (pid ${pid}) is using ${directory}: stop it, or set ACCRETE_DATA_DIR to another folder`);
    this.pid = pid;
  }
}

export type EmbeddedOptions = {
  readonly dataDirectory: string;
  /** `alone` refuses a directory in use (DirectoryInUseError); `share` joins the server that runs there. */
  readonly manner: "alone" | "share";
  /** Lines for the operator. */
  readonly onNotice: (line: string) => void;
};

const joinDeadlineMs = 90_000;

/** Opens the database of a data directory: starts its server, or joins it. Throws errors of one line. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const place = await placeCluster(options.dataDirectory);
  if (place.notice) options.onNotice(place.notice);
  const lockFile = lockFileOf(options.dataDirectory);
  const deadline = Date.now() + joinDeadlineMs;
  for (;;) {
    const taken = await takeLock<EmbeddedAddresses>(lockFile);
    if ("lock" in taken) {
      const { lock } = taken;
      try {
        const binaries = await findBinaries(place.runAs);
        const cluster = await startCluster({ ...place, binaries, durability: "durable" });
        const addresses = await setUp(cluster).catch(async (error) => {
          await cluster.stop();
          throw error;
        });
        await lock.publish(addresses);
        const stop = async (manner: "at once" | "politely") => {
          if (manner === "politely") await guestsGone(addresses.superuser);
          await cluster.stop();
          await lock.release();
        };
        return { ...addresses, part: "host", ended: cluster.ended, stop };
      } catch (error) {
        await lock.release();
        throw error;
      }
    }
    const { holder } = taken;
    if (options.manner === "alone" || Date.now() > deadline) {
      throw new DirectoryInUseError(options.dataDirectory, holder.pid);
    }
    if (holder.note && (await answers(holder.note.server))) {
      return { ...holder.note, part: "guest", ended: new Promise(() => {}), stop: async () => {} };
    }
    // It is just starting or just stopping.
    await delay(50);
  }
}

/** Who runs the server of a data directory just now; null when nobody does. */
export function hostOf(dataDirectory: string): Promise<LockHolder<EmbeddedAddresses> | null> {
  return lockHolder(lockFileOf(dataDirectory));
}

function lockFileOf(dataDirectory: string): string {
  return join(dataDirectory, "accrete.lock");
}

/** Makes the owner's role and the database when missing. Every step may have been done before: a killed set-up is simply finished. */
async function setUp(cluster: Cluster): Promise<EmbeddedAddresses> {
  const admin = connect(cluster.address("postgres", superuser), { connectionsMax: 1 });
  try {
    const [found] = await admin.sql<{ role: boolean; database: boolean }[]>`
      select exists (select from pg_roles where rolname = ${ownerRole}) as role,
        exists (select from pg_database where datname = ${databaseName}) as database`;
    const login = cluster.password === null ? "" : ` password '${cluster.password}'`;
    if (!found?.role) await admin.sql.unsafe(`create role ${ownerRole} login createrole${login}`);
    if (!found?.database) await admin.sql.unsafe(`create database ${databaseName} owner ${ownerRole}`);
  } finally {
    await admin.close();
  }
  return {
    owner: cluster.address(databaseName, ownerRole),
    server: cluster.address(databaseName, serverRole),
    superuser: cluster.address(databaseName, superuser),
    serverLogin: { user: serverRole, password: cluster.password },
  };
}

/** Whether the host's server is there: the server's role may not exist before the host has migrated, and that is an answer too. */
async function answers(address: DatabaseAddress): Promise<boolean> {
  const database = connect(address, { connectionsMax: 1 });
  try {
    await database.sql`select 1`;
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "28000";
  } finally {
    await database.close();
  }
}

/** Waits until nobody but us is connected. */
async function guestsGone(address: DatabaseAddress): Promise<void> {
  const database = connect(address, { connectionsMax: 1 });
  try {
    for (;;) {
      const [row] = await database.sql<{ guests: bigint }[]>`
        select count(*) as guests from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()`;
      if (row?.guests === 0n) return;
      await delay(100);
    }
  } finally {
    await database.close();
  }
}
