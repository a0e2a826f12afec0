// Facts that other tools publish with their numbers: the same facts give the same numbers here.

import { expect, test } from "vitest";
import { ledgerOf, line } from "./story.ts";

test("two seats of 30 a month beside four of 500 a year are an expansion of 60 a month, and their end a contraction, not churn", () => {
  expect(
    ledgerOf(
      line("yearly", { from: "2025-01-01", quantity: 4, price: 500 }),
      line("monthly", {
        from: "2025-03-01",
        until: "2025-06-01",
        plan: "desk",
        quantity: 2,
        price: 30,
        every: "MONTH",
      }),
    ),
  ).toEqual([
    "2025-01-01 NEW +2000.00 pro yearly",
    "2025-03-01 EXPANSION CROSS_SELL +720.00 desk monthly",
    "2025-06-01 CONTRACTION CROSS_SELL -720.00 desk monthly",
  ]);
});

test("10 seats for 12,000 that become 15 for 27,000 at a higher rank are 6,000 by seats and 9,000 by tier", () => {
  expect(
    ledgerOf(
      line("a", { from: "2025-01-01", until: "2025-07-01", plan: "starter", quantity: 10, price: 1200 }),
      line("a", { from: "2025-07-01", plan: "pro", quantity: 15, price: 1800 }),
    ).slice(1),
  ).toEqual(["2025-07-01 EXPANSION SEAT +6000.00 pro a", "2025-07-01 EXPANSION TIER +9000.00 pro a"]);
});

test("20 seats for 24,000 that become 12 for 20,160 at a higher rank are 9,600 less by seats and 5,760 more by tier", () => {
  expect(
    ledgerOf(
      line("a", { from: "2025-01-01", until: "2025-07-01", plan: "starter", quantity: 20, price: 1200 }),
      line("a", { from: "2025-07-01", plan: "pro", quantity: 12, price: 1680 }),
    ).slice(1),
  ).toEqual(["2025-07-01 EXPANSION TIER +5760.00 pro a", "2025-07-01 CONTRACTION SEAT -9600.00 pro a"]);
});

test("a second product, 10 at 100 beside 10 at 1,200, is a cross-sell of 1,000 and nothing else", () => {
  expect(
    ledgerOf(
      line("a", { from: "2025-01-01", quantity: 10, price: 1200 }),
      line("b", { from: "2025-07-01", plan: "desk", quantity: 10, price: 100 }),
    ).slice(1),
  ).toEqual(["2025-07-01 EXPANSION CROSS_SELL +1000.00 desk b"]);
});

test("10 seats with 20 % off whose price goes from 20 to 22 a year are 16 more by price", () => {
  expect(
    ledgerOf(
      line("a", { from: "2025-01-01", until: "2025-07-01", quantity: 10, price: 20, percentOff: 20 }),
      line("a", { from: "2025-07-01", quantity: 10, price: 22, percentOff: 20 }),
    ).slice(1),
  ).toEqual(["2025-07-01 EXPANSION PRICE +16.00 pro a"]);
});
