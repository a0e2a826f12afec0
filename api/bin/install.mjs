// Before anything else runs: is this Node new enough, and is what pnpm-lock.yaml asks for installed? Plain JavaScript without any
// dependency, because on a fresh clone there is none yet.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const pnpmVersion = "12.21.0";

const root = fileURLToPath(new URL("../..", import.meta.url));
const workspaces = ["api", "db", "schema", "test"];

/** Ends the process in one line when Node is too old, or when the dependencies cannot be installed. */
export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Accrete needs Node 20.19 or newer, and this is ${process.versions.node}`);
  }
  if (isInstalled()) return;
  console.error("Installing what pnpm-lock.yaml lists (first start, or it has changed) …");
  const { status, error } = spawnSync("npx", ["-y", `pnpm@${pnpmVersion}`, "install", "--frozen-lockfile"], {
    cwd: root,
    // Standard output belongs to the command that was asked for.
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error) fail(`npx could not be started (${error.message}): install npm, which comes with Node`);
  if (status !== 0) fail("the dependencies could not be installed: see the lines above");
}

/**
 * pnpm keeps a copy of the lockfile that it installed from, byte for byte. An installation without the development dependencies is an
 * operator's own, and stays as it is.
 */
function isInstalled() {
  const modules = join(root, "node_modules");
  const asked = readFileSync(join(root, "pnpm-lock.yaml"));
  const installed = join(modules, ".pnpm", "lock.yaml");
  if (!existsSync(installed) || !workspaces.every((name) => existsSync(join(root, name, "node_modules")))) return false;
  return (
    readFileSync(installed).equals(asked) ||
    /"?devDependencies"?: false/.test(readFileSync(join(modules, ".modules.yaml"), "utf8"))
  );
}

function fail(line) {
  console.error(`accrete: ${line}`);
  process.exit(1);
}
