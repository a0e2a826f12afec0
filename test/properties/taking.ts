// Random deliveries and their way into a workspace: what the properties that go through the importer share.

import { correctMovements } from "@accrete/db/ingestion/corrections.ts";
import { type ImportResult, importFile } from "@accrete/db/ingestion/store.ts";
import type { Tx } from "@accrete/db/kernel/database.ts";
import { deleteContractLines } from "@accrete/db/movements/deletions.ts";
import { mergeAccounts, unmergeAccounts } from "@accrete/db/movements/merge.ts";
import { chooseRateSets, setRates } from "@accrete/db/rates/store.ts";
import fc from "fast-check";
import { expect } from "vitest";
import { dollarSettings, type Settings } from "../model/books.ts";
import { textOf } from "../model/calendar.ts";
import { type Company, someCompany } from "../model/companies.ts";
import type { ModelQuestion } from "../model/question.ts";
import { someQuestion } from "../model/questions.ts";
import type { TestDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { type Act, type Delivery, type Step, someDelivery } from "./deliveries.ts";
import type { FactFile } from "./files.ts";

/** Of the workspaces that take the deliveries. */
export const options = { currency: "USD", fiscalYearStartMonth: 2 };

/** What the model has to know of such a workspace. */
export function settingsOf({ rates }: Company): Settings {
  return { ...dollarSettings, fiscalYearStartMonth: options.fiscalYearStartMonth, rates };
}

export type Case = { readonly questions: ModelQuestion[]; readonly company: Company; readonly delivery: Delivery };

const small = { accountsMax: 4 };
const large = { accountsMin: 6, accountsMax: 8, threadsMin: 4 };

/** A company, the way in which its facts arrive, and questions about it. */
export const someCase: fc.Arbitrary<Case> = fc
  .record({
    currencies: fc.constantFrom(["USD"], ["USD", "USD", "USD", "EUR"], ["USD", "EUR", "JPY", "KWD"]),
    // Small ones mostly, in which one sees what happened; the large ones have up to 200 events.
    size: fc.constantFrom(small, small, small, small, small, large),
  })
  .chain(({ currencies, size }) => someCompany({ ...size, currencies, merges: "some", usage: "some" }))
  .chain((company) =>
    fc.record({
      questions: fc.array(someQuestion(company), { minLength: 2, maxLength: 4 }),
      company: fc.constant(company),
      delivery: someDelivery(company),
    }),
  );

/** In one of three journeys the facts come a second time, and to a second place: it takes as long as all the rest. */
export const someJourney = someCase.chain((one) =>
  fc.constantFrom(false, false, true).map((goesTwice) => ({ ...one, goesTwice })),
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

const author = { actor: "test", action: "test" };

/** Goes one step of a delivery. */
export async function go(db: TestDatabase, place: World, step: Step): Promise<void> {
  if ("kind" in step) await take(db, place, step);
  else await place.write((tx) => undo(tx, step));
}

async function undo(tx: Tx, step: Act): Promise<void> {
  if (step.act === "delete") {
    const lines = step.lineIds.map((externalId) => ({ externalId, fromOn: null }));
    await deleteContractLines(tx, lines, author);
    return;
  }
  const changes =
    step.act === "correct"
      ? step.movements.map(({ movementId, motion }) => ({ externalId: movementId, change: { motion } }))
      : step.movementIds.map((externalId) => ({ externalId, change: null }));
  const known = await tx.sql<{ id: string; externalId: string }[]>`
    select m.id::text, m.external_id as "externalId" from movements m
    where m.workspace_id = ${tx.workspaceId} and m.reverses is null and m.external_id is not null and not exists (
      select from movements r where r.workspace_id = m.workspace_id and r.reverses = m.id)`;
  const idOf = (externalId: string) => known.find((row) => row.externalId === externalId)?.id ?? "";
  const corrections = changes.map(({ externalId, change }) => ({ movementId: idOf(externalId), change }));
  await correctMovements(tx, corrections, author);
}

/** States the rates and chooses their sets. */
export async function stateRates(place: World, { rates: { constant, dated } }: Company): Promise<void> {
  const pair = ({ currency, rate }: { readonly currency: string; readonly rate: string }) => ({
    fromCurrency: currency,
    toCurrency: options.currency,
    rate,
  });
  await place.write(async (tx) => {
    if (constant && constant.length > 0) {
      const told = await setRates(tx, { rateSet: "Budget", kind: "CONSTANT", rates: constant.map(pair) }, author);
      expect(told.refusals).toEqual([]);
      await chooseRateSets(tx, { constant: "Budget" }, author);
    }
    if (dated && dated.length > 0) {
      const rates = dated.map((rate) => ({ ...pair(rate), fromOn: textOf(rate.from) }));
      const told = await setRates(tx, { rateSet: "ECB", kind: "DATED", rates }, author);
      expect(told.refusals).toEqual([]);
      await chooseRateSets(tx, { reported: "ECB" }, author);
    }
  });
}

/** Merges the accounts that turned out to be others. */
export async function merge(place: World, { merges }: Pick<Company, "merges">): Promise<void> {
  for (const { from, into } of merges) {
    await place.write((tx) => mergeAccounts(tx, { from: { externalId: from }, into: { externalId: into } }, author));
  }
}

/** Undoes a merge. */
export async function unmerge(place: World, from: string): Promise<void> {
  await place.write((tx) => unmergeAccounts(tx, { externalId: from }, author));
}

/** A new workspace with the company's facts as they are in the end. */
export async function placeOf(
  db: TestDatabase,
  { company, delivery }: Pick<Case, "company" | "delivery">,
): Promise<World> {
  const place = await world(db, options);
  for (const file of delivery.final) await take(db, place, file);
  await stateRates(place, company);
  await merge(place, company);
  return place;
}
