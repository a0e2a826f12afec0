// Where a changed line has another plan or another id, the balance before goes along: balances by plan and by line are movements plus
// transfers.

import { describe, expect, test } from "vitest";
import { anchor, line, type Terms, transfersOf } from "./story.ts";

const day = "2025-07-01";
const ends = (id: string, terms: Omit<Terms, "from">) => line(id, { from: "2025-01-01", until: day, ...terms });
const starts = (id: string, terms: Omit<Terms, "from">) => line(id, { from: day, ...terms });
const carried = (...lines: ReturnType<typeof line>[]) => transfersOf(anchor, ...lines);

describe("a transfer", () => {
  test("brings the balance before, not the movement, to the new plan", () => {
    expect(carried(ends("a", { plan: "starter", price: 100 }), starts("a", { plan: "pro", price: 150 }))).toEqual([
      "2025-07-01 100.00 a starter → a pro",
    ]);
  });

  test("is there although nothing moved", () => {
    expect(carried(ends("a", { plan: "pro", price: 100 }), starts("a", { plan: "business", price: 100 }))).toEqual([
      "2025-07-01 100.00 a pro → a business",
    ]);
  });

  test("brings the whole balance where the ARR shrinks: the contraction lands on the new plan", () => {
    expect(carried(ends("a", { plan: "pro", price: 100 }), starts("a", { plan: "starter", price: 40 }))).toEqual([
      "2025-07-01 100.00 a pro → a starter",
    ]);
  });

  test("reaches over products and families when the line is itself", () => {
    expect(carried(ends("a", { plan: "pro", price: 100 }), starts("a", { plan: "desk", price: 100 }))).toEqual([
      "2025-07-01 100.00 a pro → a desk",
    ]);
  });

  test("is not there where the plan stayed, where nothing was held before, or where lines did not pair", () => {
    expect(carried(ends("a", { price: 100 }), starts("a", { price: 150 }))).toEqual([]);
    expect(carried(ends("a", { plan: "starter", price: 0 }), starts("a", { plan: "pro", price: 150 }))).toEqual([]);
    expect(carried(ends("a", { plan: "pro", price: 100 }), starts("b", { plan: "desk", price: 100 }))).toEqual([]);
  });

  test("is not there on a day on which the account's ARR leaves 0 or falls to 0", () => {
    expect(transfersOf(ends("a", { plan: "pro", price: 100 }), starts("a", { plan: "starter", price: 0 }))).toEqual([]);
    expect(transfersOf(ends("a", { plan: "starter", price: 0 }), starts("a", { plan: "pro", price: 100 }))).toEqual([]);
  });

  test("of a group goes from the plans before to the plans after in the order of line ids", () => {
    // One pair by product: starter 100 + pro 200 → pro 250 + enterprise 250, +200 TIER as 100 and 100. Before: pro 150, enterprise 150.
    expect(
      carried(
        ends("a", { plan: "starter", price: 100 }),
        ends("b", { plan: "unranked", price: 200 }),
        starts("c", { plan: "pro", price: 250 }),
        starts("d", { plan: "enterprise", price: 250 }),
      ),
    ).toEqual([
      "2025-07-01 100.00 a starter → c pro",
      "2025-07-01 50.00 b unranked → c pro",
      "2025-07-01 150.00 b unranked → d enterprise",
    ]);
  });

  test("brings everything to the first line after where no line after has ARR", () => {
    expect(
      carried(
        ends("a", { plan: "pro", quantity: 2, price: 50 }),
        starts("b", { plan: "starter", price: 50, percentOff: 100 }),
        starts("c", { plan: "enterprise", price: 50, percentOff: 100 }),
      ),
    ).toEqual(["2025-07-01 100.00 a pro → b starter"]);
  });

  test("does not net opposite ways", () => {
    expect(
      carried(
        ends("a", { plan: "starter", price: 100 }),
        starts("a", { plan: "pro", price: 100 }),
        ends("c", { plan: "pro", price: 7 }),
        starts("c", { plan: "starter", price: 7 }),
      ),
    ).toEqual(["2025-07-01 100.00 a starter → a pro", "2025-07-01 7.00 c pro → c starter"]);
  });
});

describe("a transfer between lines of one plan", () => {
  test("brings the balance of a line that is renewed under a new id to it, also where the price changed", () => {
    expect(carried(ends("a", { price: 100 }), starts("b", { price: 100 }))).toEqual([
      "2025-07-01 100.00 a pro → b pro",
    ]);
    expect(carried(ends("a", { price: 100 }), starts("b", { price: 130 }))).toEqual([
      "2025-07-01 100.00 a pro → b pro",
    ]);
    expect(carried(ends("a", { price: 100 }), starts("b", { price: 60 }))).toEqual(["2025-07-01 100.00 a pro → b pro"]);
  });

  test("brings two lines together in one where they are co-termed", () => {
    expect(
      carried(ends("a", { price: 100 }), ends("b", { price: 50 }), starts("c", { quantity: 2, price: 75 })),
    ).toEqual(["2025-07-01 100.00 a pro → c pro", "2025-07-01 50.00 b pro → c pro"]);
  });

  test("divides a line's balance over those it is split into", () => {
    expect(
      carried(
        ends("a", { quantity: 3, price: 50 }),
        starts("b", { price: 50 }),
        starts("c", { quantity: 2, price: 50 }),
      ),
    ).toEqual(["2025-07-01 50.00 a pro → b pro", "2025-07-01 100.00 a pro → c pro"]);
  });

  test("goes in the order of line ids where several lines follow several", () => {
    // 100 + 200 → 150 + 450: SEAT +300 by 150 : 450 is 75 and 225. Before, c was worth 75 and d 225.
    expect(
      carried(
        ends("a", { quantity: 2, price: 50 }),
        ends("b", { quantity: 4, price: 50 }),
        starts("c", { quantity: 3, price: 50 }),
        starts("d", { quantity: 9, price: 50 }),
      ),
    ).toEqual(["2025-07-01 75.00 a pro → c pro", "2025-07-01 25.00 a pro → d pro", "2025-07-01 200.00 b pro → d pro"]);
  });

  test("hands on what rounding gave a line too much", () => {
    // 0.01 → 0.03 + 0.03, one seat and then four: SEAT +0.03 as 0.02 and 0.01, PRICE +0.02 as 0.01 and 0.01. So b, worth 0.03, gets 0.03
    // in all and brings nothing; c gets 0.02 and brings the 0.01.
    expect(
      carried(
        ends("a", { price: "0.01" }),
        starts("b", { quantity: 2, price: "0.015" }),
        starts("c", { quantity: 2, price: "0.015" }),
      ),
    ).toEqual(["2025-07-01 0.01 a pro → c pro"]);
    // 0 → 0.01 + 0.01, one seat at 0.003 and then four at 0.006: SEAT +0.01 goes to b, PRICE +0.01 to b too; it hands the second one on to c.
    expect(
      carried(
        ends("a", { price: "0.003" }),
        starts("b", { quantity: 2, price: "0.006" }),
        starts("c", { quantity: 2, price: "0.006" }),
      ),
    ).toEqual(["2025-07-01 0.01 b pro → c pro"]);
  });
});
