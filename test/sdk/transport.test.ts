// What one call sends, and what it makes of every kind of answer.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import {
  Accrete,
  AccreteError,
  AuthenticationError,
  ConnectionError,
  InputError,
  RateLimitError,
  sdkVersion,
  TimeoutError,
  UnavailableError,
  UnexpectedAnswerError,
} from "@accrete/sdk";
import { describe, expect, it } from "vitest";
import { apiKey, refusal, withStub } from "./stub.ts";

const ok = { body: { data: { workspace: { name: "Acme" } } } };
const question = "query Name { workspace { name } }";

/** What a promise is rejected with; fails when it is not. */
async function rejectionOf(promise: PromiseLike<unknown>): Promise<AccreteError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AccreteError);
  return outcome as AccreteError;
}

describe("a call", () => {
  it("sends document, variables, key and version, and asks for honest HTTP statuses", () =>
    withStub([ok], async ({ client, asked }) => {
      await expect(client().graphql(question, { first: 10 })).resolves.toEqual({ workspace: { name: "Acme" } });
      expect(asked).toHaveLength(1);
      expect(asked[0]?.body).toEqual({ query: question, variables: { first: 10 } });
      expect(asked[0]?.headers).toMatchObject({
        accept: "application/graphql-response+json, application/json;q=0.9",
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/json",
        "x-accrete-sdk": `typescript/${sdkVersion}`,
      });
    }));

  it("throws the server's error with code, field, docs, request id and the part of the result that arrived", () =>
    withStub(
      [
        {
          status: 400,
          body: {
            data: { workspace: { name: "Acme" }, accounts: null },
            errors: [
              {
                message: "'first' is at most 200.",
                path: ["accounts"],
                extensions: {
                  code: "BAD_USER_INPUT",
                  field: "first",
                  docs: "docs/errors.md#bad_user_input",
                  requestId: "req_1",
                  retryable: false,
                },
              },
            ],
          },
        },
      ],
      async ({ client, asked }) => {
        const error = await rejectionOf(client().graphql(question));
        expect(error).toBeInstanceOf(InputError);
        expect({ ...error }).toEqual({
          name: "InputError",
          code: "BAD_USER_INPUT",
          status: 400,
          requestId: "req_1",
          field: "first",
          docs: "docs/errors.md#bad_user_input",
          retryable: false,
          retryAfterSeconds: null,
          data: { workspace: { name: "Acme" }, accounts: null },
          details: [{ message: "'first' is at most 200.", path: ["accounts"], code: "BAD_USER_INPUT" }],
        });
        expect(error.message).toBe("'first' is at most 200.");
        expect(asked).toHaveLength(1);
      },
    ));

  it("takes the request id from the header when the error names none", () =>
    withStub(
      [{ status: 401, headers: { "x-request-id": "req_2" }, body: refusal("UNAUTHENTICATED") }],
      async (server) => {
        const error = await rejectionOf(server.client().graphql(question));
        expect(error).toBeInstanceOf(AuthenticationError);
        expect(error.requestId).toBe("req_2");
      },
    ));

  it("keeps a newer server's unknown code, and classes it by its HTTP status", () =>
    withStub([{ status: 403, body: refusal("SEAT_LIMIT_REACHED") }], async (server) => {
      const error = await rejectionOf(server.client().graphql(question));
      expect([error.name, error.code]).toEqual(["PermissionError", "SEAT_LIMIT_REACHED"]);
    }));

  it.each([
    ["a page of a proxy", { status: 404, headers: { "content-type": "text/html" }, body: "<h1>nginx</h1>" }],
    ["JSON that is no GraphQL answer", { body: { hello: "world" } }],
    ["a list", { body: [] }],
    ["nothing", { body: "" }],
    ["a redirect", { status: 301, headers: { location: "http://127.0.0.1:1/" }, body: "" }],
  ])("says that the endpoint is wrong when it answers with %s", (_, answer) =>
    withStub([answer], async (server) => {
      const error = await rejectionOf(server.client().graphql(question));
      expect(error).toBeInstanceOf(UnexpectedAnswerError);
      expect(error.message).toContain(server.endpoint);
      expect(server.asked).toHaveLength(1);
    }),
  );

  it.each([
    [502, UnavailableError],
    [503, UnavailableError],
    [504, UnavailableError],
    [429, RateLimitError],
  ])("is tried again after a proxy's %i, and throws it with Retry-After when it stays", (status, Class) =>
    withStub([{ status, headers: { "retry-after": "7" }, body: "busy" }], async (server) => {
      const error = await rejectionOf(server.client().graphql(question));
      expect(error).toBeInstanceOf(Class);
      expect([error.status, error.retryable, error.retryAfterSeconds]).toEqual([status, true, 7]);
      expect(server.asked).toHaveLength(3);
      expect(server.delaysMs).toEqual([7000, 7000]);
    }),
  );

  it("is tried again when the connection breaks off, and succeeds when the next one holds", () =>
    withStub([(response) => response.destroy(), ok], async (server) => {
      await expect(server.client().graphql(question)).resolves.toEqual(ok.body.data);
      expect(server.asked).toHaveLength(2);
      expect(server.delaysMs).toHaveLength(1);
    }));

  it("is tried again when the body breaks off in the middle", () =>
    withStub(
      [
        (response) => {
          response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
          response.write('{"data":', () => response.destroy());
        },
        ok,
      ],
      async (server) => {
        await expect(server.client().graphql(question)).resolves.toEqual(ok.body.data);
        expect(server.asked).toHaveLength(2);
      },
    ));

  it("never sends a mutation twice", () =>
    withStub([{ status: 503, body: refusal("UNAVAILABLE", { retryable: true }) }], async (server) => {
      const error = await rejectionOf(server.client().graphql("mutation Forget { forget }"));
      expect([error.code, error.retryable]).toEqual(["UNAVAILABLE", true]);
      expect(server.asked).toHaveLength(1);
    }));

  it("is not tried again when one of its errors would stay", () =>
    withStub(
      [
        {
          body: {
            data: null,
            errors: [
              ...refusal("INTERNAL", { retryable: true }).errors,
              ...refusal("NOT_FOUND", { retryable: false }).errors,
            ],
          },
        },
      ],
      async (server) => {
        const error = await rejectionOf(server.client().graphql(question));
        expect([error.name, error.retryable, error.details.length]).toEqual(["InternalError", false, 2]);
        expect(server.asked).toHaveLength(1);
      },
    ));

  it("ends with a TimeoutError when no answer comes in time", () =>
    withStub([() => {}], async (server) => {
      const error = await rejectionOf(server.client({ timeoutMs: 30 }).graphql(question));
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error.message).toBe("No answer came within 30 ms.");
    }));

  it("ends with a TimeoutError even when the given fetch ignores the signal", async () => {
    const client = new Accrete({ endpoint: "http://127.0.0.1/graphql", apiKey, fetch: () => new Promise(() => {}) });
    const error = await rejectionOf(client.graphql(question, {}, { timeoutMs: 20 }));
    expect(error).toBeInstanceOf(TimeoutError);
  });

  it("throws the caller's own reason when its signal aborts, before or after the request went out", () =>
    withStub([() => controller.abort(reason)], async (server) => {
      await expect(server.client().graphql(question, {}, { signal: controller.signal })).rejects.toBe(reason);
      expect(server.asked).toHaveLength(1);
      await expect(server.client().graphql(question, {}, { signal: controller.signal })).rejects.toBe(reason);
      expect(server.asked).toHaveLength(1);
    }));
  const controller = new AbortController();
  const reason = new Error("the reader left");

  it("says where nobody listens, in the system's own word", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const client = new Accrete({ endpoint: `http://127.0.0.1:${port}/graphql?token=hidden`, apiKey, retriesMax: 0 });
    const error = await rejectionOf(client.graphql(question));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(`http://127.0.0.1:${port}/graphql could not be reached (ECONNREFUSED).`);
    expect([error.status, error.requestId]).toEqual([null, null]);
  });
});

