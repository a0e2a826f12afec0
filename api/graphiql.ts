// GraphiQL from our own bundle: a small page, and its script, style and workers from this origin. A content security policy holds the
// page to it. The bundle is compressed once, when the page is first asked for.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip as gzipWithCallback } from "node:zlib";
import { exampleTabs } from "./graphiql/tabs.ts";

const gzip = promisify(gzipWithCallback);

/** A static part of the page, compressed. */
export type GraphiqlAsset = { readonly contentType: string; readonly etag: string; readonly gzipped: Buffer };

export type Graphiql = {
  /** The page itself: never cached, for it may hold the demo's key. */
  readonly page: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** A part by its name; null for a name that is none. */
  asset(name: string): Promise<GraphiqlAsset | null>;
};

export const assetsPath = "/graphql/page/";

/** @param demoKey of the embedded default's demo: the headers tab is filled in with it. */
export function createGraphiql({ demoKey }: { readonly demoKey?: string }): Graphiql {
  let assets: Promise<ReadonlyMap<string, GraphiqlAsset>> | null = null;
  return {
    page: { headers: { "content-type": "text/html; charset=utf-8", ...pageHeaders }, body: pageOf(demoKey ?? null) },
    async asset(name) {
      assets ??= loadAssets();
      return (await assets).get(name) ?? null;
    },
  };
}

/** Nothing is fetched, framed or sent anywhere but to this origin; styles are made by the editor as it runs. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const pageHeaders = {
  "content-security-policy": contentSecurityPolicy,
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
};

function pageOf(demoKey: string | null): string {
  const headers = JSON.stringify({ authorization: `Bearer ${demoKey ?? "<an API key>"}` }, null, 2);
  const options = {
    endpoint: "/graphql",
    title: "Accrete",
    credentials: "omit",
    // A key that an analyst types stays in memory.
    shouldPersistHeaders: false,
    headers,
    defaultHeaders: headers,
    defaultEditorToolsVisibility: "headers",
    defaultTabs: exampleTabs.map((query) => ({ query, headers })),
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Accrete: GraphiQL</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${assetsPath}graphiql.css">
    <script type="application/json" id="options">${JSON.stringify(options).replaceAll("<", "\\u003c")}</script>
    <script type="module" src="${assetsPath}boot.mjs"></script>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript. The API itself does not: send POST requests to /graphql.</noscript>
    <div id="root"></div>
  </body>
</html>
`;
}

const scripts = "text/javascript; charset=utf-8";

/**
 * The bundle's own style takes the place of a tab's last drag from every tab but the focused one. Where several tabs are given at the
 * start those places are wrong, and the first click on a tab would move it away from under the pointer.
 */
const tabsStayPut = ".graphiql-tab{transform:none!important}";

async function loadAssets(): Promise<ReadonlyMap<string, GraphiqlAsset>> {
  const bundle = await import("@graphql-yoga/render-graphiql/graphiql");
  const boot = await readFile(new URL("graphiql/boot.mjs", import.meta.url), "utf8");
  const assets = await Promise.all([
    compress("graphiql.js", scripts, bundle.js),
    compress("graphiql.css", "text/css; charset=utf-8", `${bundle.css}\n${tabsStayPut}\n`),
    compress("editor-worker.js", scripts, bundle.editorWorkerService),
    compress("json-worker.js", scripts, bundle.jsonWorker),
    compress("graphql-worker.js", scripts, bundle.graphqlWorker),
    compress("boot.mjs", scripts, boot),
  ]);
  return new Map(assets);
}

async function compress(name: string, contentType: string, text: string): Promise<[string, GraphiqlAsset]> {
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
  return [name, { contentType, etag, gzipped: await gzip(text) }];
}
