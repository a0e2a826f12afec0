// How the tests run: one server for the run, threads that share their modules, and one line at the end that counts. The mode "system"
// takes the tests that need Debian's PostgreSQL or a browser, and with them every test of the books.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("..", import.meta.url));

/** The test files that work on a database of the run's server; those that run for minutes, or whole programs, prove no more on another one. */
function testsOfTheBooks(): string[] {
  return readdirSync(`${root}/test`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts") && !path.includes("node_modules"))
    .map((path) => `test/${path.replaceAll("\\", "/")}`)
    .filter((path) => !/^test\/(properties|platform\/(cli|serve))\b/.test(path))
    .filter((path) => /support\/(database|server)\.ts"/.test(readFileSync(`${root}/${path}`, "utf8")));
}

export default defineConfig(({ mode }) => ({
  root,
  resolve: {
    alias: [
      // graphql 16 has no `exports`: our code would load its .mjs and Pothos its .js, two copies that do not know each other.
      { find: /^graphql$/, replacement: require.resolve("graphql") },
      // Its package.json exports what is published; here its sources are tested. test/sdk/package.test.ts tests the published form.
      { find: /^@accrete\/sdk$/, replacement: new URL("../sdk/index.ts", import.meta.url).pathname },
    ],
  },
  test: {
    include: mode === "system" ? ["test/system/**/*.test.ts", ...testsOfTheBooks()] : ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(mode === "system" ? [] : ["test/system/**"])],
    globalSetup: ["test/support/cluster.ts"],
    reporters: ["default", "test/support/reporter.ts"],
    pool: "threads",
    isolate: false,
    // Half of a test's time is Postgres' or a program's: two at least, also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Bounds, not targets: a machine that does other things too must not fail a test.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
  },
}));
