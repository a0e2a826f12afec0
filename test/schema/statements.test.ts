// Nested lists cost a fixed number of statements, whatever the size of the page.

import { connect, type Database, inWorkspace } from "@accrete/db/kernel/database.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { ask, fillBooks } from "./books.ts";

let db: TestDatabase;
let watched: Database;
let workspaceId: string;
let statements: string[] = [];

beforeAll(async () => {
  db = await testDatabase();
  const books = await world(db);
  workspaceId = books.workspaceId;
  await fillBooks(db.api, books);
  watched = connect(db.address("api"), { connectionsMax: 1, onStatement: (text) => statements.push(text) });
  await watched.sql`select 1`;
});

afterAll(async () => {
  await watched?.close();
  await db?.drop();
});

async function statementsOf(query: string, first: number): Promise<{ count: number; rows: number }> {
  statements = [];
  const read = <T>(work: Parameters<typeof inWorkspace<T>>[3]) => inWorkspace(watched, workspaceId, "read", work);
  const { data, errors } = await ask({ read }, query, { first });
  expect(errors).toBeUndefined();
  const list = Object.values(data ?? {})[0] as { nodes?: unknown[]; rows?: unknown[] };
  return { count: statements.length, rows: (list.nodes ?? list.rows ?? []).length };
}

/** Sizes 5 and 50 give as many rows, in the same number of statements, and not in more than so many. */
async function expectFixedCost(query: string, statementsMax: number): Promise<void> {
  const few = await statementsOf(query, 5);
  const many = await statementsOf(query, 50);
  expect({ few: few.rows, many: many.rows }).toEqual({ few: 5, many: 50 });
  expect(many.count).toBe(few.count);
  expect(many.count).toBeLessThanOrEqual(statementsMax);
}

describe("a page costs the same number of statements at 5 and at 50 rows", () => {
  it("of accounts with their group, lines, movements and balances", async () => {
    await expectFixedCost(
      `query ($first: Int!) {
        accounts(first: $first) {
          totalCount
          nodes {
            name arr mrr segment firstArrOn cumulativeExpansionArr parentHistory { parent { name } fromOn } mergedInto { name } mergedAccounts { name } committedArr
            parent { name arr } ultimateParent { name }
            children(first: 3) { totalCount nodes { name arr } }
            contractLines { totalCount nodes { arr usage(first: 2) { totalCount nodes { amount } } contract { externalId } product { name plans { name } } plan { name product { name } } account { name } } }
            movements(first: 10, orderBy: [{ field: AMOUNT, direction: DESC }]) {
              totalCount
              nodes { amount arrBefore arrAfter product { name } plan { name } line { externalId } account { name }
                reversedBy { id } corrects { id } correctedBy { id } note isRestatement reason { rule lineBefore { fromOn } lineAfter { fromOn } sourceRecord { fileName row } } }
            }
            metrics(window: { fromOn: "2025-10-01", untilOn: "2026-01-01" }) { expansionArr nrr }
          }
        }
      }`,
      45,
    );
  });

  it("of accounts as of an earlier version, with what is below them by the same knowledge", async () => {
    await expectFixedCost(
      `query ($first: Int!) {
        accounts(first: $first, asOf: { ledgerVersion: "4" }) {
          totalCount
          nodes {
            name arr segment source parent { name arr } ultimateParent { name } children(first: 3) { totalCount nodes { name arr } }
            contractLines { totalCount nodes { arr product { name plans { name } } plan { name } account { name } } }
            movements(first: 10) { totalCount nodes { amount arrAfter reversedBy { id } reason { lineAfter { fromOn } sourceRecord { row } } } }
            metrics(window: { fromOn: "2025-10-01", untilOn: "2026-01-01" }) { expansionArr nrr }
          }
        }
      }`,
      40,
    );
  });

  it("of movements with everything around them", async () => {
    await expectFixedCost(
      `query ($first: Int!) {
        movements(first: $first) {
          totalCount
          nodes {
            amount arrBefore arrAfter account { name arr parent { name } movements(first: 2) { nodes { arrAfter } } }
            product { name } plan { name } line { arr contract { externalId account { name } } }
            reason { pairedBefore { externalId } pairedAfter { externalId } sourceRecord { batchId kind row } } reverses { id } reversedBy { id }
          }
        }
      }`,
      35,
    );
  });

  it("of metrics rows with the movements behind each", async () => {
    await expectFixedCost(
      `query ($first: Int!) {
        expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, groupBy: [ACCOUNT]) {
          rows(first: $first) { expansionArr movements(first: 2) { totalCount nodes { amount arrAfter account { name } } } }
        }
      }`,
      15,
    );
  });
});
