// Which currencies a question must convert, and whether it can: without a rate it is refused, naming the currency and the day. No amount
// is ever counted in a currency that it is not in.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { AccreteError } from "../kernel/errors.ts";
import { allOf, listed, unprepared } from "../kernel/fragments.ts";
import { readingManyRows } from "../kernel/planner.ts";
import { accountConditions } from "../movements/filter.ts";
import { rateSpans } from "../rates/convert.ts";
import { bookedRelations, bookedTransferRelations } from "./ledger.ts";
import { missingRateStatement } from "./missing-rates.ts";
import type { Level, Reading } from "./reading.ts";

type FirstRead = { readonly currency: string; readonly on: PlainDate };

/**
 * The reading with the currencies that it must convert. RATE_MISSING, naming the currency and the day, for the earliest amount or balance
 * that has no rate. A currency condition leaves a currency out only where nothing is read of the whole account: not under SNAPSHOT or
 * netting, nor where bands are asked for.
 */
export async function withRates(tx: Tx, reading: Reading, levels: readonly Level[]): Promise<Reading> {
  const first = await firstForeign(tx, reading);
  if (first.length === 0) return reading;
  const foreign = first.map(({ currency }) => currency);
  const converting = { ...reading, foreign, revalues: reading.ratesChange };
  const known = await firstRates(tx, converting);
  if (!reading.ratesChange) {
    refuse(
      reading,
      first.find(({ currency }) => !known.has(currency)),
    );
    return converting;
  }
  // From its first day on a currency always has a rate: only where that comes after the opening can one be missing.
  const isCovered = foreign.every((currency) => (known.get(currency) ?? "9999-12-31") < reading.window.fromOn);
  if (isCovered) return converting;
  const read = async () => unprepared(tx.sql<FirstRead[]>`${missingRateStatement(converting, levels)}`);
  const [missing] = await readingManyRows(tx, read);
  refuse(reading, missing);
  return converting;
}

function refuse({ settings }: Reading, missing: FirstRead | undefined): void {
  if (!missing) return;
  throw new AccreteError(
    "RATE_MISSING",
    `There is no rate from ${missing.currency} to ${settings.reportingCurrency} for ${missing.on}.`,
  );
}

/** The currencies in other than the reporting one, each with the first day of an amount in it: by that day, then by code. */
async function firstForeign(tx: Tx, reading: Reading): Promise<readonly FirstRead[]> {
  const { context, filter, settings, window } = reading;
  const readsWholeAccounts = reading.interval !== "NONE" || reading.hasSegments;
  const currencies = readsWholeAccounts ? undefined : filter.currency;
  const conditions = accountConditions(tx.sql, filter, context, tx.sql`m.account_id`);
  if (currencies) conditions.push(tx.sql`m.currency = any(${[...currencies]}::text[])`);
  const relations = [...bookedRelations(reading), ...(reading.unitsMove ? bookedTransferRelations(reading) : [])];
  const found = await unprepared(tx.sql<FirstRead[]>`
    with ${listed(tx.sql, relations)}
    select m.currency, min(m.effective_on) as "on" from booked m
    where m.currency <> ${settings.reportingCurrency} and m.effective_on < ${window.untilOn}::date and ${allOf(tx.sql, conditions)}
    group by m.currency`);
  return [...found].sort((a, b) => compare(a.on, b.on) || compare(a.currency, b.currency));
}

/** By currency, the first day on which it has a rate. */
async function firstRates(tx: Tx, { foreign, rates }: Reading): Promise<ReadonlyMap<string, PlainDate>> {
  const found = await tx.sql<FirstRead[]>`
    select r.from_currency as currency, min(r.from_on) as "on" from (${rateSpans(tx.sql, rates)}) r
    where r.from_currency = any(${[...foreign]}::text[]) group by r.from_currency`;
  return new Map(found.map(({ currency, on }) => [currency, on]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
