// The ledger as it is answered: the story, its reversals, its filters, and amounts of several currencies.

import { chooseRateSets, setRates } from "@accrete/db/rates/store.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { answerOf, ask, importLines } from "./books.ts";
import { fillSmallBooks } from "./small.ts";

let db: TestDatabase;
let small: World;

beforeAll(async () => {
  db = await testDatabase();
  small = await world(db, { name: "Small", fiscalYearStartMonth: 4 });
  await fillSmallBooks(db.api, small);
});

afterAll(() => db?.drop());

describe("the ledger", () => {
  it("tells an account's story in the order of the day, with the balance around each movement", async () => {
    const { movements } = await answerOf(
      small,
      "{ movements { totalCount nodes { effectiveOn type driver amount arrBefore arrAfter motion currency reverses { id } reversedBy { id } reason { rule lineBefore { quantity } lineAfter { quantity } pairedBefore { id } sourceRecord { kind row } } } } }",
    );
    const one = { currency: "USD", reverses: null, reversedBy: null };
    const reason = {
      pairedBefore: [],
      lineBefore: { quantity: "10" },
      lineAfter: { quantity: "15" },
      sourceRecord: { kind: "CONTRACT_LINES", row: 1 },
    };
    expect(movements).toEqual({
      totalCount: 3,
      nodes: [
        {
          ...one,
          effectiveOn: "2025-01-01",
          type: "NEW",
          driver: null,
          amount: "12000.00",
          arrBefore: "0.00",
          arrAfter: "12000.00",
          motion: "sales-led",
          reason: { ...reason, rule: "FIRST_ARR", lineBefore: null, lineAfter: { quantity: "10" } },
        },
        {
          ...one,
          effectiveOn: "2025-07-01",
          type: "EXPANSION",
          driver: "SEAT",
          amount: "6000.00",
          arrBefore: "12000.00",
          arrAfter: "18000.00",
          motion: "product-led",
          reason: { ...reason, rule: "QUANTITY_CHANGED" },
        },
        {
          ...one,
          effectiveOn: "2025-07-01",
          type: "CONTRACTION",
          driver: "DISCOUNT",
          amount: "-4500.00",
          arrBefore: "18000.00",
          arrAfter: "13500.00",
          motion: "product-led",
          reason: { ...reason, rule: "DISCOUNT_CHANGED" },
        },
      ],
    });
  });

  it("shows what was taken back when all entries are asked for, with both sides of each reversal", async () => {
    const { movements } = await answerOf(
      small,
      "{ movements(entries: ALL) { totalCount nodes { type driver amount arrAfter reverses { amount } reversedBy { amount } } } }",
    );
    const { totalCount, nodes } = movements as { totalCount: number; nodes: Record<string, unknown>[] };
    expect(totalCount).toBe(7);
    const reversed = nodes.filter(({ reversedBy }) => reversedBy !== null);
    const reversals = nodes.filter(({ reverses }) => reverses !== null);
    const one = { type: "EXPANSION", driver: "SEAT", arrAfter: null };
    expect(reversed).toContainEqual({ ...one, amount: "2400.00", reverses: null, reversedBy: { amount: "-2400.00" } });
    expect(reversals).toContainEqual({ ...one, amount: "-2400.00", reverses: { amount: "2400.00" }, reversedBy: null });
  });

  it.each([
    ["{ driver: [SEAT] }", 1],
    ['{ type: [NEW], accountExternalIds: ["mid"] }', 1],
    ['{ effectiveFromOn: "2025-07-01", effectiveUntilOn: "2025-07-02" }', 2],
    ['{ segment: ["SMB"] }', 3],
    ['{ segment: ["Enterprise"] }', 0],
    ['{ attributes: [{ name: "country", value: "FR" }] }', 3],
    ['{ attributes: [{ name: "tier", value: null }] }', 3],
    ['{ product: ["p"], plan: ["two"] }', 0],
    ['{ motion: ["product-led"], currency: ["USD"] }', 2],
  ])("is filtered by %s", async (filter, count) => {
    const { movements } = await answerOf(small, `{ movements(filter: ${filter}) { totalCount nodes { id } } }`);
    expect(movements).toEqual({
      totalCount: count,
      nodes: Array.from({ length: count }, () => ({ id: expect.any(String) })),
    });
  });
});

