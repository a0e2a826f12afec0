// One side of a pair as if it were one line: its rounded ARR, and its terms, exactly.

import { type YearlyTerms, yearlyTerms } from "../contracts/value.ts";
import type { LineVersion } from "../contracts/version.ts";
import { add, compare, divide, multiply, type Rational, zero } from "../kernel/rational.ts";

/** The sum of the lines' ARR, each rounded by itself. */
export function arrOfSide(lines: readonly LineVersion[]): bigint {
  return lines.reduce((sum, line) => sum + line.arrMinor, 0n);
}

/**
 * Quantities and list values are summed, the price is their average; percents become the rate they come to on the list value, amounts
 * stay amounts. A side of one line keeps its terms as they stand, so that a renewal under a new id is divided as the line itself is.
 */
export function termsOfSide(lines: readonly LineVersion[]): YearlyTerms {
  const terms = lines.map(yearlyTerms);
  const [only, second] = terms;
  if (only && !second) return only;
  const quantity = sum(terms.map((line) => line.quantity));
  const list = sum(terms.map(listValue));
  return {
    quantity,
    listPrice: quotient(list, quantity),
    discount: { rate: effectiveRate(terms), amount: sum(terms.map(cappedAmount)) },
  };
}

function effectiveRate(terms: readonly YearlyTerms[]): Rational {
  const list = sum(terms.map(listValue));
  // Where nothing is charged, no value can weigh the percents: the quantities do.
  const weightOf = list.num > 0n ? listValue : (line: YearlyTerms) => line.quantity;
  const weighted = sum(terms.map((line) => multiply(line.discount.rate, weightOf(line))));
  return quotient(weighted, sum(terms.map(weightOf)));
}

/** What a line's fixed discount can take: what exceeds its own list value is no other line's discount. */
function cappedAmount(line: YearlyTerms): Rational {
  const list = listValue(line);
  return compare(line.discount.amount, list) > 0 ? list : line.discount.amount;
}

function listValue(line: YearlyTerms): Rational {
  return multiply(line.quantity, line.listPrice);
}

function sum(values: readonly Rational[]): Rational {
  return values.reduce(add, zero);
}

function quotient(a: Rational, b: Rational): Rational {
  return b.num === 0n ? zero : divide(a, b);
}
