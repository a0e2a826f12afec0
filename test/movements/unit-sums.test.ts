// Over random groups that change their members: every line and every ready-made value has its balance on every day, in the unit that its
// account belongs to, and each unit's types fit what it has.

import type { LineVersion } from "@accrete/db/contracts/version.ts";
import type { ReadyMade } from "@accrete/db/movements/ready-made.ts";
import type { UnitDerivation } from "@accrete/db/movements/units.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Belonging, deriveGroup } from "./group-story.ts";
import { days, statementsOf, versionsOfLine } from "./histories.ts";

type Group = {
  readonly belonging: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly lines: readonly LineVersion[];
  readonly readyMade: readonly ReadyMade[];
};

const lineAccounts = ["acme", "beta", "gamma"] as const;
const statedAccounts = ["delta", "epsilon"] as const;
const unitNames = ["acme", "beta", "delta", "omega"];

const belongingOf = fc
  .tuple(
    fc.constantFrom(...unitNames),
    fc.array(fc.tuple(fc.constantFrom(...days), fc.constantFrom(...unitNames)), { maxLength: 3 }),
  )
  .map(([first, later]) => {
    const inOrder = [...new Map(later)].sort(([a], [b]) => (a < b ? -1 : 1));
    return { "1990-01-01": first, ...Object.fromEntries(inOrder) };
  });

/** Six lines, each version at an account of its own choice: lines go from account to account. */
const linesOfAll = fc
  .tuple(
    ...["a", "b", "c", "d", "e", "f"].map((id) =>
      fc.tuple(versionsOfLine(id), fc.array(fc.constantFrom(...lineAccounts))),
    ),
  )
  .map((all) =>
    all.flatMap(([versions, accounts]) =>
      versions.map((version, index) => ({ ...version, accountId: accounts[index] ?? accounts[0] ?? "acme" })),
    ),
  );

const groups: fc.Arbitrary<Group> = fc
  .record({
    belongings: fc.tuple(...[...lineAccounts, ...statedAccounts].map(() => belongingOf)),
    lines: linesOfAll,
    statements: fc.tuple(...statedAccounts.map(statementsOf)),
  })
  .map(({ belongings, lines, statements }) => ({
    belonging: Object.fromEntries(
      [...lineAccounts, ...statedAccounts].map((account, index) => [account, belongings[index] ?? {}]),
    ),
    lines,
    readyMade: statements.flat(),
  }));

const runs = { numRuns: 150 };

function forAllGroups(holds: (derivation: UnitDerivation, group: Group) => void) {
  fc.assert(
    fc.property(groups, (group) => holds(deriveGroup(group), group)),
    runs,
  );
}

function unitOn(belonging: Belonging, account: string, day: string): string {
  const units = Object.entries(belonging[account] ?? {});
  return units.filter(([fromOn]) => fromOn <= day).at(-1)?.[1] ?? "";
}

function summed(entries: readonly (readonly [string, bigint])[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const [key, amount] of entries) sums[key] = (sums[key] ?? 0n) + amount;
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0n));
}

/** Balances at the end of a day, straight from the facts: by unit, account, line or ready-made value, and plan. */
function balancesOn({ belonging, lines, readyMade }: Group, day: string): Record<string, bigint> {
  const unitOf = (account: string) => unitOn(belonging, account, day);
  return summed([
    ...lines
      .filter(({ fromOn, untilOn }) => fromOn <= day && (untilOn === null || untilOn > day))
      .map(
        ({ accountId, lineId, planId, currency, arrMinor }) =>
          [`${unitOf(accountId)} ${accountId} ${lineId} ${planId} ${currency}`, arrMinor] as const,
      ),
    ...readyMade
      .filter(({ effectiveOn }) => effectiveOn <= day)
      .map(
        ({ accountId, planId, kind, isAddOn, currency, amountMinor }) =>
          [`${unitOf(accountId)} ${accountId} ${kind} ${isAddOn} ${planId} ${currency}`, amountMinor] as const,
      ),
  ]);
}

