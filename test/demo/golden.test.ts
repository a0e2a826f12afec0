// The worked example of the metrics page, from the demo's contract lines through the derivation. Every expected figure is written by
// hand, in dollars.

import { drivers, type MovementDraft } from "@accrete/db/movements/types.ts";
import { defaultSegmentBands, segmentOf } from "@accrete/db/workspaces/segments.ts";
import { describe, expect, it } from "vitest";
import { type AccountLedger, arrBefore, demoLedger } from "./ledger.ts";

const ledger = demoLedger();
const bands = defaultSegmentBands(2);
const q4 = { fromOn: "2025-10-01", untilOn: "2026-01-01" };

type Cells = {
  opening: number;
  expansion: Record<string, number>;
  contraction: number;
  closing: number;
};

/** Whole dollars; a figure with cents fails. */
function dollars(minor: bigint): number {
  expect(minor % 100n).toBe(0n);
  return Number(minor / 100n);
}

function sum(movements: readonly MovementDraft[]): bigint {
  return movements.reduce((total, movement) => total + movement.amountMinor, 0n);
}

function inWindow(account: AccountLedger, window: { fromOn: string; untilOn: string }): MovementDraft[] {
  return account.movements.filter((m) => m.effectiveOn >= window.fromOn && m.effectiveOn < window.untilOn);
}

function cellsOf(accounts: readonly AccountLedger[]): Cells {
  const moved = accounts.flatMap((account) => inWindow(account, q4));
  const expanded = moved.filter((movement) => movement.type === "EXPANSION");
  const byDriver = drivers
    .map((driver) => [driver, dollars(sum(expanded.filter((movement) => movement.driver === driver)))] as const)
    .filter(([, amount]) => amount !== 0);
  return {
    opening: dollars(accounts.reduce((total, account) => total + arrBefore(account, q4.fromOn), 0n)),
    expansion: Object.fromEntries(byDriver),
    contraction: dollars(sum(moved.filter((movement) => movement.type === "CONTRACTION"))),
    closing: dollars(accounts.reduce((total, account) => total + arrBefore(account, q4.untilOn), 0n)),
  };
}

function accountsOfBand(band: string): AccountLedger[] {
  return [...ledger.values()].filter((account) => {
    const opening = arrBefore(account, q4.fromOn);
    return opening > 0n && segmentOf(opening, bands) === band;
  });
}

describe("Q4 2025 of the demo, derived from its contract lines", () => {
  it("opens the Enterprise band with 2,100,000 and moves it by 320,000 and -25,000", () => {
    expect(cellsOf(accountsOfBand("Enterprise"))).toEqual({
      opening: 2_100_000,
      expansion: { SEAT: 220_000, TIER: 70_000, ADD_ON: 30_000 },
      contraction: -25_000,
      closing: 2_395_000,
    });
  });

  it("opens the Mid-Market band with 1,400,000 and moves it by 185,000 and -38,000", () => {
    expect(cellsOf(accountsOfBand("Mid-Market"))).toEqual({
      opening: 1_400_000,
      expansion: { SEAT: 45_000, TIER: 110_000, ADD_ON: 30_000 },
      contraction: -38_000,
      closing: 1_547_000,
    });
  });

  it("opens the SMB band with 700,000 and moves it by 95,000 and -21,000", () => {
    expect(cellsOf(accountsOfBand("SMB"))).toEqual({
      opening: 700_000,
      expansion: { SEAT: 15_000, TIER: 15_000, ADD_ON: 65_000 },
      contraction: -21_000,
      closing: 774_000,
    });
  });

  it("comes to 4,200,000 + 600,000 - 84,000 = 4,716,000 over all accounts", () => {
    expect(cellsOf([...ledger.values()])).toEqual({
      opening: 4_200_000,
      expansion: { SEAT: 280_000, TIER: 195_000, ADD_ON: 125_000 },
      contraction: -84_000,
      closing: 4_716_000,
    });
  });

  it("holds nothing but seats, plans and add-ons: no new logo, return, churn, price, discount, usage or cross-sell", () => {
    const kinds = new Set(
      [...ledger.values()].flatMap((account) => inWindow(account, q4)).map((m) => `${m.type} ${m.driver}`),
    );
    expect([...kinds].sort()).toEqual([
      "CONTRACTION ADD_ON",
      "CONTRACTION SEAT",
      "CONTRACTION TIER",
      "EXPANSION ADD_ON",
      "EXPANSION SEAT",
      "EXPANSION TIER",
    ]);
  });

  it("moves something in every month, December too", () => {
    const months = [...ledger.values()]
      .flatMap((account) => inWindow(account, q4))
      .map((m) => m.effectiveOn.slice(0, 7));
    expect([...new Set(months)].sort()).toEqual(["2025-10", "2025-11", "2025-12"]);
  });
});

describe("acme", () => {
  it("lives through nearly everything that can happen to a customer", () => {
    const story = (ledger.get("acme")?.movements ?? []).map(
      (m) => `${m.effectiveOn} ${m.type} ${m.driver ?? "-"} ${dollarText(m.amountMinor)}`,
    );
    expect(story).toEqual([
      // 42 × 26.00 × 12 × 0.85
      "2023-02-01 NEW - 11138.40",
      // 13 × 26.00 × 12 × 0.85
      "2023-08-15 EXPANSION SEAT 3447.60",
      // 55 × 1.00 × 12 × 0.85, then 15 % of 55 × 27.00 × 12
      "2024-02-01 EXPANSION PRICE 561.00",
      "2024-02-01 EXPANSION DISCOUNT 2673.00",
      // 55 × 20.00 × 12
      "2024-06-01 EXPANSION TIER 13200.00",
      // 30 × 9.00 × 12
      "2024-09-10 EXPANSION ADD_ON 3240.00",
      // 5 × 47.00 × 12
      "2025-01-15 CONTRACTION SEAT -2820.00",
      // 50 × 2.00 × 12
      "2025-02-01 EXPANSION PRICE 1200.00",
      // 400 × 1.80 × 12
      "2025-03-01 EXPANSION USAGE_COMMITMENT 8640.00",
      // 10 × 9.00 × 12
      "2025-04-01 EXPANSION SEAT 1080.00",
      // (399.00 - 50.00) × 12
      "2025-05-01 EXPANSION CROSS_SELL 4188.00",
      // 149.00 × 12
      "2025-06-01 EXPANSION ADD_ON 1788.00",
      // 50.00 × 12
      "2025-08-01 EXPANSION DISCOUNT 600.00",
      // 100 × 1.80 × 12
      "2025-09-01 EXPANSION USAGE_COMMITMENT 2160.00",
      // 11 × 49.00 × 12
      "2025-10-14 EXPANSION SEAT 6468.00",
      "2025-11-20 CONTRACTION ADD_ON -1788.00",
      // 4 × 49.00 × 12
      "2025-12-03 EXPANSION ADD_ON 2352.00",
    ]);
  });
});

function dollarText(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, "0");
  return `${minor < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
