// Promises that hold for every grouping under every policy: rows add up, nothing is left over, a filter shows what the row shows, and
// a row's movements are its flows.

import type { ExpansionMetricsAnswer, MetricsRow, RowMoney } from "@accrete/db/metrics/answer.ts";
import { filterOfRow } from "@accrete/db/metrics/drilldown.ts";
import { contractionMinor, expansionMinor } from "@accrete/db/metrics/formulas.ts";
import { balanceDimensions, type Dimension, type Grain, type MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { constantRates } from "@accrete/db/movements/constant.ts";
import { movementConditions, unreversed } from "@accrete/db/movements/filter.ts";
import type { SettablePolicy } from "@accrete/db/policies/policy.ts";
import { getSettings } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { type Books, told, wholeQuestion, windowOf } from "./books.ts";
import { writeCompany } from "./company.ts";

let db: TestDatabase;
let company: World;
let books: Books;
/** The same company read in euros: everything that it has is in another currency. */
let abroad: Books;
beforeAll(async () => {
  db = await testDatabase();
  company = await world(db);
  books = await writeCompany(company);
  abroad = await writeCompany(await world(db, { currency: "EUR" }));
  await abroad.rates("CONSTANT", { USD: "0.91" });
  await abroad.rates("DATED", {
    USD: {
      "2023-01-01": "0.93",
      "2025-02-10": "0.87",
      "2025-02-15": "1.013",
      "2025-03-31": "0.9",
      "2025-05-20": "0.777",
    },
  });
});
afterAll(() => db.drop());

const window = windowOf("2025-01", "2025-07");

const policies: Record<string, Partial<SettablePolicy>> = {
  EVENT: {},
  "EVENT, segments at closing": { segmentAt: "CLOSING" },
  "EVENT, netted by day": { netting: "DAY" },
  "EVENT, netted by month, segments at closing": { netting: "MONTH", segmentAt: "CLOSING" },
  SNAPSHOT: { method: "SNAPSHOT" },
  "SNAPSHOT, segments at closing": { method: "SNAPSHOT", segmentAt: "CLOSING" },
  "price, discount and returns apart, netted by month": {
    priceIncrease: "SEPARATE",
    discountChange: "SEPARATE",
    reactivation: "EXPANSION",
    netting: "MONTH",
  },
  "at the rates of the days": { currency: "REPORTED" },
  "at the rates of the days, netted by month": { currency: "REPORTED", netting: "MONTH" },
  "at the rates of the days, SNAPSHOT, segments at closing": {
    currency: "REPORTED",
    method: "SNAPSHOT",
    segmentAt: "CLOSING",
  },
};

const groupings: readonly (readonly Dimension[])[] = [
  ...balanceDimensions.map((dimension) => [dimension]),
  ["SEGMENT", "CHANNEL", "PLAN"],
  ["PRODUCT", "PARENT", "COHORT", "OWNER"],
];

const columns = [
  "openingMinor",
  "closingMinor",
  "newMinor",
  "reactivationMinor",
  "churnedMinor",
  "transferInMinor",
  "transferOutMinor",
  "priceUpliftMinor",
  "discountChangeMinor",
  "fxMinor",
] as const satisfies readonly (keyof RowMoney)[];

/** Every money column of a row, by name. */
function moneyOf(row: MetricsRow): Record<string, bigint> {
  return {
    ...Object.fromEntries(columns.map((column) => [column, row.money[column] ?? 0n])),
    ...Object.fromEntries(Object.entries(row.money.expansionMinor).map(([driver, sum]) => [`+${driver}`, sum])),
    ...Object.fromEntries(Object.entries(row.money.contractionMinor).map(([driver, sum]) => [`-${driver}`, sum])),
  };
}

function sumOf(rows: readonly MetricsRow[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const row of rows) for (const [name, sum] of Object.entries(moneyOf(row))) sums[name] = (sums[name] ?? 0n) + sum;
  return sums;
}

describe.each(Object.entries(policies))("%s", (_name, policy) => {
  const ask = (question: Parameters<Books["ask"]>[0]) => (policy.currency ? abroad : books).ask(question);

  test("rows add up to the total in every money column, for every balance dimension, and nothing is left over", async () => {
    for (const groupBy of groupings) {
      const { rows, total, residualMinor } = await ask({ window, groupBy, groupByAttributes: ["tier"], policy });
      expect(sumOf(rows), groupBy.join()).toEqual(moneyOf(total));
      // Two rounded sides of one transfer may differ.
      if (!policy.currency) expect(total.money.transferInMinor).toBe(total.money.transferOutMinor);
      expect(residualMinor, groupBy.join()).toBe(0n);
    }
  });

  test("each period's rows are those of a question for that period alone", async () => {
    for (const grain of ["MONTH", "WEEK"] as const satisfies readonly Grain[]) {
      const groupBy: Dimension[] = ["SEGMENT", "PLAN", "CHANNEL"];
      const { rows, residualMinor } = await ask({ window, grain, groupBy, policy });
      expect(residualMinor).toBe(0n);
      const periods = new Map(rows.map(({ period }) => [period.label, period]));
      // Every fifth: the first, the last and some between.
      for (const period of [...periods.values()].filter((_, index) => index % 5 === 0)) {
        const alone = await ask({ window: { fromOn: period.fromOn, untilOn: period.untilOn }, groupBy, policy });
        const inside = rows.filter((row) => row.period.label === period.label);
        expect(inside.map(withoutPeriod), period.label).toEqual(alone.rows.map(withoutPeriod));
      }
    }
  });

  test("the total is the window's own, whatever the grain, with and without a filter", async () => {
    const filters = [
      {},
      { channel: ["web", null] },
      { plan: ["basic"] },
      { segment: ["SMB"] },
      { driver: ["SEAT" as const] },
    ];
    for (const filter of filters) {
      for (const groupBy of [["PLAN", "OWNER"], ["SEGMENT"]] as const) {
        const whole = await ask({ window, groupBy, policy, filter });
        for (const grain of ["WEEK", "QUARTER"] as const) {
          const { total, residualMinor } = await ask({ window, grain, groupBy, policy, filter });
          expect(total, `${grain} ${groupBy.join()} ${JSON.stringify(filter)}`).toEqual(whole.total);
          expect(residualMinor).toBe(0n);
        }
      }
    }
  });

  test("a filter on a group has the numbers of the group's row", async () => {
    for (const dimension of ["SEGMENT", "PRODUCT", "PLAN", "CHANNEL", "REGION", "OWNER", "ACCOUNT"] as const) {
      const grouped = await ask({ window, grain: "QUARTER", groupBy: [dimension], policy });
      for (const group of new Set(grouped.rows.map((row) => leafOf(row, dimension)))) {
        if (group === null) continue;
        const filter = { [dimension === "ACCOUNT" ? "accountExternalIds" : dimension.toLowerCase()]: [group] };
        const filtered = await ask({ window, grain: "QUARTER", filter, policy });
        expect(filtered.residualMinor).toBe(0n);
        expect(filtered.rows.map(numbersOf), `${dimension} ${group}`).toEqual(
          grouped.rows.filter((row) => leafOf(row, dimension) === group).map(numbersOf),
        );
      }
    }
  });

  test("flow conditions choose flows and leave balances; the unfiltered flows still close the books", async () => {
    const plain = await ask({ window, groupBy: ["PLAN"], policy });
    const filtered = await ask({ window, groupBy: ["PLAN"], policy, filter: { type: ["EXPANSION"] } });
    expect(filtered.residualMinor).toBe(0n);
    expect(filtered.rows.map((row) => row.group.plan)).toEqual(plain.rows.map((row) => row.group.plan));
    for (const [index, row] of filtered.rows.entries()) {
      const whole = plain.rows[index] ?? row;
      expect(row.money.openingMinor).toBe(whole.money.openingMinor);
      expect(row.money.closingMinor).toBe(whole.money.closingMinor);
      expect(expansionMinor(row)).toBe(expansionMinor(whole));
      expect(row.money.churnedMinor + row.money.newMinor + contractionMinor(row)).toBe(0n);
    }
  });

  test("rows of flow dimensions add up to the total's flows, over the base of their balance dimensions", async () => {
    const balances = await ask({ window, groupBy: ["CHANNEL"], policy });
    const baseOf = new Map(balances.rows.map((row) => [row.group.channel, row.money.openingMinor]));
    const { rows, total } = await ask({ window, groupBy: ["DRIVER", "CHANNEL", "MOTION"], policy });
    const flowsOnly = (sums: Record<string, bigint>) =>
      Object.fromEntries(Object.entries(sums).filter(([name]) => !/^(opening|closing|transfer|fx)/.test(name)));
    expect(flowsOnly(sumOf(rows))).toEqual(flowsOnly(moneyOf(total)));
    for (const row of rows) {
      expect(row.money.openingMinor).toBeNull();
      expect(row.money.baseMinor).toBe(baseOf.get(row.group.channel) ?? 0n);
    }
  });
});

test("under EVENT a row's movements sum to its flows, whatever it is grouped by", async () => {
  const withFlows: readonly (readonly Dimension[])[] = [...groupings, ["DRIVER", "MOTION"], ["CAMPAIGN", "SEGMENT"]];
  for (const segmentAt of ["OPENING", "CLOSING"] as const) {
    for (const groupBy of withFlows) {
      const question = wholeQuestion({
        window,
        grain: "QUARTER",
        groupBy,
        groupByAttributes: ["tier"],
        policy: { segmentAt },
        filter: { region: ["EU", "US", null] },
      });
      const answer = await books.ask(question);
      const found = await Promise.all(answer.rows.map((row) => movementsOf(row, question, answer)));
      expect(answer.rows.map(flowsOf), groupBy.join()).toEqual(found);
      expect(flowsOf(answer.total)).toEqual(
        await movementsOf(answer.total, { ...question, groupBy: [], groupByAttributes: [] }, answer),
      );
    }
  }
});

type FlowSums = { readonly gains: bigint; readonly losses: bigint; readonly changes: number };

function flowsOf(row: MetricsRow): FlowSums {
  const { money, counts } = row;
  return {
    gains: money.newMinor + money.reactivationMinor + expansionMinor(row),
    losses: contractionMinor(row) + money.churnedMinor,
    changes: counts.movementCount,
  };
}

/** What the ledger's own movements behind a row sum to. */
async function movementsOf(
  row: MetricsRow,
  question: MetricsQuestion,
  { policy, ledgerVersion }: ExpansionMetricsAnswer,
): Promise<FlowSums> {
  return company.read(async (tx) => {
    const settings = await getSettings(tx);
    const context = {
      workspaceId: tx.workspaceId,
      ledgerVersion,
      segments: {
        bands: settings.segmentBands,
        at: policy.segmentAt,
        rates: constantRates(settings, { workspaceId: tx.workspaceId, ledgerVersion }),
        period: row.period,
      },
    };
    const filter = filterOfRow({ ...question, period: row.period, group: row.group });
    const [sums] = await tx.sql<{ gains: bigint; losses: bigint; changes: bigint }[]>`
      select coalesce(sum(m.amount_minor) filter (where m.amount_minor > 0), 0)::bigint as gains,
        coalesce(-sum(m.amount_minor) filter (where m.amount_minor < 0), 0)::bigint as losses,
        count(distinct m.change_id) as changes
      from movements m where ${unreversed(tx.sql, "m", context)} and ${movementConditions(tx.sql, filter, context)}`;
    return { gains: sums?.gains ?? 0n, losses: sums?.losses ?? 0n, changes: Number(sums?.changes ?? 0) };
  });
}

function withoutPeriod({ period: _period, ...row }: MetricsRow): object {
  return row;
}

/** Everything of a row but what it is grouped by; ARR beyond the first is not said under a condition on lines. */
function numbersOf({ period, money: { cumulativeExpansionMinor: _, ...money }, counts }: MetricsRow): object {
  return { period, money, counts };
}

function leafOf(
  { group }: MetricsRow,
  dimension: "SEGMENT" | "PRODUCT" | "PLAN" | "CHANNEL" | "REGION" | "OWNER" | "ACCOUNT",
) {
  switch (dimension) {
    case "SEGMENT":
      return group.segment;
    case "PRODUCT":
      return group.product;
    case "PLAN":
      return group.plan;
    case "CHANNEL":
      return group.channel;
    case "REGION":
      return group.region;
    case "OWNER":
      return group.owner;
    case "ACCOUNT":
      return group.account;
  }
}

test("the company's half year in one line, so that a change of its books is seen", async () => {
  const { total } = await books.ask({ window });
  expect(told(total)).toEqual({
    opening: 188_000,
    new: 9_000,
    reactivation: 101_999.99,
    expansion: 188_500.01,
    contraction: 40_234.57,
    churned: 116_999.99,
    closing: 330_265.44,
  });
});
