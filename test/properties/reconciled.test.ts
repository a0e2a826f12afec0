// Whatever way the facts came: the ledger is the one that they give, its days hold, no group has a residual, and two reports of any two
// versions differ by the movements booked between.

import type { MetricsRow } from "@accrete/db/metrics/answer.ts";
import { reconcile, reconciliationDimensions } from "@accrete/db/metrics/reconciliation.ts";
import { differencesOf } from "@accrete/db/metrics/report-differences.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import { sumChanges } from "@accrete/db/movements/changes.ts";
import { countUnfaithfulReversals, findBrokenDays } from "@accrete/db/movements/invariants.ts";
import { compareLedger } from "@accrete/db/movements/reconcile.ts";
import { getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { runs, timeoutMs } from "./runs.ts";
import { go, merge, options, someCase } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const someMonth = fc
  .record({ year: fc.integer({ min: 2024, max: 2026 }), month: fc.integer({ min: 1, max: 12 }) })
  .map(({ year, month }) => `${year}-${String(month).padStart(2, "0")}-01`);

const someWindow = fc
  .tuple(someMonth, someMonth)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => (a < b ? { fromOn: a, untilOn: b } : { fromOn: b, untilOn: a }));

const someLook = fc.record({
  window: someWindow,
  groupBy: fc.subarray([...reconciliationDimensions], { maxLength: 3 }),
  /** Which version the earlier report is of: 0 the first, 1 the last. */
  place: fc.double({ min: 0, max: 1, noNaN: true }),
});

async function requireHoldingLedger(place: World): Promise<void> {
  await place.read(async (tx) => {
    const differences: unknown[] = [];
    for await (const difference of compareLedger(tx)) differences.push(difference);
    expect(differences).toEqual([]);
    expect(await findBrokenDays(tx)).toEqual({ count: 0, days: [] });
    expect(await countUnfaithfulReversals(tx)).toBe(0);
  });
}

/** Differences of the dollars' columns that are not 0, by column. */
function movedColumns(before: MetricsRow, after: MetricsRow): Record<string, bigint> {
  const differences = differencesOf(before, after).map(
    ({ metric, beforeMinor, afterMinor }) => [metric, afterMinor - beforeMinor] as const,
  );
  // What lines of one row carry to each other cancels in them.
  const moved = differences.filter(([metric, amount]) => amount !== 0n && !metric.startsWith("transfer"));
  return Object.fromEntries(moved);
}

const columnOf = {
  NEW: "newArr",
  REACTIVATION: "reactivationArr",
  EXPANSION: "expansionArr",
  CONTRACTION: "contractionArr",
  CHURN: "churnedArr",
} as const;

it(
  "random facts, corrections, deletions and merges leave a ledger that reconciles, and reports whose differences are listed",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        someCase,
        fc.array(someLook, { minLength: 2, maxLength: 2 }),
        async ({ company, delivery }, looks) => {
          const place = await world(db, options);
          for (const step of delivery.steps) await go(db, place, step);
          await merge(place, company);
          await requireHoldingLedger(place);
          for (const { window, groupBy, place: share } of looks) {
            await place.read(async (tx) => {
              const { version } = await getLedgerVersion(tx);
              const rows = await reconcile(tx, { window, groupBy, version });
              expect(rows.filter(({ residualMinor }) => residualMinor !== 0n)).toEqual([]);
              const sinceVersion = 1n + BigInt(Math.floor(share * Number(version - 1n)));
              const since = await reconcile(tx, { window, groupBy, version: sinceVersion });
              expect(since.filter(({ residualMinor }) => residualMinor !== 0n)).toEqual([]);
              const filter = { currency: ["USD"] };
              const report = (ledgerVersion: bigint) =>
                askExpansionMetrics(tx, {
                  window,
                  filter,
                  grain: "WHOLE",
                  groupBy: [],
                  groupByAttributes: [],
                  cohortGrain: "MONTH",
                  policy: {},
                  asOf: { ledgerVersion },
                  todayOn: "2026-01-01",
                });
              const [before, after] = [await report(sinceVersion), await report(version)];
              const expected: Record<string, bigint> = {};
              const add = (column: string, amount: bigint) => {
                expected[column] = (expected[column] ?? 0n) + amount;
              };
              const totals = await sumChanges(tx, {
                window,
                sinceVersion,
                untilVersion: version,
                filter,
                effect: null,
              });
              for (const { effect, type, amountMinor } of totals) {
                const isFall = type === "CONTRACTION" || type === "CHURN";
                add(
                  effect === "OPENING" ? "openingArr" : columnOf[type],
                  effect === "FLOW" && isFall ? -amountMinor : amountMinor,
                );
                add("closingArr", amountMinor);
              }
              const moved = Object.fromEntries(Object.entries(expected).filter(([, amount]) => amount !== 0n));
              expect(movedColumns(before.total, after.total)).toEqual(moved);
            });
          }
        },
      ),
      runs(10),
    );
  },
  timeoutMs,
);
