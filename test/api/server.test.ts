// The server's addresses and manners: what answers where, to which origins, with which headers, and how it stops.

import { startServer } from "@accrete/api/server.ts";
import { readSettings } from "@accrete/api/settings.ts";
import type { Context } from "@accrete/schema/context.ts";
import { GraphQLInt, GraphQLObjectType, GraphQLSchema } from "graphql";
import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { asking, errorsOf, send } from "./wire.ts";

const origin = "https://app.example.com";

let server: TestServer;
let key: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await startTestServer({ environment: { ACCRETE_CORS_ORIGINS: origin } });
  key = { authorization: `Bearer ${server.keys.read}` };
});

afterAll(() => server?.close());

const jsonType = { "content-type": "application/json" };
const question = asking("{ workspace { name } }");

describe("an address", () => {
  it.each([
    ["/health", 200, { status: "up" }],
    ["/ready", 200, { status: "ready" }],
  ])("%s answers anybody", async (path, status, body) => {
    const answer = await send(server.url, { method: "GET", path });
    expect({ status: answer.status, body: JSON.parse(answer.text) }).toEqual({ status, body });
    expect((await send(server.url, { method: "HEAD", path })).text).toBe("");
  });

  it("/ leads to /graphql", async () => {
    const { status, headers } = await send(server.url, { method: "GET", path: "/" });
    expect({ status, location: headers.location }).toEqual({ status: 302, location: "/graphql" });
  });

  it.each([
    "/nothing",
    "/graphql/",
    "/graphql/page/../../secret",
    "/import",
    "/import/a/b",
    "//graphql",
    "http://localhost/graphql",
  ])("%s is NOT_FOUND", async (path) => {
    const answer = await send(server.url, { method: "GET", path, headers: key });
    expect({ status: answer.status, code: errorsOf(answer)[0]?.extensions.code }).toEqual({
      status: 404,
      code: "NOT_FOUND",
    });
  });
});

describe("the request id", () => {
  it("is the caller's when it is plain", async () => {
    const headers = { ...key, ...jsonType, "x-request-id": "abc-1.2:3_4" };
    expect((await send(server.url, { headers, body: question })).headers["x-request-id"]).toBe("abc-1.2:3_4");
  });

  it.each(["<b>x</b>", "a b", "a".repeat(6_000), "é", ""])("is ours when it is %.20j", async (given) => {
    const headers = { ...key, ...jsonType, "x-request-id": given };
    const answer = await send(server.url, { headers, body: question });
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("a page of another origin", () => {
  const preflight = (from: string) =>
    send(server.url, {
      method: "OPTIONS",
      headers: {
        origin: from,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });

  it("may ask when its origin is listed, without cookies", async () => {
    const allowed = await preflight(origin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers["access-control-allow-origin"]).toBe(origin);
    expect(allowed.headers["access-control-allow-headers"]).toContain("authorization");
    const { headers } = await send(server.url, { headers: { ...key, ...jsonType, origin }, body: question });
    expect(headers).toMatchObject({ "access-control-allow-origin": origin, vary: "origin" });
    expect(headers["access-control-expose-headers"]).toContain("x-request-id");
    expect(JSON.stringify([allowed.headers, headers])).not.toContain("allow-credentials");
  });

  it("can read a refusal too", async () => {
    const { status, headers } = await send(server.url, { headers: { ...jsonType, origin }, body: question });
    expect(status).toBe(401);
    expect(headers["access-control-allow-origin"]).toBe(origin);
  });

  it.each([
    "https://evil.example.com",
    "null",
    "file://",
    "http://app.example.com",
    "https://app.example.com.evil.com",
    "https://app.example.com:8443",
  ])("(%s) is allowed nothing when it is not listed", async (from) => {
    const answers = [
      await preflight(from),
      await send(server.url, { headers: { ...key, ...jsonType, origin: from }, body: question }),
    ];
    for (const { headers } of answers) {
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  });
});

it("no answer is cached, sniffed or says what made it", async () => {
  for (const path of ["/health", "/nothing", "/graphql"]) {
    const { headers } = await send(server.url, { method: "GET", path });
    expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
    expect(headers["x-powered-by"] ?? headers.server).toBeUndefined();
  }
});

it("holds GraphQL over HTTP, every audit of it", async () => {
  const audits = serverAudits({
    url: server.endpoint,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...key, ...(init.headers ?? {}) } }),
  });
  const failed: string[] = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== "ok") failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
  }
  expect(failed).toEqual([]);
  expect(audits.length).toBeGreaterThanOrEqual(60);
});

describe("stopping", () => {
  /** A server whose one question waits until the test lets it go on. */
  async function waitingServer() {
    let letGo = () => {};
    let asked = () => {};
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType<unknown, Context>({
        name: "Query",
        fields: {
          wait: {
            type: GraphQLInt,
            resolve: async () => {
              asked();
              await released;
              return 1;
            },
          },
        },
      }),
    });
    const settings = readSettings({ PORT: "0" });
    const running = await startServer({ database: server.db.api, settings, graphiql: {}, graphql: { schema } });
    const answer = send(running.url, { headers: { ...key, ...jsonType }, body: asking("{ wait }") });
    return { running, answer, arrived, letGo };
  }

  it("lets what runs finish, and takes no more connections", async () => {
    const { running, answer, arrived, letGo } = await waitingServer();
    await arrived;
    const closed = running.close(60_000);
    await expect(send(running.url, { method: "GET", path: "/health" })).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    letGo();
    expect((await answer).text).toBe('{"data":{"wait":1}}');
    await closed;
  });

  it("cuts what runs longer than it is given", async () => {
    const { running, answer, arrived, letGo } = await waitingServer();
    await arrived;
    const cut = expect(answer).rejects.toThrow();
    await running.close(1);
    await cut;
    letGo();
  });

  it("is at once when nothing runs, idle connections or not", async () => {
    const settings = readSettings({ PORT: "0" });
    const running = await startServer({ database: server.db.api, settings, graphiql: {} });
    await fetch(new URL("/health", running.url));
    await running.close(60_000);
  });
});

it("a port that is taken is told by the system's own code", async () => {
  const { port } = new URL(server.url);
  const settings = readSettings({ PORT: port });
  await expect(startServer({ database: server.db.api, settings, graphiql: {} })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});
