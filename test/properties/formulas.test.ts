// The product's periods and ratios against the model's: windows cut day by day, powers found by halving an interval.

import type { Annualization } from "@accrete/db/metrics/annualize.ts";
import type { MetricsRow } from "@accrete/db/metrics/answer.ts";
import {
  contractionMinor,
  expansionMinor,
  expansionShareOfGrossNew,
  expansionShareOfNetNew,
  expansionToNewRatio,
  grossExpansionRate,
  grr,
  logoChurnRate,
  mrrMinor,
  netExistingChangeMinor,
  netExpansionMinor,
  netExpansionRate,
  netNewMinor,
  newLogoGrowthRate,
  nrr,
  quickRatio,
  topDriver,
} from "@accrete/db/metrics/formulas.ts";
import { emptyGroup } from "@accrete/db/metrics/groups.ts";
import { periodsOf } from "@accrete/db/metrics/periods.ts";
import { grains } from "@accrete/db/metrics/question.ts";
import { drivers } from "@accrete/db/movements/types.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf, textOf } from "../model/calendar.ts";
import { Fraction, sumOf } from "../model/fraction.ts";
import { periodsOfWindow } from "../model/periods.ts";
import type { ModelPeriod } from "../model/question.ts";
import { ratiosOf, topDriverOf } from "../model/ratios.ts";
import type { ModelRow } from "../model/rows.ts";
import { moneyOf, periodOf } from "./answers.ts";
import { runs, timeoutMs } from "./runs.ts";

const someDay = fc.oneof(
  fc.constantFrom("2024-01-01", "2024-02-01", "2024-02-29", "2024-12-30", "2025-01-01", "2025-10-01").map(dayOf),
  fc.integer({ min: dayOf("2019-12-25"), max: dayOf("2028-01-10") }),
);

const someWindow = fc
  .uniqueArray(someDay, { minLength: 2, maxLength: 2 })
  .map((days) => days.sort((a, b) => a - b))
  .map(([from = 0, until = 0]) => ({ from, until }));

/** At most three years long: the powers of a year's worth of single days are large enough. */
const somePeriod: fc.Arbitrary<ModelPeriod> = someWindow.map(({ from, until }) => ({
  from,
  until: Math.min(until, from + 1100),
  label: "",
  partial: false,
}));

const someBase = fc.oneof(fc.constantFrom(0n, 1n, 100n, 300n), fc.bigInt({ min: 0n, max: 10n ** 13n }));
const someCount = fc.integer({ min: 0, max: 20 });
/** Thousandths of the base: growth of more than a few times itself says nothing, and takes a thousand digits over a year of days. */
const someShare = fc.oneof(fc.constantFrom(0n, 0n, 150n, 1000n), fc.bigInt({ min: 0n, max: 1500n }));

const none = {
  SEAT: 0n,
  TIER: 0n,
  ADD_ON: 0n,
  CROSS_SELL: 0n,
  USAGE_COMMITMENT: 0n,
  USAGE: 0n,
  PRICE: 0n,
  DISCOUNT: 0n,
  OTHER: 0n,
};
const someByDriver = fc
  .record({
    one: fc.constantFrom(...drivers),
    share: someShare,
    other: fc.constantFrom(...drivers),
    otherShare: someShare,
  })
  .map(({ one, share, other, otherShare }) => ({ ...none, [one]: share, [other]: otherShare }));

const someRow: fc.Arbitrary<ModelRow> = fc
  .record({
    period: somePeriod,
    base: someBase,
    // Where the base is 0, the flows are not.
    shares: fc.record({
      new: someShare,
      reactivation: someShare,
      churned: someShare,
      cohortClosing: someShare,
      cohortRetained: someShare,
    }),
    expansionShares: someByDriver,
    contractionShares: someByDriver,
    openingAccounts: someCount,
    lostAccounts: someCount,
    isFlowRow: fc.constantFrom(false, false, true),
  })
  .map(({ isFlowRow, base, shares, expansionShares, contractionShares, ...row }) => {
    const onBalance = <T>(value: T) => (isFlowRow ? null : value);
    const part = (share: bigint) => (share * (base === 0n ? 1000n : base)) / 1000n;
    const parts = (all: typeof none) => ({
      SEAT: part(all.SEAT),
      TIER: part(all.TIER),
      ADD_ON: part(all.ADD_ON),
      CROSS_SELL: part(all.CROSS_SELL),
      USAGE_COMMITMENT: part(all.USAGE_COMMITMENT),
      USAGE: part(all.USAGE),
      PRICE: part(all.PRICE),
      DISCOUNT: part(all.DISCOUNT),
      OTHER: part(all.OTHER),
    });
    const expansion = parts(expansionShares);
    const contraction = parts(contractionShares);
    const gained = part(shares.new) + part(shares.reactivation) + sumOf(Object.values(expansion));
    const lost = sumOf(Object.values(contraction)) + part(shares.churned);
    return {
      ...row,
      group: [],
      base,
      opening: onBalance(base),
      closing: onBalance(base + gained - lost),
      new: part(shares.new),
      reactivation: part(shares.reactivation),
      expansion,
      contraction,
      returned: 0n,
      churned: part(shares.churned),
      priceUplift: 0n,
      discountChange: 0n,
      fx: onBalance(0n),
      cohortClosing: onBalance(part(shares.cohortClosing)),
      cohortRetained: onBalance(part(shares.cohortRetained)),
      // No more accounts are lost than there were.
      lostAccounts: onBalance(Math.min(row.lostAccounts, row.openingAccounts)),
      openingAccounts: onBalance(row.openingAccounts),
      transferIn: onBalance(0n),
      transferOut: onBalance(0n),
      cumulativeExpansion: null,
      newAccounts: 0,
      reactivatedAccounts: 0,
      expandingAccounts: 0,
      contractingAccounts: 0,
      churnedAccounts: 0,
      closingAccounts: onBalance(0),
      movementCount: 0,
    };
  });

