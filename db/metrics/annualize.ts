// What a period's rate would be over a year. SIMPLE and whole powers are exact; other powers are computed in at least 60 digits.

import { Decimal } from "decimal.js";
import { add, multiply, one, type Rational, rational, subtract, toFixed } from "../kernel/rational.ts";

export const annualizations = ["NONE", "SIMPLE", "COMPOUND"] as const;
export type Annualization = (typeof annualizations)[number];

/** Every ratio has this many decimals, half-even. */
export const ratioDecimals = 6;

/** What is left of a base (nrr, grr), x: SIMPLE 1 + n(x − 1), COMPOUND x^n; null when x is below 0. */
export function annualizeRetention(x: Rational, n: Rational, how: Annualization): string | null {
  switch (how) {
    case "NONE":
      return toFixed(x, ratioDecimals);
    case "SIMPLE":
      return toFixed(add(one, multiply(n, subtract(x, one))), ratioDecimals);
    case "COMPOUND":
      return power(x, n, (y) => y);
  }
}

/** A rate of growth, r: SIMPLE r·n, COMPOUND (1 + r)^n − 1; null when 1 + r is below 0. */
export function annualizeGrowth(r: Rational, n: Rational, how: Annualization): string | null {
  if (how !== "COMPOUND") return toFixed(how === "SIMPLE" ? multiply(r, n) : r, ratioDecimals);
  return power(add(one, r), n, (y) => subtract(y, one));
}

/** A rate of loss, r: SIMPLE r·n, COMPOUND 1 − (1 − r)^n; null when 1 − r is below 0. */
export function annualizeLoss(r: Rational, n: Rational, how: Annualization): string | null {
  if (how !== "COMPOUND") return toFixed(how === "SIMPLE" ? multiply(r, n) : r, ratioDecimals);
  return power(subtract(one, r), n, (y) => subtract(one, y));
}

/** `then(base^exponent)` with six decimals; null when the base is below 0. */
function power(base: Rational, exponent: Rational, then: (y: Rational) => Rational): string | null {
  if (base.num < 0n) return null;
  if (exponent.den === 1n) {
    return toFixed(then({ num: base.num ** exponent.num, den: base.den ** exponent.num }), ratioDecimals);
  }
  if (base.num === 0n) return toFixed(then({ num: 0n, den: 1n }), ratioDecimals);
  const Precise = Decimal.clone({ precision: precisionFor(base, exponent), rounding: Decimal.ROUND_HALF_EVEN });
  const y = new Precise(String(base.num))
    .div(String(base.den))
    .pow(new Precise(String(exponent.num)).div(String(exponent.den)));
  return toFixed(then(rationalOf(y)), ratioDecimals);
}

/** 60 digits beside the whole ones; decimal.js holds ln 10 in 1,025 digits, which bounds it. */
function precisionFor(base: Rational, exponent: Rational): number {
  const wholeDigitsOfBase = Math.max(String(base.num).length - String(base.den).length + 1, 0);
  const wholeDigits = (BigInt(wholeDigitsOfBase) * exponent.num) / exponent.den;
  return 60 + Math.min(Number(wholeDigits), 840);
}

function rationalOf(value: Decimal): Rational {
  const [whole = "0", fraction = ""] = value.toFixed().split(".");
  return rational(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
}
