// What is said to Postgres' planner holds for the work it is said for, and for nothing after it.

import { connect, inWorkspace, type Tx } from "@accrete/db/kernel/database.ts";
import { lookingUpByIndex, readingManyRows } from "@accrete/db/kernel/planner.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let books: World;
beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
});
afterAll(() => db.drop());

async function switchesOf(tx: Tx) {
  const rows = await tx.sql<{ name: string }[]>`
    select name from pg_settings where name in ('enable_nestloop', 'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin')
      and setting = 'off' order by name`;
  return rows.map(({ name }) => name);
}

test("many rows are read without row-by-row joins, look-ups are made by index, and afterwards the planner is free again", async () => {
  const seen = await books.read(async (tx) => [
    await readingManyRows(tx, () => switchesOf(tx)),
    await switchesOf(tx),
    await lookingUpByIndex(tx, () => switchesOf(tx)),
    await switchesOf(tx),
  ]);
  expect(seen).toEqual([["enable_nestloop"], [], ["enable_hashjoin", "enable_mergejoin", "enable_seqscan"], []]);
});

test("a question of the whole ledger ran into the time limit right after a large import: it no longer trusts stale statistics", async () => {
  const sent: string[] = [];
  const watched = connect(db.address("api"), { connectionsMax: 1, onStatement: (text) => sent.push(text) });
  const switchesSent = async (filter: { readonly accountExternalIds?: readonly string[] }) => {
    sent.length = 0;
    await inWorkspace(watched, books.workspaceId, "read", (tx) =>
      askExpansionMetrics(tx, {
        window: { fromOn: "2025-01-01", untilOn: "2026-01-01" },
        grain: "WHOLE",
        groupBy: ["SEGMENT"],
        groupByAttributes: [],
        cohortGrain: "MONTH",
        todayOn: "2026-01-01",
        filter,
        policy: {},
      }),
    );
    return sent.filter((text) => text.includes("set_config")).length;
  };
  expect(await switchesSent({})).toBe(2);
  // The rows of named accounts are few: they are looked up.
  expect(await switchesSent({ accountExternalIds: ["acme"] })).toBe(0);
  await watched.close();
});
