// Rule 3: what moved inside one changed line. The parts sum to the whole difference, to the cent.

import { describe, expect, test } from "vitest";
import type { Terms } from "./story.ts";
import { line, movedBeside } from "./story.ts";

/** A line that changes its terms on 2025-07-01, in an account that is active all along; its start is left out. */
const changed = (before: Omit<Terms, "from">, after: Omit<Terms, "from">) =>
  movedBeside(
    line("a", { from: "2025-01-01", until: "2025-07-01", ...before }),
    line("a", { from: "2025-07-01", ...after }),
  )
    .filter((movement) => movement.startsWith("2025-07-01"))
    .map((movement) => movement.slice("2025-07-01 ".length));

describe("quantity", () => {
  test("is SEAT, up and down", () => {
    expect(changed({ quantity: 10, price: 100 }, { quantity: 15, price: 100 })).toEqual([
      "EXPANSION SEAT +500.00 pro a",
    ]);
    expect(changed({ quantity: 15, price: 100 }, { quantity: 10, price: 100 })).toEqual([
      "CONTRACTION SEAT -500.00 pro a",
    ]);
  });

  test("is valued at the price and the discount from before", () => {
    // +5 at 100 less 20 %; the new price then counts for all 15 less 20 %; then the discount ends for 15 × 110.
    expect(changed({ quantity: 10, price: 100, percentOff: 20 }, { quantity: 15, price: 110 })).toEqual([
      "EXPANSION SEAT +400.00 pro a",
      "EXPANSION PRICE +120.00 pro a",
      "EXPANSION DISCOUNT +330.00 pro a",
    ]);
  });

  test("of an add-on line is SEAT too", () => {
    expect(changed({ quantity: 1, price: 50, isAddOn: true }, { quantity: 2, price: 50, isAddOn: true })).toEqual([
      "EXPANSION SEAT +50.00 pro a",
    ]);
  });
});

describe("list price", () => {
  test("is PRICE when quantity and plan stayed, up and down", () => {
    expect(changed({ quantity: 10, price: 100 }, { quantity: 10, price: 107 })).toEqual([
      "EXPANSION PRICE +70.00 pro a",
    ]);
    expect(changed({ quantity: 10, price: 107 }, { quantity: 10, price: 100 })).toEqual([
      "CONTRACTION PRICE -70.00 pro a",
    ]);
  });

  test("of 10 seats with 20 % off, from 20 to 22 a year, is PRICE 16", () => {
    expect(changed({ quantity: 10, price: 20, percentOff: 20 }, { quantity: 10, price: 22, percentOff: 20 })).toEqual([
      "EXPANSION PRICE +16.00 pro a",
    ]);
  });

  test("under a fixed discount moves by the whole list step", () => {
    expect(changed({ price: 100, amountOff: 30 }, { price: 110, amountOff: 30 })).toEqual([
      "EXPANSION PRICE +10.00 pro a",
    ]);
  });

  test("does not move when the billing interval changes at equal yearly value", () => {
    expect(changed({ price: 100, every: "MONTH" }, { price: 1200 })).toEqual([]);
    expect(
      changed({ price: 100, every: "MONTH", amountOff: 10 }, { price: 300, every: "QUARTER", amountOff: 30 }),
    ).toEqual([]);
  });
});

describe("a discount", () => {
  test("that ends is DISCOUNT, one that begins is negative", () => {
    expect(changed({ price: 100, percentOff: 20 }, { price: 100 })).toEqual(["EXPANSION DISCOUNT +20.00 pro a"]);
    expect(changed({ price: 100 }, { price: 100, amountOff: 35 })).toEqual(["CONTRACTION DISCOUNT -35.00 pro a"]);
  });

  test("of 100 percent that ends in an active account is DISCOUNT, not a start", () => {
    expect(changed({ quantity: 4, price: 100, percentOff: 100 }, { quantity: 4, price: 100 })).toEqual([
      "EXPANSION DISCOUNT +400.00 pro a",
    ]);
  });

  test("that changes its form at equal value moves nothing", () => {
    expect(changed({ quantity: 2, price: 100, percentOff: 10 }, { quantity: 2, price: 100, amountOff: 20 })).toEqual(
      [],
    );
  });

  test("of more than the list value is the discount agreed, not the list value, when seats are added", () => {
    // 1 × 100 less 150 is 0; 2 × 100 less 150 is 50: nobody changed the discount.
    expect(changed({ quantity: 1, price: 100, amountOff: 150 }, { quantity: 2, price: 100, amountOff: 150 })).toEqual([
      "EXPANSION SEAT +50.00 pro a",
    ]);
  });
});

