// Other processes of this machine: whether one lives, what it runs, when it began. A pid alone proves nothing: pids are used again.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether any process has this pid, even one that has ended and waits to be reaped. */
export function hasPid(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether a process of this pid runs. */
export function isAlive(pid: number): boolean {
  return hasPid(pid) && (process.platform !== "linux" || !isZombie(pid));
}

function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

/** The command line of a process; null when it is gone, or when this platform does not tell. */
export async function commandOf(pid: number): Promise<string | null> {
  if (process.platform === "linux") {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
    return text === null || text === "" ? null : text.split("\0").join(" ").trim();
  }
  return ps(pid, "command=");
}

/** A text that two processes of one pid do not share: when it began. Null when the process is gone or the platform does not tell. */
export async function birthOf(pid: number): Promise<string | null> {
  if (process.platform !== "linux") return ps(pid, "lstart=");
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // Field 22, counted behind the command's closing parenthesis: the command itself may hold spaces and parentheses.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

/** The processes that run in a folder, as every process of a PostgreSQL does in its data directory; none where the platform does not tell. */
export async function processesIn(folder: string): Promise<readonly number[]> {
  if (process.platform !== "linux") return [];
  const here = await realpath(folder).catch(() => folder);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => null)));
  return pids.filter((_, index) => folders[index] === here).map(Number);
}

/** The pid of a process' parent; null when unknown. */
export async function parentOf(pid: number): Promise<number | null> {
  const text =
    process.platform === "linux"
      ? (await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null))?.replace(/^.*\) \S /s, "").split(" ")[0]
      : await ps(pid, "ppid=");
  const parent = Number(text);
  return Number.isInteger(parent) && parent > 0 ? parent : null;
}

async function ps(pid: number, column: string): Promise<string | null> {
  if (process.platform === "win32") return null;
  try {
    const { stdout } = await run("ps", ["-o", column, "-p", String(pid)], { timeout: 5_000 });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
