// Rule 1: what an account's movement is called, from its ARR before and after the day.

import { describe, expect, test } from "vitest";
import { derive, ledgerOf, line } from "./story.ts";

describe("NEW", () => {
  test("comes on the day of the first ARR, one for each line that has any", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", price: 100 }),
        line("b", { from: "2025-01-01", plan: "desk", price: 50 }),
        line("free", { from: "2025-01-01", plan: "storage", price: 0 }),
      ),
    ).toEqual(["2025-01-01 NEW +100.00 pro a", "2025-01-01 NEW +50.00 desk b"]);
  });

  test("comes when a free plan is first paid for, not when it is taken", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-03-01", plan: "starter", price: 0 }),
        line("a", { from: "2025-03-01", price: 100 }),
      ),
    ).toEqual(["2025-03-01 NEW +100.00 pro a"]);
  });

  test("comes once: what follows it the next day is an expansion", () => {
    expect(
      ledgerOf(line("a", { from: "2025-01-01", price: 100 }), line("b", { from: "2025-01-02", price: 100 })),
    ).toEqual(["2025-01-01 NEW +100.00 pro a", "2025-01-02 EXPANSION SEAT +100.00 pro b"]);
  });

  test("is not divided by drivers when the first day brings several lines of one plan", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", price: 100, percentOff: 10 }),
        line("b", { from: "2025-01-01", price: 100 }),
      ),
    ).toEqual(["2025-01-01 NEW +90.00 pro a", "2025-01-01 NEW +100.00 pro b"]);
  });
});

describe("CHURN", () => {
  test("takes every line that had ARR on the day the account's ARR falls to 0", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-06-01", price: 100 }),
        line("b", { from: "2025-01-01", until: "2025-06-01", plan: "desk", price: 50 }),
      ),
    ).toEqual([
      "2025-01-01 NEW +100.00 pro a",
      "2025-01-01 NEW +50.00 desk b",
      "2025-06-01 CHURN -100.00 pro a",
      "2025-06-01 CHURN -50.00 desk b",
    ]);
  });

  test("is only the last line's end: one of two cancelled is a contraction", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-06-01", price: 100 }),
        line("b", { from: "2025-01-01", until: "2025-07-01", plan: "desk", price: 50 }),
      ).slice(2),
    ).toEqual(["2025-06-01 CONTRACTION CROSS_SELL -100.00 pro a", "2025-07-01 CHURN -50.00 desk b"]);
  });

  test.each([
    ["a discount of 100 percent", { price: 100, percentOff: 100 }],
    ["a pause, stated as a price of 0", { price: 0 }],
    ["paid to free, with a plan change", { plan: "starter", price: 0 } as const],
  ])("comes with %s, on the plan that was paid for", (_, terms) => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-06-01", price: 100 }),
        line("a", { from: "2025-06-01", ...terms }),
      ),
    ).toEqual(["2025-01-01 NEW +100.00 pro a", "2025-06-01 CHURN -100.00 pro a"]);
  });

  test("does not come from a term that ends: only the line's own end does", () => {
    const open = { ...line("a", { from: "2025-01-01", price: 100 }), termEndsOn: "2025-12-31" };
    expect(ledgerOf(open)).toEqual(["2025-01-01 NEW +100.00 pro a"]);
  });
});

describe("REACTIVATION", () => {
  test("comes when an account that had ARR once has some again, whatever it buys", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-02-01", price: 100 }),
        line("b", { from: "2025-09-01", plan: "desk", price: 300 }),
      ),
    ).toEqual([
      "2025-01-01 NEW +100.00 pro a",
      "2025-02-01 CHURN -100.00 pro a",
      "2025-09-01 REACTIVATION +300.00 desk b",
    ]);
  });

  test("comes after a single day without ARR: no grace is implied", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-02-01", price: 100 }),
        line("a", { from: "2025-02-02", price: 100 }),
      ).slice(1),
    ).toEqual(["2025-02-01 CHURN -100.00 pro a", "2025-02-02 REACTIVATION +100.00 pro a"]);
  });

  test("does not come when the next version starts on the day the last one ends", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-02-01", price: 100 }),
        line("a", { from: "2025-02-01", price: 100 }),
      ),
    ).toEqual(["2025-01-01 NEW +100.00 pro a"]);
  });

  test("ends a pause, line by line", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-02-01", price: 100 }),
        line("a", { from: "2025-02-01", until: "2025-05-01", price: 100, percentOff: 100 }),
        line("a", { from: "2025-05-01", price: 120 }),
      ).slice(1),
    ).toEqual(["2025-02-01 CHURN -100.00 pro a", "2025-05-01 REACTIVATION +120.00 pro a"]);
  });
});

describe("an account with several currencies", () => {
  test("is active while any line has ARR in any currency", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-06-01", price: 100 }),
        line("b", { from: "2025-02-01", until: "2025-07-01", price: 80, currency: "EUR" }),
      ),
    ).toEqual([
      "2025-01-01 NEW +100.00 pro a",
      "2025-02-01 EXPANSION SEAT +80.00 EUR pro b",
      "2025-06-01 CONTRACTION SEAT -100.00 pro a",
      "2025-07-01 CHURN -80.00 EUR pro b",
    ]);
  });
});

describe("an account whose ARR is 0 before and after", () => {
  test("moves nothing, whatever its free lines do", () => {
    expect(
      ledgerOf(
        line("a", { from: "2025-01-01", until: "2025-06-01", plan: "starter", price: 0 }),
        line("a", { from: "2025-06-01", quantity: 5, price: 100, percentOff: 100 }),
      ),
    ).toEqual([]);
  });
});

describe("what a movement carries", () => {
  const story = derive(
    line("a", { from: "2025-01-01", until: "2025-06-01", price: 100, motion: "sales-led", bookedOn: "2024-12-15" }),
    line("a", {
      from: "2025-06-01",
      until: "2025-09-01",
      price: 130,
      motion: "success-led",
      campaign: "uplift",
      bookedOn: "2025-05-20",
    }),
  ).movements;

  test("is the motion, campaign and booking date of the version after", () => {
    expect(story[1]).toMatchObject({
      driver: "PRICE",
      motion: "success-led",
      campaign: "uplift",
      bookedOn: "2025-05-20",
      versionBeforeId: "a@2025-01-01",
      versionAfterId: "a@2025-06-01",
    });
  });

  test("is the motion of the version before where the line ended, and no booking date", () => {
    expect(story[2]).toMatchObject({
      type: "CHURN",
      motion: "success-led",
      campaign: "uplift",
      bookedOn: null,
      versionBeforeId: "a@2025-06-01",
      versionAfterId: null,
      rule: "ARR_ENDED",
    });
  });
});
