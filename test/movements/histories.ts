// Random histories of lines, and of ready-made movements that fit their account's days.

import type { LineVersion } from "@accrete/db/contracts/version.ts";
import type { ReadyMade } from "@accrete/db/movements/ready-made.ts";
import type { MovementType } from "@accrete/db/movements/types.ts";
import fc from "fast-check";
import { stated } from "./group-story.ts";
import { line, type PlanName } from "./story.ts";

/** The days on which anything changes: the first of each month of a year. */
export const days = Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, "0")}-01`);
const planNames = [
  "starter",
  "pro",
  "business",
  "enterprise",
  "unranked",
  "quotes",
  "desk",
] as const satisfies PlanName[];

const discount = fc.oneof(
  fc.constant({}),
  fc.constantFrom({ percentOff: "100" }, { percentOff: "33.3" }, { amountOff: "7.77" }, { amountOff: "1000" }),
);

const terms = fc
  .record({
    plan: fc.constantFrom(...planNames),
    quantity: fc.constantFrom("1", "2", "3", "0.7"),
    price: fc.constantFrom("0", "10", "33.335", "0.005", "99.99"),
    every: fc.constantFrom("MONTH", "YEAR", "THREE_YEARS"),
    kind: fc.constantFrom("RECURRING", "RECURRING", "RECURRING", "COMMITMENT", "METERED"),
    isAddOn: fc.constantFrom(false, false, true),
    currency: fc.constantFrom("USD", "USD", "JPY"),
  })
  .chain((record) => discount.map((off) => ({ ...record, ...off })));

/** A line's life: at each of some days it takes other terms, or pauses. */
export const versionsOfLine = (lineId: string) =>
  fc
    .tuple(fc.uniqueArray(fc.nat({ max: days.length - 1 }), { minLength: 1, maxLength: 5 }), fc.array(fc.option(terms)))
    .map(([indexes, steps]): LineVersion[] => {
      const starts = indexes.sort((a, b) => a - b).map((index) => days[index] ?? "");
      return starts.flatMap((from, step) => {
        const stepTerms = steps[step];
        const until = starts[step + 1];
        return stepTerms ? [line(lineId, { from, ...(until ? { until } : {}), ...stepTerms } as never)] : [];
      });
    });

/** An account of five lines. */
export const histories = fc
  .tuple(...["a", "b", "c", "d", "e"].map(versionsOfLine))
  .map((lines) => lines.flat())
  .filter((versions) => versions.length > 0);

const values = [
  { plan: "pro" },
  { plan: "desk" },
  { plan: "quotes", isAddOn: true },
  { plan: "pro", kind: "COMMITMENT" },
  { kind: "METERED" },
] as const;

/** On some days some values of the account take other balances, none below 0; the types follow from the account's ARR. */
export const statementsOf = (accountId: string) =>
  fc
    .uniqueArray(fc.nat({ max: days.length - 1 }), { maxLength: 5 })
    .chain((indexes) =>
      fc.tuple(
        fc.constant(indexes.sort((a, b) => a - b)),
        fc.array(fc.array(fc.option(fc.constantFrom(0, 0, 1_00, 33, 250_00)), { minLength: 5, maxLength: 5 }), {
          minLength: indexes.length,
          maxLength: indexes.length,
        }),
      ),
    )
    .map(([indexes, targets]): ReadyMade[] => {
      const balances = values.map(() => 0);
      let hadArr = false;
      return indexes.flatMap((dayIndex, step) => {
        const on = days[dayIndex] ?? "";
        const before = balances.reduce((sum, balance) => sum + balance, 0);
        const changes = values.map((_, index) => {
          const change = (targets[step]?.[index] ?? balances[index] ?? 0) - (balances[index] ?? 0);
          balances[index] = (balances[index] ?? 0) + change;
          return change;
        });
        const after = balances.reduce((sum, balance) => sum + balance, 0);
        const typeOf = (change: number): MovementType => {
          if (before === 0) return hadArr ? "REACTIVATION" : "NEW";
          if (after === 0) return "CHURN";
          return change > 0 ? "EXPANSION" : "CONTRACTION";
        };
        const movements = values.flatMap((value, index) => {
          const change = changes[index] ?? 0;
          if (change === 0) return [];
          const type = typeOf(change);
          const driver = type === "EXPANSION" || type === "CONTRACTION" ? ({ driver: "PRICE" } as const) : {};
          return [stated(`${accountId} ${on} ${index}`, on, type, change, { ...value, ...driver, accountId })];
        });
        hadArr ||= after > 0;
        return movements;
      });
    });
