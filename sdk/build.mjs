// Builds the package into sdk/dist: JavaScript and declarations by tsc, and the schema for those who generate their own documents.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const dist = join(folder, "dist");
const tsc = join(
  dirname(createRequire(join(folder, "..", "package.json")).resolve("typescript/package.json")),
  "bin",
  "tsc",
);

rmSync(dist, { recursive: true, force: true });
const built = spawnSync(process.execPath, [tsc, "-p", join(folder, "tsconfig.build.json")], { stdio: "inherit" });
if (built.status !== 0) process.exit(built.status ?? 1);

// tsc rewrites the extensions of relative imports in JavaScript only; not every tool resolves "./x.ts" to x.d.ts.
for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".d.ts"))) {
  const text = readFileSync(join(dist, file), "utf8");
  writeFileSync(join(dist, file), text.replace(/((?:from|import\()\s*"\.[^"]*)\.ts"/g, '$1.js"'));
}
const schema = join(folder, "..", "schema", "schema.graphql");
if (!existsSync(schema)) throw new Error("schema/schema.graphql is missing: run 'pnpm generate:schema'");
copyFileSync(schema, join(dist, "schema.graphql"));
