// The dashboard's latency: GraphQL over HTTP and the hand's SQL, one after the other, over and over, once their answers have been found
// equal.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createApiKey } from "@accrete/db/identity/store.ts";
import { inWorkspace } from "@accrete/db/kernel/database.ts";
import type { ScratchBooks } from "./books.ts";
import {
  askByHand,
  type DashboardRow,
  dashboardDocument,
  type GraphqlAnswer,
  quarter,
  rowsOfAnswer,
} from "./dashboard.ts";
import { timed } from "./measure.ts";

export type QuestionFigures = { readonly graphqlMs: readonly number[]; readonly handMs: readonly number[] };

const warmUps = 10;
const serverDeadlineMs = 30_000;

/** Asks both ways in turn, so many times each, but for no longer than `secondsMax`. */
export async function measureDashboard(
  books: ScratchBooks,
  workspaceId: string,
  limits: { readonly questions: number; readonly secondsMax: number },
): Promise<QuestionFigures> {
  const key = await inWorkspace(books.server, workspaceId, "write", (tx) =>
    createApiKey(tx, { name: "bench", scope: "read", environment: "demo" }),
  );
  const server = await startServerProcess(books);
  try {
    const byGraphql = () => askByGraphql(server.url, key.text);
    const byHand = () => inWorkspace(books.server, workspaceId, "read", askByHand);
    requireEqual(await byGraphql(), await byHand());
    for (let i = 0; i < warmUps; i += 1) {
      await byGraphql();
      await byHand();
    }
    const graphqlMs: number[] = [];
    const handMs: number[] = [];
    const until = performance.now() + limits.secondsMax * 1000;
    while (graphqlMs.length < limits.questions && performance.now() < until) {
      graphqlMs.push((await timed(byGraphql)).ms);
      handMs.push((await timed(byHand)).ms);
    }
    return { graphqlMs, handMs };
  } finally {
    server.stop();
  }
}

async function startServerProcess(books: ScratchBooks): Promise<{ readonly url: string; stop(): void }> {
  const child = fork(fileURLToPath(new URL("server.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the server did not start")), serverDeadlineMs);
      child.once("message", (message) => {
        clearTimeout(timer);
        resolve(String(message));
      });
      child.once("exit", () => reject(new Error("the server ended before it listened")));
      child.send(books.serverAddress);
    });
    return { url, stop: () => void child.kill() };
  } catch (error) {
    child.kill();
    throw error;
  }
}

async function askByGraphql(url: string, key: string): Promise<DashboardRow[]> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ query: dashboardDocument, variables: { window: quarter } }),
  });
  const { data, errors } = (await response.json()) as { data?: GraphqlAnswer; errors?: unknown };
  if (!data) throw new Error(`the dashboard's query failed: ${JSON.stringify(errors)}`);
  return rowsOfAnswer(data.expansionMetrics);
}

/** Nothing is worth timing that answers something else. */
function requireEqual(left: readonly DashboardRow[], right: readonly DashboardRow[]): void {
  const text = (rows: readonly DashboardRow[]) =>
    JSON.stringify(rows.map((row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
  if (text(left) !== text(right)) {
    throw new Error(`the answers differ:\n${JSON.stringify(left, null, 1)}\n${JSON.stringify(right, null, 1)}`);
  }
}
