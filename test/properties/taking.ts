// Random deliveries and their way into a workspace: what the properties that go through the importer share.

import { type ImportResult, importFile } from "@accrete/db/ingestion/store.ts";
import fc from "fast-check";
import { expect } from "vitest";
import { dollarBands } from "../model/books.ts";
import { type Company, someCompany } from "../model/companies.ts";
import type { ModelQuestion } from "../model/question.ts";
import { someQuestion } from "../model/questions.ts";
import type { TestDatabase } from "../support/database.ts";
import type { World } from "../support/world.ts";
import { type Delivery, someDelivery } from "./deliveries.ts";
import type { FactFile } from "./files.ts";

/** Of the workspaces that take the deliveries. */
export const settings = { bands: dollarBands, reportingCurrency: "USD", fiscalYearStartMonth: 2 };

export type Case = { readonly questions: ModelQuestion[]; readonly company: Company; readonly delivery: Delivery };

/** A company, the way in which its facts arrive, and questions about it. */
export const someCase: fc.Arbitrary<Case> = fc
  .constantFrom(["USD"], ["USD"], ["USD", "USD", "USD", "EUR"])
  .chain((currencies) => someCompany({ accountsMax: 4, currencies }))
  .chain((company) =>
    fc.record({
      questions: fc.array(someQuestion(company), { minLength: 1, maxLength: 3 }),
      company: fc.constant(company),
      delivery: someDelivery(company),
    }),
  );

/** Imports a file as a whole or not at all. */
export function send(db: TestDatabase, place: World, { kind, format, text }: FactFile): Promise<ImportResult> {
  return importFile(db.api, place.workspaceId, {
    kind,
    format,
    source: [new TextEncoder().encode(text)],
    unknownNames: "refuse",
    refusals: "all or nothing",
    effect: "write",
    fileName: null,
    actor: "test",
  });
}

/** Imports a file in which nothing is wrong. */
export async function take(db: TestDatabase, place: World, file: FactFile): Promise<ImportResult> {
  const result = await send(db, place, file);
  expect(result.faults, `${file.kind}:\n${file.text}`).toEqual([]);
  return result;
}
