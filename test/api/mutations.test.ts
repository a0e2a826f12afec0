// Writing over the wire: who may, that one operation is one transaction, and that nothing is told as done that was not kept.

import { createGraphql } from "@accrete/api/graphql.ts";
import { getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import { type Context, writing } from "@accrete/schema/context.ts";
import { loadWorkspace } from "@accrete/schema/workspaces.ts";
import { GraphQLBoolean, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { asking, errorsOf, send } from "./wire.ts";

let server: TestServer;
/** The ledger's version when a test starts. */
let start: bigint;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  start = await version();
});

afterAll(() => server?.close());

const version = async () => (await server.read(getLedgerVersion)).version;

const post = (scope: "read" | "write" | "admin", query: string, variables = {}) =>
  send(server.url, {
    headers: {
      authorization: `Bearer ${server.keys[scope]}`,
      "content-type": "application/json",
      accept: "application/graphql-response+json",
    },
    body: asking(query, { variables }),
  });

/** `setSegments` with two bands, the upper one from so much. */
const bands = (fromArr: string) =>
  `setSegments(bands: [{ name: "Large", fromArr: "${fromArr}" }, { name: "Small", fromArr: "0" }])`;
const fields = "{ ledgerVersion segmentBands { name fromArr } }";
const answered = (fromArr: string, ledgerVersion: bigint) => ({
  ledgerVersion: String(ledgerVersion),
  segmentBands: [
    { name: "Large", fromArr: `${fromArr}.00` },
    { name: "Small", fromArr: "0.00" },
  ],
});

describe("a mutation", () => {
  it("writes, and answers what it has written", async () => {
    const answer = await post("admin", `mutation { ${bands("1000")} ${fields} }`);
    expect({ status: answer.status, body: JSON.parse(answer.text) }).toEqual({
      status: 200,
      body: { data: { setSegments: answered("1000", start + 1n) } },
    });
    expect(await version()).toBe(start + 1n);
  });

  it("is kept with who wrote, and what", async () => {
    await post("admin", `mutation { ${bands("1100")} ${fields} }`);
    const [commit] = await server.read(
      (tx) =>
        tx.sql`select actor, action from commits where workspace_id = ${tx.workspaceId} order by version desc limit 1`,
    );
    expect(commit).toEqual({ actor: expect.stringMatching(/^key_[0-9a-z]{26}$/), action: "set segments" });
  });

  it("that says what is so already writes nothing", async () => {
    await post("admin", `mutation { ${bands("1200")} ${fields} }`);
    const again = await post("admin", `mutation { ${bands("1200")} ${fields} }`);
    expect(JSON.parse(again.text)).toEqual({ data: { setSegments: answered("1200", start + 1n) } });
  });

  it("takes its input as variables", async () => {
    const answer = await post(
      "admin",
      `mutation ($bands: [SegmentBandInput!]!) { setSegments(bands: $bands) ${fields} }`,
      {
        bands: [
          { name: "Small", fromArr: "0" },
          { name: "Large", fromArr: "1300" },
        ],
      },
    );
    expect(JSON.parse(answer.text)).toEqual({ data: { setSegments: answered("1300", start + 1n) } });
  });

  it("never runs by GET, whichever way it is asked", async () => {
    const query = `mutation Change { ${bands("9999")} ${fields} } query Ask { workspace { name } }`;
    for (const name of ["Change", "Ask"]) {
      const path = `/graphql?query=${encodeURIComponent(query)}&operationName=${name}`;
      const headers = { authorization: `Bearer ${server.keys.admin}`, accept: "application/graphql-response+json" };
      const answer = await send(server.url, { method: "GET", path, headers });
      expect(answer.status).toBe(name === "Change" ? 405 : 200);
    }
    expect(await version()).toBe(start);
  });
});

describe("a key", () => {
  it.each(["read", "write"] as const)(
    "of the scope %s cannot choose for the workspace, and is told which scope can",
    async (scope) => {
      const answer = await post(scope, `mutation { ${bands("9999")} ${fields} }`);
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.text)).toMatchObject({
        data: null,
        errors: [
          {
            message: `This needs a key of the scope 'admin'; this key's scope is '${scope}'.`,
            path: ["setSegments"],
            extensions: { code: "FORBIDDEN", retryable: false },
          },
        ],
      });
      expect(await version()).toBe(start);
    },
  );

  it("that may not write is refused before its input is judged", async () => {
    const [error] = errorsOf(await post("read", "mutation { setSegments(bands: []) { name } }"));
    expect(error?.extensions.code).toBe("FORBIDDEN");
  });
});