function rowOfProduct(row: ModelRow): MetricsRow {
  return {
    period: periodOf(row.period),
    group: emptyGroup,
    residualMinor: row.opening === null ? null : 0n,
    ...moneyOf(row),
  };
}

/** What 30 digits promise: of a longer number the first 29, and how long it is. */
function inDigits(ratios: Record<string, string | null>): Record<string, string | null> {
  const shown = (text: string | null) => (text && text.length > 31 ? `${text.slice(0, 29)}… of ${text.length}` : text);
  return Object.fromEntries(Object.entries(ratios).map(([name, text]) => [name, shown(text)]));
}

describe("the periods of a window", () => {
  it(
    "are those that the model cuts day by day, in every grain and fiscal year",
    () => {
      fc.assert(
        fc.property(
          someWindow,
          fc.constantFrom(...grains),
          fc.integer({ min: 1, max: 12 }),
          (window, grain, fiscalYearStartMonth) => {
            const short =
              grain === "DAY" || grain === "WEEK" ? Math.min(window.until, window.from + 390) : window.until;
            const cut = { from: window.from, until: short };
            const asked = { fromOn: textOf(cut.from), untilOn: textOf(cut.until) };
            expect(periodsOf(asked, grain, fiscalYearStartMonth)).toEqual(
              periodsOfWindow(cut, grain, fiscalYearStartMonth).map(periodOf),
            );
          },
        ),
        runs(500),
      );
    },
    timeoutMs,
  );
});

describe("the ratios of a row", () => {
  it(
    "equal the model's fractions to six decimals, null where they divide by 0",
    () => {
      fc.assert(
        fc.property(someRow, fc.constantFrom<Annualization[]>("NONE", "SIMPLE", "COMPOUND"), (row, annualize) => {
          const asked = rowOfProduct(row);
          const ratios = {
            grossExpansionRate: grossExpansionRate(asked, annualize),
            netExpansionRate: netExpansionRate(asked, annualize),
            newLogoGrowthRate: newLogoGrowthRate(asked, annualize),
            nrr: nrr(asked, annualize),
            grr: grr(asked, annualize),
            logoChurnRate: logoChurnRate(asked, annualize),
            quickRatio: quickRatio(asked),
            expansionShareOfGrossNew: expansionShareOfGrossNew(asked),
            expansionShareOfNetNew: expansionShareOfNetNew(asked),
            expansionToNewRatio: expansionToNewRatio(asked),
          };
          expect(inDigits(ratios)).toEqual(inDigits(ratiosOf(row, annualize)));
        }),
        runs(500),
      );
    },
    timeoutMs,
  );

  it(
    "and its sums equal the model's",
    () => {
      fc.assert(
        fc.property(someRow, (row) => {
          const asked = rowOfProduct(row);
          const expansion = sumOf(Object.values(row.expansion));
          const contraction = sumOf(Object.values(row.contraction));
          expect(expansionMinor(asked)).toBe(expansion);
          expect(contractionMinor(asked)).toBe(contraction);
          expect(netExpansionMinor(asked)).toBe(expansion - contraction);
          expect(netExistingChangeMinor(asked)).toBe(expansion - contraction - row.churned);
          expect(netNewMinor(asked)).toBe(
            row.closing === null || row.opening === null ? null : row.closing - row.opening,
          );
          expect(mrrMinor(row.base)).toBe(Fraction.of(row.base).over(Fraction.of(12)).roundHalfEven());
          expect(topDriver(asked)).toBe(topDriverOf(row));
        }),
        runs(500),
      );
    },
    timeoutMs,
  );
});
