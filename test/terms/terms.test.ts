// Every page of docs/terms/ keeps its word: its facts are imported, its questions asked of the real server, its answers compared.

import { drivers, movementTypes } from "@accrete/db/movements/types.ts";
import { schema } from "@accrete/schema/index.ts";
import { isObjectType } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { files, textOf } from "../house/tree.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { world } from "../support/world.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

const index = "docs/terms/README.md";
const pages = files.filter((path) => /^docs\/terms\/[\w-]+\.md$/.test(path) && path !== index);

type Fence = { readonly language: string; readonly text: string };

function fencesOf(page: string): Fence[] {
  return [...textOf(page).matchAll(/^```(.+)\n([\s\S]*?)\n```$/gm)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
}

/** What the page's list says under a name, such as the fields of "- **Field**: `openingArr`, `closingArr`". */
function namedUnder(page: string, name: string): string[] {
  const line = new RegExp(`^- \\*\\*${name}\\*\\*: (.+)$`, "m").exec(textOf(page))?.[1] ?? "";
  return [...line.matchAll(/`(\w+)`/g)].map(([, word = ""]) => word);
}

async function post(path: string, key: string, contentType: string, body: string): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": contentType },
    body,
  });
  return response.json();
}

it.each(pages)("%s answers its own example", async (page) => {
  const { keys } = await world(server.db);
  let answer: unknown = null;
  let answered = 0;
  for (const { language, text } of fencesOf(page)) {
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

it.each(pages)("%s gives a formula and its source, and stands in the index", (page) => {
  const text = textOf(page);
  expect(text).toMatch(/^- \*\*Formula\*\*: \S/m);
  expect(text).toMatch(/^- \*\*Source\*\*: \S/m);
  expect(textOf(index)).toContain(`](${page.split("/").at(-1)})`);
});

it("every metric of a row, every movement type and every driver has its page", () => {
  const row = schema.getType("MetricsRow");
  const metrics = isObjectType(row)
    ? Object.keys(row.getFields()).filter((name) =>
        /Arr$|Rate$|Ratio$|^nrr$|^grr$|Share|Accounts$|movementCount|topDriver/.test(name),
      )
    : [];
  const told = (name: string) => new Set(pages.flatMap((page) => namedUnder(page, name)));
  expect(metrics.length).toBeGreaterThan(30);
  expect(metrics.filter((name) => !told("Field").has(name))).toEqual([]);
  expect(movementTypes.filter((name) => !told("Type").has(name))).toEqual([]);
  expect(drivers.filter((name) => !told("Driver").has(name))).toEqual([]);
});
