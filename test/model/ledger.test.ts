// The model against figures worked by hand: before it judges the product, it has to be right itself.

import { describe, expect, it } from "vitest";
import { line, plan, told } from "./build.ts";
import { deriveLedger } from "./ledger.ts";
import { sceneOfLines } from "./scene.ts";

const starter = plan("starter", 1);
const professional = plan("professional", 2);
const app = plan("app");
const second = plan("second", null, { productId: "second", family: "second" });

function story(...lines: Parameters<typeof line>[0][]) {
  return told(deriveLedger(sceneOfLines(lines.map(line))).movements, "2025-02-01");
}

describe("the model's ledger", () => {
  it("calls 500 to 750 a month an expansion of 3,000 a year", () => {
    expect(
      story(
        { lineId: "l", plan: app, interval: "MONTH", unitPrice: "500", from: "2025-01-01", until: "2025-02-01" },
        { lineId: "l", plan: app, interval: "MONTH", unitPrice: "750", from: "2025-02-01" },
      ),
    ).toEqual(["EXPANSION PRICE 3000.00 l"]);
  });

  it("calls 10,000 to 25,000 a year by a plan of another rank TIER", () => {
    expect(
      story(
        { lineId: "l", plan: starter, unitPrice: "10000", from: "2025-01-01", until: "2025-02-01" },
        { lineId: "l", plan: professional, unitPrice: "25000", from: "2025-02-01" },
      ),
    ).toEqual(["EXPANSION TIER 15000.00 l"]);
  });

  it("keeps the discount's rate when 10 seats with 20 % off go from list 20 to 22 a year: PRICE 16", () => {
    const terms = { lineId: "l", plan: app, quantity: "10", discountPercent: "20" };
    expect(
      story(
        { ...terms, unitPrice: "20", from: "2025-01-01", until: "2025-02-01" },
        { ...terms, unitPrice: "22", from: "2025-02-01" },
      ),
    ).toEqual(["EXPANSION PRICE 16.00 l"]);
  });

  it("splits 10 seats of 12,000 to 15 seats of 27,000 with a higher rank into SEAT 6,000 and TIER 9,000", () => {
    expect(
      story(
        { lineId: "l", plan: starter, quantity: "10", unitPrice: "1200", from: "2025-01-01", until: "2025-02-01" },
        { lineId: "l", plan: professional, quantity: "15", unitPrice: "1800", from: "2025-02-01" },
      ),
    ).toEqual(["EXPANSION SEAT 6000.00 l", "EXPANSION TIER 9000.00 l"]);
  });

  it("splits 20 seats of 24,000 to 12 seats of 20,160 with a higher rank into TIER +5,760 and SEAT −9,600", () => {
    expect(
      story(
        { lineId: "l", plan: starter, quantity: "20", unitPrice: "1200", from: "2025-01-01", until: "2025-02-01" },
        { lineId: "l", plan: professional, quantity: "12", unitPrice: "1680", from: "2025-02-01" },
      ),
    ).toEqual(["EXPANSION TIER 5760.00 l", "CONTRACTION SEAT -9600.00 l"]);
  });

  it("calls a second product of 10 × 100 beside 10 × 1,200 CROSS_SELL 1,000 and nothing else", () => {
    expect(
      story(
        { lineId: "a", plan: app, quantity: "10", unitPrice: "1200", from: "2025-01-01" },
        { lineId: "b", plan: second, quantity: "10", unitPrice: "100", from: "2025-02-01" },
      ),
    ).toEqual(["EXPANSION CROSS_SELL 1000.00 b"]);
  });

  it("calls 2 × 30 a month added and cancelled beside 4 × 500 a year growth and shrinkage, not churn", () => {
    expect(
      story(
        { lineId: "a", plan: app, quantity: "4", unitPrice: "500", from: "2025-01-01" },
        {
          lineId: "b",
          plan: second,
          quantity: "2",
          unitPrice: "30",
          interval: "MONTH",
          from: "2025-02-01",
          until: "2025-05-01",
        },
      ),
    ).toEqual(["EXPANSION CROSS_SELL 720.00 b", "CONTRACTION CROSS_SELL -720.00 b"]);
  });

  it("sees nothing in a renewal under a new id at equal value, nor in a split of one line into two", () => {
    expect(
      story(
        { lineId: "old", plan: app, quantity: "10", unitPrice: "12", from: "2025-01-01", until: "2025-02-01" },
        { lineId: "new", plan: app, quantity: "10", unitPrice: "12", from: "2025-02-01", until: "2025-03-01" },
        { lineId: "one", plan: app, quantity: "4", unitPrice: "1", interval: "MONTH", from: "2025-03-01" },
        { lineId: "two", plan: app, quantity: "6", unitPrice: "12", from: "2025-03-01" },
      ),
    ).toEqual([]);
  });

  it("divides a pair's change over the lines after, the first line winning the cent that is left", () => {
    expect(
      story(
        { lineId: "old", plan: app, quantity: "2", unitPrice: "1.00", from: "2025-01-01", until: "2025-02-01" },
        { lineId: "x", plan: app, unitPrice: "1.01", from: "2025-02-01" },
        { lineId: "y", plan: app, unitPrice: "1.02", from: "2025-02-01" },
      ),
      // 3 cents over 101 and 102: 1.49… and 1.50…, so the cent goes to the larger fraction
    ).toEqual(["EXPANSION PRICE 0.01 x", "EXPANSION PRICE 0.02 y"]);
  });

  it("lets a discount that ends be DISCOUNT beside another line, and REACTIVATION where it was the whole account", () => {
    const free = { plan: app, unitPrice: "100", discountPercent: "100" };
    expect(
      story(
        { lineId: "keeps", plan: second, unitPrice: "5", from: "2025-01-01", until: "2025-03-01" },
        { lineId: "l", ...free, from: "2025-01-01", until: "2025-02-01" },
        { lineId: "l", plan: app, unitPrice: "100", from: "2025-02-01", until: "2025-03-01" },
        { lineId: "l", ...free, from: "2025-03-01", until: "2025-04-01" },
        { lineId: "l", plan: app, unitPrice: "100", from: "2025-04-01" },
      ),
    ).toEqual(["EXPANSION DISCOUNT 100.00 l", "CHURN -5.00 keeps", "CHURN -100.00 l", "REACTIVATION 100.00 l"]);
  });

  it("never lets an add-on stand for the family of a line that is none", () => {
    expect(
      story(
        { lineId: "base", plan: second, unitPrice: "10", from: "2025-01-01" },
        { lineId: "extra", plan: starter, isAddOn: true, unitPrice: "10", from: "2025-01-01" },
        { lineId: "real", plan: starter, unitPrice: "30", from: "2025-02-01" },
        { lineId: "more", plan: professional, isAddOn: true, unitPrice: "7", from: "2025-02-01" },
      ),
    ).toEqual(["EXPANSION ADD_ON 7.00 more", "EXPANSION CROSS_SELL 30.00 real"]);
  });

  it("rounds a line once, half to even, and a third of a three-year price exactly", () => {
    expect(
      told(
        deriveLedger(
          sceneOfLines([
            line({ lineId: "a", plan: app, unitPrice: "0.015", from: "2025-02-01" }),
            line({ lineId: "b", plan: app, unitPrice: "0.025", from: "2025-02-01" }),
            line({ lineId: "c", plan: app, unitPrice: "100", interval: "THREE_YEARS", from: "2025-02-01" }),
          ]),
        ).movements,
      ),
    ).toEqual(["NEW 0.02 a", "NEW 0.02 b", "NEW 33.33 c"]);
  });

  it("carries the balance from the old plan to the new one, with or without a movement", () => {
    const { movements, transfers } = deriveLedger(
      sceneOfLines([
        line({ lineId: "l", plan: starter, unitPrice: "100", from: "2025-01-01", until: "2025-02-01" }),
        line({ lineId: "l", plan: professional, unitPrice: "100", from: "2025-02-01", until: "2025-03-01" }),
        line({ lineId: "l", plan: starter, unitPrice: "150", from: "2025-03-01" }),
      ]),
    );
    expect(told(movements)).toEqual(["NEW 100.00 l", "EXPANSION TIER 50.00 l"]);
    expect(transfers.map(({ amount, fromPlanId, toPlanId }) => [amount, fromPlanId, toPlanId])).toEqual([
      [100_00n, "starter", "professional"],
      [100_00n, "professional", "starter"],
    ]);
  });
});
