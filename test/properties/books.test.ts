// The whole way through Postgres: random facts in files that arrive by detours, the ledger that comes of them, and questions about it.

import { importFile } from "@accrete/db/ingestion/store.ts";
import { hashState } from "@accrete/db/movements/hash.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dollarBands } from "../model/books.ts";
import { booksOf, type Company, someCompany } from "../model/companies.ts";
import { byText } from "../model/facts.ts";
import { sumOf } from "../model/fraction.ts";
import type { ModelQuestion } from "../model/question.ts";
import { someQuestion } from "../model/questions.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { type AnswerText, expected, heardFrom } from "./answers.ts";
import { type Delivery, someDelivery } from "./deliveries.ts";
import type { FactFile } from "./files.ts";
import { asText } from "./product.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds, storedLedger, sumOfAllRows } from "./stored.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const settings = { bands: dollarBands, reportingCurrency: "USD", fiscalYearStartMonth: 2 };

type Case = { readonly questions: ModelQuestion[]; readonly company: Company; readonly delivery: Delivery };

const someCase: fc.Arbitrary<Case> = fc
  .constantFrom(["USD"], ["USD"], ["USD", "USD", "USD", "EUR"])
  .chain((currencies) => someCompany({ accountsMax: 4, currencies }))
  .chain((company) =>
    fc.record({
      questions: fc.array(someQuestion(company), { minLength: 1, maxLength: 3 }),
      company: fc.constant(company),
      delivery: someDelivery(company),
    }),
  );

async function take(place: World, file: FactFile) {
  const { kind, format, text } = file;
  const result = await importFile(db.api, place.workspaceId, {
    kind,
    format,
    source: [new TextEncoder().encode(text)],
    unknownNames: "refuse",
    refusals: "all or nothing",
    effect: "write",
    fileName: null,
    actor: "test",
  });
  expect(result.faults, `${kind}:\n${text}`).toEqual([]);
  return result;
}

const sorted = (texts: readonly string[]) => [...texts].sort(byText);

describe("facts that arrive in any order, in several files, with mistakes that are corrected later", () => {
  it(
    "lead to the model's ledger and answers of the final facts, and to the state that these alone lead to; told again they change nothing",
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ questions, company, delivery }) => {
          const books = booksOf(company, settings);
          const place = await world(db, settings);
          for (const file of delivery.files) await take(place, file);
          const stored = await place.read(storedLedger);
          expect(sorted(asText(stored))).toEqual(sorted(asText(books)));

          const all = await place.read(sumOfAllRows);
          for (const accountId of new Set(books.movements.map((movement) => movement.accountId))) {
            const own = books.movements.filter((movement) => movement.accountId === accountId);
            expect(all.get(accountId)).toBe(sumOf(own.map(({ amount }) => amount)));
          }

          const accountIds = await place.read(storedAccountIds);
          for (const question of questions) {
            expect(await heardFrom(place, question, accountIds)).toEqual(expected(books, question));
          }

          const state = await place.read(hashState);
          for (const file of delivery.final) {
            const again = await take(place, file);
            expect([again.outcome, again.rowsChanged, again.movementsAppended]).toEqual(["UNCHANGED", 0, 0]);
          }
          expect(await place.read(hashState)).toBe(state);

          const elsewhere = await world(db, settings);
          for (const file of delivery.final) await take(elsewhere, file);
          expect(await elsewhere.read(hashState)).toBe(state);
        }),
        runs(50),
      );
    },
    timeoutMs,
  );

  it(
    "leave every answer that was once given to be had again, as of the ledger version at which it was given",
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ questions, delivery }) => {
          const place = await world(db, settings);
          const given: { readonly version: bigint; readonly answers: AnswerText[] }[] = [];
          for (const file of delivery.files) {
            const { ledgerVersion } = await take(place, file);
            const accountIds = await place.read(storedAccountIds);
            const answers: AnswerText[] = [];
            for (const question of questions) answers.push(await heardFrom(place, question, accountIds));
            given.push({ version: ledgerVersion, answers });
          }
          const accountIds = await place.read(storedAccountIds);
          for (const { version, answers } of given) {
            const again: AnswerText[] = [];
            for (const question of questions) again.push(await heardFrom(place, question, accountIds, version));
            expect(again, `as of ${version}`).toEqual(answers);
          }
        }),
        runs(15),
      );
    },
    timeoutMs,
  );
});
