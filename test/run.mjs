// `npm test`: installs what is missing, then runs every test in this process. `node test/run.mjs system` runs the tests of the books
// again on Debian's PostgreSQL 15, and those that need a Chromium; it installs both when missing. Further words narrow the files.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "../api/bin/install.mjs";

const words = process.argv.slice(2);
const mode = words[0] === "system" ? "system" : "test";
const filters = mode === "system" ? words.slice(1) : words;

ensureInstalled();
if (mode === "system") prepareSystem();

const { startVitest } = await import("vitest/node");
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const vitest = await startVitest(
  "test",
  filters,
  { config: "test/vitest.config.ts", run: true, watch: false },
  { mode },
);
await vitest.close();
process.exit(process.exitCode ?? 0);

/** Points the tests at Debian's server and browser. */
function prepareSystem() {
  const postgres = "/usr/lib/postgresql/15/bin";
  const chromium = "/usr/bin/chromium";
  const missing = [
    ...(existsSync(`${postgres}/postgres`) ? [] : ["postgresql-15"]),
    ...(existsSync(chromium) ? [] : ["chromium"]),
  ];
  if (missing.length > 0) install(missing);
  process.env.TEST_POSTGRES_BIN = postgres;
  process.env.TEST_CHROMIUM = chromium;
}

function install(packages) {
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const run = (...command) => {
    const [program, ...rest] = [...asRoot, ...command];
    const { status } = spawnSync(program, rest, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    return status === 0;
  };
  if (run("apt-get", "install", "-y", "--no-install-recommends", ...packages)) return;
  if (run("apt-get", "update") && run("apt-get", "install", "-y", "--no-install-recommends", ...packages)) return;
  console.error(
    `accrete: these tests need ${packages.join(" and ")}: install them (on Debian 12: apt-get install ${packages.join(" ")})`,
  );
  process.exit(1);
}
