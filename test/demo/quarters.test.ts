// The demo as the product answers for it, through Postgres: the worked example cell by cell, and every quarter of its three years.

import { demoWorkspaceId, loadDemo } from "@accrete/api/demo/load.ts";
import { inWorkspace } from "@accrete/db/kernel/database.ts";
import type { ExpansionMetricsAnswer, MetricsRow } from "@accrete/db/metrics/answer.ts";
import {
  contractionMinor,
  expansionMinor,
  grossExpansionRate,
  netExpansionMinor,
  netExpansionRate,
  nrr,
  topDriver,
} from "@accrete/db/metrics/formulas.ts";
import type { Dimension, MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await loadDemo(db.api, {});
});
afterAll(() => db.drop());

const q4: MetricsQuestion = {
  window: { fromOn: "2025-10-01", untilOn: "2026-01-01" },
  grain: "WHOLE",
  groupBy: ["SEGMENT"],
  groupByAttributes: [],
  cohortGrain: "MONTH",
  filter: {},
  policy: {},
  todayOn: "2026-01-01",
};

function ask(question: Partial<MetricsQuestion>): Promise<ExpansionMetricsAnswer> {
  return inWorkspace(db.api, demoWorkspaceId, "read", (tx) => askExpansionMetrics(tx, { ...q4, ...question }));
}

/** The cells of the worked example; money in cents. */
function cells(row: MetricsRow) {
  const { SEAT, TIER, ADD_ON, ...others } = row.money.expansionMinor;
  return {
    segment: row.group.segment,
    opening: row.money.openingMinor,
    expansion: expansionMinor(row),
    drivers: [SEAT, TIER, ADD_ON],
    otherDrivers: Object.values(others).reduce((sum, amount) => sum + amount, 0n),
    contraction: contractionMinor(row),
    net: netExpansionMinor(row),
    closing: row.money.closingMinor,
    grossRate: grossExpansionRate(row, "NONE"),
    netRate: netExpansionRate(row, "NONE"),
    nrr: nrr(row, "NONE"),
    topDriver: topDriver(row),
  };
}

const nothing = {
  newMinor: 0n,
  reactivationMinor: 0n,
  churnedMinor: 0n,
  priceUpliftMinor: 0n,
  discountChangeMinor: 0n,
  fxMinor: 0n,
  transferInMinor: 0n,
  transferOutMinor: 0n,
};

describe("Q4 2025 by segment, asked of Postgres", () => {
  it("gives every cell of the worked example", async () => {
    const answer = await ask({});
    expect(answer.rows.map(cells)).toEqual([
      {
        segment: "Enterprise",
        opening: 210_000_000n,
        expansion: 32_000_000n,
        drivers: [22_000_000n, 7_000_000n, 3_000_000n],
        otherDrivers: 0n,
        contraction: 2_500_000n,
        net: 29_500_000n,
        closing: 239_500_000n,
        grossRate: "0.152381",
        netRate: "0.140476",
        nrr: "1.140476",
        topDriver: "SEAT",
      },
      {
        segment: "Mid-Market",
        opening: 140_000_000n,
        expansion: 18_500_000n,
        drivers: [4_500_000n, 11_000_000n, 3_000_000n],
        otherDrivers: 0n,
        contraction: 3_800_000n,
        net: 14_700_000n,
        closing: 154_700_000n,
        grossRate: "0.132143",
        netRate: "0.105000",
        nrr: "1.105000",
        topDriver: "TIER",
      },
      {
        segment: "SMB",
        opening: 70_000_000n,
        expansion: 9_500_000n,
        drivers: [1_500_000n, 1_500_000n, 6_500_000n],
        otherDrivers: 0n,
        contraction: 2_100_000n,
        net: 7_400_000n,
        closing: 77_400_000n,
        grossRate: "0.135714",
        netRate: "0.105714",
        nrr: "1.105714",
        topDriver: "ADD_ON",
      },
    ]);
  });

  it("gives the total of the worked example, in a currency, with nothing left over", async () => {
    const answer = await ask({});
    expect(cells(answer.total)).toEqual({
      segment: null,
      opening: 420_000_000n,
      expansion: 60_000_000n,
      drivers: [28_000_000n, 19_500_000n, 12_500_000n],
      otherDrivers: 0n,
      contraction: 8_400_000n,
      net: 51_600_000n,
      closing: 471_600_000n,
      grossRate: "0.142857",
      netRate: "0.122857",
      nrr: "1.122857",
      topDriver: "SEAT",
    });
    expect(answer.currency).toBe("USD");
    expect(answer.residualMinor).toBe(0n);
  });

  it("has no other movement, and no transfer between segments", async () => {
    const answer = await ask({});
    for (const row of [...answer.rows, answer.total]) expect(row.money).toMatchObject(nothing);
    expect(answer.rows.map(({ counts }) => [counts.openingAccounts, counts.closingAccounts])).toEqual([
      [12, 12],
      [32, 32],
      [300, 300],
    ]);
  });

  it("nets to the same growth between the quarter's two ends", async () => {
    const { rows, total } = await ask({ policy: { method: "SNAPSHOT" } });
    expect([...rows, total].map(netExpansionMinor)).toEqual([29_500_000n, 14_700_000n, 7_400_000n, 51_600_000n]);
    expect([...rows, total].map((row) => nrr(row, "NONE"))).toEqual(["1.140476", "1.105000", "1.105714", "1.122857"]);
  });
});

