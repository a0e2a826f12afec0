// What changed in changed lines: the steps from the old terms to the new ones, each named, and divided over the lines after.

import type { Driver } from "@accrete/db/movements/types.ts";
import { byText, type LineFact, type Part } from "./facts.ts";
import { shareOut, sumOf } from "./fraction.ts";
import type { Changed } from "./pairs.ts";
import { arrOfLine, arrOfLines, termsOfSide, worth } from "./value.ts";

/** The change of a changed line, named but not yet divided over its lines. */
function stepsOf(change: Changed): { driver: Driver; amount: bigint }[] {
  const [first] = change.before;
  if (!first) return [];
  const whole = arrOfLines(change.after) - arrOfLines(change.before);
  if (first.kind === "COMMITMENT") return [{ driver: "USAGE_COMMITMENT", amount: whole }];
  if (first.kind === "METERED") return [{ driver: "USAGE", amount: whole }];

  const ranks = (lines: readonly LineFact[]) => [...new Set(lines.map((line) => String(line.plan.rank)))].sort().join();
  const count = (values: readonly string[]) => new Set(values).size;
  const oneProduct = count([...change.before, ...change.after].map((line) => line.plan.productId)) === 1;
  const rankChanged = oneProduct && ranks(change.before) !== ranks(change.after);
  const manyPlans =
    count(change.before.map((line) => line.plan.planId)) > 1 || count(change.after.map((line) => line.plan.planId)) > 1;
  if (change.how === "PAIRED" && (manyPlans || !oneProduct)) {
    return [{ driver: rankChanged ? "TIER" : "PRICE", amount: whole }];
  }

  const old = termsOfSide(change.before);
  const now = termsOfSide(change.after);
  const start = arrOfLines(change.before);
  const end = arrOfLines(change.after);
  // The values at both ends are given, sums of rounded lines: equal arguments have to have the value that is given for them.
  const sameQuantity = old.quantity.equals(now.quantity);
  const samePrice = old.price.equals(now.price);
  const sameDiscount = old.rate.equals(now.rate) && old.amountOff.equals(now.amountOff);
  let moreUnits = worth({ ...old, quantity: now.quantity }, first.currency);
  if (samePrice && sameDiscount) moreUnits = end;
  if (sameQuantity) moreUnits = start;
  let newPrice = worth({ ...old, quantity: now.quantity, price: now.price }, first.currency);
  if (samePrice) newPrice = moreUnits;
  if (sameDiscount) newPrice = end;

  const seat = { driver: "SEAT", amount: moreUnits - start } as const;
  if (rankChanged) return [seat, { driver: "TIER", amount: end - moreUnits }];
  return [seat, { driver: "PRICE", amount: newPrice - moreUnits }, { driver: "DISCOUNT", amount: end - newPrice }];
}

/** The steps of a change, each divided over the lines after in proportion to their ARR. */
export function divide(change: Changed): Part[] {
  const lines = [...change.after].sort((a, b) => byText(a.lineId, b.lineId));
  const arrs = lines.map(arrOfLine);
  // Nothing to be in proportion to: the first line takes it all.
  const weights = sumOf(arrs) === 0n ? lines.map((_, index) => (index === 0 ? 1n : 0n)) : arrs;
  return stepsOf(change).flatMap(({ driver, amount }) => {
    const shares = shareOut(amount, weights);
    return lines.map((line, index) => ({ line, driver, amount: shares[index] ?? 0n }));
  });
}
