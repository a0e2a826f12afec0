// Exact work with decimal strings.

import { addAmounts, compareAmounts, fromMinor, toMinor } from "@accrete/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("an amount", () => {
  it("goes to minor units and back", () => {
    expect(toMinor("600000.00", 2)).toBe(60_000_000n);
    expect(toMinor("-0.05", 2)).toBe(-5n);
    expect(toMinor("1200", 0)).toBe(1200n);
    expect(toMinor("1.5", 3)).toBe(1500n);
    expect(fromMinor(-5n, 2)).toBe("-0.05");
    expect(fromMinor(1200n, 0)).toBe("1200");
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(6), (minor, decimals) => {
        expect(toMinor(fromMinor(minor, decimals), decimals)).toBe(minor);
      }),
    );
  });

  it("is never rounded", () => {
    expect(toMinor("1.500", 2)).toBe(150n);
    expect(() => toMinor("1.505", 2)).toThrow("'1.505' has more than 2 decimals.");
  });

  it("adds up exactly where floats do not", () => {
    expect(addAmounts("0.10", "0.20")).toBe("0.30");
    expect(addAmounts("90071992547409930.01", "0.02")).toBe("90071992547409930.03");
    expect(addAmounts("1", "-0.005")).toBe("0.995");
    expect(addAmounts()).toBe("0");
  });

  it("is compared by value, not as text", () => {
    expect(compareAmounts("9.5", "10.00")).toBe(-1);
    expect(compareAmounts("-9.5", "-10")).toBe(1);
    expect(compareAmounts("1.0", "1.000")).toBe(0);
    expect(compareAmounts("-0.00", "0")).toBe(0);
  });

  it.each(["", "1,000.00", "$5", "1e3", ".5", "5.", "+1", "NaN", "١"])("refuses %j", (text) => {
    expect(() => toMinor(text, 2)).toThrow(RangeError);
  });
});
