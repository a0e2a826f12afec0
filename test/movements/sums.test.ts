// Over random histories: movements sum to ARR on every day, by account, currency and plan, and every sign and order rule holds.

import type { LineVersion } from "@accrete/db/contracts/version.ts";
import { type Derivation, deriveAccount } from "@accrete/db/movements/derive.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { days, histories } from "./histories.ts";
import { catalog } from "./story.ts";

const runs = { numRuns: 400 };

function forAllHistories(holds: (derivation: Derivation, versions: LineVersion[]) => void) {
  fc.assert(
    fc.property(histories, (versions) => holds(deriveAccount(versions, catalog), versions)),
    runs,
  );
}

/** ARR by currency, line and plan at the end of a day, straight from the lines. */
function arrOn(versions: readonly LineVersion[], day: string): Record<string, bigint> {
  const inForce = versions.filter(
    (version) => version.fromOn <= day && (version.untilOn === null || version.untilOn > day),
  );
  return summed(inForce.map(({ currency, lineId, planId, arrMinor }) => [`${currency} ${lineId} ${planId}`, arrMinor]));
}

function summed(entries: readonly (readonly [string, bigint])[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const [key, amount] of entries) sums[key] = (sums[key] ?? 0n) + amount;
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0n));
}

test("movements and transfers up to a day sum to the ARR on it: of every line, in every currency and on every plan", () => {
  forAllHistories(({ movements, transfers }, versions) => {
    for (const day of days) {
      const entries = [
        ...movements
          .filter((movement) => movement.effectiveOn <= day)
          .map(
            ({ currency, lineId, planId, amountMinor }) => [`${currency} ${lineId} ${planId}`, amountMinor] as const,
          ),
        ...transfers
          .filter((transfer) => transfer.effectiveOn <= day)
          .flatMap(({ currency, fromLineId, fromPlanId, toLineId, toPlanId, amountMinor }) => [
            [`${currency} ${fromLineId} ${fromPlanId}`, -amountMinor] as const,
            [`${currency} ${toLineId} ${toPlanId}`, amountMinor] as const,
          ]),
      ];
      expect(summed(entries)).toEqual(arrOn(versions, day));
    }
  });
});

test("no movement is 0, its sign fits its type, and it has a driver exactly when it expands or contracts", () => {
  forAllHistories(({ movements }) => {
    for (const { type, driver, amountMinor } of movements) {
      expect(amountMinor).not.toBe(0n);
      expect(amountMinor > 0n).toBe(type !== "CONTRACTION" && type !== "CHURN");
      expect(driver !== null).toBe(type === "EXPANSION" || type === "CONTRACTION");
    }
  });
});

test("ARR is never negative after any movement, NEW comes once and first, and CHURN ends at exactly 0", () => {
  forAllHistories(({ movements }) => {
    let arr = 0n;
    for (const [index, { type, amountMinor, effectiveOn }] of movements.entries()) {
      const isFirstOfDay = movements[index - 1]?.effectiveOn !== effectiveOn;
      if (isFirstOfDay) expect(type === "NEW" || type === "REACTIVATION").toBe(arr === 0n);
      if (isFirstOfDay) expect(type === "NEW").toBe(index === 0);
      arr += amountMinor;
      expect(arr >= 0n).toBe(true);
      const isLastOfDay = movements[index + 1]?.effectiveOn !== effectiveOn;
      if (isLastOfDay) expect(type === "CHURN").toBe(arr === 0n);
    }
  });
});

test("transfers are positive and go from one line or plan to another", () => {
  forAllHistories(({ transfers }) => {
    for (const { amountMinor, fromLineId, fromPlanId, toLineId, toPlanId } of transfers) {
      expect(amountMinor > 0n).toBe(true);
      expect([fromLineId, fromPlanId]).not.toEqual([toLineId, toPlanId]);
    }
  });
});

test("the order in which the versions are given changes nothing", () => {
  fc.assert(
    fc.property(
      histories.chain((versions) =>
        fc.tuple(fc.constant(versions), fc.shuffledSubarray(versions, { minLength: versions.length })),
      ),
      ([versions, shuffled]) => {
        expect(deriveAccount(shuffled, catalog)).toEqual(deriveAccount(versions, catalog));
      },
    ),
    runs,
  );
});
