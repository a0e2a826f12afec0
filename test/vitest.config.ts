// How the tests run: one server for the run, threads that share their modules, and one line at the end that counts.

import { createRequire } from "node:module";
import { defineConfig } from "vitest/config";

const require = createRequire(import.meta.url);

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  resolve: {
    // graphql 16 has no `exports`: our code would load its .mjs and Pothos its .js, two copies that do not know each other.
    alias: [{ find: /^graphql$/, replacement: require.resolve("graphql") }],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/system/**"],
    globalSetup: ["test/support/cluster.ts"],
    pool: "threads",
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
  },
});
