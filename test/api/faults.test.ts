// Faults of ours and of the database: masked for the caller, logged under the request's id, and never repeating anything secret.

import type { Log } from "@accrete/api/errors.ts";
import { type RunningServer, startServer } from "@accrete/api/server.ts";
import { readSettings } from "@accrete/api/settings.ts";
import { connect } from "@accrete/db/kernel/database.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import type { Context } from "@accrete/schema/context.ts";
import { GraphQLEnumType, GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { asking, errorsOf, send } from "./wire.ts";

const secret = "s3cr3t-value";

class DrizzleQueryError extends Error {
  override readonly name = "DrizzleQueryError";
}

const raising: Readonly<Record<string, (context: Context) => unknown>> = {
  plain: () => {
    throw new Error(`a fault with ${secret}`);
  },
  wrapped: () => {
    throw new DrizzleQueryError(`Failed query: select ${secret}`, { cause: new Error(secret) });
  },
  text: () => Promise.reject(secret),
  nothing: () => Promise.reject(undefined),
  query: ({ tx }) => tx.sql`select ${secret}::integer`,
  slow: ({ tx }) => tx.sql`select pg_sleep(10), ${secret}::text`,
  conflict: ({ tx }) => tx.sql.unsafe(`do $$ begin raise exception '${secret}' using errcode = '40001'; end $$`),
  deadlock: ({ tx }) => tx.sql.unsafe(`do $$ begin raise exception '${secret}' using errcode = '40P01'; end $$`),
  full: ({ tx }) => tx.sql.unsafe(`do $$ begin raise exception '${secret}' using errcode = '53300'; end $$`),
  shutdown: ({ tx }) => tx.sql.unsafe(`do $$ begin raise exception '${secret}' using errcode = '57P01'; end $$`),
  write: ({ tx }) =>
    tx.sql`insert into workspaces (workspace_id, name, created_at) values (${tx.workspaceId}, 'x', now())`,
  missing: () => null,
  word: () => secret,
  own: () => {
    throw new AccreteError("NOT_FOUND", "There is no such thing.", { field: "thing" });
  },
};

const Word = new GraphQLEnumType({ name: "Word", values: { A: {} } });
const types = { missing: new GraphQLNonNull(GraphQLString), word: Word };
const schema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Context>({
    name: "Query",
    fields: {
      fine: { type: GraphQLInt, resolve: () => 1 },
      ...Object.fromEntries(
        Object.entries(raising).map(([name, resolve]) => [
          name,
          {
            type: types[name as keyof typeof types] ?? GraphQLString,
            resolve: (_: unknown, _args: unknown, context: Context) => resolve(context),
          },
        ]),
      ),
    },
  }),
});

let db: TestDatabase;
let books: World;
let server: RunningServer;
const logged: Record<string, unknown>[] = [];
const log: Log = (entry) => logged.push(entry);

beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
  const settings = readSettings({ PORT: "0" });
  server = await startServer({
    database: db.api,
    settings,
    graphiql: {},
    log,
    graphql: { schema, statementTimeoutMs: 200 },
  });
});

afterAll(async () => {
  await server?.close(0);
  await db?.drop();
});

const ask = (query: string, url = server.url) =>
  send(url, {
    headers: {
      authorization: `Bearer ${books.keys.read}`,
      "content-type": "application/json",
      accept: "application/graphql-response+json",
    },
    body: asking(query),
  });

describe("a fault", () => {
  it.each([
    ["plain", "INTERNAL"],
    ["wrapped", "INTERNAL"],
    ["text", "INTERNAL"],
    ["nothing", "INTERNAL"],
    ["query", "INTERNAL"],
    ["write", "INTERNAL"],
    ["missing", "INTERNAL"],
    ["word", "INTERNAL"],
    ["slow", "TIMEOUT"],
    ["conflict", "CONFLICT"],
    ["deadlock", "CONFLICT"],
    ["full", "UNAVAILABLE"],
    ["shutdown", "UNAVAILABLE"],
  ])("(%s) is told as %s, in the table's words, and logged under the request's id", async (field, code) => {
    logged.length = 0;
    const answer = await ask(`{ fine ${field} }`);
    const [error] = errorsOf(answer);
    expect(error?.extensions).toMatchObject({ code, field: null, requestId: answer.headers["x-request-id"] });
    expect(answer.text).not.toContain(secret);
    expect(answer.text).not.toMatch(/stack|select|node_modules|\.ts/i);
    expect(logged).toMatchObject([{ level: "error", requestId: answer.headers["x-request-id"], code }]);
    expect(JSON.stringify(logged)).not.toContain(secret);
  });

  it("leaves what could be answered", async () => {
    const { status, text } = await ask("{ fine plain }");
    expect(status).toBe(200);
    expect(JSON.parse(text).data).toEqual({ fine: 1, plain: null });
  });

  it("of a statement is not told again by those after it in its transaction", async () => {
    const answer = await ask("{ slow again: query }");
    expect(errorsOf(answer).map(({ extensions }) => extensions.code)).toEqual(["TIMEOUT", "TIMEOUT"]);
  });

  it("gives back its connection: the next question is answered", async () => {
    for (let i = 0; i < 12; i += 1) await ask("{ query }");
    expect(JSON.parse((await ask("{ fine }")).text)).toEqual({ data: { fine: 1 } });
  });

  it("that the caller can mend is told as it is, and not logged", async () => {
    logged.length = 0;
    const [error] = errorsOf(await ask("{ own }"));
    expect(error).toMatchObject({
      message: "There is no such thing.",
      extensions: { code: "NOT_FOUND", field: "thing" },
    });
    expect(logged).toEqual([]);
  });
});

describe("without a database", () => {
  it("every question is UNAVAILABLE, to be asked again, and the server stays up", async () => {
    const lost = connect(
      { socketPath: "/nowhere/.s.PGSQL.5432", database: "none", user: "none" },
      { connectionsMax: 2 },
    );
    const alone = await startServer({ database: lost, settings: readSettings({ PORT: "0" }), graphiql: {}, log });
    try {
      const answer = await ask("{ __typename }", alone.url);
      expect({ status: answer.status, retryAfter: answer.headers["retry-after"] }).toEqual({
        status: 503,
        retryAfter: "1",
      });
      expect(errorsOf(answer)[0]?.extensions).toMatchObject({ code: "UNAVAILABLE", retryable: true });
      expect(answer.text).not.toMatch(/nowhere|PGSQL/);
      expect((await send(alone.url, { method: "GET", path: "/health" })).status).toBe(200);
      const ready = await send(alone.url, { method: "GET", path: "/ready" });
      expect({ status: ready.status, code: errorsOf(ready)[0]?.extensions.code }).toEqual({
        status: 503,
        code: "UNAVAILABLE",
      });
    } finally {
      await alone.close(0);
      await lost.close();
    }
  });
});
