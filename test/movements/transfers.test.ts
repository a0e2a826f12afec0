// Where a changed line's plan is another one, the balance before goes along: balances by plan are movements plus transfers.

import { describe, expect, test } from "vitest";
import { anchor, line, type Terms, transfersOf } from "./story.ts";

const day = "2025-07-01";
const ends = (id: string, terms: Omit<Terms, "from">) => line(id, { from: "2025-01-01", until: day, ...terms });
const starts = (id: string, terms: Omit<Terms, "from">) => line(id, { from: day, ...terms });
const carried = (...lines: ReturnType<typeof line>[]) => transfersOf(anchor, ...lines);

describe("a transfer", () => {
  test("brings the balance before, not the movement, to the new plan", () => {
    expect(carried(ends("a", { plan: "starter", price: 100 }), starts("a", { plan: "pro", price: 150 }))).toEqual([
      "2025-07-01 100.00 starter → pro",
    ]);
  });

  test("is there although nothing moved", () => {
    expect(carried(ends("a", { plan: "pro", price: 100 }), starts("a", { plan: "business", price: 100 }))).toEqual([
      "2025-07-01 100.00 pro → business",
    ]);
  });

  test("brings the whole balance where the ARR shrinks: the contraction lands on the new plan", () => {
    expect(carried(ends("a", { plan: "pro", price: 100 }), starts("a", { plan: "starter", price: 40 }))).toEqual([
      "2025-07-01 100.00 pro → starter",
    ]);
  });

  test("reaches over products and families when the line is itself", () => {
    expect(carried(ends("a", { plan: "pro", price: 100 }), starts("a", { plan: "desk", price: 100 }))).toEqual([
      "2025-07-01 100.00 pro → desk",
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
      "2025-07-01 100.00 starter → pro",
      "2025-07-01 50.00 unranked → pro",
      "2025-07-01 150.00 unranked → enterprise",
    ]);
  });

  test("brings everything to the first line after where no line after has ARR", () => {
    expect(
      carried(
        ends("a", { plan: "pro", quantity: 2, price: 50 }),
        starts("b", { plan: "starter", price: 50, percentOff: 100 }),
        starts("c", { plan: "enterprise", price: 50, percentOff: 100 }),
      ),
    ).toEqual(["2025-07-01 100.00 pro → starter"]);
  });

  test("adds up what several lines carry the same way, and does not net opposite ways", () => {
    expect(
      carried(
        ends("a", { plan: "starter", price: 100 }),
        starts("a", { plan: "pro", price: 100 }),
        ends("b", { plan: "starter", price: 30 }),
        starts("b", { plan: "pro", price: 30 }),
        ends("c", { plan: "pro", price: 7 }),
        starts("c", { plan: "starter", price: 7 }),
      ),
    ).toEqual(["2025-07-01 130.00 starter → pro", "2025-07-01 7.00 pro → starter"]);
  });
});
