// The package as it is published: packed, installed into an empty project, type-checked there and run against a server.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sdkVersion } from "../../sdk/version.ts";
import { type Company, catalog, company, lineColumns } from "../scenarios/company.ts";

const root = new URL("../..", import.meta.url).pathname;
const sdk = join(root, "sdk");
const project = mkdtempSync(join(tmpdir(), "accrete-sdk-"));
const installed = join(project, "node_modules", "@accrete", "sdk");
const tarball = join(project, `accrete-sdk-${sdkVersion}.tgz`);
const require = createRequire(join(root, "package.json"));
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");

let seller: Company;

beforeAll(async () => {
  [seller] = await Promise.all([company({ name: "Seller" }), install()]);
  await seller.send("catalog", ...catalog);
  await seller.send("accounts", "account_id,name", "a,A", "b,B");
  await seller.send(
    "contract-lines",
    lineColumns,
    // A has 1,000 of ARR before the quarter and 1,500 in it; B comes in it with 600.
    "A1,CA,a,planner,starter,false,2025-01-01,2025-11-01,10,100,,YEAR,USD",
    "A1,CA,a,planner,starter,false,2025-11-01,,15,100,,YEAR,USD",
    "B1,CB,b,planner,starter,false,2025-12-01,,6,100,,YEAR,USD",
  );
}, 120_000);

afterAll(async () => {
  await seller?.close();
  rmSync(project, { recursive: true, force: true });
});

/** Packs the SDK as `npm publish` would, and installs it where there is nothing else. */
async function install(): Promise<void> {
  await run("npm", ["pack", "--pack-destination", project], sdk);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball], project);
}

type Outcome = { readonly status: number; readonly output: string };

async function run(command: string, args: readonly string[], cwd: string, env = {}): Promise<Outcome> {
  const outcome = await attempt(command, args, cwd, env);
  expect(outcome.status, `${command} ${args.join(" ")}\n${outcome.output}`).toBe(0);
  return outcome;
}

async function attempt(command: string, args: readonly string[], cwd: string, env = {}): Promise<Outcome> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, timeout: 60_000 };
    const { stdout, stderr } = await promisify(execFile)(command, args, options);
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    return { status: typeof code === "number" ? code : 1, output: stdout + stderr };
  }
}

/** Type-checks one program of the empty project, with the declarations of the package checked as well. */
function typeCheck(program: string, settings: Record<string, unknown>): Promise<Outcome> {
  const options = { strict: true, noEmit: true, target: "ES2022", types: [], ...settings };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: [program] }));
  return attempt(process.execPath, [tsc, "-p", "tsconfig.json", "--pretty", "false"], project);
}

const rightProgram = `import { Accrete, quarter, type MetricsRow, NotFoundError } from "@accrete/sdk";
const accrete = new Accrete({ endpoint: process.env.ENDPOINT ?? "", apiKey: process.env.API_KEY ?? "" });
const answer = await accrete.metrics.expansion({ window: quarter("2025-Q4"), groupBy: ["ACCOUNT"] });
const rows: readonly MetricsRow[] = answer.rows;
const nrr: string | null = answer.total.nrr;
const { workspace } = await accrete.graphql<{ workspace: { name: string } }>("{ workspace { name } }");
const amounts: string[] = [];
for await (const movement of accrete.movements.list({}, { first: 1 })) amounts.push(movement.amount);
const page = await accrete.accounts.list({}, { first: 1 });
const nextPage = await page.next();
const missing = await accrete.accounts.get({ externalId: "nobody" }).catch((error: unknown) =>
  error instanceof NotFoundError ? error.code : "another error",
);
console.log(JSON.stringify({
  expanded: rows.map((row) => [row.group.account, row.expansionArr]),
  nrr,
  residual: answer.residual,
  workspace: workspace.name,
  amounts,
  accounts: [page, nextPage].map((each) => each?.nodes[0]?.name),
  count: page.totalCount,
  missing,
}));
declare const process: { env: Record<string, string | undefined> };
`;

/** Every line from the third on is wrong. */
const wrongProgram = `import { Accrete, type Dimension } from "@accrete/sdk";
const accrete = new Accrete({ endpoint: "", apiKey: "" });
const dimension: Dimension = "SEGMENTS";
accrete.metrics.expansion({ window: { fromOn: "2025-10-01", untilOn: "2026-01-01" }, groupBy: ["CHANEL"] });
accrete.metrics.expansion({ window: { fromOn: "2025-10-01" } });
accrete.movements.list({ driver: ["SEATS"] });
accrete.accounts.get({ id: "acc_1", externalId: "one" });
(await accrete.metrics.expansion({ window: { fromOn: "", untilOn: "" } })).total.nrr.length;
`;

