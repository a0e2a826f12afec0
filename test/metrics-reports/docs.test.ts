// Every page of the reports keeps its word: its facts are imported, its questions asked of the real server, its answers compared.

import { afterAll, beforeAll, expect, it } from "vitest";
import { files, textOf } from "../house/tree.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { world } from "../support/world.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

const pages = files.filter((path) => /^docs\/metrics-[\w-]+\.md$/.test(path));

async function post(path: string, key: string, contentType: string, body: string): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": contentType },
    body,
  });
  return response.json();
}

it.each(pages)("%s answers its own examples", async (page) => {
  const { keys } = await world(server.db);
  const fences = [...textOf(page).matchAll(/^```(.+)\n([\s\S]*?)\n```$/gm)];
  let answer: unknown = null;
  let answered = 0;
  for (const [, language = "", text = ""] of fences) {
    const kind = /^csv ([\w-]+)$/.exec(language)?.[1];
    if (kind) {
      const result = await post(`/import/${kind}?createMissing=1`, keys.write, "text/csv", `${text}\n`);
      expect(result).toMatchObject({ outcome: "BOOKED" });
    } else if (language === "graphql") {
      answer = await post("/graphql", keys.admin, "application/json", JSON.stringify({ query: text }));
      expect(answer).not.toHaveProperty("errors");
    } else if (language === "json") {
      expect(answer).toEqual(JSON.parse(text));
      answered += 1;
    }
  }
  expect(answered).toBeGreaterThan(0);
});

it("there is a page for every report", () => {
  expect(pages.map((page) => page.replace(/^docs\/metrics-|\.md$/g, "")).sort()).toEqual(
    expect.arrayContaining(["accounts", "bookings", "bridge", "currency", "explain", "migration"]),
  );
});
