// The product's metrics against the naive model: random companies, put straight into the tables, and random questions about each.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dollarBands } from "../model/books.ts";
import { booksOf, type Company, someCompany } from "../model/companies.ts";
import type { ModelQuestion } from "../model/question.ts";
import { someQuestion } from "../model/questions.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { type AnswerText, expected, heardFrom } from "./answers.ts";
import { loadBooks } from "./loading.ts";
import { runs, timeoutMs } from "./runs.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

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
  const product: AnswerText[] = [];
  for (const question of questions) product.push(await heardFrom(place, question, accountIds));
  const model = questions.map((question) => expected(books, question));
  return { product, model };
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
