// The ARR of one line: V(q, p, d) = q × p − d, exact until the one rounding at the end.

import { type LineTerms, lineArrMinor, valueMinor, yearlyTerms } from "@accrete/db/contracts/value.ts";
import { describe, expect, test } from "vitest";

const plain: LineTerms = {
  quantity: "1",
  unitPrice: "100",
  discountPercent: null,
  discountAmount: null,
  billingInterval: "YEAR",
  currency: "USD",
};

const arr = (terms: Partial<LineTerms>) => lineArrMinor({ ...plain, ...terms });

describe("a line's ARR", () => {
  test("is quantity times unit price times the billing periods of a year", () => {
    const everyIntervalOf10: Record<LineTerms["billingInterval"], bigint> = {
      DAY: 3_650_00n,
      WEEK: 520_00n,
      MONTH: 120_00n,
      QUARTER: 40_00n,
      YEAR: 10_00n,
      // 10 ÷ 3 = 3.333…
      THREE_YEARS: 3_33n,
    };
    const computed = Object.keys(everyIntervalOf10).map((interval) => [
      interval,
      arr({ unitPrice: "10", billingInterval: interval as LineTerms["billingInterval"] }),
    ]);
    expect(Object.fromEntries(computed)).toEqual(everyIntervalOf10);
  });

  test("is equal for a year paid at once, in quarters, in months and three years ahead", () => {
    expect([
      arr({ unitPrice: "1200" }),
      arr({ unitPrice: "300", billingInterval: "QUARTER" }),
      arr({ unitPrice: "100", billingInterval: "MONTH" }),
      arr({ unitPrice: "3600", billingInterval: "THREE_YEARS" }),
    ]).toEqual([1200_00n, 1200_00n, 1200_00n, 1200_00n]);
  });

  test("takes a percent off the list value", () => {
    // 10 × 20 = 200, less 20 %.
    expect(arr({ quantity: "10", unitPrice: "20", discountPercent: "20" })).toBe(160_00n);
  });

  test("takes an amount off for each billing period", () => {
    // 12 × (5 × 30 − 25) = 12 × 125.
    expect(arr({ quantity: "5", unitPrice: "30", discountAmount: "25", billingInterval: "MONTH" })).toBe(1500_00n);
  });

  test("is 0, never less, when a fixed discount is more than the list value", () => {
    expect([arr({ discountAmount: "99.99" }), arr({ discountAmount: "100" }), arr({ discountAmount: "250" })]).toEqual([
      1n,
      0n,
      0n,
    ]);
  });

  test("is 0 under a discount of 100 percent, and at a price of 0", () => {
    expect([arr({ discountPercent: "100" }), arr({ unitPrice: "0" })]).toEqual([0n, 0n]);
  });

  test("rounds half to the even cent, once and last", () => {
    expect([
      arr({ unitPrice: "0.125" }), // 12.5 cents
      arr({ unitPrice: "0.135" }), // 13.5 cents
      arr({ unitPrice: "0.1250000001" }),
      // 3 × 0.333333333333 × 12 = 11.999999999988: rounding the month first would give 12.00 too, rounding the price 11.88.
      arr({ quantity: "3", unitPrice: "0.333333333333", billingInterval: "MONTH" }),
      // 7 × 0.01 less 15 % = 5.95 cents
      arr({ quantity: "7", unitPrice: "0.01", discountPercent: "15" }),
    ]).toEqual([12n, 14n, 13n, 1200n, 6n]);
  });

  test("has the decimals of its currency", () => {
    expect([
      arr({ unitPrice: "1000.5", currency: "JPY" }), // ties to the even yen
      arr({ unitPrice: "1.2345", currency: "KWD" }), // ties to the even fils
      arr({ unitPrice: "1.2345", currency: "EUR" }),
    ]).toEqual([1000n, 1234n, 123n]);
  });

  test("is exact where a float is not", () => {
    // 0.1 × 3 is 0.30000000000000004 in floats; 12 whole digits and 12 decimals survive.
    expect([
      arr({ quantity: "3", unitPrice: "0.1" }),
      arr({ quantity: "1000000", unitPrice: "12345678.123456789012" }),
    ]).toEqual([30n, 1_234_567_812_345_679n]);
  });

  test("takes fractions of a unit", () => {
    expect(arr({ quantity: "2.5", unitPrice: "99.99" })).toBe(249_98n); // 249.975, half to even
  });

  test("refuses terms that are no decimals, and currencies that do not exist", () => {
    expect(() => arr({ quantity: "1e3" })).toThrow(RangeError);
    expect(() => arr({ currency: "XXX" })).toThrow(RangeError);
  });
});

describe("V", () => {
  test("takes the share first and the amount after it", () => {
    const terms = yearlyTerms({ ...plain, unitPrice: "200", discountPercent: "25" });
    const value = valueMinor({ ...terms, discount: { ...terms.discount, amount: { num: 30n, den: 1n } } }, "USD");
    expect(value).toBe(120_00n);
  });
});

describe("worked facts of the field", () => {
  test("four units at 500 a year are 2,000 a year", () => {
    expect(arr({ quantity: "4", unitPrice: "500" })).toBe(2000_00n);
  });

  test("500 a month is 6,000 a year, 750 a month 9,000", () => {
    expect([
      arr({ unitPrice: "500", billingInterval: "MONTH" }),
      arr({ unitPrice: "750", billingInterval: "MONTH" }),
    ]).toEqual([6000_00n, 9000_00n]);
  });
});
