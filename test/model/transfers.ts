// Where a changed line's plan is another one than before: the ARR that it had goes along, from the old plan to the new one.

import type { Day } from "./calendar.ts";
import { byText, type LineFact, type ModelTransfer, type Part, type PlanFact } from "./facts.ts";
import { sumOf } from "./fraction.ts";
import type { Changed } from "./pairs.ts";
import { arrOfLine } from "./value.ts";

type Pot = { readonly plan: PlanFact; left: bigint };

const byLine = (a: LineFact, b: LineFact) => byText(a.lineId, b.lineId);

/**
 * What each old line was worth has to end up as what each new line brings along (its ARR without its part of the change). Equal plans
 * are matched first; what remains is poured over in the order of the lines.
 */
export function carry(change: Changed, parts: readonly Part[], day: Day): ModelTransfer[] {
  const sources: Pot[] = [...change.before].sort(byLine).map((line) => ({ plan: line.plan, left: arrOfLine(line) }));
  const targets: Pot[] = [...change.after].sort(byLine).map((line) => ({
    plan: line.plan,
    left: arrOfLine(line) - sumOf(parts.filter((part) => part.line === line).map((part) => part.amount)),
  }));
  const poured: ModelTransfer[] = [];
  const [anyLine] = change.after;
  if (!anyLine) return poured;

  const pour = (source: Pot, target: Pot) => {
    let amount = source.left;
    if (target.left < amount) amount = target.left;
    if (amount <= 0n) return;
    source.left -= amount;
    target.left -= amount;
    if (source.plan.planId === target.plan.planId) return;
    poured.push({
      accountId: anyLine.accountId,
      on: day,
      amount,
      currency: anyLine.currency,
      fromProductId: source.plan.productId,
      fromPlanId: source.plan.planId,
      toProductId: target.plan.productId,
      toPlanId: target.plan.planId,
    });
  };
  for (const source of sources) {
    for (const target of targets) if (source.plan.planId === target.plan.planId) pour(source, target);
  }
  for (const source of sources) for (const target of targets) pour(source, target);
  return poured;
}
