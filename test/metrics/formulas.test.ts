// Every ratio and derived sum, worked by hand: published facts, roundings, zero divisions and annual rates.

import type { MetricsRow, RowCounts, RowMoney } from "@accrete/db/metrics/answer.ts";
import { emptyRow } from "@accrete/db/metrics/empty.ts";
import * as formulas from "@accrete/db/metrics/formulas.ts";
import { wholePeriod } from "@accrete/db/metrics/periods.ts";
import type { Driver } from "@accrete/db/movements/types.ts";
import { expect, test } from "vitest";

const empty = emptyRow(wholePeriod({ fromOn: "2025-10-01", untilOn: "2026-01-01" }));

type Facts = {
  readonly window?: readonly [string, string];
  readonly expansion?: Partial<Record<Driver, bigint>>;
  readonly contraction?: Partial<Record<Driver, bigint>>;
  readonly money?: Partial<RowMoney>;
  readonly counts?: Partial<RowCounts>;
};

function row({ window = ["2025-10-01", "2026-01-01"], expansion, contraction, money, counts }: Facts): MetricsRow {
  return {
    ...empty,
    period: wholePeriod({ fromOn: window[0], untilOn: window[1] }),
    money: {
      ...empty.money,
      baseMinor: money?.openingMinor ?? 0n,
      ...money,
      expansionMinor: { ...empty.money.expansionMinor, ...expansion },
      contractionMinor: { ...empty.money.contractionMinor, ...contraction },
    },
    counts: { ...empty.counts, ...counts },
  };
}

test("opening 100, churn 10, contraction 10, expansion 10: NRR 90 %, GRR 80 %", () => {
  const year = row({
    expansion: { SEAT: 10n },
    contraction: { SEAT: 10n },
    money: {
      openingMinor: 100n,
      closingMinor: 90n,
      churnedMinor: 10n,
      cohortClosingMinor: 90n,
      cohortRetainedMinor: 80n,
    },
  });
  expect(formulas.nrr(year, "NONE")).toBe("0.900000");
  expect(formulas.grr(year, "NONE")).toBe("0.800000");
  expect(formulas.netExistingChangeMinor(year)).toBe(-10n);
  expect(formulas.netNewMinor(year)).toBe(-10n);
});

test("1,000,000 + 150,000 − 50,000 gives gross 15 % and net 10 %", () => {
  const year = row({
    expansion: { TIER: 150_000_00n },
    contraction: { SEAT: 50_000_00n },
    money: { openingMinor: 1_000_000_00n },
  });
  expect(formulas.grossExpansionRate(year, "NONE")).toBe("0.150000");
  expect(formulas.netExpansionRate(year, "NONE")).toBe("0.100000");
  expect(formulas.netExpansionMinor(year)).toBe(100_000_00n);
});

test("20 % growth is 5 % new beside 15 % expansion", () => {
  const year = row({ expansion: { SEAT: 15n }, money: { openingMinor: 100n, newMinor: 5n } });
  expect(formulas.newLogoGrowthRate(year, "NONE")).toBe("0.050000");
  expect(formulas.grossExpansionRate(year, "NONE")).toBe("0.150000");
});

test("three readings of expansion's share: of gross new, of net new, and to new", () => {
  const year = row({
    expansion: { SEAT: 30n },
    contraction: { PRICE: 10n },
    money: { openingMinor: 100n, closingMinor: 180n, newMinor: 70n, churnedMinor: 10n },
  });
  expect(formulas.expansionShareOfGrossNew(year)).toBe("0.300000");
  expect(formulas.expansionShareOfNetNew(year)).toBe("0.375000");
  expect(formulas.expansionToNewRatio(year)).toBe("0.428571");
});

test("the quick ratio sets new, reactivation and expansion against contraction and churn", () => {
  const year = row({
    expansion: { SEAT: 30n, OTHER: 10n },
    contraction: { PRICE: 10n },
    money: { newMinor: 50n, reactivationMinor: 10n, churnedMinor: 15n },
  });
  expect(formulas.quickRatio(year)).toBe("4.000000");
});