/** The money columns in which rows add up to the total. */
function added(rows: readonly MetricsRow[]) {
  const sum = (pick: (row: MetricsRow) => bigint | null) => rows.reduce((total, row) => total + (pick(row) ?? 0n), 0n);
  return {
    opening: sum(({ money }) => money.openingMinor),
    new: sum(({ money }) => money.newMinor),
    reactivation: sum(({ money }) => money.reactivationMinor),
    expansion: sum(expansionMinor),
    contraction: sum(contractionMinor),
    churned: sum(({ money }) => money.churnedMinor),
    transfers: sum(({ money }) => (money.transferInMinor ?? 0n) - (money.transferOutMinor ?? 0n)),
    closing: sum(({ money }) => money.closingMinor),
  };
}

const threeYears = { window: { fromOn: "2023-01-01", untilOn: "2026-01-01" }, grain: "QUARTER" } as const;
const groupings: readonly (readonly Dimension[])[] = [
  ["SEGMENT"],
  ["PRODUCT"],
  ["PLAN"],
  ["CHANNEL"],
  ["OWNER"],
  ["PARENT"],
  ["COHORT"],
  ["CHANNEL", "PRODUCT"],
];

describe("every quarter from 2023 to 2025", () => {
  it.each(groupings.map((groupBy) => ({ groupBy, names: groupBy.join(" and ") })))(
    "adds up over $names to the whole, with nothing left over",
    async ({ groupBy }) => {
      const whole = await ask({ ...threeYears, groupBy: [] });
      const grouped = await ask({ ...threeYears, groupBy });
      expect(whole.rows).toHaveLength(12);
      expect([whole.residualMinor, grouped.residualMinor]).toEqual([0n, 0n]);
      for (const quarter of whole.rows) {
        const rows = grouped.rows.filter((row) => row.period.label === quarter.period.label);
        expect([quarter.period.label, added(rows)]).toEqual([quarter.period.label, added([quarter])]);
      }
    },
  );

  it("opens each quarter with what closed the one before", async () => {
    const { rows } = await ask({ ...threeYears, groupBy: [] });
    expect(rows[0]?.money.openingMinor).toBe(0n);
    expect(rows.slice(1).map(({ money }) => money.openingMinor)).toEqual(
      rows.slice(0, -1).map(({ money }) => money.closingMinor),
    );
    expect(rows.at(-1)?.money.closingMinor).toBe(471_600_000n);
  });

  it("leaves nothing over in snapshots either", async () => {
    const answer = await ask({ ...threeYears, policy: { method: "SNAPSHOT" } });
    expect(answer.residualMinor).toBe(0n);
  });
});