it("amounts in another currency are refused where they have no rate and would be summed, and converted once they have one", async () => {
  const mixed = await world(db);
  await importLines(db.api, mixed.workspaceId, "accounts", ["account_id,name", "us,US", "eu,EU"]);
  await importLines(db.api, mixed.workspaceId, "movements", [
    "movement_id,account_id,effective_on,type,driver,amount,currency",
    "1,us,2025-01-01,NEW,,100.00,USD",
    "2,eu,2025-01-01,NEW,,100.00,EUR",
    "3,eu,2025-02-01,EXPANSION,SEAT,50.00,EUR",
  ]);
  const { data } = await ask(
    mixed,
    '{ movements(filter: { accountExternalIds: ["eu"] }) { nodes { externalId amount currency reason { rule sourceRecord { kind row } } line { id } } } }',
  );
  const source = (row: number) => ({ rule: "SOURCE", sourceRecord: { kind: "MOVEMENTS", row } });
  expect(JSON.parse(JSON.stringify(data))).toEqual({
    movements: {
      nodes: [
        {
          externalId: "2",
          amount: "100.00",
          currency: "EUR",
          reason: source(2),
          line: null,
        },
        {
          externalId: "3",
          amount: "50.00",
          currency: "EUR",
          reason: source(3),
          line: null,
        },
      ],
    },
  });
  for (const query of [
    '{ account(by: { externalId: "eu" }) { arr } }',
    "{ accounts(orderBy: [{ field: ARR }]) { nodes { id } } }",
    '{ movements(filter: { accountExternalIds: ["eu"] }) { nodes { arrBefore } } }',
    '{ movements(filter: { segment: ["SMB"] }) { nodes { id } } }',
    '{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2025-02-01" }) { total { newArr } } }',
  ]) {
    const { errors } = await ask(mixed, query);
    expect(errors?.[0]?.originalError, query).toMatchObject({
      code: "RATE_MISSING",
      message: expect.stringMatching(/EUR/),
    });
  }
  const { data: active } = await ask(mixed, "{ accounts(filter: { active: true }) { totalCount } }");
  expect(JSON.parse(JSON.stringify(active))).toEqual({ accounts: { totalCount: 2 } });

  const author = { actor: "test", action: "state rates" };
  await mixed.write(async (tx) => {
    const rates = [{ fromCurrency: "EUR", toCurrency: "USD", rate: "200.005" }];
    await setRates(tx, { rateSet: "budget", kind: "CONSTANT", rates }, author);
    await chooseRateSets(tx, { constant: "budget" }, author);
  });
  const converted = await ask(
    mixed,
    `{
      account(by: { externalId: "eu" }) { arr(on: "2025-01-31") mrr(on: "2025-01-31") segment(on: "2025-02-01") cumulativeExpansionArr }
      accounts(orderBy: [{ field: ARR }]) { nodes { externalId } }
      movements(filter: { accountExternalIds: ["eu"] }) { nodes { amount arrBefore arrAfter } }
      small: movements(filter: { segment: ["SMB"] }) { nodes { externalId } }
    }`,
  );
  expect(JSON.parse(JSON.stringify(converted.data))).toEqual({
    // 100 × 200.005 = 20,000.50; ÷ 12 = 1,666.708…; 150 × 200.005 = 30,000.75.
    account: { arr: "20000.50", mrr: "1666.71", segment: "Mid-Market", cumulativeExpansionArr: "10000.25" },
    accounts: { nodes: [{ externalId: "us" }, { externalId: "eu" }] },
    movements: {
      nodes: [
        { amount: "100.00", arrBefore: "0.00", arrAfter: "20000.50" },
        { amount: "50.00", arrBefore: "20000.50", arrAfter: "30000.75" },
      ],
    },
    // Each by the ARR before its day, or of its day where there was none.
    small: { nodes: expect.arrayContaining([{ externalId: "1" }, { externalId: "2" }, { externalId: "3" }]) },
  });
});