describe("a list of facts", () => {
  const parents =
    "mutation ($parents: [AccountParentInput!]!) { setAccountParents(parents: $parents) { changed refusals { index field code } ledgerVersion } }";
  const under = (account: string, parent: string) => ({
    account: { externalId: account },
    parent: { externalId: parent },
    fromOn: "2025-10-01",
  });

  beforeAll(async () => {
    await server.importText("accounts", "account_id,name\na,A\nb,B\nc,C\n");
  });

  it("is booked by a key of the scope write", async () => {
    const answer = await post("write", parents, { parents: [under("a", "b")] });
    expect(JSON.parse(answer.text).data.setAccountParents).toEqual({
      changed: 1,
      refusals: [],
      ledgerVersion: String(start + 1n),
    });
  });

  it("with an entry at fault is booked not even in part, and answers which one and why", async () => {
    const answer = await post("write", parents, { parents: [under("b", "c"), under("nobody", "c")] });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text).data.setAccountParents).toEqual({
      changed: 0,
      refusals: [{ index: 1, field: "account", code: "ACCOUNT_UNKNOWN" }],
      ledgerVersion: null,
    });
    expect(await version()).toBe(start);
  });

  it("can be asked for at once: what a later field reads is what an earlier one wrote", async () => {
    const answer = await post(
      "write",
      `mutation {
        setAccountParents(parents: [{ account: { externalId: "c" }, parent: { externalId: "b" }, fromOn: "2025-10-01" }]) { changed }
        mergeAccounts(from: { externalId: "a" }, into: { externalId: "b" }) {
          survivor { children { nodes { externalId parent { externalId } } } mergedAccounts { externalId } }
        }
      }`,
    );
    expect(JSON.parse(answer.text)).toEqual({
      data: {
        setAccountParents: { changed: 1 },
        mergeAccounts: {
          survivor: {
            children: { nodes: [{ externalId: "c", parent: { externalId: "b" } }] },
            mergedAccounts: [{ externalId: "a" }],
          },
        },
      },
    });
    expect(await version()).toBe(start + 2n);
  });
});

describe("one operation", () => {
  it("with two mutations books both, one after the other, and the later one sees what the earlier one wrote", async () => {
    const answer = await post(
      "admin",
      `mutation { first: ${bands("2000")} ${fields} later: ${bands("2500")} ${fields} }`,
    );
    expect(JSON.parse(answer.text)).toEqual({
      data: { first: answered("2000", start + 1n), later: answered("2500", start + 2n) },
    });
    expect(await version()).toBe(start + 2n);
  });

  it("with a mutation that is refused books none, and tells none as done", async () => {
    const empty = "refused: setSegments(bands: []) { name }";
    const answer = await post(
      "admin",
      `mutation { fine: ${bands("3000")} ${fields} ${empty} more: ${bands("3500")} ${fields} }`,
    );
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      data: null,
      errors: [{ path: ["refused"], extensions: { code: "BAD_USER_INPUT", field: "bands" } }],
    });
    expect(await version()).toBe(start);
  });

  it("waits for the one before it: of two at once, both are booked", async () => {
    const [one, other] = await Promise.all([
      post("admin", `mutation { ${bands("4000")} ${fields} }`),
      post("admin", `mutation { ${bands("5000")} ${fields} }`),
    ]);
    const versions = [one, other].map(({ text }) => JSON.parse(text).data.setSegments.ledgerVersion);
    expect(versions.sort()).toEqual([String(start + 1n), String(start + 2n)]);
  });
});

describe("what was not kept is not told as done", () => {
  /** Writes, and then fails in its own way. */
  const write = (after: (context: Context) => unknown) => ({
    type: new GraphQLNonNull(GraphQLBoolean),
    resolve: async (_root: unknown, _args: unknown, context: Context) => {
      const { segmentBands } = (await loadWorkspace(context)).settings;
      await writing(context, { needs: "read", action: "test" }, async ({ sql, workspaceId }) => {
        await sql`update workspaces set name = ${`Renamed ${segmentBands.length}`} where workspace_id = ${workspaceId}`;
      });
      await after(context);
      return true;
    },
  });
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: "Query", fields: { name: { type: GraphQLString } } }),
    mutation: new GraphQLObjectType<unknown, Context>({
      name: "Mutation",
      fields: {
        failsAtCommit: write(({ tx }) =>
          tx.sql.unsafe(`create temporary table twice (id integer unique deferrable initially deferred) on commit drop;
            insert into twice values (1), (1)`),
        ),
        failsInStatement: write(({ tx }) => tx.sql`select 1 / 0`),
      },
    }),
  });

  it.each(["failsAtCommit", "failsInStatement"])("(%s)", async (field) => {
    const answer = await ask(`mutation { ${field} }`);
    expect(JSON.parse(answer.body)).toMatchObject({
      errors: [{ extensions: { code: "INTERNAL", requestId: "test" } }],
    });
    expect(JSON.parse(answer.body).data ?? null).toBeNull();
    const [workspace] = await server.read(
      (tx) => tx.sql`select name from workspaces where workspace_id = ${tx.workspaceId}`,
    );
    expect(workspace).toEqual({ name: "Test workspace" });
  });

  function ask(query: string) {
    const graphql = createGraphql({ database: server.db.api, log: () => {}, statementTimeoutMs: 5_000, schema });
    const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
    const caller = {
      workspaceId: server.workspaceId,
      keyId: server.workspaceId,
      requestId: "test",
      todayOn: "2026-01-01",
    };
    return graphql({ method: "POST", url: "/graphql", headers, body: asking(query) }, { ...caller, scope: "read" });
  }
});
