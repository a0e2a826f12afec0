// One PostgreSQL data directory: made by initdb, served by a child of this process, stopped with it. Knows nothing of Accrete's roles
// or of who else may want the directory: that is embedded.ts.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { PostgresBinaries, RunAs } from "./binaries.ts";
import { connect, type DatabaseAddress } from "./database.ts";
import { OperatorError } from "./operator.ts";
import { stopOrphan } from "./orphan.ts";

const run = promisify(execFile);

/** Made by initdb; used to set a cluster up, never to answer. */
export const superuser = "postgres";

/** `durable` survives a power cut; `disposable` (tests) skips every fsync. */
export type Durability = "durable" | "disposable";

export type ClusterOptions = {
  /** The folder that holds the data directory ("postgres"), the socket and the log. Made when missing. */
  readonly directory: string;
  readonly binaries: PostgresBinaries;
  /** Null: as this process' own user. */
  readonly runAs: RunAs | null;
  readonly durability: Durability;
  /** 100 unless told. */
  readonly connectionsMax?: number;
};

export type Cluster = {
  readonly pid: number;
  /** Of every role; null where the socket's folder is the guard. */
  readonly password: string | null;
  address(database: string, user: string): DatabaseAddress;
  /** Fast shutdown: open transactions are rolled back. Resolves once the server is gone. */
  stop(): Promise<void>;
  /** Resolves when the server has ended, asked or not. */
  readonly ended: Promise<void>;
};

/** How to reach a server: its socket's folder, or (Windows has no 0700 folders) a loopback port and a password. */
type Door = { readonly socketFolder: string } | { readonly port: number; readonly password: string };

const startDeadlineMs = 60_000;
const stopDeadlineMs = 30_000;

/** Starts the server of a directory and waits until it answers. Throws OperatorError in one line. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { runAs } = options;
  const place = { ...options, dataFolder: join(options.directory, "postgres") };
  await mkdir(options.directory, { recursive: true });
  await initialize(place);
  await stopOrphan(place.dataFolder);
  const door = await openDoor(options.directory, runAs);
  const log = await open(join(options.directory, "postgres.log"), "w", 0o600);
  try {
    const child = spawn(options.binaries.postgres, ["-D", place.dataFolder, ...serverFlags(options, door)], {
      ...runAs,
      cwd: options.directory,
      stdio: ["ignore", log.fd, log.fd],
      // A process group of its own: Ctrl-C in a terminal reaches this process only, which drains its requests first.
      detached: true,
    });
    return await superviseUntilReady(child, door, options);
  } finally {
    await log.close();
  }
}

type Place = ClusterOptions & { readonly dataFolder: string };

/** initdb into a folder beside, renamed when complete: a killed initdb leaves nothing that looks like a data directory. */
async function initialize({ directory, dataFolder, binaries, runAs, durability }: Place): Promise<void> {
  const madeBy = await versionOf(dataFolder);
  if (madeBy !== null) {
    if (Number(madeBy) === binaries.majorVersion) return;
    throw new OperatorError(
      `${dataFolder} was made by PostgreSQL ${madeBy.trim()}, and the one here is ${binaries.majorVersion}: run the version that made it, or use another ACCRETE_DATA_DIR`,
    );
  }
  const draft = join(directory, "postgres.new");
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (runAs) await chown(draft, runAs.uid, runAs.gid);
  const flags = ["-D", draft, "-U", superuser, "-E", "UTF8", "--locale=C", "--no-instructions"];
  if (durability === "disposable") flags.push("--no-sync");
  try {
    if (process.platform === "win32") {
      const password = randomBytes(24).toString("base64url");
      const passwordFile = join(directory, "postgres.password");
      await writeFile(passwordFile, password, { mode: 0o600 });
      flags.push("--auth=scram-sha-256", `--pwfile=${passwordFile}`);
    } else flags.push("--auth=trust");
    await run(binaries.initdb, flags, { ...runAs, cwd: directory, timeout: startDeadlineMs });
    await rename(draft, dataFolder);
  } catch (error) {
    const output = (error as { stderr?: string }).stderr?.trim().split("\n").at(-1) || String(error);
    throw new OperatorError(`initdb could not make ${dataFolder}: ${output}`);
  }
}

