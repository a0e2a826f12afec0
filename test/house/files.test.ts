// The manner of the files: what each says of itself, how long it is, what it is called, and what must not be in it.

import { describe, expect, it } from "vitest";
import { codeOf, files, findings, sources, textOf } from "./tree.ts";

const typescript = sources.filter((path) => path.endsWith(".ts"));
const tests = typescript.filter((path) => path.endsWith(".test.ts"));
const linesMax = 300;

const texts = files.filter((path) => !/\.(png|ico|woff2?)$/.test(path) && path !== "pnpm-lock.yaml");

describe("a source file", () => {
  it("begins with one to four lines that say what it decides", () => {
    const violations = sources.filter((path) => {
      const lines = textOf(path)
        .replace(/^#!.*\n/, "")
        .split("\n");
      const header = lines.findIndex((line) => !line.startsWith("//"));
      return header < 1 || header > 4 || lines[header] !== "";
    });
    expect(violations).toEqual([]);
  });

  it(`has at most ${linesMax} lines`, () => {
    const violations = sources
      .map((path) => ({ path, lines: textOf(path).split("\n").length - 1 }))
      .filter(({ lines }) => lines > linesMax)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(violations).toEqual([]);
  });

  it("is named after what it decides, in lower case, and never utils, helpers or the like", () => {
    const empty = /(^|[-.])(utils?|helpers?|commons?|managers?|misc|shared|stuff|data|info|lib|base)([-.]|$)/;
    const violations = files.filter((path) => {
      const name = path.split("/").at(-1) ?? "";
      return empty.test(name) || (sources.includes(path) && !/^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|mjs)$/.test(name));
    });
    expect(violations).toEqual([]);
  });

  it("silences neither the compiler nor the rules on `any` and on non-null", () => {
    const silenced =
      /@ts-(ignore|nocheck|expect-error)|biome-ignore\S* lint(\/suspicious(\/noExplicitAny)?|\/style(\/noNonNullAssertion)?)?:/;
    expect(
      sources.flatMap((path) => findings(path, textOf(path).replaceAll("@ts-(", ""), silenced, "silenced")),
    ).toEqual([]);
  });

  it("asserts nothing that the compiler cannot see through `as any`, `as unknown as` or `!`", () => {
    const asserted = /\bas any\b|: any\b|<any>|[\w)\]]!(?=[.[;,)]|$)/m;
    // The driver's types meet the ORM's here, and nowhere else.
    const edges = new Set(["db/kernel/database.ts"]);
    const outside = typescript.filter((path) => !edges.has(path) && path !== "test/house/files.test.ts");
    const unknown = outside.flatMap((path) => findings(path, codeOf(path), /\bas unknown as\b/, "asserted"));
    const code = (path: string) =>
      codeOf(path).replace(/"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/(?![/*])(?:\\.|[^/\\\n])+\/\w*/g, '""');
    expect([...typescript.flatMap((path) => findings(path, code(path), asserted, "asserted")), ...unknown]).toEqual([]);
  });

  it("exports no function that takes a bare boolean", () => {
    const bare = /export (async )?function \w+(<[^>]*>)?\([^)]*\w+\??: boolean\b(?![^()]*\})/;
    const violations = typescript.flatMap((path) => findings(path, codeOf(path), bare, "a boolean parameter"));
    expect(violations).toEqual([]);
  });

  it("has no default export where no tool asks for one", () => {
    const asked = new Set(["codegen.ts", "db/drizzle.config.ts", "test/vitest.config.ts"]);
    const violations = typescript
      .filter((path) => !asked.has(path) && !/^test\/support\/(cluster|reporter)\.ts$/.test(path))
      .flatMap((path) => findings(path, codeOf(path), /^export default\b/m, "default export"));
    expect(violations).toEqual([]);
  });
});

describe("a test", () => {
  it("is never skipped, never the only one, and never sleeps", () => {
    const weak =
      /\b(it|test|describe)\.(skip|only|todo|fails|skipIf|runIf)\b|\bx(it|describe)\(|\bctx\.skip\(|\bsetTimeout\(/;
    const here = "test/house/files.test.ts";
    expect(tests.filter((path) => path !== here).flatMap((path) => findings(path, codeOf(path), weak, "weak"))).toEqual(
      [],
    );
  });
});

describe("no file", () => {
  const here = /^test\/house\//;
  const outside = texts.filter((path) => !here.test(path));

  it("knows the machine it was written on", () => {
    const places = /(?<![\w.])\/(work|home|root|Users|workspace)\/[\w.-]+|[A-Z]:\\\\?Users/;
    expect(outside.flatMap((path) => findings(path, textOf(path), places, "an absolute path"))).toEqual([]);
  });

  it("names a package registry or a proxy", () => {
    const hosts = /\bregistry\.[a-z][\w.-]+|\bnpmjs\.(org|com)|_authToken|\b(artifactory|verdaccio|nexus)\b/i;
    expect([...outside, "pnpm-lock.yaml"].flatMap((path) => findings(path, textOf(path), hosts, "a registry"))).toEqual(
      [],
    );
    expect(files.filter((path) => /(^|\/)\.(npmrc|env[\w.]*)$/.test(path))).toEqual([]);
  });

  it("holds a secret", () => {
    const secrets =
      /-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}|\bsk_live_\w{16,}|\bxox[abpr]-[\w-]{10,}|\baccr_(live|demo)_[0-9A-Za-z]{40,}_/;
    expect(outside.flatMap((path) => findings(path, textOf(path), secrets, "a secret"))).toEqual([]);
  });

  it("has trailing blanks, tabs for indentation or Windows line ends", () => {
    const untidy = /[ \t]+$|^\t+|\r$/m;
    const code = outside.filter(
      (path) => /\.(ts|mjs|json|graphql|sql|ya?ml)$/.test(path) && !path.startsWith("db/migrations/"),
    );
    expect(code.flatMap((path) => findings(path, textOf(path), untidy, "untidy"))).toEqual([]);
  });
});
