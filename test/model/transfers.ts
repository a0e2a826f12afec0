// Where a changed line's id or plan is another one than before: the ARR that it had goes along, from the old one to the new one.

import type { Day } from "./calendar.ts";
import { byText, type LineFact, type ModelTransfer, type Part } from "./facts.ts";
import { sumOf } from "./fraction.ts";
import type { Changed } from "./pairs.ts";
import { arrOfLine } from "./value.ts";

type Pot = { readonly line: LineFact; left: bigint };

const lesser = (a: bigint, b: bigint) => (a < b ? a : b);
const byLine = (a: LineFact, b: LineFact) => byText(a.lineId, b.lineId);

/**
 * What each old line was worth has to end up as what each new line brings along (its ARR without its part of the change), poured over in
 * the order of the lines. A new line whose parts are more than all it is worth has something to give, too.
 */
export function carry(change: Changed, parts: readonly Part[], unitId: string, day: Day): ModelTransfer[] {
  const old = [...change.before].sort(byLine);
  const now = [...change.after].sort(byLine);
  const [first] = old;
  const [last] = now;
  if (!first || !last) return [];
  const isSame = first.plan.planId === last.plan.planId && first.accountId === last.accountId;
  if (change.how === "ITSELF" && isSame) return [];
  const brought = now.map((line) => ({
    line,
    left: arrOfLine(line) - sumOf(parts.filter((part) => part.line === line).map((part) => part.amount)),
  }));
  const sources: Pot[] = [
    ...old.map((line) => ({ line, left: arrOfLine(line) })),
    ...brought.filter(({ left }) => left < 0n).map(({ line, left }) => ({ line, left: -left })),
  ];
  const targets: Pot[] = brought.filter(({ left }) => left > 0n);
  const poured: ModelTransfer[] = [];
  for (const source of sources) {
    for (const target of targets) {
      const amount = lesser(source.left, target.left);
      if (amount === 0n) continue;
      source.left -= amount;
      target.left -= amount;
      poured.push({
        unitId,
        on: day,
        amount,
        currency: last.currency,
        fromLineId: source.line.lineId,
        toLineId: target.line.lineId,
        fromProductId: source.line.plan.productId,
        fromPlanId: source.line.plan.planId,
        toProductId: target.line.plan.productId,
        toPlanId: target.line.plan.planId,
      });
    }
  }
  return poured;
}
