// The server: which address answers what, to whom, and how it stops. Questions are graphql.ts' work, imports ingestion.ts'.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import type { Identity } from "@accrete/db/identity/store.ts";
import type { Database } from "@accrete/db/kernel/database.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { schemaStatus } from "@accrete/db/kernel/migrate.ts";
import { type Log, logFault, refusalOf } from "./errors.ts";
import { assetsPath, createGraphiql, type Graphiql } from "./graphiql.ts";
import { createGraphql, type GraphqlOptions } from "./graphql.ts";
import {
  readJsonBody,
  requestIdOf,
  requireMethod,
  send,
  sendRefusal,
  setCommonHeaders,
  setCorsHeaders,
} from "./http.ts";
import { createDoorkeeper } from "./identity.ts";
import { importHandler } from "./ingestion.ts";
import type { Settings } from "./settings.ts";

export type ServerOptions = {
  readonly database: Database;
  readonly settings: Settings;
  /** `demoKey`: of the embedded default's demo, for GraphiQL's headers tab. */
  readonly graphiql: { readonly demoKey?: string };
  /** Where faults are written; one line of JSON each on standard error unless told. */
  readonly log?: Log;
  /** Another schema or a shorter statement timeout, for tests of the wire. */
  readonly graphql?: Partial<Pick<GraphqlOptions, "schema" | "statementTimeoutMs">>;
};

export type RunningServer = {
  /** Where it listens, without a path. */
  readonly url: string;
  /** Refuses what is new, lets what runs finish for so long, then stops. */
  close(graceMs: number): Promise<void>;
};

export const statementTimeoutMs = 8_000;

/** Listens, and resolves once it does; rejects with the system's error when it cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { settings } = options;
  const state = { isClosing: false };
  const answer = createAnswerer(options, state);
  // The interval is how late a header's timeout may strike.
  const server = createServer({ connectionsCheckingInterval: 5_000 }, (request, response) => {
    void answer(request, response);
  });
  server.headersTimeout = 20_000;
  // Imports may take hours; every other body has its own bound.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, resolve);
  });
  return {
    url: urlOf(server, settings.host),
    close: (graceMs) => {
      state.isClosing = true;
      return drain(server, graceMs);
    },
  };
}

function drain(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const name = host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** What a route is given: the request in parts, and who may be asked about it. */
type Call = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly requestId: string;
};

type Answerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function createAnswerer(options: ServerOptions, state: { readonly isClosing: boolean }): Answerer {
  const { database, settings } = options;
  const log = options.log ?? ((entry) => console.error(JSON.stringify(entry)));
  const doorkeeper = createDoorkeeper({ database });
  const graphiql = settings.graphiql === "on" ? createGraphiql(options.graphiql) : null;
  const graphql = createGraphql({ database, log, statementTimeoutMs, ...options.graphql });
  const importFile = importHandler({ database, settings });

  const answerGraphql = async (call: Call) => {
    const { request, response, url, requestId } = call;
    requireMethod(request, response, ["GET", "POST"]);
    if (request.method === "GET" && (request.headers.accept ?? "").includes("text/html")) {
      if (!graphiql) throw notFound();
      send(response, { status: 200, ...graphiql.page });
      return;
    }
    const identity = await doorkeeper.identify(request.headers.authorization);
    const { accept = "*/*" } = request.headers;
    const answered = await graphql(
      request.method === "GET"
        ? { method: "GET", url: `${url.pathname}${url.search}`, headers: { accept } }
        : {
            method: "POST",
            url: url.pathname,
            headers: { accept, "content-type": "application/json" },
            body: await readJsonBody(request),
          },
      { ...callerOf(identity), requestId },
    );
    send(response, answered);
  };

  const answerImport = async ({ request, response, url, requestId }: Call, kind: string) => {
    requireMethod(request, response, ["POST"]);
    const identity = await doorkeeper.identify(request.headers.authorization);
    await importFile({ request, response, kind, search: url.searchParams, identity, requestId });
  };

  const answerReady = async ({ request, response }: Call) => {
    requireMethod(request, response, ["GET", "HEAD"]);
    if (state.isClosing) throw new AccreteError("UNAVAILABLE", "The server is stopping.");
    const { state: schema } = await schemaStatus(database.sql);
    if (schema !== "CURRENT") throw new AccreteError("UNAVAILABLE", "The database's schema is not this server's.");
    send(response, { status: 200, headers: json, body: '{"status":"ready"}' });
  };

  const route = async (call: Call) => {
    const { request, response, url } = call;
    const { pathname } = url;
    if (request.method === "OPTIONS") return send(response, { status: 204 });
    if (pathname === "/graphql") return answerGraphql(call);
    if (graphiql && pathname.startsWith(assetsPath))
      return sendAsset(call, graphiql, pathname.slice(assetsPath.length));
    const kind = /^\/import\/([\w-]+)$/.exec(pathname)?.[1];
    if (kind) return answerImport(call, kind);
    if (pathname === "/ready") return answerReady(call);
    if (pathname === "/health") {
      requireMethod(request, response, ["GET", "HEAD"]);
      return send(response, { status: 200, headers: json, body: '{"status":"up"}' });
    }
    if (pathname === "/") {
      requireMethod(request, response, ["GET", "HEAD"]);
      return send(response, { status: 302, headers: { location: "/graphql" } });
    }
    throw notFound();
  };

  return async (request, response) => {
    const requestId = requestIdOf(request);
    setCommonHeaders(response, requestId);
    setCorsHeaders(request, response, settings.corsOrigins);
    // A connection that is kept open may still send a request after the server stopped to listen.
    if (state.isClosing) response.setHeader("connection", "close");
    try {
      await route({ request, response, url: parseUrl(request.url), requestId });
    } catch (error) {
      // Who hung up is not waiting for an answer.
      if (request.destroyed && !request.complete) return;
      logFault(log, error, requestId);
      sendRefusal(response, refusalOf(error), requestId);
    }
  };
}

const json = { "content-type": "application/json; charset=utf-8" };

function callerOf({ workspaceId, keyId, scope }: Identity) {
  return { workspaceId, keyId, scope, todayOn: new Date().toISOString().slice(0, 10) };
}

async function sendAsset({ request, response }: Call, graphiql: Graphiql, name: string): Promise<void> {
  requireMethod(request, response, ["GET", "HEAD"]);
  const asset = await graphiql.asset(name);
  if (!asset) throw notFound();
  const headers = { etag: asset.etag, "cache-control": "public, max-age=0, must-revalidate", vary: "accept-encoding" };
  if (request.headers["if-none-match"] === asset.etag) return send(response, { status: 304, headers });
  const takesGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const body = takesGzip ? asset.gzipped : gunzipSync(asset.gzipped);
  response.writeHead(200, {
    ...headers,
    "content-type": asset.contentType,
    "content-length": String(body.length),
    ...(takesGzip ? { "content-encoding": "gzip" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function parseUrl(target = "/"): URL {
  // Put together, not resolved: "//host/graphql" is a path of ours that is none, not another host.
  const text = `http://localhost${target}`;
  if (!target.startsWith("/") || !URL.canParse(text)) throw notFound();
  return new URL(text);
}

function notFound(): AccreteError {
  return new AccreteError("NOT_FOUND", "There is nothing at this address.");
}
