// Every page of docs/presets/ keeps its word: its table is the code's, and its example is imported, asked of the real server and compared.

import { policyHash, policyKeys, presetNames, type SettablePolicy, settableKeys } from "@accrete/db/policies/policy.ts";
import { presetOf, presets } from "@accrete/db/policies/presets.ts";
import { resolvePolicy } from "@accrete/db/policies/resolve.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { textOf } from "../house/tree.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { world } from "../support/world.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

const pageOf = (name: string) => `docs/presets/${name.toLowerCase().replaceAll("_", "-")}.md`;

async function post(path: string, key: string, contentType: string, body: string): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": contentType },
    body,
  });
  return response.json();
}

it.each(presetNames)("%s sets every key, to a value that the key has", (name) => {
  const preset: SettablePolicy = presets[name];
  expect(Object.keys(preset)).toEqual(settableKeys);
  for (const [key, values] of Object.entries(policyKeys)) {
    expect(values).toContain(preset[key as keyof typeof policyKeys]);
  }
});

it("no two presets are the same, and each is known again by its keys", () => {
  const resolved = presetNames.map((name) => resolvePolicy({ workspaceDefault: {}, named: presets[name] }));
  expect(new Set(resolved.map(policyHash)).size).toBe(presetNames.length);
  expect(resolved.map(presetOf)).toEqual(presetNames);
});

it.each(presetNames)("the page of %s tells what the code sets, the source, and what cannot be reproduced", (name) => {
  const page = textOf(pageOf(name));
  const rows = [...page.matchAll(/^\| `(\w+)` \| `(\w+)` \| \S.* \|$/gm)].map(([, key, value]) => [key, value]);
  expect(rows).toEqual(Object.entries(presets[name]).map(([key, value]) => [key, String(value)]));
  expect(page).toContain(`- **Preset**: \`${name}\``);
  expect(page).toMatch(/^- \*\*Source\*\*: \S/m);
  expect(page).toMatch(/^## What it cannot reproduce\n\n- \S/m);
});

it.each(presetNames)("the example of %s is answered as its page says", async (name) => {
  const { keys } = await world(server.db);
  let answer: unknown = null;
  let answered = 0;
  for (const [, language = "", text = ""] of textOf(pageOf(name)).matchAll(/^```(.+)\n([\s\S]*?)\n```$/gm)) {
    const kind = /^csv ([\w-]+)$/.exec(language)?.[1];
    if (kind) {
      const result = await post(`/import/${kind}?createMissing=1`, keys.write, "text/csv", `${text}\n`);
      expect(result).toMatchObject({ outcome: "BOOKED" });
    } else if (language === "graphql") {
      answer = await post("/graphql", keys.admin, "application/json", JSON.stringify({ query: text }));
    } else if (language === "json") {
      expect(answer).toEqual(JSON.parse(text));
      answered += 1;
    }
  }
  expect(answered).toBeGreaterThan(0);
});
