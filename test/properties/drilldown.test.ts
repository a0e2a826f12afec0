// From the rows of an answer back to the ledger: the movements that a row names are those that its flows are made of.

import { newestKnown } from "@accrete/db/kernel/knowledge.ts";
import type { MetricsRow } from "@accrete/db/metrics/answer.ts";
import { filterOfRow } from "@accrete/db/metrics/drilldown.ts";
import type { MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import { listMovements, type MovementRow } from "@accrete/db/movements/list.ts";
import { drivers } from "@accrete/db/movements/types.ts";
import { builtInPolicy } from "@accrete/db/policies/policy.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dollarBands } from "../model/books.ts";
import { someCompany } from "../model/companies.ts";
import { sumOf } from "../model/fraction.ts";
import { someQuestion } from "../model/questions.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import type { World } from "../support/world.ts";
import { questionOf } from "./answers.ts";
import { someDelivery } from "./deliveries.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds } from "./stored.ts";
import { placeOf } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** Without netting, in the stored ledger's own view and in one currency: there a row's movements are what its flows are made of. */
const stored = { method: "EVENT", netting: "NONE", accountLevel: "ACCOUNT", usage: "BILLED_RECURRING" } as const;

const someInquiry = someCompany({ accountsMax: 4, currencies: ["USD"], merges: "some", usage: "none" }).chain(
  (company) =>
    fc.record({
      question: someQuestion(company).map(({ policy: { segmentAt }, ...rest }) => ({
        ...rest,
        policy: { ...builtInPolicy, ...stored, segmentAt },
      })),
      company: fc.constant(company),
      delivery: someDelivery(company),
    }),
);

async function movementsOf(place: World, question: MetricsQuestion, row: MetricsRow): Promise<readonly MovementRow[]> {
  const filter = filterOfRow({ ...question, period: row.period, group: row.group });
  const { fromOn, untilOn } = row.period;
  const segments = {
    bands: dollarBands.map(({ name, from }) => ({ name, fromMinor: String(from) })),
    at: question.policy.segmentAt ?? "OPENING",
    rates: {
      workspaceId: place.workspaceId,
      ledgerVersion: newestKnown,
      rateSetId: null,
      reportingCurrency: "USD",
    },
    period: { fromOn, untilOn },
  };
  const page = await place.read((tx) =>
    listMovements(
      tx,
      {
        filter,
        context: { workspaceId: tx.workspaceId, ledgerVersion: newestKnown, segments },
        entries: "UNREVERSED",
        orderBy: [],
      },
      { first: 200 },
    ),
  );
  expect(page.pageInfo.hasNextPage).toBe(false);
  return page.edges.map((edge) => edge.node);
}

/** The flows of a row, as its movements add up to them. */
function flowsOf(movements: readonly MovementRow[]) {
  const size = (amount: bigint) => (amount < 0n ? -amount : amount);
  const sum = (type: MovementRow["type"], driver: MovementRow["driver"] = null) =>
    sumOf(
      movements
        .filter((movement) => movement.type === type && movement.driver === driver)
        .map(({ amountMinor }) => size(amountMinor)),
    );
  const byDriver = (type: MovementRow["type"]) =>
    Object.fromEntries(drivers.map((driver) => [driver, sum(type, driver)]));
  return {
    new: sum("NEW"),
    reactivation: sum("REACTIVATION"),
    expansion: byDriver("EXPANSION"),
    contraction: byDriver("CONTRACTION"),
    churned: sum("CHURN"),
  };
}

const withoutReturns = ({ reactivation, ...byDriver }: MetricsRow["money"]["expansionMinor"]) => byDriver;

describe("the movements behind a row", () => {
  it(
    "add up to the row's flows, without netting, whatever it is grouped and filtered by",
    async () => {
      await fc.assert(
        fc.asyncProperty(someInquiry, async ({ company, delivery, question }) => {
          const place = await placeOf(db, { company, delivery });
          const accountIds = await place.read(storedAccountIds);
          const asked = questionOf(question, accountIds);
          const { rows, total } = await place.read((tx) => askExpansionMetrics(tx, asked));
          const ofTotal = { ...asked, groupBy: [], groupByAttributes: [] };
          const moving = rows.filter((row) => row.counts.movementCount > 0);
          for (const { row, of } of [...moving.map((one) => ({ row: one, of: asked })), { row: total, of: ofTotal }]) {
            const { money } = row;
            expect(
              flowsOf(await movementsOf(place, of, row)),
              `${row.period.label} ${JSON.stringify(row.group)}`,
            ).toEqual({
              new: money.newMinor,
              reactivation: money.reactivationMinor,
              expansion: withoutReturns(money.expansionMinor),
              contraction: money.contractionMinor,
              churned: money.churnedMinor,
            });
          }
        }),
        runs(25),
      );
    },
    timeoutMs,
  );
});
