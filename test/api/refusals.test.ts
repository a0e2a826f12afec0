// What the wire refuses: each bad request with its code, its status and its message, before anything is executed.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { asking, errorsOf, send, sendBytes, type WireRequest } from "./wire.ts";

let server: TestServer;
let key: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await startTestServer();
  key = { authorization: `Bearer ${server.keys.read}` };
});

afterAll(() => server?.close());

const question = "{ workspace { name } }";
const jsonType = { "content-type": "application/json" };
const graphqlAnswer = { accept: "application/graphql-response+json" };

type Expected = { readonly status: number; readonly code: string; readonly message?: RegExp; readonly field?: string };

async function expectRefused(request: WireRequest, { status, code, message, field }: Expected): Promise<void> {
  const answer = await send(server.url, request);
  expect(answer.text.slice(0, 2_000)).toContain(`"code":"${code}"`);
  expect(answer.status).toBe(status);
  const [error] = errorsOf(answer);
  expect(error?.message ?? "").toMatch(message ?? /./);
  expect((error?.message ?? "").length).toBeLessThanOrEqual(300);
  if (field !== undefined) expect(error?.extensions.field).toBe(field);
  expect(error?.extensions).toMatchObject({
    code,
    docs: `docs/errors.md#${code.toLowerCase()}`,
    requestId: answer.headers["x-request-id"],
    retryable: expect.any(Boolean),
  });
}

describe("a request without a valid key", () => {
  const wrongKeys: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["no header", {}],
    ["an empty header", { authorization: "" }],
    ["another scheme", { authorization: "Basic YTpi" }],
    ["a malformed key", { authorization: "Bearer accr_live_x" }],
    ["a key with a wrong checksum", { authorization: `Bearer accr_live_${"0".repeat(43)}_${"0".repeat(43)}_000000` }],
    ["a very long key", { authorization: `Bearer ${"a".repeat(5_000)}` }],
  ];

  it.each(wrongKeys)("(%s) gets one and the same 401, before its body is read", async (_name, headers) => {
    const bodies: readonly WireRequest[] = [
      { headers: { ...headers, ...jsonType }, body: asking(question) },
      { headers: { ...headers, ...jsonType }, body: asking("{ __schema { types { name } } }") },
      { headers: { ...headers, ...jsonType }, body: "{" },
      { headers: { ...headers, "content-type": "text/plain" }, body: "x" },
      { method: "GET", path: `/graphql?query=${encodeURIComponent(question)}`, headers },
      { method: "GET", path: `/graphql?query=${encodeURIComponent("{ __typename }")}`, headers },
      { path: "/import/accounts", headers: { ...headers, "content-type": "text/csv" }, body: "account_id,name\na,A\n" },
    ];
    for (const request of bodies) {
      await expectRefused(request, {
        status: 401,
        code: "UNAUTHENTICATED",
        message: /^A valid API key is required: send 'Authorization: Bearer <key>'\.$/,
      });
    }
  });

  it("is not helped by a key in the address", async () => {
    const path = `/graphql?key=${server.keys.read}&access_token=${server.keys.read}`;
    await expectRefused({ path, headers: jsonType, body: asking(question) }, { status: 401, code: "UNAUTHENTICATED" });
  });

  it("is told how to identify itself", async () => {
    const { headers } = await send(server.url, { headers: jsonType, body: asking(question) });
    expect(headers["www-authenticate"]).toBe("Bearer");
  });
});

it("a key of scope read cannot import", async () => {
  const request = {
    path: "/import/accounts",
    headers: { ...key, "content-type": "text/csv" },
    body: "account_id,name\na,A\n",
  };
  await expectRefused(request, { status: 403, code: "FORBIDDEN", message: /'write'/ });
});

