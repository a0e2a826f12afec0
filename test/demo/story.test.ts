// The demo's three years: that they look like a company's, and that they are the same every time.

import { createHash } from "node:crypto";
import { demoRows } from "@accrete/api/demo/rows.ts";
import { describe, expect, it } from "vitest";
import { arrBefore, demoLedger } from "./ledger.ts";

const rows = demoRows();
const ledger = demoLedger();

describe("the demo's files", () => {
  it("are the same at every call", () => {
    const hashOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");
    expect(hashOf(demoRows())).toBe(hashOf(rows));
  });

  it("hold about 400 accounts, 344 of them customers when the last quarter opens", () => {
    expect(new Set(rows.accounts.map((row) => row.account_id)).size).toBe(404);
    expect([...ledger.values()].filter((account) => arrBefore(account, "2025-10-01") > 0n)).toHaveLength(344);
  });

  it("hold a hierarchy of groups with one to five subsidiaries, some of which have their own", () => {
    const parents = new Map(rows.accounts.map((row) => [row.account_id, row.parent_id]));
    const children = rows.accounts.filter((row) => row.parent_id !== "");
    const perParent = new Map<string | undefined, number>();
    for (const { parent_id } of children) perParent.set(parent_id, (perParent.get(parent_id) ?? 0) + 1);
    expect(Math.max(...perParent.values())).toBeLessThanOrEqual(5);
    expect(perParent.size).toBe(13);
    expect(children.filter((row) => parents.get(row.parent_id ?? "") !== "")).toHaveLength(4);
    expect(children.every((row) => parents.has(row.parent_id ?? ""))).toBe(true);
  });

  it("name every account and contract line by one id, and no two versions of a line overlap", () => {
    const names = new Map(rows.accounts.map((row) => [row.account_id, row.name]));
    expect(new Set(names.values()).size).toBe(names.size);
    const last = new Map<string, { until: string; account: string }>();
    for (const row of rows["contract-lines"]) {
      const { line_id = "", from_on = "", until_on = "", account_id = "" } = row;
      const before = last.get(line_id);
      if (before) expect([before.account, before.until !== "" && before.until <= from_on]).toEqual([account_id, true]);
      expect(until_on === "" || until_on > from_on).toBe(true);
      last.set(line_id, { until: until_on, account: account_id });
    }
  });

  it("stay inside 2023 to 2025 and inside one currency", () => {
    const days = rows["contract-lines"].map((row) => row.from_on ?? "").sort();
    expect(days[0]?.slice(0, 7)).toBe("2023-01");
    expect(days.at(-1)?.slice(0, 7)).toBe("2025-12");
    expect(new Set(rows["contract-lines"].map((row) => row.currency))).toEqual(new Set(["USD"]));
  });
});

describe("the demo's history", () => {
  it("has every type of movement and every driver that a line can have", () => {
    const seen = new Set([...ledger.values()].flatMap((a) => a.movements.map((m) => `${m.type} ${m.driver ?? "-"}`)));
    for (const driver of ["SEAT", "TIER", "ADD_ON", "CROSS_SELL", "USAGE_COMMITMENT", "USAGE", "PRICE", "DISCOUNT"]) {
      expect(seen).toContain(`EXPANSION ${driver}`);
    }
    for (const driver of ["SEAT", "TIER", "ADD_ON", "CROSS_SELL", "USAGE_COMMITMENT"]) {
      expect(seen).toContain(`CONTRACTION ${driver}`);
    }
    for (const type of ["NEW -", "REACTIVATION -", "CHURN -"]) expect(seen).toContain(type);
  });

  it("wins new customers in every month until September 2025", () => {
    const months = new Set(
      [...ledger.values()].flatMap((account) =>
        account.movements.filter((m) => m.type === "NEW").map((m) => m.effectiveOn.slice(0, 7)),
      ),
    );
    expect(months.size).toBe(33);
    expect([...months].sort().at(-1)).toBe("2025-09");
  });

  it("never takes an account's ARR below 0", () => {
    for (const account of ledger.values()) {
      let arr = 0n;
      for (const movement of account.movements) {
        arr += movement.amountMinor;
        expect(arr >= 0n).toBe(true);
      }
    }
  });

  it("moves by motions and campaigns that the contract lines name", () => {
    const motions = new Set([...ledger.values()].flatMap((account) => account.movements.map((m) => m.motion)));
    expect([...motions].sort()).toEqual(["marketing", "product-led", "sales-led", "success-led"]);
    const campaigns = new Set([...ledger.values()].flatMap((account) => account.movements.map((m) => m.campaign)));
    expect(campaigns).toContain("assist-launch-2025");
  });
});
