// Rule 4: what a line that started or ended by itself is called, by what the account holds: the day before for a start, the day itself for an end.

import { describe, expect, test } from "vitest";
import { ledgerOf, line, movedBeside } from "./story.ts";

const day = "2025-07-01";
const crm = line("crm", { from: "2025-01-01", price: 100 });

/** What happens on the day and after it. */
const fromTheDay = (...lines: ReturnType<typeof line>[]) =>
  movedBeside(...lines)
    .filter((movement) => movement >= day)
    .map((movement) => movement.slice(day.length + 1));

describe("a line that starts", () => {
  test.each([
    ["of a plan held is SEAT", { plan: "pro" }, "SEAT"],
    ["of another plan of a family held is ADD_ON", { plan: "quotes" }, "ADD_ON"],
    ["of another plan of a product held is ADD_ON", { plan: "enterprise" }, "ADD_ON"],
    ["of a family not held is CROSS_SELL", { plan: "desk" }, "CROSS_SELL"],
    ["that is an add-on in a family held is ADD_ON, though its plan is held", { plan: "pro", isAddOn: true }, "ADD_ON"],
    ["that is an add-on in a family not held is CROSS_SELL", { plan: "desk", isAddOn: true }, "CROSS_SELL"],
    ["that is a commitment is USAGE_COMMITMENT", { plan: "desk", kind: "COMMITMENT" }, "USAGE_COMMITMENT"],
    ["that is metered is USAGE", { plan: "pro", kind: "METERED", isAddOn: true }, "USAGE"],
  ] as const)("%s, and so is its end", (_, terms, driver) => {
    const plan = terms.plan;
    expect(fromTheDay(crm, line("a", { from: day, until: "2025-08-01", price: 10, ...terms }))).toEqual([
      `EXPANSION ${driver} +10.00 ${plan} a`,
      `CONTRACTION ${driver} -10.00 ${plan} a`,
    ]);
  });

  test("does not hold what starts with it: base and add-on of a new family are both CROSS_SELL", () => {
    expect(
      fromTheDay(
        crm,
        line("base", { from: day, plan: "desk", price: 50 }),
        line("extra", { from: day, plan: "desk-pro", price: 5, isAddOn: true }),
      ),
    ).toEqual(["EXPANSION CROSS_SELL +50.00 desk base", "EXPANSION CROSS_SELL +5.00 desk-pro extra"]);
  });

  test("holds nothing by an add-on when it is none itself", () => {
    const addOn = line("extra", { from: "2025-01-01", plan: "desk", price: 5, isAddOn: true });
    expect(fromTheDay(crm, addOn, line("base", { from: day, plan: "desk", price: 50 }))).toEqual([
      "EXPANSION CROSS_SELL +50.00 desk base",
    ]);
  });

  test("holds by an add-on when it is one itself", () => {
    const addOn = line("extra", { from: "2025-01-01", plan: "desk", price: 5, isAddOn: true });
    expect(fromTheDay(crm, addOn, line("more", { from: day, plan: "desk", price: 5, isAddOn: true }))).toEqual([
      "EXPANSION ADD_ON +5.00 desk more",
    ]);
  });

  test("holds by a line at ARR 0: a free plan is in the house", () => {
    const free = line("free", { from: "2025-01-01", plan: "desk", price: 0 });
    expect(fromTheDay(crm, free, line("a", { from: day, plan: "desk", price: 50 }))).toEqual([
      "EXPANSION SEAT +50.00 desk a",
    ]);
  });

  test("at ARR 0 moves nothing", () => {
    expect(fromTheDay(crm, line("free", { from: day, plan: "desk", price: 0 }))).toEqual([]);
  });
});

describe("a line that ends", () => {
  test("is measured against the day itself: what ends with it is not held", () => {
    expect(
      fromTheDay(
        crm,
        line("desk-1", { from: "2025-01-01", until: day, plan: "desk", price: 50 }),
        line("desk-2", { from: "2025-01-01", until: day, plan: "desk-pro", price: 60 }),
      ),
    ).toEqual(["CONTRACTION CROSS_SELL -50.00 desk desk-1", "CONTRACTION CROSS_SELL -60.00 desk-pro desk-2"]);
  });

  test("one of two of a plan is SEAT, the other's later end CROSS_SELL", () => {
    expect(
      fromTheDay(
        crm,
        line("desk-1", { from: "2025-01-01", until: day, plan: "desk", price: 50 }),
        line("desk-2", { from: "2025-01-01", until: "2025-08-01", plan: "desk", price: 60 }),
      ),
    ).toEqual(["CONTRACTION SEAT -50.00 desk desk-1", "CONTRACTION CROSS_SELL -60.00 desk desk-2"]);
  });

  test("that was paused in an active account is not: its discount began and ended", () => {
    expect(
      fromTheDay(
        crm,
        line("desk", { from: "2025-01-01", until: day, plan: "desk", price: 50 }),
        line("desk", { from: day, until: "2025-08-01", plan: "desk", price: 50, percentOff: 100 }),
        line("desk", { from: "2025-08-01", plan: "desk", price: 50 }),
      ),
    ).toEqual(["CONTRACTION DISCOUNT -50.00 desk desk", "EXPANSION DISCOUNT +50.00 desk desk"]);
  });
});