test("movements and transfers up to a day sum to every balance on it: of every line and ready-made value, in its account and unit", () => {
  forAllGroups(({ movements, transfers }, group) => {
    for (const day of days) {
      const entries = [
        ...movements
          .filter(({ effectiveOn }) => effectiveOn <= day)
          .map(
            ({ unitId, accountId, lineId, kind, isAddOn, planId, currency, amountMinor }) =>
              [`${unitId} ${accountId} ${lineId ?? `${kind} ${isAddOn}`} ${planId} ${currency}`, amountMinor] as const,
          ),
        ...transfers
          .filter(({ effectiveOn }) => effectiveOn <= day)
          .flatMap(({ amountMinor, currency, kind, isAddOn, ...ends }) => {
            const value = (lineId: string | null) => lineId ?? `${kind} ${isAddOn}`;
            const from = `${ends.fromUnitId} ${ends.fromAccountId} ${value(ends.fromLineId)} ${ends.fromPlanId} ${currency}`;
            const to = `${ends.toUnitId} ${ends.toAccountId} ${value(ends.toLineId)} ${ends.toPlanId} ${currency}`;
            return [[from, -amountMinor] as const, [to, amountMinor] as const];
          }),
      ];
      expect(summed(entries)).toEqual(balancesOn(group, day));
    }
  });
});

/** A unit's story by day: what came in and out before the day, its movements in order. */
function storyOf({ movements, transfers }: UnitDerivation, unit: string) {
  return days.map((day) => ({
    day,
    carried: transfers
      .filter(({ effectiveOn, fromUnitId, toUnitId }) => effectiveOn === day && fromUnitId !== toUnitId)
      .reduce((sum, { fromUnitId, toUnitId, amountMinor }) => {
        if (toUnitId === unit) return sum + amountMinor;
        return fromUnitId === unit ? sum - amountMinor : sum;
      }, 0n),
    moved: movements.filter(({ effectiveOn, unitId }) => effectiveOn === day && unitId === unit),
    starts: transfers.some(
      (transfer) => transfer.effectiveOn === day && transfer.toUnitId === unit && transfer.startsUnit,
    ),
  }));
}

test("each unit is new once and first, lost where it ends at exactly 0, back after a gap, and never below 0", () => {
  forAllGroups((derivation) => {
    for (const unit of unitNames) {
      let arr = 0n;
      let everHad = false;
      let fellOn: string | null = null;
      for (const { day, carried, moved, starts } of storyOf(derivation, unit)) {
        const hadBefore = arr > 0n;
        arr += carried;
        expect(starts).toBe(!everHad && arr > 0n && moved.every(({ type }) => type !== "NEW") && carried > 0n);
        if (hadBefore && arr === 0n) fellOn = day;
        everHad ||= arr > 0n;
        const before = arr;
        for (const { amountMinor } of moved) {
          arr += amountMinor;
          expect(arr >= 0n).toBe(true);
        }
        const types = new Set(moved.map(({ type }) => type));
        if (before === 0n && arr > 0n) expect([...types]).toEqual([everHad ? "REACTIVATION" : "NEW"]);
        else if (before > 0n && arr === 0n) expect([...types]).toEqual(["CHURN"]);
        else expect(["NEW", "REACTIVATION", "CHURN"].some((type) => types.has(type as "NEW"))).toBe(false);
        for (const { type, driver, amountMinor, gapDays } of moved) {
          expect(amountMinor > 0n).toBe(type !== "CONTRACTION" && type !== "CHURN");
          expect(driver !== null).toBe(type === "EXPANSION" || type === "CONTRACTION");
          if (type === "REACTIVATION") expect(gapDays).toBe((Date.parse(day) - Date.parse(fellOn ?? "")) / 86_400_000);
          else expect(gapDays).toBeNull();
        }
        if (before > 0n && arr === 0n) fellOn = day;
        everHad ||= arr > 0n;
      }
    }
  });
});

test("the order in which the facts are given changes nothing", () => {
  // Units of one day come in any order, and with them the ids of changes.
  const told = ({ movements, transfers }: UnitDerivation) => ({
    movements: movements
      .map(({ changeId, ...movement }) => movement)
      .sort((a, b) => (a.unitId === b.unitId ? 0 : a.unitId < b.unitId ? -1 : 1)),
    transfers: transfers
      .map((transfer) => JSON.stringify({ ...transfer, amountMinor: String(transfer.amountMinor) }))
      .sort(),
  });
  fc.assert(
    fc.property(groups, (group) => {
      const turned = { ...group, lines: [...group.lines].reverse(), readyMade: [...group.readyMade].reverse() };
      expect(told(deriveGroup(turned))).toEqual(told(deriveGroup(group)));
    }),
    runs,
  );
});
