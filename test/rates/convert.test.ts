// Conversion: by hand, and the same to the unit in TypeScript and in SQL, ties and negative amounts included.

import { parseDecimal, type Rational } from "@accrete/db/kernel/rational.ts";
import { convertedMinor, convertMinor } from "@accrete/db/rates/convert.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let acme: World;
beforeAll(async () => {
  db = await testDatabase();
  acme = await world(db);
});
afterAll(() => db.drop());

function rate(text: string): Rational {
  const parsed = parseDecimal(text);
  if (parsed === null) throw new Error(`${text} is no rate`);
  return parsed;
}

test("an amount is its minor units times the rate, in the other currency's minor units", () => {
  const eurToUsd = { from: "EUR", to: "USD" };
  // 10,000.00 EUR at 1.17 and at 0.96.
  expect(convertMinor(1_000_000n, rate("1.17"), eurToUsd)).toBe(1_170_000n);
  expect(convertMinor(1_000_000n, rate("0.96"), eurToUsd)).toBe(960_000n);
  // 150,000 JPY at 0.0067 are 1,005.00 USD; 1,005.00 USD at 149.25 are 149,996 JPY and a quarter.
  expect(convertMinor(150_000n, rate("0.0067"), { from: "JPY", to: "USD" })).toBe(100_500n);
  expect(convertMinor(100_500n, rate("149.25"), { from: "USD", to: "JPY" })).toBe(149_996n);
  // 1.234 KWD at 3.25 are 4.0105 USD; 4.01 USD at 0.3077 are 1.233877 KWD.
  expect(convertMinor(1_234n, rate("3.25"), { from: "KWD", to: "USD" })).toBe(401n);
  expect(convertMinor(401n, rate("0.3077"), { from: "USD", to: "KWD" })).toBe(1_234n);
  expect(convertMinor(7n, rate("3"), { from: "USD", to: "USD" })).toBe(7n);
});

test("a tie goes to the even unit, above and below 0", () => {
  const half = (amountMinor: bigint) => convertMinor(amountMinor, rate("0.5"), { from: "EUR", to: "USD" });
  expect([1n, 3n, 5n, 7n].map(half)).toEqual([0n, 2n, 2n, 4n]);
  expect([-1n, -3n, -5n, -7n].map(half)).toEqual([0n, -2n, -2n, -4n]);
});

/** Amounts of all sizes, of both signs. */
const amounts = fc.oneof(
  fc.bigInt({ min: -50n, max: 50n }),
  fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }),
  fc.bigInt({ min: -(10n ** 7n), max: 10n ** 7n }).map((amount) => amount * 5n),
);

/** Rates of up to twelve decimals; many whose products with an odd amount are ties. */
const rates = fc.oneof(
  fc.constantFrom("0.5", "1.5", "0.05", "0.25", "2.5", "0.0005", "50", "0.000000000001", "999999999.5"),
  fc.tuple(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 0, max: 12 })).map(([digits, decimals]) => {
    const text = String(digits).padStart(decimals + 1, "0");
    return decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
  }),
);

const currencies = fc.constantFrom("USD", "EUR", "JPY", "KWD", "CLF");
const pairs = fc.uniqueArray(currencies, { minLength: 2, maxLength: 2 });

test("SQL gives the same unit as TypeScript, for amounts of either sign, ties and currencies of 0, 2, 3 and 4 decimals", async () => {
  const decimals: Readonly<Record<string, number>> = { USD: 2, EUR: 2, JPY: 0, KWD: 3, CLF: 4 };
  const cases = fc.sample(fc.tuple(amounts, rates, pairs), { numRuns: 4_000, seed: 20_251_122 });
  const asked = cases.map(([amountMinor, text, [from = "", to = ""]]) => {
    const exponent = (decimals[to] ?? 0) - (decimals[from] ?? 0);
    return { amountMinor, text, from, to, scale: `1e${exponent}` };
  });
  const answered = await acme.read(
    (tx) => tx.sql<{ converted: string }[]>`
      select ${convertedMinor(tx.sql, tx.sql`a.amount`, tx.sql`a.rate * a.scale`)}::text as converted
      from unnest(${asked.map(({ amountMinor }) => String(amountMinor))}::bigint[],
        ${asked.map(({ text }) => text)}::numeric[], ${asked.map(({ scale }) => scale)}::numeric[])
        with ordinality as a(amount, rate, scale, position)
      order by a.position`,
  );
  const differing = asked.flatMap(({ amountMinor, text, from, to }, index) => {
    const expected = String(convertMinor(amountMinor, rate(text), { from, to }));
    const converted = answered[index]?.converted;
    return converted === expected ? [] : [{ amountMinor: String(amountMinor), text, from, to, expected, converted }];
  });
  expect(answered).toHaveLength(4_000);
  expect(differing).toEqual([]);
});