describe("worked facts of the field", () => {
  test("adding 2 × 30 a month is an expansion of 60 a month, cancelling them a contraction of 60, not churn", () => {
    expect(
      ledgerOf(
        line("base", { from: "2025-01-01", quantity: 4, price: 500 }),
        line("more", {
          from: "2025-03-01",
          until: "2025-06-01",
          plan: "quotes",
          quantity: 2,
          price: 30,
          every: "MONTH",
        }),
      ),
    ).toEqual([
      "2025-01-01 NEW +2000.00 pro base",
      "2025-03-01 EXPANSION ADD_ON +720.00 quotes more", // 12 × 60
      "2025-06-01 CONTRACTION ADD_ON -720.00 quotes more",
    ]);
  });

  test("a second product of 10 × 100 beside 10 × 1,200 is CROSS_SELL 1,000 and nothing else", () => {
    expect(
      ledgerOf(
        line("first", { from: "2025-01-01", quantity: 10, price: 1200 }),
        line("second", { from: "2025-04-01", plan: "desk", quantity: 10, price: 100 }),
      ),
    ).toEqual(["2025-01-01 NEW +12000.00 pro first", "2025-04-01 EXPANSION CROSS_SELL +1000.00 desk second"]);
  });

  test("500 to 750 a month is an expansion of 3,000 a year", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-04-01", price: 500, every: "MONTH" }),
        line("a", { from: "2025-04-01", price: 750, every: "MONTH" }),
      ),
    ).toEqual(["2025-01-01 NEW +6000.00 pro a", "2025-04-01 EXPANSION PRICE +3000.00 pro a"]);
  });

  test("10,000 to 25,000 a year by plan is TIER 15,000", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-04-01", plan: "starter", price: 10000 }),
        line("a", { from: "2025-04-01", plan: "enterprise", price: 25000 }),
      ),
    ).toEqual(["2025-01-01 NEW +10000.00 starter a", "2025-04-01 EXPANSION TIER +15000.00 enterprise a"]);
  });

  test("10 seats for 12,000 to 15 seats for 27,000 with a higher rank is SEAT 6,000 and TIER 9,000", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-04-01", plan: "starter", quantity: 10, price: 1200 }),
        line("a", { from: "2025-04-01", plan: "pro", quantity: 15, price: 1800 }),
      ).slice(1),
    ).toEqual(["2025-04-01 EXPANSION SEAT +6000.00 pro a", "2025-04-01 EXPANSION TIER +9000.00 pro a"]);
  });

  test("20 seats for 24,000 to 12 seats for 20,160 with a higher rank is SEAT −9,600 and TIER +5,760", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-04-01", plan: "starter", quantity: 20, price: 1200 }),
        line("a", { from: "2025-04-01", plan: "pro", quantity: 12, price: 1680 }),
      ).slice(1),
    ).toEqual(["2025-04-01 EXPANSION TIER +5760.00 pro a", "2025-04-01 CONTRACTION SEAT -9600.00 pro a"]);
  });

  test("1,000,000 up by 150,000 and down by 50,000 ends at 1,100,000", () => {
    const total = ledgerOf(
      line("a", { from: "2025-01-01", until: "2025-04-01", quantity: 100, price: 10000 }),
      line("a", { from: "2025-04-01", until: "2025-05-01", quantity: 115, price: 10000 }),
      line("a", { from: "2025-05-01", quantity: 110, price: 10000 }),
    );
    expect(total).toEqual([
      "2025-01-01 NEW +1000000.00 pro a",
      "2025-04-01 EXPANSION SEAT +150000.00 pro a",
      "2025-05-01 CONTRACTION SEAT -50000.00 pro a",
    ]);
  });
});
