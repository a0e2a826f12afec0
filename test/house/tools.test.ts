// The compiler and the linter have nothing to say, and the linter's rules on `any` and on non-null are errors.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { root, runTool, textOf } from "./tree.ts";

const require = createRequire(join(root, "package.json"));
const toolOf = (name: string, bin: string) => join(dirname(require.resolve(`${name}/package.json`)), bin);

it("every room type-checks", async () => {
  const { status, output } = await runTool([toolOf("typescript", "bin/tsc"), "--noEmit", "--pretty", "false"]);
  expect({ status, output }).toEqual({ status: 0, output: "" });
}, 120_000);

it("biome finds nothing to format and nothing to lint", async () => {
  const biome = toolOf("@biomejs/biome", "bin/biome");
  const { status, output } = await runTool([biome, "check", "--error-on-warnings", "--colors=off", "."]);
  expect(status, output).toBe(0);
}, 120_000);

it("the rules that keep the types honest are errors", () => {
  const { linter } = JSON.parse(textOf("biome.json"));
  expect(linter.rules.suspicious.noExplicitAny).toBe("error");
  expect(linter.rules.style.noNonNullAssertion).toBe("error");
  const { compilerOptions } = JSON.parse(textOf("tsconfig.json"));
  expect(compilerOptions).toMatchObject({
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
  });
});