describe("a body", () => {
  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/graphql",
    "application/json; charset=utf-16",
    "",
  ])("of the type %j is UNSUPPORTED_MEDIA_TYPE", async (type) => {
    const headers = { ...key, ...(type ? { "content-type": type } : {}) };
    await expectRefused({ headers, body: asking(question) }, { status: 415, code: "UNSUPPORTED_MEDIA_TYPE" });
  });

  it.each(["gzip", "br", "x"])("with the content encoding %s is UNSUPPORTED_MEDIA_TYPE", async (encoding) => {
    const headers = { ...key, ...jsonType, "content-encoding": encoding };
    await expectRefused({ headers, body: asking(question) }, { status: 415, code: "UNSUPPORTED_MEDIA_TYPE" });
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ["truncated", '{"query": "{', /^body is not valid JSON$/],
    ["two values", "{}{}", /^body is not valid JSON$/],
    ["NaN", '{"query": NaN}', /^body is not valid JSON$/],
    ["a comment", '{"query": "{ __typename }" /* */}', /^body is not valid JSON$/],
    ["no JSON", "top secret text", /^body is not valid JSON$/],
    ["empty", "", /^body is not valid JSON$/],
    ["null", "null", /^body must be a JSON object/],
    ["a number", "1", /^body must be a JSON object/],
    ["an empty list", "[]", /^batching is off/],
    ["a batch", `[${asking(question)}]`, /^batching is off/],
    ["not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), /^body is not valid UTF-8$/],
    ["UTF-16", Buffer.from(asking(question), "utf16le"), /^body is not valid/],
  ])("that is %s is BAD_USER_INPUT, and nothing of it is repeated", async (_name, body, message) => {
    await expectRefused({ headers: { ...key, ...jsonType }, body }, { status: 400, code: "BAD_USER_INPUT", message });
  });

  it.each([
    "{}",
    '{"query": null}',
    '{"query": 1}',
    '{"query": ["{ __typename }"]}',
    '{"query": "{ __typename }", "variables": 1}',
    '{"query": "{ __typename }", "variables": []}',
  ])("without a question as it should be (%s) is BAD_USER_INPUT", async (body) => {
    const headers = { ...key, ...jsonType, ...graphqlAnswer };
    await expectRefused({ headers, body }, { status: 400, code: "BAD_USER_INPUT" });
  });

  it("over 256 KiB is PAYLOAD_TOO_LARGE, whether it says its length or not", async () => {
    const body = asking(question, { variables: { x: "a".repeat(300_000) } });
    const headers = { ...key, ...jsonType };
    await expectRefused({ headers, body }, { status: 413, code: "PAYLOAD_TOO_LARGE" });
    const chunked = { ...headers, "transfer-encoding": "chunked" };
    await expectRefused({ headers: chunked, body }, { status: 413, code: "PAYLOAD_TOO_LARGE" });
    const large = asking(question, { variables: { x: "a".repeat(8_000_000) } });
    await expectRefused({ headers: chunked, body: large }, { status: 413, code: "PAYLOAD_TOO_LARGE" });
  });

  it("of exactly 256 KiB is read", async () => {
    const frame = asking(question, { variables: { x: "" } }).length;
    const body = asking(question, { variables: { x: "a".repeat(256 * 1024 - frame) } });
    expect((await send(server.url, { headers: { ...key, ...jsonType }, body })).status).toBe(200);
  });

  it.each(["nul: a\u0000b", "half a character: \ud800"])(
    "with text that cannot be stored (%j) names the field",
    async (text) => {
      const headers = { ...key, ...jsonType, ...graphqlAnswer };
      const query = "query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }";
      await expectRefused(
        { headers, body: asking(query, { variables: { f: { externalIds: ["a", text] } } }) },
        { status: 400, code: "BAD_USER_INPUT", field: "variables.f.externalIds.1" },
      );
      // A document's own syntax knows no half characters.
      const code = text.startsWith("nul") ? "BAD_USER_INPUT" : "PARSE_FAILED";
      const body = asking(`{ account(by: { externalId: ${JSON.stringify(text)} }) { id } }`);
      await expectRefused({ headers, body }, { status: 400, code });
    },
  );
});

describe("a method", () => {
  it.each(["PUT", "DELETE", "PATCH", "TRACE"])("that nothing answers (%s) is METHOD_NOT_ALLOWED", async (method) => {
    const answer = await send(server.url, { method, headers: key });
    expect({ status: answer.status, allow: answer.headers.allow }).toEqual({ status: 405, allow: "GET, POST" });
  });

  it("GET asks, and changes nothing", async () => {
    const get = (query: string) => ({
      method: "GET",
      path: `/graphql?query=${encodeURIComponent(query)}`,
      headers: { ...key, ...graphqlAnswer },
    });
    const answer = await send(server.url, get(question));
    expect(JSON.parse(answer.text)).toEqual({ data: { workspace: { name: "Test workspace" } } });
    await expectRefused(get("mutation { anything }"), { status: 405, code: "METHOD_NOT_ALLOWED" });
  });
});

