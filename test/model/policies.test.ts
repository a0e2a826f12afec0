// The model under policies, against figures worked by hand: it judges the product only where it is right itself.

import { builtInPolicy } from "@accrete/db/policies/policy.ts";
import { describe, expect, it } from "vitest";
import { booksOf, dollarSettings } from "./books.ts";
import { line, plan } from "./build.ts";
import { dayOf } from "./calendar.ts";
import type { AccountFact, RateFacts, ReadyMovement } from "./facts.ts";
import { answer } from "./metrics.ts";
import { type ModelPolicy, type ModelQuestion, viewOf } from "./question.ts";
import { ratiosOf } from "./ratios.ts";
import type { ModelRow } from "./rows.ts";
import type { Facts } from "./scene.ts";

type Told = Partial<Facts> & { readonly rates?: RateFacts };
type Asked = Partial<ModelPolicy> & { readonly groupBy?: ModelQuestion["groupBy"] };

function ask(
  { rates, ...told }: Told,
  [from, until]: readonly [string, string],
  { groupBy = [], ...policy }: Asked = {},
) {
  const question: ModelQuestion = {
    from: dayOf(from),
    until: dayOf(until),
    grain: "WHOLE",
    groupBy,
    groupByAttributes: [],
    cohortGrain: "MONTH",
    filter: {},
    policy: { ...builtInPolicy, ...policy },
    todayOn: dayOf(until),
  };
  const facts = { accounts: [], merges: [], lines: [], usage: [], ready: [], ...told };
  const settings = { ...dollarSettings, ...(rates ? { rates } : {}) };
  return answer(booksOf(facts, settings, viewOf(question)), question);
}

/** What is not 0 of a row, in whole units of its money. */
function said({ expansion, contraction, ...row }: ModelRow): Record<string, number> {
  const columns = {
    opening: row.opening,
    new: row.new,
    reactivation: row.reactivation,
    churned: row.churned,
    returned: row.returned,
    priceUplift: row.priceUplift,
    discountChange: row.discountChange,
    fx: row.fx,
    transferIn: row.transferIn,
    transferOut: row.transferOut,
    closing: row.closing,
    ...Object.fromEntries(Object.entries(expansion).map(([driver, sum]) => [`+${driver}`, sum])),
    ...Object.fromEntries(Object.entries(contraction).map(([driver, sum]) => [`-${driver}`, sum])),
  };
  const told = Object.entries(columns).filter(([, sum]) => sum !== null && sum !== 0n);
  return Object.fromEntries(told.map(([name, sum]) => [name, Number(sum) / 100]));
}

const total = (...asked: Parameters<typeof ask>) => said(ask(...asked).total);

function account(accountId: string, parents: Record<string, string | null> = {}): AccountFact[] {
  const said = { "1990-01-01": null, ...parents };
  return Object.entries(said).map(([from, parentId]) => ({
    accountId,
    from: dayOf(from),
    name: accountId,
    parentId,
    channel: null,
    region: null,
    industry: null,
    owner: null,
    attributes: {},
  }));
}

const app = plan("app");
const other = plan("other", null, { productId: "other", family: "other" });
const february = ["2025-02-01", "2025-03-01"] as const;

let made = 0;
function stated(accountId: string, on: string, words: string, dollars: number, rest: Partial<ReadyMovement> = {}) {
  const [type = "NEW", driver = null] = words.split(" ") as [ReadyMovement["type"], ReadyMovement["driver"]];
  made += 1;
  const movement: ReadyMovement = {
    movementId: `m${made}`,
    accountId,
    on: dayOf(on),
    type,
    driver,
    amount: BigInt(dollars) * 100n,
    currency: "USD",
    plan: null,
    kind: null,
    isAddOn: false,
    motion: null,
    campaign: null,
    bookedOn: null,
    ...rest,
  };
  return movement;
}

