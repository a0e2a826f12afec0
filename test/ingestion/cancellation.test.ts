// Stopping an import: at any moment, at once, with nothing written and the connection as good as new.

import { createServer } from "node:http";
import { importHandler } from "@accrete/api/ingestion.ts";
import { readSettings } from "@accrete/api/settings.ts";
import { importFile } from "@accrete/db/ingestion/store.ts";
import { connect } from "@accrete/db/kernel/database.ts";
import { lockForCommit } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { rowCounts } from "./books.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
});
afterAll(() => db.drop());

const start = (source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal: AbortSignal) =>
  importFile(db.api, books.workspaceId, {
    kind: "accounts",
    format: "csv",
    source,
    effect: "write",
    refusals: "all or nothing",
    unknownNames: "refuse",
    fileName: null,
    actor: "test",
    signal,
  });

const text = "account_id,name\na,A\n";

/** Resolves when so many statements of the database wait for a lock; asks again and again, each time a round trip later. */
async function waitingForLock(count: number): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const [row] = await db.owner.sql<{ waiting: number }[]>`
      select count(*)::integer as waiting from pg_locks l join pg_database d on d.oid = (
        select a.datid from pg_stat_activity a where a.pid = l.pid)
      where not l.granted and d.datname = ${db.name}`;
    if (row?.waiting === count) return;
  }
  throw new Error(`never were ${count} statements waiting for a lock`);
}

it("cancels the statement that an import is in", async () => {
  const before = await rowCounts(books);
  const cancel = new AbortController();
  await books.write(async (tx) => {
    await lockForCommit(tx);
    const importing = start([Buffer.from(text)], cancel.signal);
    const ended = expect(importing).rejects.toThrow("stop now");
    await waitingForLock(1);
    cancel.abort(new Error("stop now"));
    await ended;
    await waitingForLock(0);
  });
  expect(await rowCounts(books)).toEqual(before);
});

it("stops while rows come in, and leaves the connection usable", async () => {
  const before = await rowCounts(books);
  const cancel = new AbortController();
  async function* endless() {
    yield Buffer.from("account_id,name\n");
    for (let row = 0; ; row += 1) {
      if (row === 50) cancel.abort(new Error("stop now"));
      yield Buffer.from(`a${row},${"x".repeat(900)}\n`.repeat(100));
    }
  }
  await expect(start(endless(), cancel.signal)).rejects.toThrow("stop now");
  expect(await rowCounts(books)).toEqual(before);
  await Promise.all(Array.from({ length: 10 }, () => rowCounts(books)));
});

it("stops in a pool of one connection too", async () => {
  const narrow = connect(db.address("api"), { connectionsMax: 1 });
  onTestFinished(() => narrow.close());
  const cancel = new AbortController();
  const request = {
    kind: "accounts",
    format: "csv",
    effect: "write",
    refusals: "partial",
    unknownNames: "refuse",
  } as const;
  const importing = importFile(narrow, books.workspaceId, {
    ...request,
    source: [Buffer.from(text)],
    fileName: null,
    actor: "test",
    signal: cancel.signal,
    onProgress: ({ phase }) => {
      if (phase === "writing") cancel.abort(new Error("stop now"));
    },
  });
  await expect(importing).rejects.toThrow("stop now");
  expect(await rowCounts(books)).toMatchObject({ accounts: 0 });
});

it("throws what the source throws, and writes nothing", async () => {
  const before = await rowCounts(books);
  async function* broken() {
    yield Buffer.from(text);
    throw new Error("the disk has gone");
  }
  await expect(start(broken(), new AbortController().signal)).rejects.toThrow("the disk has gone");
  expect(await rowCounts(books)).toEqual(before);
});

it("refuses to begin once it is cancelled", async () => {
  await expect(start([Buffer.from(text)], AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
});

it("gives up on a body that stays silent, and says so", async () => {
  const before = await rowCounts(books);
  const handle = importHandler({ database: db.api, settings: readSettings({}), idleMs: 20 });
  const identity = { workspaceId: books.workspaceId, keyId: books.workspaceId, scope: "write" } as const;
  const search = new URLSearchParams();
  const refused: unknown[] = [];
  const server = createServer((request, response) => {
    void handle({ request, response, kind: "accounts", search, identity, requestId: "r1" }).catch((error) =>
      refused.push(error),
    );
  });
  onTestFinished(() => void server.close());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  const silent = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from("account_id,name\n")),
  });
  const sent = { method: "POST", body: silent, duplex: "half", headers: { "content-type": "text/csv" } };
  const response = await fetch(`http://127.0.0.1:${port}/`, sent);
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "TIMEOUT" } }] });
  expect(await rowCounts(books)).toEqual(before);
});
