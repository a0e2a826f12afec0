// Rule 2: which lines of a day are one changed line, and that renewals, co-terming and splits at equal value make no noise.

import { describe, expect, test } from "vitest";
import { line, movedBeside, type Terms } from "./story.ts";

const day = "2025-07-01";

/** A line in force until the day, and one from it on. */
const ends = (id: string, terms: Omit<Terms, "from">) => line(id, { from: "2025-01-01", until: day, ...terms });
const starts = (id: string, terms: Omit<Terms, "from">) => line(id, { from: day, ...terms });

/** What happens on the day, in an account that is active all along. */
const onTheDay = (...lines: ReturnType<typeof line>[]) =>
  movedBeside(...lines)
    .filter((movement) => movement.startsWith(day))
    .map((movement) => movement.slice(day.length + 1));

describe("no noise", () => {
  test("from a renewal under a new id at equal value", () => {
    expect(
      onTheDay(
        ends("old", { quantity: 10, price: "9.99", every: "MONTH" }),
        starts("new", { quantity: 10, price: "119.88" }),
      ),
    ).toEqual([]);
  });

  test("from co-terming: two lines become one of equal value", () => {
    expect(
      onTheDay(
        ends("a", { quantity: 3, price: 100 }),
        ends("b", { quantity: 7, price: 100 }),
        starts("c", { quantity: 10, price: 100 }),
      ),
    ).toEqual([]);
  });

  test("from a split at equal value", () => {
    expect(
      onTheDay(
        ends("a", { quantity: 10, price: 100, percentOff: 15 }),
        starts("b", { quantity: 4, price: 100, percentOff: 15 }),
        starts("c", { quantity: 6, price: 100, percentOff: 15 }),
      ),
    ).toEqual([]);
  });

  test("from co-terming where each line is rounded by itself and the sum is the same", () => {
    // 3.333 → 3.33 and 6.667 → 6.67 are 10.00, as 10.000 is.
    expect(
      onTheDay(ends("a", { price: "3.333" }), ends("b", { price: "6.667" }), starts("c", { quantity: 2, price: 5 })),
    ).toEqual([]);
  });

  test("from seats that did not move where only a price did: a cent of rounding is no seat", () => {
    // Before: 3 lines of 0.335, each 0.34 (half to even: 33.5 → 34 cents), 1.02 in all; V of the group is 1.005. After: 3 × 0.4.
    expect(
      onTheDay(
        ends("a", { price: "0.335" }),
        ends("b", { price: "0.335" }),
        ends("c", { price: "0.335" }),
        starts("d", { quantity: 3, price: "0.4" }),
      ),
    ).toEqual(["EXPANSION PRICE +0.18 pro d"]);
  });

  test("but the cent that splitting itself made is told, as PRICE", () => {
    // 10 × 0.1005 = 1.005 → 1.00; 5 × 0.1005 = 0.5025 → 0.50 twice is 1.00; 1 and 9: 0.10 + 0.9045 → 0.90 is 1.00; 3 and 7: 0.30 + 0.70.
    expect(
      onTheDay(
        ends("a", { quantity: 2, price: "0.125" }),
        starts("b", { price: "0.125" }),
        starts("c", { price: "0.125" }),
      ),
    ).toEqual([
      "CONTRACTION PRICE -0.01 pro b", // 0.25 → 0.12 + 0.12
    ]);
  });
});

describe("a line that keeps its id", () => {
  test("is itself, and pairs with no other, when its plan changes", () => {
    expect(
      onTheDay(
        ends("a", { plan: "starter", price: 100 }),
        starts("a", { plan: "pro", price: 150 }),
        starts("b", { plan: "starter", price: 100 }),
      ),
    ).toEqual(["EXPANSION SEAT +100.00 starter b", "EXPANSION TIER +50.00 pro a"]);
  });

  test("is itself when only its add-on mark is corrected: nothing moves", () => {
    expect(onTheDay(ends("a", { price: 100, isAddOn: true }), starts("a", { price: 100 }))).toEqual([]);
  });

  test("ends and starts when its kind changes", () => {
    expect(onTheDay(ends("a", { price: 100 }), starts("a", { price: 120, kind: "COMMITMENT" }))).toEqual([
      "EXPANSION USAGE_COMMITMENT +120.00 pro a",
      "CONTRACTION SEAT -100.00 pro a",
    ]);
  });

  test("ends and starts when its currency changes", () => {
    expect(onTheDay(ends("a", { price: 100 }), starts("a", { price: 90, currency: "EUR" }))).toEqual([
      "EXPANSION SEAT +90.00 EUR pro a",
      "CONTRACTION SEAT -100.00 pro a",
    ]);
  });

  test("may, having changed its kind, pair with other lines of its old kind", () => {
    expect(
      onTheDay(
        ends("a", { quantity: 2, price: 100 }),
        starts("a", { price: 50, kind: "METERED" }),
        starts("b", { quantity: 3, price: 100 }),
      ),
    ).toEqual(["EXPANSION SEAT +100.00 pro b", "EXPANSION USAGE +50.00 pro a"]);
  });
});

