// A server whose parent was killed lives on and holds its data directory. This stops it, once sure that it is a server of that
// very directory, and waits for its children: none may write any more when the next server starts.

import { readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { OperatorError } from "./operator.ts";
import { commandOf, hasPid, isAlive, processesIn } from "./processes.ts";

const stopDeadlineMs = 30_000;

/** Stops whatever still runs on the data directory. Throws OperatorError when it does not end in time. */
export async function stopOrphan(dataFolder: string): Promise<void> {
  const pidFile = join(dataFolder, "postmaster.pid");
  const text = await readFile(pidFile, "utf8").catch(() => null);
  if (text === null) return;
  const [pidLine = "", folderLine = ""] = text.split("\n");
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (isAlive(pid)) {
    const command = await commandOf(pid);
    // Who cannot be looked at is left alone: PostgreSQL then says itself that the directory is in use.
    if (command === null) return;
    if (command.includes(`-D ${folderLine}`) && (await isSameFolder(folderLine, dataFolder))) {
      process.kill(pid, "SIGINT");
      await gone(() => isAlive(pid), dataFolder);
    }
  }
  // The children of a server that was killed outright go on until they notice.
  await gone(async () => (await processesIn(dataFolder)).length > 0, dataFolder);
  // PostgreSQL takes any process of that pid for a server, also one that merely waits to be reaped, and would not start.
  if (hasPid(pid)) await rm(pidFile, { force: true });
}

async function gone(isThere: () => boolean | Promise<boolean>, dataFolder: string): Promise<void> {
  const deadline = Date.now() + stopDeadlineMs;
  while (await isThere()) {
    if (Date.now() > deadline) {
      throw new OperatorError(
        `an earlier PostgreSQL on ${dataFolder} does not end (pid ${(await processesIn(dataFolder)).join(", ")}): end it, then start again`,
      );
    }
    await delay(20);
  }
}

async function isSameFolder(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((folder) => realpath(folder).catch(() => folder)));
  return first === second;
}
