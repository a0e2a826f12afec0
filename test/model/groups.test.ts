// The model in groups of accounts, against figures worked by hand: it judges the product only where it is right itself.

import { describe, expect, it } from "vitest";
import { account, app, ask, bridge, february, other, said, stated, total } from "./asking.ts";
import { line } from "./build.ts";
import { ratiosOf } from "./ratios.ts";

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

  it("explains ups and downs of an account that was brought, in a group that nothing else came to, by re-parenting", () => {
    const accounts = [...account("two"), ...account("sub", { "2025-02-10": "two" })];
    const words = { lineId: "c", accountId: "sub", plan: app, unitPrice: "30" };
    const lines = [
      line({ ...words, from: "2025-01-01", until: "2025-02-15" }),
      line({ ...words, quantity: "3", from: "2025-02-15", until: "2025-02-20" }),
      line({ ...words, quantity: "2", from: "2025-02-20" }),
    ];
    const policy = { accountLevel: "ULTIMATE_PARENT", hierarchyAt: "AS_OF_EVENT" } as const;
    // EVENT: 60 up, 30 down; SNAPSHOT: 30 up.
    expect(bridge({ accounts, lines }, february, policy)).toEqual([
      ["RE_PARENTING", 1, { expansion: 30, contraction: 30 }],
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
