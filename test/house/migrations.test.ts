// The committed migrations make exactly the tables that the code declares.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { root, runTool } from "./tree.ts";

const copy = mkdtempSync(join(tmpdir(), "accrete-migrations-"));

afterAll(() => rmSync(copy, { recursive: true, force: true }));

function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.sql$/.test(name));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

it("drizzle-kit finds nothing to migrate", async () => {
  // In a copy: whatever it writes, it does not write into the repository.
  const isOurs = (path: string) => !path.includes("node_modules");
  cpSync(join(root, "db"), join(copy, "db"), { recursive: true, filter: isOurs });
  mkdirSync(join(copy, "node_modules"), { recursive: true });
  symlinkSync(join(root, "db", "node_modules"), join(copy, "db", "node_modules"));
  const kit = dirname(createRequire(join(root, "package.json")).resolve("drizzle-kit"));
  symlinkSync(kit, join(copy, "node_modules", "drizzle-kit"));
  const { status, output } = await runTool(
    [join(kit, "bin.cjs"), "generate", "--config", "db/drizzle.config.ts"],
    copy,
  );
  expect(status, output).toBe(0);
  expect(contentsOf(join(copy, "db", "migrations"))).toEqual(contentsOf(join(root, "db", "migrations")));
}, 120_000);
