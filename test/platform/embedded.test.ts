// The embedded default: one process holds the directory, others join it, and no kill loses a committed row.

import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "@accrete/db/kernel/database.ts";
import { type EmbeddedDatabase, openEmbedded } from "@accrete/db/kernel/embedded.ts";
import { isAlive } from "@accrete/db/kernel/processes.ts";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../support/directory.ts";
import { runScript } from "../support/program.ts";

const notices: string[] = [];

async function open(dataDirectory: string, manner: "alone" | "share" = "alone"): Promise<EmbeddedDatabase> {
  const embedded = await openEmbedded({ dataDirectory, manner, onNotice: (line) => notices.push(line) });
  onTestFinished(() => embedded.stop("at once"));
  return embedded;
}

const host = (directory: string, manner = "alone") => runScript("test/platform/programs/host.ts", [directory, manner]);

async function serverPid(directory: string): Promise<number> {
  return Number((await readFile(join(directory, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);
}

/** The highest row that the program said it had committed, once it has said so a few times. */
async function committedBy(program: ReturnType<typeof host>): Promise<number> {
  await program.sees(/committed 20\./);
  return Math.max(...[...program.text.matchAll(/committed (\d+)\./g)].map(([, n]) => Number(n)));
}

async function countRows(embedded: EmbeddedDatabase): Promise<number> {
  const database = connect(embedded.owner, { connectionsMax: 1 });
  try {
    const [row] = await database.sql<{ rows: bigint }[]>`select count(*) as rows from rows_kept`;
    return Number(row?.rows);
  } finally {
    await database.close();
  }
}

test("a second process is refused in one line that names the first", async () => {
  const directory = await temporaryDirectory();
  await open(directory);
  const second = host(directory);
  const [, line] = await second.sees(/refused: (.*)/);
  expect(line).toBe(
    `another Accrete (pid ${process.pid}) is using ${directory}: stop it, or set ACCRETE_DATA_DIR to another folder`,
  );
});

test("a command joins the server that runs, and the server's polite stop waits for it to leave", async () => {
  const directory = await temporaryDirectory();
  const embedded = await open(directory);
  const guest = host(directory, "share");
  await guest.sees(/^guest backend \d+/m);
  let isStopped = false;
  const stopping = embedded.stop("politely").then(() => {
    isStopped = true;
  });
  const seen = guest.text.length;
  await guest.sees(new RegExp(`^[\\s\\S]{${seen},}committed`));
  expect(isStopped).toBe(false);
  guest.kill("SIGKILL");
  await stopping;
  expect(existsSync(join(directory, "accrete.lock"))).toBe(false);
});

test("when two come at once, one becomes the host and the other its guest", async () => {
  const directory = await temporaryDirectory();
  const both = [host(directory, "share"), host(directory, "share")];
  const parts = await Promise.all(both.map(async (program) => (await program.sees(/^(host|guest) backend/m))[1]));
  expect(parts.sort()).toEqual(["guest", "host"]);
  for (const program of both) program.kill("SIGKILL");
  await Promise.all(both.map((program) => program.ended));
  await open(directory);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("a %s that a command does not handle ends its server too", async (signal, code) => {
  const directory = await temporaryDirectory();
  const program = host(directory);
  await program.sees(/committed 1\./);
  const server = await serverPid(directory);
  program.kill(signal);
  expect(await program.end()).toEqual({ code, signal: null });
  await expect.poll(() => isAlive(server), { timeout: 45_000, interval: 20 }).toBe(false);
});

test("after the host is killed its server lives on, and the next start stops it and finds every committed row", async () => {
  const directory = await temporaryDirectory();
  const killed = host(directory);
  const committed = await committedBy(killed);
  const orphan = await serverPid(directory);
  killed.kill("SIGKILL");
  await killed.ended;
  expect(isAlive(orphan)).toBe(true);
  const embedded = await open(directory);
  expect(isAlive(orphan)).toBe(false);
  expect(await countRows(embedded)).toBeGreaterThanOrEqual(committed);
});

test("after host and server are killed together, the next start finds every committed row", async () => {
  const directory = await temporaryDirectory();
  const killed = host(directory);
  const committed = await committedBy(killed);
  process.kill(await serverPid(directory), "SIGKILL");
  killed.kill("SIGKILL");
  await killed.ended;
  expect(await countRows(await open(directory))).toBeGreaterThanOrEqual(committed);
});

test("a pid file whose process is now somebody else's does not keep the server from starting", async () => {
  const directory = await temporaryDirectory();
  const first = await open(directory);
  await first.stop("at once");
  const pidFile = join(directory, "postgres", "postmaster.pid");
  await writeFile(pidFile, `${process.pid}\n${join(directory, "postgres")}\n1700000000\n5432\n\n\n`);
  await open(directory);
  expect(await serverPid(directory)).not.toBe(process.pid);
});

test("a lock whose pid is now somebody else's is taken over", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "accrete.lock"), JSON.stringify({ pid: process.pid, birth: "long ago", note: null }));
  expect((await open(directory)).part).toBe("host");
});

test("what a killed set-up left behind is made anew", async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "postgres.new"), { recursive: true });
  await writeFile(join(directory, "postgres.new", "PG_VERSION"), "1");
  await writeFile(join(directory, "accrete.lock"), "{");
  expect((await open(directory)).part).toBe("host");
});

test("a directory of another PostgreSQL version is refused, naming both", async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "postgres"));
  await writeFile(join(directory, "postgres", "PG_VERSION"), "9.6\n");
  await expect(open(directory)).rejects.toThrow(
    /postgres was made by PostgreSQL 9\.6, and the one here is \d+: run the version/,
  );
  expect(existsSync(join(directory, "accrete.lock"))).toBe(false);
});

test("a directory whose name is too long for a socket is served all the same", async () => {
  const directory = join(await temporaryDirectory(), "long".repeat(30));
  const { server } = await open(directory);
  expect("socketPath" in server && Buffer.byteLength(server.socketPath)).toBeLessThan(104);
});

test("root keeps the books elsewhere when nobody cannot reach the folder, and says so; a user keeps them where told", async () => {
  const closed = join(await temporaryDirectory(), "closed");
  await mkdir(closed, { mode: 0o700 });
  const directory = join(closed, "data");
  notices.length = 0;
  const embedded = await open(directory);
  await embedded.stop("at once");
  const isRoot = process.getuid?.() === 0;
  expect(existsSync(join(directory, "postgres"))).toBe(!isRoot);
  for (const line of notices) await rm(line.slice(line.lastIndexOf(" ") + 1), { recursive: true });
  const notice = /^PostgreSQL cannot run as root, .* cannot reach \S+\/closed\/data: the books are kept in \S+$/;
  expect(notices.map((line) => notice.test(line))).toEqual(isRoot ? [true] : []);
});
