// The pages say what the code does: the table of errors, and every example question.

import { readdirSync, readFileSync } from "node:fs";
import { errorCodes } from "@accrete/db/kernel/errors.ts";
import { schema } from "@accrete/schema/index.ts";
import { parse, validate } from "graphql";
import { expect, it } from "vitest";

const folder = new URL("../../docs/", import.meta.url);
const pages = readdirSync(folder)
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));

it("docs/errors.md has each code, in the table's order, with its status, its meaning and its fix", () => {
  const { text = "" } = pages.find(({ name }) => name === "errors.md") ?? {};
  const sections = text.split(/^## /m).slice(1);
  const told = sections.map((section) => section.trim());
  const expected = Object.entries(errorCodes).map(
    ([code, { status, retryable, meaning, fix }]) =>
      `${code}\n\nHTTP ${status}${retryable ? ", retryable" : ""}. ${meaning}\n\n**Fix**: ${fix}`,
  );
  expect(told).toEqual(expected);
});

it("every example question of the docs fits the schema", () => {
  const examples = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/^```graphql\n(.*?)^```/gms)].map(([, source = ""]) => ({ name, source })),
  );
  const faults = examples
    // A piece of the schema is no question.
    .filter(({ source }) => !/^(type|input|enum|scalar|interface|extend) /m.test(source))
    .flatMap(({ name, source }) => validate(schema, parse(source)).map(({ message }) => `${name}: ${message}`));
  expect(faults).toEqual([]);
  expect(examples.length).toBeGreaterThanOrEqual(5);
});
