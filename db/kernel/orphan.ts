// A server whose parent was killed lives on and holds its data directory. This stops it, once sure that it is a server of that
// very directory; a pid file that outlived its process is PostgreSQL's own business and is left to it.

import { readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commandOf, isAlive } from "./processes.ts";

const stopDeadlineMs = 30_000;

/** Stops the server that still runs on the data directory, if one does. */
export async function stopOrphan(dataFolder: string): Promise<void> {
  const pidFile = join(dataFolder, "postmaster.pid");
  const text = await readFile(pidFile, "utf8").catch(() => null);
  if (text === null) return;
  const [pidLine = "", folderLine = ""] = text.split("\n");
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return;
  const command = await commandOf(pid);
  // Who cannot be looked at is left alone: PostgreSQL then says itself that the directory is in use.
  if (command === null) return;
  if (!command.includes(`-D ${folderLine}`) || !(await isSameFolder(folderLine, dataFolder))) {
    // The pid now belongs to somebody else. PostgreSQL would refuse to start for as long as that process lives.
    await rm(pidFile, { force: true });
    return;
  }
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + stopDeadlineMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) process.kill(pid, "SIGQUIT");
    await delay(20);
  }
}

async function isSameFolder(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((folder) => realpath(folder).catch(() => folder)));
  return first === second;
}
