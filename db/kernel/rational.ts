// Exact arithmetic on integers and rationals of bigints. Nothing here ever touches a float.

/** An exact rational; the denominator is positive. */
export type Rational = { readonly num: bigint; readonly den: bigint };

export const zero: Rational = { num: 0n, den: 1n };
export const one: Rational = { num: 1n, den: 1n };

export function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The smaller of two integers. */
export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = abs(a);
  let y = abs(b);
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** num ÷ den in lowest terms. The denominator must not be 0. */
export function rational(num: bigint, den = 1n): Rational {
  if (den === 0n) throw new RangeError("a rational's denominator must not be 0");
  const sign = den < 0n ? -1n : 1n;
  const divisor = gcd(num, den) || 1n;
  return { num: (sign * num) / divisor, den: (sign * den) / divisor };
}

export function add(a: Rational, b: Rational): Rational {
  return rational(a.num * b.den + b.num * a.den, a.den * b.den);
}

export function subtract(a: Rational, b: Rational): Rational {
  return rational(a.num * b.den - b.num * a.den, a.den * b.den);
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.num * b.num, a.den * b.den);
}

export function divide(a: Rational, b: Rational): Rational {
  return rational(a.num * b.den, a.den * b.num);
}

export function compare(a: Rational, b: Rational): number {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The integer nearest to num ÷ den, ties to the even one. */
export function divideHalfEven(num: bigint, den: bigint): bigint {
  if (den === 0n) throw new RangeError("division by 0");
  const n = den < 0n ? -num : num;
  const d = abs(den);
  let floor = n / d;
  if (n < 0n && n % d !== 0n) floor -= 1n;
  const twice = 2n * (n - floor * d);
  if (twice > d) return floor + 1n;
  if (twice < d) return floor;
  return floor % 2n === 0n ? floor : floor + 1n;
}

/** Reads a plain decimal such as "-12.50" exactly; null when the text is anything else. */
export function parseDecimal(text: string): Rational | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const [, sign, whole = "", fraction = ""] = match;
  const digits = BigInt(whole + fraction);
  const num = sign === "-" ? -digits : digits;
  // Most decimals of a book are whole: they need no reducing.
  return fraction === "" ? { num, den: 1n } : rational(num, 10n ** BigInt(fraction.length));
}

/** The value with exactly `places` decimals, half-even; "-0.00" never appears. */
export function toFixed(value: Rational, places: number): string {
  const scaled = divideHalfEven(value.num * 10n ** BigInt(places), value.den);
  return placePoint(scaled, places);
}

/** An integer of 10^-places units as a decimal string. */
export function placePoint(scaled: bigint, places: number): string {
  const digits = abs(scaled)
    .toString()
    .padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const sign = scaled < 0n ? "-" : "";
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(digits.length - places)}`;
}

/**
 * Divides `total` in proportion to the weights by largest remainder: the parts sum to `total` exactly, ties go to the earlier
 * weight. Weights are not negative and not all 0; `total` may be negative, and its parts then are.
 */
export function divideByLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum <= 0n) throw new RangeError("weights must sum to more than 0");
  const amount = abs(total);
  const parts = weights.map((weight) => (amount * weight) / sum);
  const left = amount - parts.reduce((a, b) => a + b, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder.slice(0, Number(left))) parts[index] = (parts[index] ?? 0n) + 1n;
  return total < 0n ? parts.map((part) => -part) : parts;
}
