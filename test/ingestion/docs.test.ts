// docs/ingestion.md shows every column, every fault and every sample as the code has them.

import { readFileSync } from "node:fs";
import { columnsOf } from "@accrete/db/ingestion/columns.ts";
import { faultCodes } from "@accrete/db/ingestion/faults.ts";
import { importKinds } from "@accrete/db/ingestion/kinds.ts";
import { expect, it } from "vitest";
import { sample } from "./rows.ts";

const page = readFileSync(new URL("../../docs/ingestion.md", import.meta.url), "utf8");

/** The lines of the page's table whose first cell is code, under a heading. */
function tableUnder(heading: string): readonly string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return section.split("\n").filter((line) => line.startsWith("| `"));
}

it("lists every fault with its meaning and its fix", () => {
  const rows = Object.entries(faultCodes).map(
    ([code, { of, meaning, fix }]) => `| \`${code}\` | ${of} | ${meaning} | ${fix} |`,
  );
  expect(tableUnder("Every refusal")).toEqual(rows);
});

it.each(importKinds)("lists the columns of %s, and shows the sample", (kind) => {
  const rows = columnsOf[kind].map(
    ({ name, need, meaning }) => `| \`${name}\` | ${need === "required" ? need : ""} | ${meaning} |`,
  );
  expect(tableUnder(kind)).toEqual(rows);
  expect(page).toContain(`\`\`\`csv\n${sample(kind)}\`\`\``);
});

it("has samples whose columns are the kind's own, in both formats", () => {
  for (const kind of importKinds) {
    const known: readonly string[] = columnsOf[kind].map(({ name }) => name);
    const [header = ""] = sample(kind).split("\n");
    for (const name of header.split(",")) expect(known.includes(name) || name.startsWith("attribute.")).toBe(true);
    for (const line of sample(kind, "ndjson").trimEnd().split("\n")) {
      for (const name of Object.keys(JSON.parse(line))) expect(header.split(",")).toContain(name);
    }
  }
});

it("gives every code of a file, of a field and of facts a name of its own", () => {
  expect(new Set(Object.keys(faultCodes)).size).toBe(Object.keys(faultCodes).length);
  for (const { message, fix, meaning } of Object.values(faultCodes)) {
    expect([message, fix, meaning].every((text) => text.length > 0)).toBe(true);
    expect(message.replace(/\{(=?value|=?other|line|on line)\}/g, "")).not.toMatch(/[{}$]/);
  }
});
