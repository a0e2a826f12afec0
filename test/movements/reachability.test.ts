// Every type, and every driver in both signs, comes out of some history: published classifiers exist that cannot reach some of their own classes.

import { drivers, movementRules, movementTypes } from "@accrete/db/movements/types.ts";
import { expect, test } from "vitest";
import { derive, line } from "./story.ts";

const until = "2025-07-01";
const crm = line("crm", { from: "2024-01-01", price: 100 });

/** Each history changes one thing on 2025-07-01 and takes it back on 2025-10-01, beside the untouched line `crm`. */
const thereAndBack = (
  before: Omit<Parameters<typeof line>[1], "from"> | null,
  after: Omit<Parameters<typeof line>[1], "from"> | null,
) => [
  crm,
  ...(before ? [line("a", { from: "2025-01-01", until, ...before })] : []),
  ...(after ? [line("a", { from: until, until: "2025-10-01", ...after })] : []),
  ...(before ? [line("a", { from: "2025-10-01", ...before })] : []),
];

const histories = {
  NEW: [crm],
  CHURN: [line("a", { from: "2025-01-01", until, price: 1 })],
  REACTIVATION: [line("a", { from: "2025-01-01", until, price: 1 }), line("a", { from: "2025-08-01", price: 1 })],
  SEAT: thereAndBack({ quantity: 1, price: 10 }, { quantity: 2, price: 10 }),
  TIER: thereAndBack({ plan: "starter", price: 10 }, { plan: "pro", price: 20 }),
  ADD_ON: thereAndBack(null, { plan: "quotes", price: 10 }),
  CROSS_SELL: thereAndBack(null, { plan: "desk", price: 10 }),
  USAGE_COMMITMENT: thereAndBack({ kind: "COMMITMENT", price: 10 }, { kind: "COMMITMENT", price: 20 }),
  USAGE: thereAndBack({ kind: "METERED", price: 10 }, { kind: "METERED", price: 20 }),
  PRICE: thereAndBack({ price: 10 }, { price: 20 }),
  DISCOUNT: thereAndBack({ price: 10, percentOff: 50 }, { price: 10 }),
};

const derived = Object.values(histories).flatMap((history) => derive(...history).movements);

test.each(movementTypes)("%s is reached", (type) => {
  expect(derived.some((movement) => movement.type === type)).toBe(true);
});

// OTHER is what a source states or what cannot be attributed: the derivation knows every cause and never guesses.
test.each(drivers.filter((driver) => driver !== "OTHER"))(
  "%s is reached as an expansion and as a contraction",
  (driver) => {
    const signs = derived
      .filter((movement) => movement.driver === driver)
      .map((movement) => [movement.type, movement.amountMinor > 0n] as const);
    expect(signs).toContainEqual(["EXPANSION", true]);
    expect(signs).toContainEqual(["CONTRACTION", false]);
  },
);

test("OTHER is never derived", () => {
  expect(derived.filter((movement) => movement.driver === "OTHER")).toEqual([]);
});

test("each history reaches what it is named after, and beside the untouched line nothing else", () => {
  const reached = Object.entries(histories).map(([name, history]) => {
    const seen = derive(...history)
      .movements.filter((movement) => movement.effectiveOn >= until)
      .map((movement) => movement.driver ?? movement.type);
    return [name, [...new Set(seen)]];
  });
  expect(Object.fromEntries(reached)).toEqual({
    NEW: [],
    CHURN: ["CHURN"],
    REACTIVATION: ["CHURN", "REACTIVATION"],
    SEAT: ["SEAT"],
    TIER: ["TIER"],
    ADD_ON: ["ADD_ON"],
    CROSS_SELL: ["CROSS_SELL"],
    USAGE_COMMITMENT: ["USAGE_COMMITMENT"],
    USAGE: ["USAGE"],
    PRICE: ["PRICE"],
    DISCOUNT: ["DISCOUNT"],
  });
});

test("every rule but the one for ready-made movements is the reason of some movement", () => {
  const group = derive(
    crm,
    line("a", { from: "2025-01-01", until, plan: "starter", price: 10 }),
    line("b", { from: "2025-01-01", until, plan: "unranked", price: 10 }),
    line("c", { from: until, plan: "enterprise", price: 30 }),
  ).movements;
  const rules = new Set([...derived, ...group].map((movement) => movement.rule));
  expect(movementRules.filter((rule) => !rules.has(rule))).toEqual(["SOURCE", "MERGED"]);
});
