// The product's metrics against the naive model: random companies, put straight into the tables, and random questions about each.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Books } from "../model/books.ts";
import { booksOf, type Company, someCompany } from "../model/companies.ts";
import { answer } from "../model/metrics.ts";
import type { ModelQuestion } from "../model/question.ts";
import { someQuestion } from "../model/questions.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { expected, heard, questionOf } from "./answers.ts";
import { loadBooks } from "./loading.ts";
import { runs, timeoutMs } from "./runs.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const dollarBands = [
  { name: "Enterprise", from: 100_000_00n },
  { name: "Mid-Market", from: 25_000_00n },
  { name: "SMB", from: 0n },
];

type Inquiry = {
  readonly company: Company;
  readonly fiscalYearStartMonth: number;
  readonly questions: ModelQuestion[];
};

function someInquiry(currencies: readonly string[]): fc.Arbitrary<Inquiry> {
  return someCompany({ accountsMax: 5, currencies }).chain((company) =>
    fc.record({
      questions: fc.array(someQuestion(company), { minLength: 1, maxLength: 6 }),
      fiscalYearStartMonth: fc.constantFrom(1, 1, 2, 10),
      company: fc.constant(company),
    }),
  );
}

/** What the product answers to each question, and what the model does. */
async function answersTo({ company, fiscalYearStartMonth, questions }: Inquiry) {
  const books = booksOf(company, { bands: dollarBands, reportingCurrency: "USD", fiscalYearStartMonth });
  const place = await world(db, { fiscalYearStartMonth });
  const accountIds = await place.write((tx) => loadBooks(tx, books, company.plans));
  const product: unknown[] = [];
  for (const question of questions) {
    product.push(
      await place
        .read((tx) => askExpansionMetrics(tx, questionOf(question, accountIds)))
        .then(
          (found) => heard(found, question),
          (error: unknown) => {
            if (error instanceof AccreteError && error.code === "RATE_MISSING") return "RATE_MISSING";
            throw error;
          },
        ),
    );
  }
  const model = questions.map((question) =>
    needsRate(books, question) ? "RATE_MISSING" : expected(answer(books, question)),
  );
  return { product, model };
}

/** Whether an amount in another currency would have to be converted: bands and netting read whole accounts, other rows their own lines. */
function needsRate({ movements }: Books, { until, groupBy, filter, policy }: ModelQuestion): boolean {
  const readsLines =
    policy.method === "EVENT" &&
    policy.netting === "NONE" &&
    !groupBy.includes("SEGMENT") &&
    filter.segment === undefined;
  return movements.some(
    ({ on, currency, accountId }) =>
      on < until &&
      currency !== "USD" &&
      (filter.account?.includes(accountId) ?? true) &&
      !(readsLines && filter.currency && !filter.currency.includes(currency)),
  );
}

describe("the metrics of random companies", () => {
  it(
    "equal the model's to the last cent, row by row, with nothing left over",
    async () => {
      await fc.assert(
        fc.asyncProperty(someInquiry(["USD"]), async (inquiry) => {
          const { product, model } = await answersTo(inquiry);
          expect(product).toEqual(model);
        }),
        runs(50),
      );
    },
    timeoutMs,
  );

  it(
    "refuse to add up currencies without a rate, and equal the model's where a filter leaves other currencies out",
    async () => {
      await fc.assert(
        fc.asyncProperty(someInquiry(["USD", "USD", "USD", "USD", "EUR"]), async (inquiry) => {
          const { product, model } = await answersTo(inquiry);
          expect(product).toEqual(model);
        }),
        runs(20),
      );
    },
    timeoutMs,
  );
});