test("every ratio over zero is null, never 0, 1 or infinity", () => {
  const nothing = row({});
  for (const annualize of ["NONE", "SIMPLE", "COMPOUND"] as const) {
    expect(formulas.grossExpansionRate(nothing, annualize)).toBeNull();
    expect(formulas.netExpansionRate(nothing, annualize)).toBeNull();
    expect(formulas.newLogoGrowthRate(nothing, annualize)).toBeNull();
    expect(formulas.nrr(nothing, annualize)).toBeNull();
    expect(formulas.grr(nothing, annualize)).toBeNull();
    expect(formulas.logoChurnRate(nothing, annualize)).toBeNull();
  }
  expect(formulas.quickRatio(nothing)).toBeNull();
  expect(formulas.expansionShareOfGrossNew(nothing)).toBeNull();
  expect(formulas.expansionShareOfNetNew(nothing)).toBeNull();
  expect(formulas.expansionToNewRatio(nothing)).toBeNull();
});

test("six decimals, half-even, once: 0.0000005 is 0.000000 and 0.0000015 is 0.000002", () => {
  const rate = (above: bigint, below: bigint) =>
    formulas.grossExpansionRate(row({ expansion: { SEAT: above }, money: { openingMinor: below } }), "NONE");
  expect(rate(1n, 2_000_000n)).toBe("0.000000");
  expect(rate(3n, 2_000_000n)).toBe("0.000002");
  expect(rate(5n, 2_000_000n)).toBe("0.000002");
  expect(rate(1n, 7n)).toBe("0.142857");
});

test("15 % a quarter is 60 % a year simple and 74.90 % compound", () => {
  const quarter = row({ expansion: { SEAT: 15n }, money: { openingMinor: 100n } });
  expect(formulas.grossExpansionRate(quarter, "SIMPLE")).toBe("0.600000");
  expect(formulas.grossExpansionRate(quarter, "COMPOUND")).toBe("0.749006");
});

test("nrr and grr over a year: 1 + n(x − 1) simple, x^n compound", () => {
  const quarter = row({ money: { openingMinor: 100n, cohortClosingMinor: 110n, cohortRetainedMinor: 90n } });
  expect(formulas.nrr(quarter, "SIMPLE")).toBe("1.400000");
  expect(formulas.nrr(quarter, "COMPOUND")).toBe("1.464100");
  expect(formulas.grr(quarter, "SIMPLE")).toBe("0.600000");
  expect(formulas.grr(quarter, "COMPOUND")).toBe("0.656100");
});

test("logo churn over a year is 1 − (1 − r)^n compound", () => {
  const quarter = row({ counts: { openingAccounts: 10, lostAccounts: 1 } });
  expect(formulas.logoChurnRate(quarter, "NONE")).toBe("0.100000");
  expect(formulas.logoChurnRate(quarter, "SIMPLE")).toBe("0.400000");
  expect(formulas.logoChurnRate(quarter, "COMPOUND")).toBe("0.343900");
  const all = row({ counts: { openingAccounts: 3, lostAccounts: 3 } });
  expect(formulas.logoChurnRate(all, "COMPOUND")).toBe("1.000000");
});

test("a year's rate is itself, and three years are taken to their third root", () => {
  const facts = { money: { openingMinor: 1_000n, cohortClosingMinor: 1_331n } };
  expect(formulas.nrr(row({ ...facts, window: ["2025-01-01", "2026-01-01"] }), "COMPOUND")).toBe("1.331000");
  // 1.331^(1/3) = 1.1, of which a double says 1.0999999999999999.
  expect(formulas.nrr(row({ ...facts, window: ["2023-01-01", "2026-01-01"] }), "COMPOUND")).toBe("1.100000");
  expect(formulas.nrr(row({ ...facts, window: ["2023-01-01", "2026-01-01"] }), "SIMPLE")).toBe("1.110333");
});

test("windows off the month grid are taken to 365 ÷ days", () => {
  // (1.1)^(365/92) − 1, and 0.1 × 365 ÷ 92.
  const days = row({
    window: ["2025-10-02", "2026-01-02"],
    expansion: { SEAT: 10n },
    money: { openingMinor: 100n },
  });
  expect(formulas.grossExpansionRate(days, "COMPOUND")).toBe("0.459557");
  expect(formulas.grossExpansionRate(days, "SIMPLE")).toBe("0.396739");
});

