// `accrete serve`: brings up whatever is missing (a database, its schema, demo data), then answers until told to stop. Settings only:
// an operator's environment decides everything.

import { rename, rm, writeFile } from "node:fs/promises";
import type { Database } from "@accrete/db/kernel/database.ts";
import { openEmbedded } from "@accrete/db/kernel/embedded.ts";
import { migrate } from "@accrete/db/kernel/migrate.ts";
import type { Command } from "commander";
import { watchLaunchers } from "../ancestors.ts";
import { describeSettings, readSettings, type Settings } from "../settings.ts";
import { type DemoFile, demoFileOf, openServing, requireNoOwner } from "./books.ts";
import { openDemo } from "./demo.ts";
import { failureOf } from "./failure.ts";
import { listenFailure, requireFreePort, requireLoopback } from "./listening.ts";

/** How long requests in flight may take to finish once told to stop. */
const graceMs = 10_000;

export function registerServe(program: Command): void {
  program
    .command("serve")
    .description("Answer questions over HTTP: /graphql, /import, and GraphiQL in a browser.")
    .addHelpText(
      "after",
      `
Without DATABASE_URL it starts a PostgreSQL of its own in ACCRETE_DATA_DIR, loads a demo workspace, prints a key for it, and leaves
the address and the key in <ACCRETE_DATA_DIR>/demo.json for scripts. Ctrl-C or SIGTERM stops it: requests in flight are finished.

Settings (environment variables):
${describeSettings()}

Examples:
  accrete serve
  PORT=8080 accrete serve
  DATABASE_URL=postgres://accrete_server:…@db.example.com/accrete HOST=0.0.0.0 accrete serve`,
    )
    .action(async () => {
      process.exitCode = await serve(readSettings(process.env));
    });
}

/** Serves until a signal, a vanished launcher or the end of the embedded server; gives the exit code. */
async function serve(settings: Settings): Promise<number> {
  const requests = stopRequests();
  const undo = new UndoList();
  try {
    const running = await start(settings, undo);
    const stopWatching = await watchLaunchers(() => requests.ask({ text: "the launcher has gone", exitCode: 0 }));
    undo.add(async () => stopWatching());
    if (running.demo) await leaveDemoFile(settings.dataDirectory, running.demo, undo);
    if (!requests.isAsked()) {
      for (const line of readyLines(running)) console.log(line);
      // Counted from the start of the process, an installation included.
      console.log(`Ready in ${(performance.now() / 1000).toFixed(1)} s. Ctrl-C stops it.`);
    }
    const reason = await Promise.race([requests.asked, running.failed]);
    console.log(`Stopping (${reason.text}).`);
    return reason.exitCode;
  } finally {
    await undo.run();
  }
}

type StopReason = { readonly text: string; readonly exitCode: number };

/** Listens from now on for the signals that ask this process to stop. */
function stopRequests() {
  let isAsked = false;
  let resolveAsked: (reason: StopReason) => void = () => {};
  const asked = new Promise<StopReason>((resolve) => {
    resolveAsked = resolve;
  });
  const ask = (reason: StopReason) => {
    isAsked = true;
    resolveAsked(reason);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Who asks twice does not want to wait. The embedded server is stopped by the process' exit.
      if (isAsked) process.exit(1);
      ask({ text: signal, exitCode: 0 });
    });
  }
  return { asked, ask, isAsked: () => isAsked };
}

/** What has been started and must be stopped, last first. */
class UndoList {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  /** Runs every step, even after one has failed: a server left behind would hold the directory. */
  async run(): Promise<void> {
    for (const step of this.#steps.splice(0)) await step().catch((error: unknown) => console.error(failureOf(error)));
  }
}

type Running = {
  /** The full address of /graphql. */
  readonly endpoint: string;
  /** Null when the database has no demo workspace. */
  readonly demo: DemoFile | null;
  readonly graphiql: "on" | "off";
  /** Resolves when the embedded server ended unasked. */
  readonly failed: Promise<StopReason>;
};

async function start(settings: Settings, undo: UndoList): Promise<Running> {
  if (settings.database) {
    await requireFreePort(settings);
    const database = await openServing(settings.database, settings.poolSize);
    undo.add(() => database.close());
    const endpoint = await listen(settings, database, null, undo);
    return { endpoint, demo: null, graphiql: settings.graphiql, failed: new Promise(() => {}) };
  }
  requireNoOwner(settings);
  requireLoopback(settings.host);
  await requireFreePort(settings);
  console.log(`Starting PostgreSQL in ${settings.dataDirectory} …`);
  const embedded = await openEmbedded({
    dataDirectory: settings.dataDirectory,
    manner: "alone",
    onNotice: (line) => console.log(line),
  });
  undo.add(() => embedded.stop("at once"));
  await migrate(embedded.owner, embedded.serverLogin);
  const database = await openServing(embedded.server, settings.poolSize);
  undo.add(() => database.close());
  const apiKey = await openDemo(embedded, database);
  const endpoint = await listen(settings, database, apiKey, undo);
  const failed = embedded.ended.then(() => ({ text: "PostgreSQL has ended", exitCode: 1 }));
  const demo = apiKey === null ? null : { endpoint, apiKey, pid: process.pid };
  return { endpoint, demo, graphiql: settings.graphiql, failed };
}

async function listen(settings: Settings, database: Database, demoKey: string | null, undo: UndoList): Promise<string> {
  // Loaded only here: the schema takes a second, and every other command does without.
  const { startServer } = await import("../server.ts");
  const server = await startServer({ database, settings, graphiql: demoKey === null ? {} : { demoKey } }).catch(
    (error: unknown) => {
      throw listenFailure(error, settings);
    },
  );
  undo.add(() => server.close(graceMs));
  return new URL("/graphql", server.url).href;
}

/** Lets scripts find the demo: the address and a key, for this user's eyes only, for as long as the server runs. */
async function leaveDemoFile(dataDirectory: string, demo: DemoFile, undo: UndoList): Promise<void> {
  const file = demoFileOf(dataDirectory);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  // Renamed into place: who sees the file sees all of it.
  await rename(draft, file);
  undo.add(() => rm(file, { force: true }));
}

function readyLines({ endpoint, demo, graphiql }: Running): readonly string[] {
  const page = graphiql === "on" ? `${endpoint} (open it in a browser for GraphiQL)` : endpoint;
  if (!demo) return ["", `Accrete is ready: ${page}`];
  return [
    "",
    `Accrete is ready: ${page}`,
    `Key of the demo workspace: ${demo.apiKey}`,
    "",
    `  curl -s ${endpoint} -H 'content-type: application/json' -H 'authorization: Bearer ${demo.apiKey}' \\`,
    `    -d '{"query":"{ expansionMetrics(window: {fromOn: \\"2025-10-01\\", untilOn: \\"2026-01-01\\"}) { total { expansionArr nrr } } }"}'`,
    "",
  ];
}
