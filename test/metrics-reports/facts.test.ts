// The movements behind a row under a policy that nets or types anew: the facts that it did so from, and never none where it has flows.

import { type Policy, policyKeys } from "@accrete/db/policies/policy.ts";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { writeCompany } from "../metrics/company.ts";
import { answerOf } from "../schema/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

type Row = {
  group: Record<string, string | null>;
  movementCount: number;
  expansionArr: string;
  movements: { totalCount: number; nodes: { amount: string; account: { externalId: string } }[] };
};

async function rowsOf(place: World, args: string): Promise<readonly Row[]> {
  const answer = await answerOf<{ expansionMetrics: { rows: Row[]; total: Row } }>(
    place,
    `{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2025-07-01" }, ${args}) {
      rows { ...row } total { ...row } } }
    fragment row on MetricsRow { group { account segment driver channel plan } movementCount expansionArr
      movements(first: 200) { totalCount nodes { amount account { externalId } } } }`,
  );
  return [...answer.expansionMetrics.rows, answer.expansionMetrics.total];
}

const told = (rows: readonly Row[]) =>
  rows.map(({ group, expansionArr, movements }) => [
    Object.values(group)
      .filter((leaf) => leaf !== null)
      .join("/") || "-",
    expansionArr,
    movements.nodes.map(({ amount, account }) => `${account.externalId} ${amount}`).sort(),
  ]);

describe("a group whose accounts replace each other's products", () => {
  let place: World;
  beforeAll(async () => {
    place = await world(db);
    await place.importText(
      "catalog",
      "product_id,product_name,family,plan_id,plan_name,rank\ncore,Core,Core,basic,Basic,1\nhub,Hub,Hub,solo,Solo,1\n",
    );
    await place.importText("accounts", "account_id,name,parent_id,channel\nP,P,,web\nS1,S1,P,\nS2,S2,P,\n");
    const header = "movement_id,account_id,effective_on,type,driver,amount,currency,product_id,plan_id,kind\n";
    await place.importText("movements", `${header}1,P,2024-01-01,NEW,,100.00,USD,core,basic,\n`);
    await place.importText(
      "movements",
      `${header}2,S1,2025-02-01,NEW,,600.00,USD,core,basic,COMMITMENT\n3,S2,2025-03-01,NEW,,1200.00,USD,hub,solo,METERED\n`,
    );
  });

  it("has its accounts' facts behind every row of the group, whatever the group's type and driver", async () => {
    const rows = await rowsOf(place, "groupBy: [ACCOUNT, DRIVER], policy: { accountLevel: ULTIMATE_PARENT }");
    expect(told(rows)).toEqual([
      ["P/ADD_ON", "600.00", ["S1 600.00", "S2 1200.00"]],
      ["P/CROSS_SELL", "1200.00", ["S1 600.00", "S2 1200.00"]],
      ["-", "1800.00", ["S1 600.00", "S2 1200.00"]],
    ]);
    const byChannel = await rowsOf(place, "groupBy: [CHANNEL], policy: { accountLevel: ULTIMATE_PARENT }");
    expect(told(byChannel)[0]).toEqual(["web", "1800.00", ["S1 600.00", "S2 1200.00"]]);
    const byPlan = await rowsOf(place, "groupBy: [PLAN], policy: { accountLevel: ULTIMATE_PARENT }");
    expect(told(byPlan)[1]).toEqual(["solo", "1200.00", ["S2 1200.00"]]);
  });

  it("leaves out the kinds of lines that the policy leaves out", async () => {
    const of = async (usage: string) =>
      told(await rowsOf(place, `policy: { accountLevel: ULTIMATE_PARENT, usage: ${usage} }`)).at(-1)?.[2];
    expect(await of("COMMITTED")).toEqual(["S1 600.00"]);
    expect(await of("EXCLUDE")).toEqual([]);
  });
});

describe("a group whose first ARR is a subsidiary's", () => {
  it("is of one cohort in its row, in the accounts behind it and in what other policies would make of it", async () => {
    const place = await world(db);
    await place.importText("accounts", "account_id,name,parent_id\nP,P,\nS,S,P\n");
    const header = "movement_id,account_id,effective_on,type,driver,amount,currency\n";
    await place.importText("movements", `${header}1,S,2025-01-01,NEW,,600.00,USD\n2,P,2025-03-01,NEW,,1200.00,USD\n`);
    const { expansionMetrics } = await answerOf<{ expansionMetrics: { rows: object[] } }>(
      place,
      `{ expansionMetrics(window: { fromOn: "2025-02-01", untilOn: "2025-06-01" }, groupBy: [COHORT],
          policy: { accountLevel: ULTIMATE_PARENT }) {
        rows { group { cohort } openingArr expansionArr closingArr
          accountChanges { nodes { account { externalId } class openingArr expansionArr closingArr } }
          movements { nodes { amount account { externalId } } }
          explain(metric: EXPANSION_ARR) { value policyKeys { key mattered } } } } }`,
    );
    const [row] = expansionMetrics.rows as { explain: { policyKeys: { key: string; mattered: boolean }[] } }[];
    expect(expansionMetrics.rows).toMatchObject([
      {
        group: { cohort: "2025-01" },
        openingArr: "600.00",
        expansionArr: "1200.00",
        closingArr: "1800.00",
        accountChanges: {
          nodes: [
            {
              account: { externalId: "P" },
              class: "EXPANSION",
              openingArr: "600.00",
              expansionArr: "1200.00",
              closingArr: "1800.00",
            },
          ],
        },
        movements: { nodes: [{ amount: "1200.00", account: { externalId: "P" } }] },
        explain: { value: "1200.00" },
      },
    ]);
    expect(row?.explain.policyKeys.filter(({ mattered }) => mattered).map(({ key }) => key)).toEqual(["accountLevel"]);
  });
});

describe("books in which everything moves", () => {
  let company: World;
  beforeAll(async () => {
    company = await world(db);
    await writeCompany(company);
  });

  const policies: readonly string[] = [
    ...Object.entries(policyKeys)
      .filter(([key]) => key !== "currency" && key !== "hierarchyAt")
      .flatMap(([key, values]) => values.slice(1).map((value: Policy[keyof Policy]) => `{ ${key}: ${value} }`)),
    "{ accountLevel: ULTIMATE_PARENT, hierarchyAt: AS_OF_EVENT, netting: MONTH }",
  ];

  test.each(policies)("no row with flows is without movements under %s", async (policy) => {
    for (const groupBy of ["[SEGMENT, DRIVER]", "[CHANNEL, PLAN]", "[ACCOUNT]"]) {
      const rows = await rowsOf(company, `groupBy: ${groupBy}, policy: ${policy}`);
      const bare = rows.filter(({ movementCount, movements }) => movementCount > 0 && movements.totalCount === 0);
      expect(
        bare.map(({ group }) => group),
        groupBy,
      ).toEqual([]);
    }
  });

  it("a filter by type has the returns among what the policy types so", async () => {
    const rows = await rowsOf(
      company,
      'filter: { type: [NEW], accountExternalIds: ["elm"] }, policy: { reactivation: NEW }',
    );
    expect(told(rows).at(-1)?.[2]).toEqual(["elm 1000.00", "elm 2000.00"]);
  });
});