describe("groups", () => {
  test("pair lines of the same plan before lines of the same product", () => {
    expect(
      onTheDay(
        ends("pro-old", { plan: "pro", quantity: 2, price: 100 }),
        ends("starter-old", { plan: "starter", price: 50 }),
        starts("pro-new", { plan: "pro", quantity: 3, price: 100 }),
        starts("enterprise-new", { plan: "enterprise", price: 80 }),
      ),
    ).toEqual(["EXPANSION SEAT +100.00 pro pro-new", "EXPANSION TIER +30.00 enterprise enterprise-new"]);
  });

  test("pair lines of the same product before lines of the same family", () => {
    expect(
      onTheDay(
        ends("starter-old", { plan: "starter", price: 50 }),
        ends("quotes-old", { plan: "quotes", price: 10 }),
        starts("pro-new", { plan: "pro", price: 70 }),
        starts("quotes-plus-new", { plan: "quotes-plus", price: 15 }),
      ),
    ).toEqual(["EXPANSION TIER +20.00 pro pro-new", "EXPANSION PRICE +5.00 quotes-plus quotes-plus-new"]);
  });

  test("of one family and two products are one undivided PRICE, whatever their ranks", () => {
    expect(onTheDay(ends("a", { plan: "pro", price: 100 }), starts("b", { plan: "quotes-plus", price: 130 }))).toEqual([
      "EXPANSION PRICE +30.00 quotes-plus b",
    ]);
  });

  test("do not reach across families, kinds or currencies", () => {
    expect(onTheDay(ends("a", { plan: "pro", price: 100 }), starts("b", { plan: "desk", price: 100 }))).toEqual([
      "EXPANSION CROSS_SELL +100.00 desk b",
      "CONTRACTION CROSS_SELL -100.00 pro a",
    ]);
    expect(onTheDay(ends("a", { price: 100 }), starts("b", { price: 100, kind: "COMMITMENT" }))).toEqual([
      "EXPANSION USAGE_COMMITMENT +100.00 pro b",
      "CONTRACTION SEAT -100.00 pro a",
    ]);
    expect(onTheDay(ends("a", { price: 100 }), starts("b", { price: 100, currency: "EUR" }))).toEqual([
      "EXPANSION SEAT +100.00 EUR pro b",
      "CONTRACTION SEAT -100.00 pro a",
    ]);
  });

  test("never hold an add-on and a line that is none", () => {
    expect(onTheDay(ends("a", { price: 100, isAddOn: true }), starts("b", { price: 100 }))).toEqual([
      "EXPANSION CROSS_SELL +100.00 pro b",
      "CONTRACTION ADD_ON -100.00 pro a",
    ]);
  });

  test("hold a line at ARR 0 too: a free plan that is replaced by a paid one is no new line", () => {
    expect(onTheDay(ends("free", { plan: "starter", price: 0 }), starts("paid", { plan: "pro", price: 100 }))).toEqual([
      "EXPANSION TIER +100.00 pro paid",
    ]);
  });

  test("are not tried for lines a day apart: those end and start", () => {
    expect(movedBeside(ends("a", { price: 100 }), line("b", { from: "2025-07-02", price: 100 })).slice(1)).toEqual([
      "2025-07-01 CONTRACTION CROSS_SELL -100.00 pro a",
      "2025-07-02 EXPANSION CROSS_SELL +100.00 pro b",
    ]);
  });
});
