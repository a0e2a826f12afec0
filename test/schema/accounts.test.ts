// Workspaces, accounts and their lines, by values worked by hand.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { answerOf } from "./books.ts";
import { fillSmallBooks } from "./small.ts";

let db: TestDatabase;
let small: World;

beforeAll(async () => {
  db = await testDatabase();
  small = await world(db, { name: "Small", fiscalYearStartMonth: 4 });
  await fillSmallBooks(db.api, small);
});

afterAll(() => db?.drop());

describe("the workspace", () => {
  it("says what it has chosen and how far its ledger has come", async () => {
    const { workspace } = await answerOf(
      small,
      `{ workspace { id name reportingCurrency fiscalYearStartMonth segmentBands { name fromArr } ledgerVersion recordedAt createdAt
         defaultPolicy { method netting segmentAt usage reactivationWindowDays } } }`,
    );
    expect(workspace).toEqual({
      id: expect.stringMatching(/^wsp_/),
      name: "Small",
      reportingCurrency: "USD",
      fiscalYearStartMonth: 4,
      segmentBands: [
        { name: "Enterprise", fromArr: "100000.00" },
        { name: "Mid-Market", fromArr: "25000.00" },
        { name: "SMB", fromArr: "0.00" },
      ],
      // Made, and written to by four files.
      ledgerVersion: "5",
      recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      createdAt: expect.stringMatching(/Z$/),
      defaultPolicy: {
        method: "EVENT",
        netting: "NONE",
        segmentAt: "OPENING",
        usage: "BILLED_RECURRING",
        reactivationWindowDays: null,
      },
    });
  });
});

describe("an account", () => {
  it("stands in its group, and holds today's attributes, or the first later ones", async () => {
    const { accounts } = await answerOf(
      small,
      "{ accounts { nodes { externalId name region source attributes { name value } parent { externalId } ultimateParent { externalId } children { nodes { externalId } } } } }",
    );
    const none = { attributes: [], source: null, region: "EMEA", children: { nodes: [] } };
    const tops = { externalId: "top" };
    expect(accounts).toEqual({
      nodes: [
        { ...none, externalId: "later", name: "Later Inc", parent: null, ultimateParent: { externalId: "later" } },
        { ...none, externalId: "low", name: "Lower", parent: { externalId: "mid" }, ultimateParent: tops },
        {
          externalId: "mid",
          name: "Middle",
          region: "EMEA",
          source: "LINES",
          attributes: [{ name: "country", value: "FR" }],
          parent: tops,
          ultimateParent: tops,
          children: { nodes: [{ externalId: "low" }] },
        },
        {
          ...none,
          externalId: "top",
          name: "Top Holding",
          attributes: [
            { name: "country", value: "FR" },
            { name: "tier", value: "gold" },
          ],
          parent: null,
          ultimateParent: tops,
          children: { nodes: [{ externalId: "mid" }] },
        },
      ],
    });
  });

  it("has its ARR, MRR and band at the end of any day", async () => {
    // 10 × 100 × 12 = 12,000; from July on 15 × 100 × 12 less 25 % = 13,500.
    const { account } = await answerOf(
      small,
      `{ account(by: { externalId: "mid" }) {
        before: arr(on: "2024-12-31") first: arr(on: "2025-01-01") june: arr(on: "2025-06-30") now: arr perMonth: arr(unit: MRR)
        mrr none: segment(on: "2024-12-31") segment firstArrOn cumulativeExpansionArr grown: cumulativeExpansionArr(unit: MRR) } }`,
    );
    expect(account).toEqual({
      before: "0.00",
      first: "12000.00",
      june: "12000.00",
      now: "13500.00",
      perMonth: "1125.00",
      mrr: "1125.00",
      none: null,
      segment: "SMB",
      firstArrOn: "2025-01-01",
      cumulativeExpansionArr: "1500.00",
      grown: "125.00",
    });
  });

  it("lists its lines as they are in force on a day, superseded versions left out", async () => {
    const { account } = await answerOf(
      small,
      `{ account(by: { externalId: "mid" }) {
        june: contractLines(on: "2025-06-30") { totalCount nodes { quantity arr untilOn } }
        now: contractLines { nodes { externalId quantity unitPrice discountPercent discountAmount billingInterval currency arr fromOn untilOn
          kind isAddOn motion campaign termEndsOn bookedOn contract { externalId account { externalId } } product { externalId family } plan { externalId rank } } } } }`,
    );
    expect(account).toEqual({
      june: { totalCount: 1, nodes: [{ quantity: "10", arr: "12000.00", untilOn: "2025-07-01" }] },
      now: {
        nodes: [
          {
            externalId: "m1",
            quantity: "15",
            unitPrice: "100",
            discountPercent: "25",
            discountAmount: null,
            billingInterval: "MONTH",
            currency: "USD",
            arr: "13500.00",
            fromOn: "2025-07-01",
            untilOn: null,
            kind: "RECURRING",
            isAddOn: false,
            motion: "product-led",
            campaign: null,
            termEndsOn: null,
            bookedOn: null,
            contract: { externalId: "c1", account: { externalId: "mid" } },
            product: { externalId: "p", family: "Planning" },
            plan: { externalId: "one", rank: 1 },
          },
        ],
      },
    });
  });

  it.each([
    ['{ externalIds: ["top", "low", "none"] }', ["low", "top"]],
    ["{ active: true }", ["mid"]],
    ["{ active: false }", ["later", "low", "top"]],
    ['{ nameContains: "LOW" }', ["low"]],
    ['{ nameContains: "%" }', []],
    ["{ externalIds: [] }", []],
    ['{ region: ["EMEA"], nameContains: "e" }', ["later", "low", "mid"]],
  ])("is chosen by the filter %s", async (filter, expected) => {
    const { accounts } = await answerOf(small, `{ accounts(filter: ${filter}) { totalCount nodes { externalId } } }`);
    expect(accounts).toEqual({
      totalCount: expected.length,
      nodes: expected.map((externalId) => ({ externalId })),
    });
  });
});
