// The reports as they are asked over GraphQL: pages of accounts, groups of accounts, earlier knowledge, and the limits.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerOf, ask, importLines } from "../schema/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let place: World;
const window = `window: { fromOn: "2025-10-01", untilOn: "2026-01-01" }`;

beforeAll(async () => {
  db = await testDatabase();
  place = await world(db);
  const accounts = ["holding", "east", "west", "alone"];
  await importLines(db.api, place.workspaceId, "accounts", [
    "account_id,name,parent_id",
    ...accounts.map((name) => `${name},${name} Ltd,${["east", "west"].includes(name) ? "holding" : ""}`),
  ]);
  const header = "movement_id,account_id,effective_on,type,driver,amount,currency";
  await importLines(db.api, place.workspaceId, "movements", [
    header,
    "m1,east,2025-01-01,NEW,,1000.00,USD",
    "m2,alone,2025-01-01,NEW,,300.00,USD",
    "m3,alone,2025-11-01,EXPANSION,SEAT,30.00,USD",
  ]);
  await importLines(db.api, place.workspaceId, "movements", [
    header,
    "m4,west,2025-10-10,NEW,,200.00,USD",
    "m5,east,2025-12-10,CHURN,,-1000.00,USD",
  ]);
});
afterAll(() => db.drop());

const changes = (policy: string, page: string) => `{ expansionMetrics(${window}, policy: ${policy}) { total {
  accountChanges(${page}) { totalCount pageInfo { hasNextPage endCursor } nodes {
    account { externalId } class openingArr closingArr movements { totalCount nodes { amount account { externalId } } } } } } } }`;

type Changes = {
  expansionMetrics: {
    total: {
      accountChanges: {
        totalCount: number;
        pageInfo: { hasNextPage: boolean; endCursor: string };
        nodes: {
          account: { externalId: string };
          class: string;
          movements: { totalCount: number; nodes: { amount: string }[] };
        }[];
      };
    };
  };
};

async function changesOf(policy: string, page: string) {
  const answer = await answerOf<Changes>(place, changes(policy, page));
  return answer.expansionMetrics.total.accountChanges;
}

describe("accountChanges", () => {
  it("come in pages, each account with its class and its movements", async () => {
    const first = await changesOf("{}", "first: 2");
    expect([first.totalCount, first.pageInfo.hasNextPage]).toEqual([3, true]);
    const next = await changesOf("{}", `first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(
      [...first.nodes, ...next.nodes].map((node) => [node.account.externalId, node.class, node.movements.nodes]),
    ).toEqual([
      ["alone", "EXPANSION", [{ amount: "30.00", account: { externalId: "alone" } }]],
      ["east", "CHURN", [{ amount: "-1000.00", account: { externalId: "east" } }]],
      ["west", "NEW", [{ amount: "200.00", account: { externalId: "west" } }]],
    ]);
  });

  it("are of groups at the level of ultimate parents, with the movements of all their accounts", async () => {
    for (const hierarchyAt of ["LIVE", "AS_OF_EVENT"]) {
      const { nodes } = await changesOf(`{ accountLevel: ULTIMATE_PARENT, hierarchyAt: ${hierarchyAt} }`, "first: 9");
      expect(nodes.map((node) => [node.account.externalId, node.class, node.movements.totalCount])).toEqual([
        ["alone", "EXPANSION", 1],
        ["holding", "CONTRACTION", 2],
      ]);
    }
  });

  it("refuse a cursor of another list", async () => {
    const { errors } = await ask(place, changes("{}", `first: 2, after: "bm9uZQ"`));
    expect(errors?.[0]?.originalError).toMatchObject({ code: "BAD_USER_INPUT", field: "after" });
  });
});

describe("one operation", () => {
  it("asks the books again for four rows with all their policy keys, whichever of their metrics, and not for five", async () => {
    const rows = (count: number) =>
      Array.from(
        { length: count },
        (_, index) => `q${index}: expansionMetrics(${window}) { total {
          a: explain(metric: NRR) { value policyKeys { mattered } } b: explain(metric: GRR) { formula policyKeys { key } } } }`,
      ).join("\n");
    expect((await ask(place, `{ ${rows(4)} }`)).errors).toBeUndefined();
    const { errors } = await ask(place, `{ ${rows(5)} }`);
    expect(errors?.[0]?.originalError).toMatchObject({ code: "TOO_COMPLEX", field: "policyKeys" });
  });
});

describe("as of an earlier version", () => {
  type Version = { workspace: { ledgerVersion: string } };
  let before: string;
  beforeAll(async () => {
    const { workspace } = await answerOf<Version>(place, "{ workspace { ledgerVersion } }");
    before = String(BigInt(workspace.ledgerVersion) - 1n);
  });

  it("every report answers with what was known then", async () => {
    const policy = `policy: { asOf: { ledgerVersion: "${before}" } }`;
    const answer = await answerOf(
      place,
      `{
        methodBridge(${window}, ${policy}) { event { newArr churnedArr } lines { cause } residual ledgerVersion }
        segmentMigration(${window}, ${policy}) { lines { openingSegment closingSegment accountCount closingArr
          accounts { totalCount nodes { account { name } } } } ledgerVersion }
        currencyBridge(${window}, ${policy}) { total { reported { closingArr } difference { closingArr } } residual ledgerVersion }
        bookings(${window}, asOf: { ledgerVersion: "${before}" }) { closing { liveArr } ledgerVersion }
      }`,
    );
    expect(answer).toEqual({
      methodBridge: {
        event: { newArr: "0.00", churnedArr: "0.00" },
        lines: [],
        residual: "0.00",
        ledgerVersion: before,
      },
      segmentMigration: {
        lines: [
          {
            openingSegment: "SMB",
            closingSegment: "SMB",
            accountCount: 2,
            closingArr: "1330.00",
            accounts: { totalCount: 2, nodes: [{ account: { name: "alone Ltd" } }, { account: { name: "east Ltd" } }] },
          },
        ],
        ledgerVersion: before,
      },
      currencyBridge: {
        total: { reported: { closingArr: "1330.00" }, difference: { closingArr: "0.00" } },
        residual: "0.00",
        ledgerVersion: before,
      },
      bookings: { closing: { liveArr: "1330.00" }, ledgerVersion: before },
    });
  });
});
