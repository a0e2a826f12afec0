// Random rates for fast-check: one per currency, and dated ones of few days, so that a rate changes on the very days on which amounts do.

import fc from "fast-check";
import { always } from "./books.ts";
import type { RateFacts } from "./facts.ts";
import { someDay } from "./histories.ts";

// A change of the smallest amount has to stay an amount: none is far below one minor unit of the reporting currency.
const someRate = fc.constantFrom("1.1", "0.9", "1.17", "0.96", "1.00000001", "3.25", "0.7");

/** Whether every rate is there, some are known from a later day only, or none was ever chosen. */
const someKnowledge = fc.constantFrom("ALL", "ALL", "ALL", "ALL", "ALL", "ALL", "LATE", "NONE");

export function someRates(currencies: readonly string[]): fc.Arbitrary<RateFacts> {
  const foreign = [...new Set(currencies)].filter((currency) => currency !== "USD");
  const constant = fc.tuple(
    ...foreign.map((currency) => someRate.map((rate) => ({ currency, rate: scaled(currency, rate) }))),
  );
  const dated = fc.tuple(
    ...foreign.map((currency) =>
      fc
        .record({
          days: fc.uniqueArray(someDay, { maxLength: 5 }),
          rates: fc.array(someRate, { minLength: 6, maxLength: 6 }),
          knowledge: someKnowledge,
        })
        .map(({ days, rates, knowledge }) => {
          const from = knowledge === "ALL" ? [always, ...days] : days;
          return from.map((day, place) => ({ currency, from: day, rate: scaled(currency, rates[place] ?? "1") }));
        }),
    ),
  );
  return fc.record({ constant, dated, known: someKnowledge, chosen: someKnowledge }).map((made) => ({
    constant: made.known === "NONE" ? null : [...made.constant],
    dated: made.chosen === "NONE" ? null : made.dated.flat(),
  }));
}

/** Yen are small units. */
function scaled(currency: string, rate: string): string {
  return currency === "JPY" ? `0.00${rate.replace(".", "")}` : rate;
}
