// The real server, on a free port and a database of its own, with a workspace in it.

import { startServer } from "@accrete/api/server.ts";
import { readSettings } from "@accrete/api/settings.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { type World, type WorldOptions, world } from "./world.ts";

export type TestServer = World & {
  /** Where the server listens, without a path. */
  readonly url: string;
  /** The full address of /graphql. */
  readonly endpoint: string;
  /** A key of scope admin. */
  readonly apiKey: string;
  readonly db: TestDatabase;
  /** Stops the server and drops the database. */
  close(): Promise<void>;
};

export type TestServerOptions = WorldOptions & {
  /** Environment variables of the server, such as ACCRETE_CORS_ORIGINS. */
  readonly environment?: Readonly<Record<string, string>>;
};

/** Starts a server with one empty workspace; its facts are the test's own. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const db = await testDatabase();
  const made = await world(db, options);
  const settings = readSettings({ ...options.environment, PORT: "0" });
  const server = await startServer({ database: db.api, settings, graphiql: {} });
  const close = async () => {
    await server.close(0);
    await db.drop();
  };
  const { url } = server;
  return { ...made, url, endpoint: new URL("/graphql", url).href, apiKey: made.keys.admin, db, close };
}
