// The model keeps the invariants of docs/metrics by itself: what it says of random histories is at least consistent.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs, timeoutMs } from "../properties/runs.ts";
import { booksOf, dollarSettings } from "./books.ts";
import { someCompany } from "./companies.ts";
import type { LineFact } from "./facts.ts";
import { sumOf } from "./fraction.ts";
import { someLineHistory } from "./histories.ts";
import { deriveLedger, linesOn, type ModelLedger } from "./ledger.ts";
import { answer, type ModelAnswer } from "./metrics.ts";
import { flowDimensions } from "./places.ts";
import { viewOf } from "./question.ts";
import { someQuestion } from "./questions.ts";
import type { ModelRow } from "./rows.ts";
import { sceneOfLines } from "./scene.ts";
import { arrOfLines } from "./value.ts";

const histories = someLineHistory({ accountsMax: 2, currencies: ["USD", "USD", "USD", "EUR", "JPY"] });

/** What movements and transfers up to a day come to, for one account, plan and currency. */
function booked({ movements, transfers }: ModelLedger, like: LineFact, day: number): bigint {
  const isOurs = (entry: { unitId: string; currency: string; on: number }) =>
    entry.unitId === like.accountId && entry.currency === like.currency && entry.on <= day;
  const planId = like.plan.planId;
  return (
    sumOf(movements.filter((entry) => isOurs(entry) && entry.planId === planId).map((entry) => entry.amount)) +
    sumOf(transfers.filter((entry) => isOurs(entry) && entry.toPlanId === planId).map((entry) => entry.amount)) -
    sumOf(transfers.filter((entry) => isOurs(entry) && entry.fromPlanId === planId).map((entry) => entry.amount))
  );
}

const companiesAndQuestions = someCompany({
  accountsMax: 4,
  currencies: ["USD", "USD", "EUR", "JPY", "KWD"],
  merges: "some",
  usage: "some",
}).chain((company) =>
  fc.record({
    company: fc.constant(company),
    fiscalYearStartMonth: fc.integer({ min: 1, max: 12 }),
    question: someQuestion(company),
  }),
);

/** The model's answer; the books come of the facts only here, so that a counterexample shows the facts alone. */
function told({ company, fiscalYearStartMonth, question }: Inquiry): ModelAnswer {
  const settings = { ...dollarSettings, fiscalYearStartMonth, rates: company.rates };
  return answer(booksOf(company, settings, viewOf(question)), question);
}

type Inquiry = typeof companiesAndQuestions extends fc.Arbitrary<infer T> ? T : never;

const flowsOf = (row: ModelRow) =>
  row.new +
  row.reactivation +
  sumOf(Object.values(row.expansion)) +
  row.returned +
  row.priceUplift +
  row.discountChange -
  sumOf(Object.values(row.contraction)) -
  row.churned;

describe("the model on random companies and questions", () => {
  it(
    "leaves nothing over in the identity of any row, where no flow condition leaves flows out",
    () => {
      fc.assert(
        fc.property(companiesAndQuestions, ({ question, ...rest }) => {
          const { type, driver, motion, campaign, ...filter } = question.filter;
          const { rows, total } = told({ ...rest, question: { ...question, filter } });
          for (const row of [...rows, total]) {
            if (row.opening === null || row.closing === null) continue;
            const moved = flowsOf(row) + (row.fx ?? 0n) + (row.transferIn ?? 0n) - (row.transferOut ?? 0n);
            expect(row.opening + moved).toBe(row.closing);
          }
        }),
        runs(200),
      );
    },
    timeoutMs,
  );

  it(
    "adds the rows of balance dimensions up to the total, in every money column",
    () => {
      fc.assert(
        fc.property(companiesAndQuestions, ({ question, ...rest }) => {
          const groupBy = question.groupBy.filter((dimension) => !flowDimensions.includes(dimension));
          const { rows, total } = told({ ...rest, question: { ...question, groupBy, grain: "WHOLE" } });
          const added = (column: (row: ModelRow) => bigint | null) => sumOf(rows.map((row) => column(row) ?? 0n));
          expect(added((row) => row.opening)).toBe(total.opening);
          expect(added((row) => row.closing)).toBe(total.closing);
          expect(added(flowsOf)).toBe(flowsOf(total));
          expect(added((row) => row.fx)).toBe(total.fx);
          expect(added((row) => row.transferIn)).toBe(total.transferIn);
          expect(added((row) => row.transferOut)).toBe(total.transferOut);
        }),
        runs(200),
      );
    },
    timeoutMs,
  );
});

describe("the model on random histories", () => {
  it(
    "sums movements and transfers to the ARR of every account, plan and currency on every day of a change",
    () => {
      fc.assert(
        fc.property(histories, ({ lines }) => {
          const ledger = deriveLedger(sceneOfLines(lines));
          for (const like of lines) {
            const alike = lines.filter(
              (line) =>
                line.accountId === like.accountId &&
                line.plan.planId === like.plan.planId &&
                line.currency === like.currency,
            );
            for (const day of new Set(alike.flatMap((line) => [line.from, line.until ?? line.from]))) {
              expect(booked(ledger, like, day)).toBe(arrOfLines(linesOn(alike, day)));
            }
          }
        }),
        runs(500),
      );
    },
    timeoutMs,
  );

  it("meets every type, and every driver in both signs, so that agreement with it covers all of them", () => {
    const met = new Set<string>();
    for (const { lines } of fc.sample(histories, { seed: 1, numRuns: 500 })) {
      for (const { type, driver } of deriveLedger(sceneOfLines(lines)).movements) met.add(`${type} ${driver}`);
    }
    const drivers = ["SEAT", "TIER", "ADD_ON", "CROSS_SELL", "USAGE_COMMITMENT", "USAGE", "PRICE", "DISCOUNT"];
    expect([...met].sort()).toEqual(
      [
        "NEW null",
        "REACTIVATION null",
        "CHURN null",
        ...drivers.flatMap((driver) => [`EXPANSION ${driver}`, `CONTRACTION ${driver}`]),
      ].sort(),
    );
  });
});
