// The rules of the books are pure: what a file decides does not depend on the hour, on chance, or on anything outside its arguments.

import { describe, expect, it } from "vitest";
import { codeOf, files, findings, importsOf, sources, textOf } from "./tree.ts";

/** The ways to the machine: the embedded server and its files, the pool, the migrations, and what makes ids and keys. */
const machine = new Set([
  "db/identity/store.ts",
  // A cancelled import asks again until it is over.
  "db/ingestion/cancellation.ts",
  ...[
    "binaries",
    "cluster",
    "database",
    "embedded",
    "ids",
    "lockfile",
    "migrate",
    "operator",
    "orphan",
    "places",
    "processes",
    "roles",
  ].map((name) => `db/kernel/${name}.ts`),
]);

/** A store, a list, or a part that grew out of one: what takes the transaction may wait for the database, and for nothing else. */
const waitsForBooks = (path: string) =>
  /\/(store|list)\.ts$/.test(path) ||
  (/\basync\b/.test(codeOf(path)) && /import type \{[^}]*\bTx\b[^}]*\} from "[^"]*\/database\.ts"/.test(textOf(path)));

const isIo = (path: string) => machine.has(path) || path === "db/drizzle.config.ts" || waitsForBooks(path);
const inDb = sources.filter((path) => path.startsWith("db/"));
const pure = inDb.filter((path) => !isIo(path));

/** The rules that every number rests on stay pure, whatever grows around them. */
const rules = [
  "contracts/value",
  "kernel/dates",
  "kernel/money",
  "kernel/rational",
  "metrics/annualize",
  "metrics/formulas",
  "metrics/periods",
  "movements/classify",
  "movements/derive",
  "movements/divide",
  "movements/order",
  "movements/pair",
  "movements/split",
  "policies/policy",
  "policies/presets",
  "policies/resolve",
  "policies/setting-changes",
  "rates/convert",
  "rates/state",
  "workspaces/segments",
].map((name) => `db/${name}.ts`);

/** Hashing and decoding give the same for the same. */
const pureModules = /^node:(crypto|buffer|zlib|util|path)$/;

const outside =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\brandom(Bytes|UUID|Int)\b|\bgetRandomValues\b|\bprocess\.|\bfetch\(|\bset(Timeout|Interval|Immediate)\(|\bTemporal\.Now\b/;

describe("a file of db", () => {
  it("has no clock, no chance and no environment, be it a rule or a store", () => {
    const checked = inDb.filter((path) => !machine.has(path));
    expect(checked.flatMap((path) => findings(path, codeOf(path), outside, "not pure"))).toEqual([]);
  });

  it("waits for nothing, unless it takes the transaction", () => {
    const waits = /\basync\b|\bawait\b|\bnew Promise\b|\bPromise\./;
    expect(pure.flatMap((path) => findings(path, codeOf(path), waits, "waits without a transaction"))).toEqual([]);
  });

  it("imports no module that does I/O when it is pure, and nothing but types from a file that does", () => {
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

  it("is pure when every number rests on it", () => {
    expect(rules.filter((path) => !pure.includes(path))).toEqual([]);
  });

  it("is excepted only while it exists", () => {
    expect([...machine].filter((path) => !files.includes(path))).toEqual([]);
  });
});

describe("money in db", () => {
  it("never passes through a float", () => {
    const amounts =
      /\bparseFloat\b|(\bNumber|\bMath\.\w+|\.toFixed)\([^)\n]*(amount|minor|price|discount|percent|quantity|arr\b|money|decimal)/i;
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
