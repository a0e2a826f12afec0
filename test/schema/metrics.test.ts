// Rows of metrics as they are answered: the movements behind them, their ranking, units, and the metrics of one account.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { answerOf, fillBooks } from "./books.ts";
import { fillSmallBooks } from "./small.ts";

let db: TestDatabase;
let small: World;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
  small = await world(db, { name: "Small", fiscalYearStartMonth: 4 });
  await fillSmallBooks(db.api, small);
  books = await world(db);
  await fillBooks(db.api, books);
});

afterAll(() => db?.drop());

describe("a metrics row", () => {
  const year = '{ fromOn: "2025-01-01", untilOn: "2026-01-01" }';

  type Row = Record<"newArr" | "reactivationArr" | "expansionArr" | "contractionArr" | "churnedArr", string> & {
    movements: { totalCount: number; nodes: { type: string; amount: string }[] };
  };

  it.each([
    "[]",
    "[SEGMENT]",
    "[REGION, PRODUCT]",
    "[PLAN]",
    "[PARENT]",
    "[COHORT]",
    "[OWNER, INDUSTRY, CURRENCY]",
    "[DRIVER, MOTION]",
    "[CHANNEL, CAMPAIGN]",
  ])(
    "grouped by %s leads to exactly the movements that sum to it",
    async (groupBy) => {
      for (const policy of ["{}", "{ segmentAt: CLOSING }"]) {
        const { expansionMetrics } = await answerOf(
          books,
          `{ expansionMetrics(window: ${year}, grain: QUARTER, groupBy: ${groupBy}, groupByAttributes: ["tier"], policy: ${policy}) {
          rows { newArr reactivationArr expansionArr contractionArr churnedArr movements(first: 200) { totalCount nodes { type amount } } } } }`,
        );
        const { rows } = expansionMetrics as { rows: Row[] };
        expect(rows.length).toBeGreaterThan(1);
        for (const row of rows) {
          const sum = (type: string) =>
            row.movements.nodes
              .filter((node) => node.type === type)
              .reduce((total, { amount }) => total + Number(amount), 0);
          expect({
            newArr: sum("NEW"),
            reactivationArr: sum("REACTIVATION"),
            expansionArr: sum("EXPANSION"),
            contractionArr: -sum("CONTRACTION") + 0,
            churnedArr: -sum("CHURN") + 0,
            count: row.movements.totalCount,
          }).toEqual({
            newArr: Number(row.newArr),
            reactivationArr: Number(row.reactivationArr),
            expansionArr: Number(row.expansionArr),
            contractionArr: Number(row.contractionArr),
            churnedArr: Number(row.churnedArr),
            count: row.movements.nodes.length,
          });
        }
      }
    },
    60_000,
  );

  it("ranked by a metric comes largest first, rows without a value last, and first cuts after ranking", async () => {
    const { expansionMetrics } = await answerOf(
      books,
      `{ expansionMetrics(window: ${year}, grain: QUARTER, groupBy: [ACCOUNT]) {
        all: rows(orderBy: { field: NRR }) { nrr } few: rows(orderBy: { field: EXPANSION_ARR }, first: 3) { expansionArr }
        least: rows(orderBy: { field: NRR, direction: ASC }, first: 1) { nrr } } }`,
    );
    const { all, few, least } = expansionMetrics as {
      all: { nrr: string | null }[];
      few: { expansionArr: string }[];
      least: { nrr: string }[];
    };
    const values = all.flatMap(({ nrr }) => (nrr === null ? [] : [Number(nrr)]));
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(all.slice(values.length).every(({ nrr }) => nrr === null)).toBe(true);
    expect(all.length).toBeGreaterThan(values.length);
    expect(few.map(({ expansionArr }) => expansionArr)).toEqual(["42600.00", "42600.00", "33600.00"]);
    expect(Number(least[0]?.nrr)).toBe(values.at(-1));
  });

  it("of one account is the total of the question filtered to it, and all zero when nothing happened", async () => {
    const fields =
      "openingArr closingArr newArr expansionArr expansion { seat tier } contractionArr churnedArr nrr grr openingAccounts closingAccounts movementCount topDriver cumulativeExpansionArr movements { totalCount }";
    for (const policy of ["{}", "{ method: SNAPSHOT }", "{ netting: MONTH }"]) {
      const { accounts } = await answerOf(
        books,
        `{ accounts(first: 8) { nodes { externalId metrics(window: ${year}, policy: ${policy}) { ${fields} group { account } period { label } } } } }`,
      );
      for (const { externalId, metrics } of (accounts as { nodes: { externalId: string; metrics: unknown }[] }).nodes) {
        const { expansionMetrics } = await answerOf(
          books,
          `{ expansionMetrics(window: ${year}, policy: ${policy}, filter: { accountExternalIds: ["${externalId}"] }) {
            total { ${fields} group { account } period { label } } } }`,
        );
        expect(metrics).toEqual((expansionMetrics as { total: unknown }).total);
      }
    }
    const { account } = await answerOf(
      small,
      `{ account(by: { externalId: "top" }) { metrics(window: ${year}) { openingArr expansionArr(unit: MRR) nrr openingAccounts topDriver residual: closingArr } } }`,
    );
    expect(account).toEqual({
      metrics: {
        openingArr: "0.00",
        expansionArr: "0.00",
        nrr: null,
        openingAccounts: 0,
        topDriver: null,
        residual: "0.00",
      },
    });
  }, 60_000);

  it("reads money per month and rates per year when asked to", async () => {
    const { expansionMetrics } = await answerOf(
      small,
      `{ expansionMetrics(window: { fromOn: "2025-07-01", untilOn: "2025-10-01" }, grain: QUARTER) {
        currency residual policyHash ledgerVersion grain window { fromOn untilOn }
        rows { period { label fromOn untilOn partial } openingArr openingMrr: openingArr(unit: MRR) expansion { seat seatMrr: seat(unit: MRR) reactivation }
          contraction { discount } grossExpansionRate simple: grossExpansionRate(annualize: SIMPLE) compound: grossExpansionRate(annualize: COMPOUND) nrr } } }`,
    );
    expect(expansionMetrics).toEqual({
      currency: "USD",
      residual: "0.00",
      // Nothing differs from the built-in policy: the SHA-256 of "{}".
      policyHash: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      ledgerVersion: "5",
      grain: "QUARTER",
      window: { fromOn: "2025-07-01", untilOn: "2025-10-01" },
      rows: [
        {
          // The fiscal year starts in April: July opens its second quarter, of the year that ends in 2026.
          period: { label: "2026-Q2", fromOn: "2025-07-01", untilOn: "2025-10-01", partial: false },
          openingArr: "12000.00",
          openingMrr: "1000.00",
          expansion: { seat: "6000.00", seatMrr: "500.00", reactivation: "0.00" },
          contraction: { discount: "4500.00" },
          grossExpansionRate: "0.500000",
          simple: "2.000000",
          // 1.5 to the fourth, less 1.
          compound: "4.062500",
          nrr: "1.125000",
        },
      ],
    });
  });
});
