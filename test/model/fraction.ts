// Exact fractions for the model. Deliberately not db/kernel/rational.ts: never reduced, rounded by distance, so that agreement means something.

/** An exact number: `top` over `bottom`, the bottom positive. */
export class Fraction {
  static readonly zero = new Fraction(0n, 1n);
  static readonly one = new Fraction(1n, 1n);

  readonly top: bigint;
  readonly bottom: bigint;

  constructor(top: bigint, bottom: bigint) {
    if (bottom <= 0n) throw new RangeError("the bottom of a fraction is positive");
    this.top = top;
    this.bottom = bottom;
  }

  static of(whole: bigint | number): Fraction {
    return new Fraction(BigInt(whole), 1n);
  }

  /** A plain decimal such as "12.5" or "-3". */
  static parse(text: string): Fraction {
    const negative = text.startsWith("-");
    const [whole = "", decimals = ""] = text.replace("-", "").split(".");
    let value = 0n;
    for (const digit of whole + decimals) value = value * 10n + BigInt(digit);
    return new Fraction(negative ? -value : value, 10n ** BigInt(decimals.length));
  }

  plus(other: Fraction): Fraction {
    return new Fraction(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }

  minus(other: Fraction): Fraction {
    return this.plus(new Fraction(-other.top, other.bottom));
  }

  times(other: Fraction): Fraction {
    return new Fraction(this.top * other.top, this.bottom * other.bottom);
  }

  over(other: Fraction): Fraction {
    if (other.top === 0n) throw new RangeError("division by zero");
    const sign = other.top < 0n ? -1n : 1n;
    return new Fraction(sign * this.top * other.bottom, sign * this.bottom * other.top);
  }

  isBelow(other: Fraction): boolean {
    return this.top * other.bottom < other.top * this.bottom;
  }

  equals(other: Fraction): boolean {
    return this.top * other.bottom === other.top * this.bottom;
  }

  get isZero(): boolean {
    return this.top === 0n;
  }

  /** The largest integer that is not above the value. */
  floor(): bigint {
    const cut = this.top / this.bottom;
    return cut * this.bottom > this.top ? cut - 1n : cut;
  }

  /** The nearest integer; exactly between two, the even one. */
  roundHalfEven(): bigint {
    const below = this.floor();
    const half = new Fraction(2n * below + 1n, 2n);
    if (this.isBelow(half)) return below;
    if (half.isBelow(this)) return below + 1n;
    return below % 2n === 0n ? below : below + 1n;
  }

  /** With so many decimals, half-even: "-0.50". */
  toDecimals(places: number): string {
    const units = this.times(Fraction.of(10n ** BigInt(places))).roundHalfEven();
    if (places === 0) return String(units);
    const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
    return `${units < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  }
}

export function sumOf(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}

export function sumOfFractions(values: Iterable<Fraction>): Fraction {
  let total = Fraction.zero;
  for (const value of values) total = total.plus(value);
  return total;
}

/**
 * Shares an amount in proportion to the weights, one unit at a time: first each share's whole part, then the units left go to the
 * largest fractional parts, the earlier share winning a tie. The weights are not negative and not all zero.
 */
export function shareOut(amount: bigint, weights: readonly bigint[]): bigint[] {
  const whole = sumOf(weights);
  const size = amount < 0n ? -amount : amount;
  const exact = weights.map((weight) => new Fraction(size * weight, whole));
  const shares = exact.map((share) => share.floor());
  const missing = exact.map((share, index) => share.minus(Fraction.of(shares[index] ?? 0n)));
  for (let left = size - sumOf(shares); left > 0n; left -= 1n) {
    let best = -1;
    for (let index = 0; index < missing.length; index += 1) {
      const candidate = missing[index];
      const champion = missing[best];
      if (candidate && (!champion || champion.isBelow(candidate))) best = index;
    }
    shares[best] = (shares[best] ?? 0n) + 1n;
    missing[best] = Fraction.of(-1);
  }
  return shares.map((share) => (amount < 0n ? -share : share));
}