test("compounding is not clamped, and keeps six exact decimals however large it grows", () => {
  const day = row({
    window: ["2025-10-02", "2025-10-03"],
    expansion: { SEAT: 1n },
    money: { openingMinor: 1n },
  });
  expect(formulas.grossExpansionRate(day, "COMPOUND")).toBe(`${2n ** 365n - 1n}.000000`);
  // 4^(365/2) is 2^365: a power that is not whole, with a whole result of 110 digits.
  const twoDays = row({
    window: ["2025-10-02", "2025-10-04"],
    money: { openingMinor: 1n, cohortClosingMinor: 4n },
  });
  expect(formulas.nrr(twoDays, "COMPOUND")).toBe(`${2n ** 365n}.000000`);
});

test("1 + r below 0 has no compound rate; exactly 0 has", () => {
  const worse = row({ contraction: { SEAT: 150n }, money: { openingMinor: 100n } });
  expect(formulas.netExpansionRate(worse, "NONE")).toBe("-1.500000");
  expect(formulas.netExpansionRate(worse, "SIMPLE")).toBe("-6.000000");
  expect(formulas.netExpansionRate(worse, "COMPOUND")).toBeNull();
  const allOfIt = row({ contraction: { SEAT: 100n }, money: { openingMinor: 100n } });
  expect(formulas.netExpansionRate(allOfIt, "COMPOUND")).toBe("-1.000000");
  const odd = row({ window: ["2025-10-02", "2026-01-02"], contraction: { SEAT: 100n }, money: { openingMinor: 100n } });
  expect(formulas.netExpansionRate(odd, "COMPOUND")).toBe("-1.000000");
});

test("MRR is the summed ARR ÷ 12, half-even: 250 a month is 3,000 a year", () => {
  expect(formulas.mrrMinor(3_000_00n)).toBe(250_00n);
  // 4 × 500 a year is 166.67 a month; a half cent goes to the even one.
  expect(formulas.mrrMinor(2_000_00n)).toBe(166_67n);
  expect(formulas.mrrMinor(6n)).toBe(0n);
  expect(formulas.mrrMinor(18n)).toBe(2n);
  expect(formulas.mrrMinor(-18n)).toBe(-2n);
});

test("the top driver is the one with the largest expansion, the first in their order where equal", () => {
  expect(formulas.topDriver(row({ expansion: { PRICE: 5n, USAGE: 7n, OTHER: 7n } }))).toBe("USAGE");
  expect(formulas.topDriver(row({ expansion: { OTHER: 1n } }))).toBe("OTHER");
  expect(formulas.topDriver(row({ contraction: { SEAT: 9n } }))).toBeNull();
});

test("rows of flow dimensions have rates over their base, and neither nrr, grr, net new nor logo churn", () => {
  const flows = row({
    expansion: { SEAT: 15n },
    money: {
      openingMinor: null,
      closingMinor: null,
      cohortClosingMinor: null,
      cohortRetainedMinor: null,
      baseMinor: 100n,
    },
    counts: { openingAccounts: null, lostAccounts: null, closingAccounts: null },
  });
  expect(formulas.grossExpansionRate(flows, "NONE")).toBe("0.150000");
  expect(formulas.nrr(flows, "NONE")).toBeNull();
  expect(formulas.grr(flows, "NONE")).toBeNull();
  expect(formulas.netNewMinor(flows)).toBeNull();
  expect(formulas.expansionShareOfNetNew(flows)).toBeNull();
  expect(formulas.logoChurnRate(flows, "NONE")).toBeNull();
});

test("separate price and discount lines enter net existing change, and no expansion rate", () => {
  const year = row({
    expansion: { SEAT: 10n },
    money: { openingMinor: 100n, priceUpliftMinor: 7n, discountChangeMinor: -2n, churnedMinor: 4n },
  });
  expect(formulas.netExistingChangeMinor(year)).toBe(11n);
  expect(formulas.netExpansionMinor(year)).toBe(10n);
  expect(formulas.grossExpansionRate(year, "NONE")).toBe("0.100000");
});