async function versionOf(dataFolder: string): Promise<string | null> {
  try {
    return await readFile(join(dataFolder, "PG_VERSION"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new OperatorError(`${dataFolder} belongs to another user: run as that user, or use another ACCRETE_DATA_DIR`);
  }
}

// sockaddr_un holds 104 bytes on macOS, 108 on Linux.
const socketPathBytesMax = 103;
const portName = 5432;
const socketName = `.s.PGSQL.${portName}`;

async function openDoor(directory: string, runAs: RunAs | null): Promise<Door> {
  if (process.platform === "win32") {
    return { port: await freePort(), password: await readFile(join(directory, "postgres.password"), "utf8") };
  }
  const beside = join(directory, "socket");
  const fits = Buffer.byteLength(join(beside, socketName)) <= socketPathBytesMax;
  const socketFolder = fits ? beside : await mkdtemp(join(tmpdir(), "accrete-"));
  // A killed server leaves its socket's lock, which names a pid that may be somebody else's by now.
  if (fits) await rm(socketFolder, { recursive: true, force: true });
  await mkdir(socketFolder, { recursive: true, mode: 0o700 });
  if (runAs) await chown(socketFolder, runAs.uid, runAs.gid);
  return { socketFolder };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

function serverFlags(options: ClusterOptions, door: Door): string[] {
  const settings: Record<string, string> = {
    jit: "off",
    // After a large import the planner's statistics are stale until autovacuum comes round.
    autovacuum_naptime: "10s",
    // Statements and the values that clash hold customers' names: they stay out of the log.
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    max_connections: String(options.connectionsMax ?? 100),
    ...("port" in door
      ? { listen_addresses: "127.0.0.1", port: String(door.port) }
      : { listen_addresses: "", port: String(portName), unix_socket_directories: door.socketFolder }),
    ...(options.durability === "disposable"
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }
      : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

const deadlySignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that nobody else handles would end this process without its exit handlers, and leave the server behind. */
function exitUnheard(signal: NodeJS.Signals): void {
  const others = process.listeners(signal).filter((listener) => listener !== exitUnheard);
  if (others.length === 0) process.exit(128 + constants.signals[signal]);
}

async function superviseUntilReady(child: ChildProcess, door: Door, options: ClusterOptions): Promise<Cluster> {
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const finish = () => {
      isOver = true;
      process.off("exit", killAtExit);
      for (const signal of deadlySignals) process.off(signal, exitUnheard);
      resolve();
    };
    child.once("exit", finish).once("error", finish);
  });
  // A process that ends without stopping its server (a failed start, an uncaught error) must not leave it behind.
  const killAtExit = () => void child.kill("SIGINT");
  process.on("exit", killAtExit);
  // First in line: a listener that hears a signal once is still listed then.
  for (const signal of deadlySignals) process.prependListener(signal, exitUnheard);

  const address = (database: string, user: string): DatabaseAddress =>
    "port" in door
      ? { url: `postgres://${user}:${door.password}@127.0.0.1:${door.port}/${database}` }
      : { socketPath: join(door.socketFolder, socketName), database, user };
  const stop = async () => {
    if (!isOver) await askToStop(child, options);
    const gone = await Promise.race([ended.then(() => true), delay(stopDeadlineMs, false, { ref: false })]);
    if (!gone) child.kill("SIGQUIT");
    await ended;
    if ("socketFolder" in door) await rm(door.socketFolder, { recursive: true, force: true });
  };

  const deadline = Date.now() + startDeadlineMs;
  while (!(await answers(address("postgres", superuser)))) {
    if (isOver || Date.now() > deadline) {
      await stop();
      throw new OperatorError(`PostgreSQL did not start: ${await lastLogLine(options.directory)}`);
    }
    await Promise.race([ended, delay(15)]);
  }
  return { pid: child.pid ?? 0, password: "password" in door ? door.password : null, address, stop, ended };
}

async function askToStop(child: ChildProcess, options: ClusterOptions): Promise<void> {
  // Windows has no signals: there a kill would be a crash.
  if (process.platform !== "win32") child.kill("SIGINT");
  else await run(options.binaries.pgCtl, ["stop", "-D", join(options.directory, "postgres"), "-m", "fast", "-W"]);
}

async function answers(address: DatabaseAddress): Promise<boolean> {
  if ("socketPath" in address && !(await stat(address.socketPath).catch(() => null))) return false;
  const database = connect(address, { connectionsMax: 1 });
  try {
    await database.sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await database.close();
  }
}

async function lastLogLine(directory: string): Promise<string> {
  const log = join(directory, "postgres.log");
  const lines = (await readFile(log, "utf8").catch(() => "")).trim().split("\n");
  const fatal = lines.filter((line) => /FATAL|PANIC|ERROR/.test(line)).at(-1) ?? lines.at(-1) ?? "";
  return `${fatal.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, "")} (see ${log})`;
}
