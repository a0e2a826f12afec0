// The model under policies, against figures worked by hand: it judges the product only where it is right itself.

import { describe, expect, it } from "vitest";
import { app, ask, february, stated, total } from "./asking.ts";
import { line } from "./build.ts";
import { dayOf } from "./calendar.ts";
import { ratiosOf } from "./ratios.ts";

describe("the model in other currencies", () => {
  const euros = line({ lineId: "a", plan: app, unitPrice: "10000", currency: "EUR", from: "2025-01-01" });

  it("shows 10,000 euros, flat while 1.17 became 0.96, as 2,100 of exchange rates and no expansion; and at one rate, nothing", () => {
    const rates = {
      constant: [{ currency: "EUR", rate: "1.1" }],
      dated: [
        { currency: "EUR", from: dayOf("2025-01-01"), rate: "1.17" },
        { currency: "EUR", from: dayOf("2025-02-15"), rate: "0.96" },
      ],
    };
    const facts = { lines: [euros], rates };
    expect(total(facts, february, { currency: "REPORTED" })).toEqual({ opening: 11_700, fx: -2_100, closing: 9_600 });
    expect(ratiosOf(ask(facts, february, { currency: "REPORTED" }).total, "NONE").nrr).toBe("1.000000");
    expect(total(facts, february)).toEqual({ opening: 11_000, closing: 11_000 });
  });

  it("converts a movement at its own day's rate, and yen, which have no decimals", () => {
    const rates = {
      constant: null,
      dated: [
        { currency: "JPY", from: dayOf("2025-01-01"), rate: "0.0065" },
        { currency: "JPY", from: dayOf("2025-02-10"), rate: "0.0070" },
        { currency: "JPY", from: dayOf("2025-02-20"), rate: "0.0060" },
      ],
    };
    const yen = { lineId: "a", plan: app, unitPrice: "1000", currency: "JPY" };
    const lines = [
      line({ ...yen, quantity: "100", from: "2025-01-01", until: "2025-02-10" }),
      line({ ...yen, quantity: "150", from: "2025-02-10" }),
    ];
    // 100,000 × 0.0065; + 50,000 × 0.0070; 150,000 × 0.0060; the rest is the rate's.
    expect(total({ lines, rates }, february, { currency: "REPORTED" })).toEqual({
      opening: 650,
      "+SEAT": 350,
      fx: -100,
      closing: 900,
    });
  });

  it("misses a rate by currency and day, and never takes 1", () => {
    const { misses } = ask({ lines: [euros] }, february, { currency: "REPORTED" });
    expect(misses.map(({ currency, day }) => [currency, day])[0]).toEqual(["EUR", dayOf("2025-01-31")]);
  });
});

describe("the model's other choices", () => {
  const lines = [
    line({
      lineId: "a",
      plan: app,
      quantity: "10",
      unitPrice: "20",
      discountPercent: "20",
      from: "2025-01-01",
      until: "2025-02-10",
    }),
    line({
      lineId: "a",
      plan: app,
      quantity: "10",
      unitPrice: "22",
      discountPercent: "20",
      from: "2025-02-10",
      until: "2025-02-20",
    }),
    line({ lineId: "a", plan: app, quantity: "10", unitPrice: "22", from: "2025-02-20" }),
  ];

  it("set prices and discounts apart, in either direction, still inside nrr", () => {
    const apart = { priceIncrease: "SEPARATE", discountChange: "SEPARATE" } as const;
    expect(total({ lines }, february)).toEqual({ opening: 160, "+PRICE": 16, "+DISCOUNT": 44, closing: 220 });
    expect(total({ lines }, february, apart)).toEqual({
      opening: 160,
      priceUplift: 16,
      discountChange: 44,
      closing: 220,
    });
    expect(ratiosOf(ask({ lines }, february, apart).total, "NONE")).toMatchObject({
      nrr: "1.375000",
      grossExpansionRate: "0.000000",
    });
  });

  it("tell a return within the window of days from a late one", () => {
    const ready = [
      stated("a", "2024-11-01", "NEW", 100),
      stated("a", "2024-11-12", "CHURN", -100),
      stated("a", "2025-02-10", "REACTIVATION", 80),
    ];
    const facts = { ready };
    // Gone on 12 November, back on 10 February: 90 days.
    expect(total(facts, february, { reactivationWindowDays: 90 })).toEqual({ reactivation: 80, closing: 80 });
    expect(total(facts, february, { reactivationWindowDays: 89 })).toEqual({ new: 80, closing: 80 });
    expect(total(facts, february, { reactivation: "EXPANSION" })).toEqual({ returned: 80, closing: 80 });
    expect(total(facts, february, { reactivation: "NEW", reactivationWindowDays: 90 })).toEqual({
      new: 80,
      closing: 80,
    });
    // It came and went inside one November: at months' ends it never was there.
    expect(total(facts, february, { netting: "MONTH" })).toEqual({ new: 80, closing: 80 });
  });

  it("leave out usage, and commitments with it, as the policy says", () => {
    const kinds = [
      line({ lineId: "a", plan: app, unitPrice: "100", from: "2025-01-01" }),
      line({ lineId: "b", plan: app, kind: "COMMITMENT", unitPrice: "50", from: "2025-01-01", until: "2025-02-10" }),
      line({ lineId: "b", plan: app, kind: "COMMITMENT", unitPrice: "70", from: "2025-02-10" }),
      line({ lineId: "c", plan: app, kind: "METERED", unitPrice: "9", from: "2025-02-10" }),
    ];
    const facts = { lines: kinds };
    expect(total(facts, february)).toEqual({ opening: 150, "+USAGE_COMMITMENT": 20, "+USAGE": 9, closing: 179 });
    expect(total(facts, february, { usage: "COMMITTED" })).toEqual({
      opening: 150,
      "+USAGE_COMMITMENT": 20,
      closing: 170,
    });
    expect(total(facts, february, { usage: "EXCLUDE" })).toEqual({ opening: 100, closing: 100 });
  });

  it("value metered lines by their last completed period, until 45 days after the next one was due", () => {
    const metered = line({
      lineId: "c",
      plan: app,
      kind: "METERED",
      unitPrice: "0",
      interval: "MONTH",
      from: "2025-01-01",
    });
    const facts = {
      lines: [line({ lineId: "a", plan: app, unitPrice: "1", from: "2025-01-01" }), metered],
      usage: [
        { lineId: "c", from: dayOf("2025-01-01"), until: dayOf("2025-02-01"), amount: "10" },
        { lineId: "c", from: dayOf("2025-02-01"), until: dayOf("2025-03-01"), amount: "7.5" },
      ],
    };
    expect(total(facts, ["2025-01-15", "2025-02-02"])).toEqual({ opening: 1, "+USAGE": 120, closing: 121 });
    expect(total(facts, ["2025-03-01", "2025-03-02"])).toEqual({ opening: 121, "-USAGE": 30, closing: 91 });
    // Due on 1 April; 45 days later is 16 May.
    expect(total(facts, ["2025-05-15", "2025-05-16"])).toEqual({ opening: 91, closing: 91 });
    expect(total(facts, ["2025-05-16", "2025-05-17"])).toEqual({ opening: 91, "-USAGE": 90, closing: 1 });
  });
});
