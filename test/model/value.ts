// What lines are worth in a year, for one line and for several taken together: V(q, p, d) of docs/metrics, word by word.

import { byText, decimalsOf, type LineFact } from "./facts.ts";
import { Fraction, sumOf, sumOfFractions } from "./fraction.ts";

/** Quantity, list price per year and unit, and discount per year, of one line or of the lines of one side of a pair. */
export type Terms = {
  readonly quantity: Fraction;
  /** Major units per unit and year. */
  readonly price: Fraction;
  /** The share of the list value that is taken off: 0 to 1. */
  readonly rate: Fraction;
  /** Major units per year that are taken off besides. */
  readonly amountOff: Fraction;
};

/** How many billing periods make a year. */
export const perYear = {
  DAY: Fraction.of(365),
  WEEK: Fraction.of(52),
  MONTH: Fraction.of(12),
  QUARTER: Fraction.of(4),
  YEAR: Fraction.one,
  THREE_YEARS: new Fraction(1n, 3n),
};

const hundred = Fraction.of(100);

export function termsOf(line: LineFact): Terms {
  const periods = perYear[line.interval];
  return {
    quantity: Fraction.parse(line.quantity),
    price: Fraction.parse(line.unitPrice).times(periods),
    rate: Fraction.parse(line.discountPercent ?? "0").over(hundred),
    amountOff: Fraction.parse(line.discountAmount ?? "0").times(periods),
  };
}

function listValue(terms: Terms): Fraction {
  return terms.quantity.times(terms.price);
}

function lesser(a: Fraction, b: Fraction): Fraction {
  return a.isBelow(b) ? a : b;
}

/** q × p − d in minor units, rounded once; a discount never takes more than there is. */
export function worth(terms: Terms, currency: string): bigint {
  const list = listValue(terms);
  const discount = lesser(list.times(terms.rate).plus(terms.amountOff), list);
  const minorUnits = Fraction.of(10n ** BigInt(decimalsOf[currency] ?? 2));
  return list.minus(discount).times(minorUnits).roundHalfEven();
}

const known = new WeakMap<LineFact, bigint>();

/** The ARR of a line while this version is in force, minor units. */
export function arrOfLine(line: LineFact): bigint {
  const arr = line.usageArr ?? known.get(line) ?? worth(termsOf(line), line.currency);
  known.set(line, arr);
  return arr;
}

/** The ARR of several lines: the sum of what each is worth, each rounded by itself. */
export function arrOfLines(lines: readonly LineFact[]): bigint {
  return sumOf(lines.map(arrOfLine));
}

/**
 * Several lines as one: quantities, list values and discounts per year are summed; the price is the average; percents become the rate
 * that they come to on the list value (on the quantity, where the list value is 0); amounts stay amounts.
 */
export function termsOfSide(lines: readonly LineFact[]): Terms {
  const [only, second] = lines;
  if (only && !second) return termsOf(only);
  const each = [...lines].sort((a, b) => byText(a.lineId, b.lineId)).map(termsOf);
  const quantity = sumOfFractions(each.map((terms) => terms.quantity));
  const list = sumOfFractions(each.map(listValue));
  const takenOff = sumOfFractions(each.map((terms) => listValue(terms).times(terms.rate)));
  const rate = list.isZero
    ? sumOfFractions(each.map((terms) => terms.quantity.times(terms.rate))).over(quantity)
    : takenOff.over(list);
  const amountOff = sumOfFractions(each.map((terms) => lesser(terms.amountOff, listValue(terms))));
  return { quantity, price: list.over(quantity), rate, amountOff };
}
