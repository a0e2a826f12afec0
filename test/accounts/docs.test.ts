// docs/accounts.md shows every refusal of a list of parents as the code has it.

import { readFileSync } from "node:fs";
import { accountRefusalCodes } from "@accrete/db/accounts/refusals.ts";
import { expect, it } from "vitest";

const page = readFileSync(new URL("../../docs/accounts.md", import.meta.url), "utf8");

it("lists every refusal with its meaning and its fix", () => {
  for (const [code, { meaning, fix }] of Object.entries(accountRefusalCodes)) {
    expect(page).toMatch(new RegExp(`^\\| \`${code}\` \\| \`\\w+\` \\| `, "m"));
    expect(page).toContain(` | ${meaning} | ${fix} |`);
  }
});
