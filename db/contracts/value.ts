// What a contract line is worth: V(q, p, d) = q × p − d per year, computed exactly and rounded half-even once, to minor units.

import { currencyDecimals } from "../kernel/money.ts";
import { divideHalfEven, multiply, parseDecimal, type Rational, rational, zero } from "../kernel/rational.ts";
import { type BillingInterval, periodsPerYear } from "./terms.ts";

/** The price terms of a line as files and tables carry them: plain decimals as text, in major units, per billing period. */
export type LineTerms = {
  /** Positive. */
  readonly quantity: string;
  /** Per unit; not negative. */
  readonly unitPrice: string;
  /** 0 to 100 of the list value; null when the line has no percent discount. At most one of the two discounts is set. */
  readonly discountPercent: string | null;
  /** Off the list value, not negative; null when the line has no fixed discount. */
  readonly discountAmount: string | null;
  readonly billingInterval: BillingInterval;
  readonly currency: string;
};

/** What is taken off the list value of a year: a share of it, then an amount. */
export type Discount = {
  /** From 0 (none) to 1 (all of it). */
  readonly rate: Rational;
  /** Major units per year. */
  readonly amount: Rational;
};

/** The terms of one year: the q, p and d of V. */
export type YearlyTerms = {
  readonly quantity: Rational;
  /** Per unit and year, major units. */
  readonly listPrice: Rational;
  readonly discount: Discount;
};

/** The line's ARR in minor units of its currency, never negative. Throws RangeError for text that is no decimal or an unknown currency. */
export function lineArrMinor(terms: LineTerms): bigint {
  return valueMinor(yearlyTerms(terms), terms.currency);
}

/** A billing period's terms brought to a year: the exact number of periods per year times price and fixed discount. */
export function yearlyTerms(terms: LineTerms): YearlyTerms {
  const periods = periodsPerYear[terms.billingInterval];
  return {
    quantity: decimal(terms.quantity),
    listPrice: multiply(decimal(terms.unitPrice), periods),
    discount: {
      rate: terms.discountPercent === null ? zero : multiply(decimal(terms.discountPercent), onePercent),
      amount: terms.discountAmount === null ? zero : multiply(decimal(terms.discountAmount), periods),
    },
  };
}

/** V(q, p, d) in minor units of the currency, half-even, capped so that no discount takes more than the list value. */
export function valueMinor({ quantity, listPrice, discount }: YearlyTerms, currency: string): bigint {
  const { rate, amount } = discount;
  // One fraction for all of it, reduced nowhere: only the last step rounds.
  const den = quantity.den * listPrice.den * rate.den;
  const afterRate = quantity.num * listPrice.num * (rate.den - rate.num);
  const num = afterRate * amount.den - amount.num * den;
  return num <= 0n ? 0n : divideHalfEven(num * minorPerMajor(currency), den * amount.den);
}

const onePercent = rational(1n, 100n);

function decimal(text: string): Rational {
  const value = parseDecimal(text);
  if (value === null) throw new RangeError("the terms of a line are plain decimals");
  return value;
}

function minorPerMajor(currency: string): bigint {
  const decimals = currencyDecimals(currency);
  if (decimals === null) throw new RangeError(`unknown currency ${currency}`);
  return 10n ** BigInt(decimals);
}
