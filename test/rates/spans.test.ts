// Random rates, stated, superseded and withdrawn: on every day and at every version the rate in force is the one that a plain list gives.

import { parseDecimal } from "@accrete/db/kernel/rational.ts";
import { convertedMinor, convertMinor, rateSpans } from "@accrete/db/rates/convert.ts";
import { findRateSet, setRates } from "@accrete/db/rates/store.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const author = { actor: "test", action: "set rates" };
const days = Array.from({ length: 9 }, (_, i) => `2025-0${i + 1}-15`);
const currencies = ["EUR", "GBP", "JPY"];

type Stated = { readonly currency: string; readonly fromOn: string; readonly rate: string | null };

const stated: fc.Arbitrary<Stated> = fc.record({
  currency: fc.constantFrom(...currencies),
  fromOn: fc.constantFrom(...days),
  rate: fc.option(fc.constantFrom("0.5", "1.1", "1.25", "2"), { freq: 4 }),
});
const list = fc.uniqueArray(stated, { minLength: 1, maxLength: 6, selector: (one) => `${one.currency} ${one.fromOn}` });

/** What stands after a list: as it is known, a rate of null withdraws what is there, and says nothing where nothing is. */
function after(standing: ReadonlyMap<string, Stated>, rows: readonly Stated[]): Map<string, Stated> {
  const next = new Map(standing);
  for (const row of rows) {
    if (row.rate === null) next.delete(`${row.currency} ${row.fromOn}`);
    else next.set(`${row.currency} ${row.fromOn}`, row);
  }
  return next;
}

/** The rate in force: of those from the day or before it, the latest. */
function inForce(standing: ReadonlyMap<string, Stated>, currency: string, on: string): string | null {
  const held = [...standing.values()].filter((row) => row.currency === currency && row.fromOn <= on);
  return held.sort((a, b) => (a.fromOn < b.fromOn ? 1 : -1))[0]?.rate ?? null;
}

test("the rate in force is that of the latest day stated, as known at each version", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(list, { minLength: 1, maxLength: 5 }), async (lists) => {
      const books = await world(db);
      let standing: Map<string, Stated> = new Map();
      const known: { version: bigint; standing: Map<string, Stated> }[] = [];
      for (const drawn of lists) {
        const rows = drawn.filter((row) => row.rate !== null || standing.has(`${row.currency} ${row.fromOn}`));
        if (rows.length === 0) continue;
        const rates = rows.map(({ currency, ...row }) => ({ ...row, fromCurrency: currency, toCurrency: "USD" }));
        const result = await books.write((tx) => setRates(tx, { rateSet: "ECB", kind: "DATED", rates }, author));
        expect(result.refusals).toEqual([]);
        standing = after(standing, rows);
        known.push({ version: result.ledgerVersion, standing });
      }
      for (const { version, standing: then } of known) {
        const answered = await books.read(async (tx) => {
          const set = await findRateSet(tx, "ECB");
          const reading = {
            workspaceId: books.workspaceId,
            ledgerVersion: version,
            rateSetId: set?.id ?? null,
            reportingCurrency: "USD",
          };
          return tx.sql<{ currency: string; day: string; rate: string | null; minor: string | null }[]>`
            select c.currency, d.day::text as day, trim_scale(s.rate)::text as rate,
              ${convertedMinor(tx.sql, tx.sql`100`, tx.sql`s.factor`)}::text as minor
            from unnest(${[...currencies, "USD"]}::text[]) c (currency)
            cross join unnest(${["2025-01-14", ...days, "2030-01-01"]}::date[]) d (day)
            left join (${rateSpans(tx.sql, reading)}) s
              on s.from_currency = c.currency and s.from_on <= d.day and s.until_on > d.day`;
        });
        expect(answered).toHaveLength(44);
        for (const { currency, day, rate, minor } of answered) {
          expect([currency, day, rate]).toEqual([
            currency,
            day,
            currency === "USD" ? "1" : inForce(then, currency, day),
          ]);
          const exact = rate === null ? null : parseDecimal(rate);
          expect(minor).toBe(exact && String(convertMinor(100n, exact, { from: currency, to: "USD" })));
        }
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