describe("the model in groups of accounts", () => {
  const group = [...account("top"), ...account("sub", { "1990-01-01": "top" })];

  it("calls a subsidiary's first purchase cross-sell, and new where each account is by itself", () => {
    const lines = [
      line({ lineId: "a", accountId: "top", plan: app, unitPrice: "100", from: "2025-01-01" }),
      line({ lineId: "b", accountId: "sub", plan: other, unitPrice: "40", from: "2025-02-10" }),
    ];
    expect(total({ accounts: group, lines }, february)).toEqual({ opening: 100, new: 40, closing: 140 });
    expect(total({ accounts: group, lines }, february, { accountLevel: "ULTIMATE_PARENT" })).toEqual({
      opening: 100,
      "+CROSS_SELL": 40,
      closing: 140,
    });
  });

  it("sees nothing in a line that goes from one subsidiary to another", () => {
    const words = { lineId: "a", plan: app, unitPrice: "100" };
    const lines = [
      line({ ...words, accountId: "top", from: "2025-01-01", until: "2025-02-10" }),
      line({ ...words, accountId: "sub", from: "2025-02-10" }),
    ];
    expect(total({ accounts: group, lines }, february)).toEqual({ opening: 100, new: 100, churned: 100, closing: 100 });
    expect(total({ accounts: group, lines }, february, { accountLevel: "ULTIMATE_PARENT" })).toEqual({
      opening: 100,
      closing: 100,
    });
  });

  it("renames a source's arrivals inside a group by what the group held, and its last end stays churn", () => {
    const ready = [
      stated("top", "2025-01-01", "NEW", 100, { plan: app }),
      stated("sub", "2025-02-03", "NEW", 10, { plan: app }),
      stated("sub", "2025-02-04", "EXPANSION SEAT", 5, { plan: app }),
      stated("sub", "2025-02-05", "CHURN", -15, { plan: app }),
      stated("sub", "2025-02-06", "REACTIVATION", 7, { plan: other }),
      stated("sub", "2025-02-07", "CHURN", -7, { plan: other }),
      stated("sub", "2025-02-08", "REACTIVATION", 3),
      stated("sub", "2025-02-20", "CHURN", -3),
      stated("top", "2025-02-20", "CHURN", -100, { plan: app }),
    ];
    expect(total({ accounts: group, ready }, february, { accountLevel: "ULTIMATE_PARENT" })).toEqual({
      opening: 100,
      "+SEAT": 5,
      "+ADD_ON": 10,
      "+CROSS_SELL": 7,
      "+OTHER": 3,
      "-ADD_ON": 15,
      "-CROSS_SELL": 7,
      churned: 103,
    });
  });

  it("moves a re-parented account's balance from group to group, without new or churn, and leaves nrr as it was", () => {
    const accounts = [
      ...account("one"),
      ...account("two"),
      ...account("sub", { "1990-01-01": "one", "2025-02-10": "two" }),
    ];
    const lines = [
      line({ lineId: "a", accountId: "one", plan: app, unitPrice: "100", from: "2025-01-01" }),
      line({ lineId: "b", accountId: "two", plan: app, unitPrice: "50", from: "2025-01-01" }),
      line({ lineId: "c", accountId: "sub", plan: app, unitPrice: "30", from: "2025-01-01", until: "2025-02-20" }),
      line({ lineId: "c", accountId: "sub", plan: app, unitPrice: "30", quantity: "2", from: "2025-02-20" }),
    ];
    const policy = { accountLevel: "ULTIMATE_PARENT", hierarchyAt: "AS_OF_EVENT", groupBy: ["ACCOUNT"] } as const;
    const { rows } = ask({ accounts, lines }, february, policy);
    expect(rows.map((row) => [row.group[0], said(row), ratiosOf(row, "NONE").nrr])).toEqual([
      ["one", { opening: 130, transferOut: 30, closing: 100 }, "1.000000"],
      // 50 → 50 + 30 more of what came: without the 30 that came.
      ["two", { opening: 50, transferIn: 30, "+SEAT": 30, closing: 110 }, "1.600000"],
    ]);
    expect(total({ accounts, lines }, february, { ...policy, groupBy: [] })).toEqual({
      opening: 180,
      "+SEAT": 30,
      closing: 210,
    });
    // The links of the last day, for all history.
    expect(ask({ accounts, lines }, february, { ...policy, hierarchyAt: "LIVE" }).rows.map(said)).toEqual([
      { opening: 100, closing: 100 },
      { opening: 80, "+SEAT": 30, closing: 110 },
    ]);
  });

  it("makes one history of two merged accounts: the later one's first purchase is an expansion", () => {
    const lines = [
      line({ lineId: "a", accountId: "old", plan: app, unitPrice: "100", from: "2025-01-01" }),
      line({ lineId: "b", accountId: "twin", plan: app, unitPrice: "40", from: "2025-02-10" }),
    ];
    const accounts = [...account("old"), ...account("twin")];
    expect(total({ accounts, lines, merges: [{ from: "twin", into: "old" }] }, february)).toEqual({
      opening: 100,
      "+SEAT": 40,
      closing: 140,
    });
  });
});

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