describe("a document", () => {
  const ask = (query: string, more: Readonly<Record<string, unknown>> = {}, accept: string = graphqlAnswer.accept) => ({
    headers: { ...key, ...jsonType, accept },
    body: asking(query, more),
  });

  const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(" ")} }`;
  /** Accounts with a parent, its parent and so on: a document of so many levels. */
  const nested = (levels: number) =>
    `{ accounts(first: 1) { nodes { ${"parent { ".repeat(levels - 3)} id ${"} ".repeat(levels - 3)} } } }`;

  const refused: readonly [string, Expected][] = [
    ["{", { status: 400, code: "PARSE_FAILED", message: /Syntax Error/ }],
    ["", { status: 400, code: "PARSE_FAILED" }],
    ["{ nothing }", { status: 400, code: "VALIDATION_FAILED", message: /"nothing".*"Query"/ }],
    ["{ workspace }", { status: 400, code: "VALIDATION_FAILED" }],
    ["{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", { status: 400, code: "VALIDATION_FAILED" }],
    ["{ workspace @defer { name } }", { status: 400, code: "VALIDATION_FAILED" }],
    ["mutation { anything }", { status: 400, code: "VALIDATION_FAILED" }],
    ["subscription { anything }", { status: 400, code: "VALIDATION_FAILED" }],
    ["query A { __typename } query B { __typename }", { status: 400, code: "BAD_USER_INPUT" }],
    [aliases(31), { status: 400, code: "TOO_COMPLEX", message: /^31 aliases, limit 30$/ }],
    [aliases(600), { status: 400, code: "TOO_COMPLEX", message: /^600 aliases, limit 30$/ }],
    [nested(16), { status: 400, code: "TOO_COMPLEX", message: /^depth 16, limit 15$/ }],
    [`${"{a".repeat(20_000)}`, { status: 400, code: "TOO_COMPLEX", message: /tokens, limit 2000$/ }],
    [`{ a(b: ${"[".repeat(20_000)}) }`, { status: 400, code: "TOO_COMPLEX", message: /tokens, limit 2000$/ }],
    [
      "{ accounts(first: 1.5) { totalCount } }",
      { status: 400, code: "BAD_USER_INPUT", message: /^first must be 1 to 200$/, field: "first" },
    ],
    [
      '{ accounts(first: "10") { totalCount } }',
      { status: 400, code: "BAD_USER_INPUT", message: /^first must be 1 to 200$/, field: "first" },
    ],
    [
      "{ accounts(first: 0) { totalCount } }",
      { status: 400, code: "BAD_USER_INPUT", message: /^first must be 1 to 200$/, field: "first" },
    ],
    ["{ account(by: 1) { id } }", { status: 400, code: "BAD_USER_INPUT", field: "by" }],
    [
      "{ accounts(orderBy: [{ field: AGE }]) { totalCount } }",
      { status: 400, code: "BAD_USER_INPUT", field: "orderBy" },
    ],
    ['{ node(id: "acc_x") { id } nodes(ids: []) { id } }', { status: 200, code: "BAD_USER_INPUT" }],
  ];
  it.each(refused.map(([query, expected]) => [query.slice(0, 60), query, expected] as const))(
    "%j is refused",
    async (_, query, expected) => {
      await expectRefused(ask(query), expected);
      // For a client that asks for plain JSON, the status stays out of it.
      await expectRefused(ask(query, {}, "application/json"), { ...expected, status: 200 });
    },
  );

  it("at the limits is answered", async () => {
    for (const query of [aliases(30), nested(15)]) {
      const { status, text } = await send(server.url, ask(query));
      expect({ status, errors: JSON.parse(text).errors }).toEqual({ status: 200, errors: undefined });
    }
  });

  it("with thousands of spreads of fragments costs no more than it is long", async () => {
    const fragments = Array.from({ length: 60 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`);
    const bomb = `{ ...f0 } ${fragments.join(" ")} fragment f60 on Query { __typename }`;
    expect((await send(server.url, ask(bomb))).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["of the wrong type", { first: "ten" }, "first"],
    ["missing", {}, "first"],
    ["null", { first: null }, "first"],
    ["an unknown word", { first: 1, order: [{ field: "AGE" }] }, "order[0].field"],
    ["an unknown field", { first: 1, order: [{ fields: "NAME" }] }, "order[0]"],
  ])("whose variable is %s names the variable", async (_name, variables, field) => {
    const query =
      "query ($first: Int!, $order: [AccountOrder!]) { accounts(first: $first, orderBy: $order) { totalCount } }";
    await expectRefused(ask(query, { variables }), { status: 400, code: "BAD_USER_INPUT", field });
  });

  it("answers what it can beside an error, with status 200 and the error's path", async () => {
    const answer = await send(server.url, ask('{ workspace { name } account(by: { id: "x" }) { id } }'));
    expect(answer.status).toBe(200);
    const { data, errors } = JSON.parse(answer.text);
    expect(data).toEqual({ workspace: { name: "Test workspace" }, account: null });
    expect(errors).toMatchObject([{ path: ["account"], extensions: { code: "BAD_USER_INPUT", field: "by.id" } }]);
  });
});

describe("below HTTP", () => {
  it("an address or a header that is too long is 431", async () => {
    const path = `/graphql?query=${"a".repeat(100_000)}`;
    expect(await sendBytes(server.url, `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    const header = `x-long: ${"a".repeat(1_000_000)}`;
    expect(await sendBytes(server.url, `GET / HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([
    ["two lengths", "content-length: 2\r\ncontent-length: 3\r\n\r\n{}"],
    ["a length beside chunks", "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}"],
    ["a bad chunk", "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"],
  ])("%s is 400, and the connection is closed", async (_name, rest) => {
    const start = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${key.authorization}\r\ncontent-type: application/json\r\n`;
    expect(await sendBytes(server.url, start + rest)).toMatch(/^HTTP\/1\.1 400 /);
  });
});