describe("the key", () => {
  it("is shown neither by a logged client nor by a serialised one", () => {
    const client = new Accrete({ endpoint: "http://127.0.0.1/graphql", apiKey });
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain(apiKey);
    expect(JSON.stringify(client)).not.toContain(apiKey);
  });

  it("is not in the message that refuses it", () => {
    const bad = `${apiKey}\n`;
    const make = () => new Accrete({ endpoint: "http://127.0.0.1/graphql", apiKey: bad });
    expect(make).toThrow(TypeError);
    expect(make).not.toThrow(apiKey);
  });

  it("is in no error of a call, and neither are the variables", () =>
    withStub([{ status: 500, body: "boom" }], async (server) => {
      const error = await rejectionOf(server.client().graphql(question, { name: "a private name" }));
      const shown = inspect(error, { depth: 9 }) + JSON.stringify(error);
      expect(shown).not.toContain(apiKey);
      expect(shown).not.toContain("a private name");
    }));
});

describe("the options", () => {
  it.each([
    ["an endpoint without a host", { endpoint: "/graphql" }],
    ["an endpoint of another protocol", { endpoint: "ftp://127.0.0.1/graphql" }],
    ["an endpoint with a password", { endpoint: "http://user:secret@127.0.0.1/graphql" }],
    ["a time limit of 0", { timeoutMs: 0 }],
    ["a time limit beyond what a timer can wait", { timeoutMs: 2 ** 31 }],
    ["half a retry", { retriesMax: 0.5 }],
  ])("refuse %s", (_, options) => {
    expect(() => new Accrete({ endpoint: "http://127.0.0.1/graphql", apiKey, ...options })).toThrow(TypeError);
  });

  it("refuse a document that is a syntax tree", async () => {
    const client = new Accrete({ endpoint: "http://127.0.0.1/graphql", apiKey });
    const tree = { kind: "Document", definitions: [] };
    await expect(client.graphql(tree)).rejects.toThrow("documentMode: 'string'");
  });
});
