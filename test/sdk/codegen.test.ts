// What is generated is what the committed schema and operations give; and nobody has to remember to generate it.

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { generate } from "@graphql-codegen/cli";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import config from "../../codegen.ts";
import * as documents from "../../sdk/generated/documents.ts";

const root = new URL("../..", import.meta.url).pathname;

describe("sdk/generated", () => {
  it("is what `pnpm generate:sdk` would write now", async () => {
    const files: { filename: string; content: string }[] = await generate(
      { ...config, cwd: root, silent: true },
      false,
    );
    expect(files.map((file) => relative(root, file.filename)).sort()).toEqual(Object.keys(config.generates).sort());
    for (const { filename, content } of files) expect(readFileSync(filename, "utf8"), filename).toBe(content);
  });

  it("holds documents that the schema accepts, under their own hashes", async () => {
    const schema = buildSchema(readFileSync(`${root}schema/schema.graphql`, "utf8"));
    for (const document of Object.values(documents)) {
      expect(validate(schema, parse(String(document))), document.operationName).toEqual([]);
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(String(document)));
      expect(document.sha256).toBe(Buffer.from(digest).toString("hex"));
    }
  });

  it("carries the schema's descriptions to the fields of results and to the values of enums", () => {
    const types = readFileSync(`${root}sdk/generated/types.ts`, "utf8");
    const undocumented = types
      .split("\n")
      .filter((line, index, lines) => /^ {2,}(readonly )?\w+\??: /.test(line) && !/\*\/$/.test(lines[index - 1] ?? ""))
      // Variables of an operation are described where the resources take them.
      .filter((line) => line.includes("readonly") || /'$|',$|",$/.test(line));
    expect(undocumented).toEqual([]);
  });
});
