// The worked example as a program gets it: GraphQL over HTTP, with the demo's own key, every cell as text.

import { readFile } from "node:fs/promises";
import { loadDemo } from "@accrete/api/demo/load.ts";
import { type RunningServer, startServer } from "@accrete/api/server.ts";
import { readSettings } from "@accrete/api/settings.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
let server: RunningServer;
let apiKey: string;
beforeAll(async () => {
  db = await testDatabase();
  ({ apiKey } = await loadDemo(db.api, {}));
  server = await startServer({ database: db.api, settings: readSettings({ PORT: "0" }), graphiql: {} });
});
afterAll(async () => {
  await server.close(0);
  await db.drop();
});

async function ask(query: string): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const document = `{
  expansionMetrics(window: { fromOn: "2025-10-01", untilOn: "2026-01-01" }, groupBy: [SEGMENT]) {
    rows { ...Cells }
    total { ...Cells }
    currency
    residual
  }
}
fragment Cells on MetricsRow {
  group { segment }
  openingArr expansionArr contractionArr closingArr netExpansionArr
  expansion { seat tier addOn crossSell usageCommitment usage price discount other }
  newArr reactivationArr churnedArr priceUpliftArr discountChangeArr fxArr transferInArr transferOutArr
  grossExpansionRate netExpansionRate nrr topDriver
}`;

const still = {
  newArr: "0.00",
  reactivationArr: "0.00",
  churnedArr: "0.00",
  priceUpliftArr: "0.00",
  discountChangeArr: "0.00",
  fxArr: "0.00",
  transferInArr: "0.00",
  transferOutArr: "0.00",
};

function byDriver(seat: string, tier: string, addOn: string) {
  const none = {
    crossSell: "0.00",
    usageCommitment: "0.00",
    usage: "0.00",
    price: "0.00",
    discount: "0.00",
    other: "0.00",
  };
  return { seat, tier, addOn, ...none };
}

describe("Q4 2025 by segment, asked by GraphQL over HTTP", () => {
  it("gives every cell of the worked example as exact text", async () => {
    expect(await ask(document)).toEqual({
      data: {
        expansionMetrics: {
          rows: [
            {
              ...still,
              group: { segment: "Enterprise" },
              openingArr: "2100000.00",
              expansionArr: "320000.00",
              contractionArr: "25000.00",
              closingArr: "2395000.00",
              netExpansionArr: "295000.00",
              expansion: byDriver("220000.00", "70000.00", "30000.00"),
              grossExpansionRate: "0.152381",
              netExpansionRate: "0.140476",
              nrr: "1.140476",
              topDriver: "SEAT",
            },
            {
              ...still,
              group: { segment: "Mid-Market" },
              openingArr: "1400000.00",
              expansionArr: "185000.00",
              contractionArr: "38000.00",
              closingArr: "1547000.00",
              netExpansionArr: "147000.00",
              expansion: byDriver("45000.00", "110000.00", "30000.00"),
              grossExpansionRate: "0.132143",
              netExpansionRate: "0.105000",
              nrr: "1.105000",
              topDriver: "TIER",
            },
            {
              ...still,
              group: { segment: "SMB" },
              openingArr: "700000.00",
              expansionArr: "95000.00",
              contractionArr: "21000.00",
              closingArr: "774000.00",
              netExpansionArr: "74000.00",
              expansion: byDriver("15000.00", "15000.00", "65000.00"),
              grossExpansionRate: "0.135714",
              netExpansionRate: "0.105714",
              nrr: "1.105714",
              topDriver: "ADD_ON",
            },
          ],
          total: {
            ...still,
            group: { segment: null },
            openingArr: "4200000.00",
            expansionArr: "600000.00",
            contractionArr: "84000.00",
            closingArr: "4716000.00",
            netExpansionArr: "516000.00",
            expansion: byDriver("280000.00", "195000.00", "125000.00"),
            grossExpansionRate: "0.142857",
            netExpansionRate: "0.122857",
            nrr: "1.122857",
            topDriver: "SEAT",
          },
          currency: "USD",
          residual: "0.00",
        },
      },
    });
  });

  it("lists what moved last month, December 2025", async () => {
    const answer = await ask(`{
      movements(filter: { accountExternalIds: ["acme"], effectiveFromOn: "2025-12-01", effectiveUntilOn: "2026-01-01" }) {
        totalCount
        nodes { type driver amount effectiveOn account { externalId } }
      }
    }`);
    const moved = {
      type: "EXPANSION",
      driver: "ADD_ON",
      amount: "2352.00",
      effectiveOn: "2025-12-03",
      account: { externalId: "acme" },
    };
    expect(answer).toEqual({ data: { movements: { totalCount: 1, nodes: [moved] } } });
  });
});

it("README's call gives README's answer", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const { query } = JSON.parse(/-d '(\{"query".*\})'/.exec(readme)?.[1] ?? "") as { query: string };
  expect(await ask(query)).toEqual(JSON.parse(/```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? ""));
});