describe("the package", () => {
  it("has nothing but its own files, and depends on nothing", () => {
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(
      ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies"].filter(
        (key) => key in manifest,
      ),
    ).toEqual([]);
    expect(manifest.version).toBe(sdkVersion);
    expect(readdirSync(installed).sort()).toEqual(["README.md", "dist", "package.json"]);
    const files = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.includes(".") && !/\.(js|d\.ts|graphql)$/.test(file))).toEqual([]);
    expect(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["@accrete"]);
  });

  it("ships the schema that it was generated from", () => {
    expect(readFileSync(join(installed, "dist", "schema.graphql"), "utf8")).toBe(
      readFileSync(join(root, "schema", "schema.graphql"), "utf8"),
    );
  });

  it("uses nothing that is there in Node alone", () => {
    const code = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".js"))
      .flatMap((file) => readFileSync(join(installed, "dist", file), "utf8").split("\n"))
      .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
      .join("\n");
    expect(code).not.toMatch(/from "(?!\.)|require\(|\bprocess\.|\bBuffer\b|AbortSignal\.(any|timeout)/);
  });

  it("satisfies publint", async () => {
    const { messages } = await publint({ pkgDir: installed, pack: false, strict: true });
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  it("satisfies arethetypeswrong as a package of ES modules", async () => {
    const manifest = createRequire(join(root, "test", "package.json")).resolve("@arethetypeswrong/cli/package.json");
    const attw = join(dirname(manifest), "dist", "index.js");
    const settings = ["--profile", "esm-only", "--exclude-entrypoints", "./schema.graphql"];
    await run(process.execPath, [attw, tarball, ...settings], project);
  }, 60_000);

  it("is small: 16 kB gzipped as a whole, and one document alone less than 1 kB", async () => {
    const wholeBytes = await bundledBytes('export * from "@accrete/sdk";');
    console.log(`@accrete/sdk: ${wholeBytes} bytes, minified and gzipped, with everything in it`);
    expect(wholeBytes).toBeLessThan(16_000);
    expect(await bundledBytes('export { GetWorkspaceDocument } from "@accrete/sdk";')).toBeLessThan(1_000);
    expect(await bundledBytes('export { quarter } from "@accrete/sdk";')).toBeLessThan(1_000);
  }, 60_000);
});

/** Minified and gzipped, as a page would load it. */
async function bundledBytes(entry: string): Promise<number> {
  writeFileSync(join(project, "entry.js"), entry);
  const lib = { entry: join(project, "entry.js"), formats: ["es" as const] };
  const outputs = await build({
    root: project,
    configFile: false,
    logLevel: "silent",
    build: { write: false, minify: true, lib },
  });
  const [output] = Array.isArray(outputs) ? outputs : [outputs];
  if (!output || !("output" in output)) throw new Error("vite gave no output");
  return gzipSync(output.output[0].code).length;
}

describe("a program that uses it", () => {
  it.each([
    ["Node's own resolution", { module: "NodeNext", lib: ["ES2022", "DOM"] }],
    ["a bundler's resolution", { module: "ESNext", moduleResolution: "bundler", lib: ["ES2022", "DOM"] }],
    ["Node's types instead of the browser's", { module: "NodeNext", lib: ["ES2022"], types: ["node"] }],
  ])(
    "type-checks with %s",
    async (_, settings) => {
      const withNode = "types" in settings;
      if (withNode) {
        mkdirSync(join(project, "node_modules", "@types"), { recursive: true });
        symlinkSync(
          dirname(require.resolve("@types/node/package.json")),
          join(project, "node_modules", "@types", "node"),
        );
      }
      const declaration = /^declare const process.*$/m;
      writeFileSync(join(project, "right.ts"), withNode ? rightProgram.replace(declaration, "") : rightProgram);
      expect(await typeCheck("right.ts", settings)).toEqual({ status: 0, output: "" });
    },
    60_000,
  );

  it("does not type-check with a wrong enum value, a missing argument, two ids at once or a forgotten null", async () => {
    writeFileSync(join(project, "wrong.ts"), wrongProgram);
    const { status, output } = await typeCheck("wrong.ts", { module: "NodeNext", lib: ["ES2022", "DOM"] });
    expect(status).not.toBe(0);
    const lines = [...output.matchAll(/^wrong\.ts\((\d+),/gm)].map((match) => Number(match[1]));
    expect([...new Set(lines)]).toEqual([3, 4, 5, 6, 7, 8]);
    expect(output).toContain('"CHANEL"');
  }, 60_000);

  it("asks a running server", async () => {
    writeFileSync(join(project, "right.ts"), rightProgram);
    const compiled = [
      "--outDir",
      ".",
      "--module",
      "NodeNext",
      "--target",
      "ES2022",
      "--types",
      "",
      "right.ts",
      "--ignoreConfig",
    ];
    await run(process.execPath, [tsc, ...compiled], project);
    const env = { ENDPOINT: seller.endpoint, API_KEY: seller.readKey };
    const { output } = await run(process.execPath, ["right.js"], project, env);
    expect(JSON.parse(output)).toEqual({
      expanded: [
        ["a", "500.00"],
        ["b", "0.00"],
      ],
      // 1,500 ÷ 1,000: who came in the quarter is in no NRR.
      nrr: "1.500000",
      residual: "0.00",
      workspace: "Seller",
      amounts: ["1000.00", "500.00", "600.00"],
      accounts: ["A", "B"],
      count: 2,
      missing: "NOT_FOUND",
    });
  }, 60_000);

  it("may be any of the README's examples", async () => {
    const readme = readFileSync(join(installed, "README.md"), "utf8");
    const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code);
    const given = "declare const apiKey: string;\ndeclare const signal: AbortSignal;\n";
    writeFileSync(join(project, "readme.ts"), given + examples.join("\n"));
    expect(examples.length).toBeGreaterThan(2);
    expect(await typeCheck("readme.ts", { module: "NodeNext", lib: ["ES2022", "DOM"] })).toEqual({
      status: 0,
      output: "",
    });
  }, 60_000);

  it("may be CommonJS", async () => {
    writeFileSync(join(project, "program.cjs"), 'console.log(typeof require("@accrete/sdk").Accrete);');
    const { output } = await run(process.execPath, ["--no-warnings", "program.cjs"], project);
    expect(output.trim()).toBe("function");
  });
});
