// GraphiQL's page as it is served: from this origin only, held to it by its policy, with the demo's key only where it is given.

import { exampleTabs } from "@accrete/api/graphiql/tabs.ts";
import { startServer } from "@accrete/api/server.ts";
import { readSettings } from "@accrete/api/settings.ts";
import { schema } from "@accrete/schema/index.ts";
import { parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { send } from "./wire.ts";

const demoKey = "the-demo-key</script>";
const page = { method: "GET", path: "/graphql", headers: { accept: "text/html,application/xhtml+xml" } };

let db: TestDatabase;
let close: (graceMs: number) => Promise<void>;
let url: string;

const start = (environment: Readonly<Record<string, string>>, graphiql: { demoKey?: string }) =>
  startServer({ database: db.api, settings: readSettings({ PORT: "0", ...environment }), graphiql });

beforeAll(async () => {
  db = await testDatabase();
  ({ url, close } = await start({}, { demoKey }));
});

afterAll(async () => {
  await close?.(0);
  await db?.drop();
});

const optionsOf = (text: string) =>
  JSON.parse(/<script type="application\/json" id="options">(.*?)<\/script>/s.exec(text)?.[1] ?? "");

describe("the page", () => {
  it("is static, public, never cached, and may reach nothing but its own origin", async () => {
    const { status, headers, text } = await send(url, page);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    const policy = String(headers["content-security-policy"]).split("; ");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(text).not.toMatch(/https?:\/\//);
  });

  it("has the example tabs, each with the demo's key in its headers and nothing kept of what is typed", async () => {
    const options = optionsOf((await send(url, page)).text);
    expect(options.defaultTabs.map(({ query }: { query: string }) => query)).toEqual(exampleTabs);
    expect(JSON.parse(options.defaultTabs[0].headers)).toEqual({ authorization: `Bearer ${demoKey}` });
    expect(options).toMatchObject({ shouldPersistHeaders: false, endpoint: "/graphql" });
  });

  it("asks for a key where there is no demo", async () => {
    const other = await start({}, {});
    const options = optionsOf((await send(other.url, page)).text);
    await other.close(0);
    expect(JSON.parse(options.headers)).toEqual({ authorization: "Bearer <an API key>" });
  });

  it("and all of its parts are gone when it is switched off", async () => {
    const off = await start({ ACCRETE_GRAPHIQL: "off" }, { demoKey });
    const statuses = [
      (await send(off.url, page)).status,
      (await send(off.url, { method: "GET", path: "/graphql/page/boot.mjs" })).status,
    ];
    await off.close(0);
    expect(statuses).toEqual([404, 404]);
  });
});

describe("a part of the page", () => {
  it.each(["graphiql.js", "graphiql.css", "editor-worker.js", "json-worker.js", "graphql-worker.js", "boot.mjs"])(
    "(%s) comes compressed, and again only when it changed",
    async (name) => {
      const path = `/graphql/page/${name}`;
      const first = await send(url, { method: "GET", path, headers: { "accept-encoding": "gzip, br" } });
      expect(first.status).toBe(200);
      expect(first.headers).toMatchObject({ "content-encoding": "gzip", vary: "accept-encoding" });
      const etag = String(first.headers.etag);
      const again = await send(url, { method: "GET", path, headers: { "if-none-match": etag } });
      expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: "" });
      const plain = await send(url, { method: "GET", path });
      expect(plain.headers["content-encoding"]).toBeUndefined();
      expect(plain.text.length).toBeGreaterThan(100);
    },
  );

  it.each(["nothing.js", "..%2f..%2fpackage.json", ""])("(%j) that is none is 404", async (name) => {
    expect((await send(url, { method: "GET", path: `/graphql/page/${name}` })).status).toBe(404);
  });
});

it("every example tab fits the schema, and has a name to be told by", () => {
  for (const tab of exampleTabs) expect(validate(schema, parse(tab))).toEqual([]);
  expect(exampleTabs.map((tab) => /^query (\w+)/m.exec(tab)?.[1])).toEqual([
    "Q4Dashboard",
    "NrrByQuarter",
    "TopExpandingAccounts",
    "MovedInDecember",
    "AcmeStory",
    "OtherRecipes",
    "WhyMethodsDiffer",
    "ExplainExpansion",
  ]);
});