describe("a plan of the same product", () => {
  test("with another rank takes list and discount steps together as TIER", () => {
    expect(
      changed({ plan: "starter", quantity: 10, price: 100, percentOff: 10 }, { plan: "pro", quantity: 12, price: 150 }),
    ).toEqual(["EXPANSION SEAT +180.00 pro a", "EXPANSION TIER +720.00 pro a"]); // 900 → 1080 → 1800
  });

  test("has the sign of the money, not of the rank", () => {
    expect(changed({ plan: "starter", price: 100 }, { plan: "enterprise", price: 90 })).toEqual([
      "CONTRACTION TIER -10.00 enterprise a",
    ]);
    expect(changed({ plan: "enterprise", price: 90 }, { plan: "starter", price: 100 })).toEqual([
      "EXPANSION TIER +10.00 starter a",
    ]);
  });

  test("of equal rank is PRICE and DISCOUNT", () => {
    expect(changed({ plan: "pro", price: 100, percentOff: 10 }, { plan: "business", price: 120 })).toEqual([
      "EXPANSION PRICE +18.00 business a",
      "EXPANSION DISCOUNT +12.00 business a",
    ]);
  });

  test("without a rank compares with none: PRICE", () => {
    expect(changed({ plan: "unranked", price: 100 }, { plan: "pro", price: 120 })).toEqual([
      "EXPANSION PRICE +20.00 pro a",
    ]);
  });
});

describe("a plan of another product on the same line", () => {
  test("is SEAT, PRICE and DISCOUNT, never TIER: ranks of two products do not compare", () => {
    // V(3, 100) = 300; V(3, 500) = 1500.
    expect(changed({ plan: "pro", quantity: 10, price: 100 }, { plan: "quotes", quantity: 3, price: 500 })).toEqual([
      "EXPANSION PRICE +1200.00 quotes a",
      "CONTRACTION SEAT -700.00 quotes a",
    ]);
    expect(changed({ plan: "desk", price: 100 }, { plan: "enterprise", price: 100, percentOff: 60 })).toEqual([
      "CONTRACTION DISCOUNT -60.00 enterprise a",
    ]);
  });
});

describe("a commitment and a metered line", () => {
  test("are USAGE_COMMITMENT and USAGE whatever changed in them", () => {
    const before = { plan: "starter", quantity: 10, price: 100, percentOff: 10 } as const;
    const after = { plan: "pro", quantity: 5, price: 300 } as const;
    expect(changed({ ...before, kind: "COMMITMENT" }, { ...after, kind: "COMMITMENT" })).toEqual([
      "EXPANSION USAGE_COMMITMENT +600.00 pro a",
    ]);
    expect(changed({ ...after, kind: "METERED" }, { ...before, kind: "METERED" })).toEqual([
      "CONTRACTION USAGE -600.00 starter a",
    ]);
  });
});

describe("opposite parts of one day", () => {
  test("are separate movements, the increase first", () => {
    expect(changed({ quantity: 10, price: 100 }, { quantity: 8, price: 125 })).toEqual([
      "EXPANSION PRICE +200.00 pro a",
      "CONTRACTION SEAT -200.00 pro a",
    ]);
  });

  test("of several lines stand in driver order, then in the order of line ids", () => {
    const until = "2025-07-01";
    const from = "2025-07-01";
    expect(
      movedBeside(
        line("b", { from: "2024-01-01", until, price: 10 }),
        line("b", { from, quantity: 2, price: 10 }),
        line("a", { from: "2024-01-01", until, price: 10 }),
        line("a", { from, quantity: 2, price: 11 }),
        line("c", { from: "2024-01-01", until, quantity: 2, price: 10 }),
        line("c", { from, price: 10 }),
      ).filter((movement) => movement.startsWith(from)),
    ).toEqual([
      "2025-07-01 EXPANSION SEAT +10.00 pro a",
      "2025-07-01 EXPANSION SEAT +10.00 pro b",
      "2025-07-01 EXPANSION PRICE +2.00 pro a",
      "2025-07-01 CONTRACTION SEAT -10.00 pro c",
    ]);
  });
});

describe("rounding", () => {
  test("happens at the two middle values only, and the parts telescope", () => {
    // V0 = 3 × 33.335 = 100.005 → 100.00; V(q1) = 5 × 33.335 = 166.675 → 166.68; V1 = 5 × 33.345 = 166.725 → 166.72.
    expect(changed({ quantity: 3, price: "33.335" }, { quantity: 5, price: "33.345" })).toEqual([
      "EXPANSION SEAT +66.68 pro a",
      "EXPANSION PRICE +0.04 pro a",
    ]);
  });
});
