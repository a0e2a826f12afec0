// What is generated is what the committed schema and operations give; and nobody has to remember to generate it.

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { generate } from "@graphql-codegen/cli";
import { assertObjectType, buildSchema, parse, validate } from "graphql";
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

  it("has a document for every question and every mutation of the schema", () => {
    const schema = buildSchema(readFileSync(`${root}schema/schema.graphql`, "utf8"));
    const asked = new Set<string>();
    for (const document of Object.values(documents)) {
      for (const definition of parse(String(document)).definitions) {
        if (definition.kind !== "OperationDefinition") continue;
        for (const field of definition.selectionSet.selections) if (field.kind === "Field") asked.add(field.name.value);
      }
    }
    // Ids of any type are asked for by a document of one's own; corrections go as a list.
    const left = new Set(["node", "nodes", "correctMovement"]);
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    );
    expect(fields.filter((name) => !asked.has(name) && !left.has(name))).toEqual([]);
  });

  it("asks for every field of a metrics answer, of a policy and of a workspace", () => {
    const schema = buildSchema(readFileSync(`${root}schema/schema.graphql`, "utf8"));
    const text = Object.values(documents).map(String).join(" ");
    // A list within each row has its own pages: it is asked for by a document of one's own.
    const left = new Set(["MetricsRow.movements"]);
    const missing = [
      "ExpansionMetrics",
      "MetricsRow",
      "DriverBreakdown",
      "GroupKey",
      "Period",
      "ResolvedPolicy",
      "Workspace",
    ]
      .map((name) => assertObjectType(schema.getType(name)))
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
      .filter((path) => !left.has(path) && !new RegExp(`\\b${path.split(".")[1]}\\b`).test(text));
    expect(missing).toEqual([]);
  });

  it("carries the schema's descriptions to enum values, inputs, variables and the fields of results", () => {
    const lines = readFileSync(`${root}sdk/generated/types.ts`, "utf8").split("\n");
    const undocumented = lines.filter(
      (line, index) => /^ +(readonly )?\w+\??: /.test(line) && !lines[index - 1]?.endsWith("*/"),
    );
    // What decides whether a part is asked for at all is passed to no argument of the schema.
    expect([...new Set(undocumented)]).toEqual(["  counted: boolean;", "  rated: boolean;"]);
  });
});
