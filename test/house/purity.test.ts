// The rules of the books are pure: what a file decides does not depend on the hour, on chance, or on anything outside its arguments.

import { describe, expect, it } from "vitest";
import { codeOf, files, findings, importsOf, sources } from "./tree.ts";

/** Files of db that may do I/O. `store.ts` and `list.ts` are so by name; these by decision. */
const doesIo = new Set([
  // Makes ids: the one place that reads the clock and draws lots for them.
  "db/kernel/ids.ts",
  // The way to Postgres, and the embedded server.
  "db/kernel/binaries.ts",
  "db/kernel/cluster.ts",
  "db/kernel/database.ts",
  "db/kernel/embedded.ts",
  "db/kernel/lockfile.ts",
  "db/kernel/migrate.ts",
  "db/kernel/operator.ts",
  "db/kernel/orphan.ts",
  "db/kernel/places.ts",
  "db/kernel/processes.ts",
  "db/kernel/roles.ts",
  // Parts of a store that grew too long for one file.
  "db/ingestion/copy.ts",
  "db/ingestion/export.ts",
  "db/ingestion/staging.ts",
  "db/movements/append.ts",
  "db/movements/balances.ts",
]);

const isIo = (path: string) => /\/(store|list)\.ts$/.test(path) || doesIo.has(path) || path === "db/drizzle.config.ts";
const pure = sources.filter((path) => path.startsWith("db/") && !isIo(path));

/** Hashing and decoding give the same for the same. */
const pureModules = /^node:(crypto|buffer|zlib|util|path)$/;

describe("a rule file of db", () => {
  it("has no clock, no chance, no waiting and no environment", () => {
    const impure =
      /\basync\b|\bawait\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\brandom(Bytes|UUID|Int)\b|\bgetRandomValues\b|\bprocess\.|\bfetch\(|\bset(Timeout|Interval|Immediate)\(|\bTemporal\.Now\b/;
    expect(pure.flatMap((path) => findings(path, codeOf(path), impure, "not pure"))).toEqual([]);
  });

  it("imports no module that does I/O, and nothing but types from a file that does", () => {
    const violations = pure.flatMap((path) =>
      importsOf(path)
        .filter(({ typeOnly }) => !typeOnly)
        .filter(({ specifier, target }) =>
          target
            ? isIo(target) && target !== "db/kernel/ids.ts"
            : specifier.startsWith("node:") && !pureModules.test(specifier),
        )
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(violations).toEqual([]);
  });

  it("is excepted from that only while it exists", () => {
    expect([...doesIo].filter((path) => !files.includes(path))).toEqual([]);
  });
});

describe("money in db", () => {
  it("never passes through a float", () => {
    const amounts =
      /\bparseFloat\b|(\bNumber|\bMath\.\w+|\.toFixed)\([^)\n]*(amount|minor|price|discount|percent|quantity|arr\b|money|decimal)/i;
    const inDb = sources.filter((path) => path.startsWith("db/"));
    expect(inDb.flatMap((path) => findings(path, codeOf(path), amounts, "an amount as a float"))).toEqual([]);
  });

  it("is never a float, a numeric or Postgres' money in a table", () => {
    const tables = sources.filter((path) => /^db\/\w+\/table\.ts$/.test(path));
    const floats = /\b(real|doublePrecision|decimal|serial|bigserial|smallserial)\(/;
    expect(
      tables.flatMap((path) => findings(path, codeOf(path), floats, "a column type for no amount and no id")),
    ).toEqual([]);
  });
});
