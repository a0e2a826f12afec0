// When a source's own movements can be believed: every day of the account has to make sense, from its first to its last.

import { byText, type ReadyMovement } from "./facts.ts";
import { sumOf } from "./fraction.ts";

/** Whether these movements, all of one account, are a possible story. */
export function isPossible(movements: readonly ReadyMovement[]): boolean {
  const days = [...new Set(movements.map((movement) => movement.on))].sort((a, b) => a - b);
  const arrOn = (day: number) => sumOf(movements.filter(({ on }) => on <= day).map(({ amount }) => amount));
  return days.every((day) => {
    const ofDay = movements.filter(({ on }) => on === day);
    const before = arrOn(day - 1);
    const after = arrOn(day);
    const hadOnce = days.some((earlier) => earlier < day && arrOn(earlier) > 0n);
    const only = (...types: ReadyMovement["type"][]) => ofDay.every(({ type }) => types.includes(type));
    if (!ofDay.every(isPlausible) || after < 0n) return false;
    if (before === 0n) return after > 0n && only(hadOnce ? "REACTIVATION" : "NEW");
    return after === 0n ? only("CHURN") : only("EXPANSION", "CONTRACTION");
  });
}

/** The row by itself: the sign of its type, and a driver where there has to be one and nowhere else. */
function isPlausible({ type, driver, amount }: ReadyMovement): boolean {
  const rises = type === "NEW" || type === "REACTIVATION" || type === "EXPANSION";
  const needsDriver = type === "EXPANSION" || type === "CONTRACTION";
  return amount !== 0n && rises === amount > 0n && needsDriver === (driver !== null);
}

/**
 * The ledger after a file: what it held and what is new in the file, or null where the file has to be refused as a whole, because a known
 * id comes with other words or an account's story becomes impossible.
 */
export function afterFile(known: readonly ReadyMovement[], file: readonly ReadyMovement[]): ReadyMovement[] | null {
  const all = [...known];
  for (const row of file) {
    const same = all.find(({ movementId }) => movementId === row.movementId);
    if (!same) all.push(row);
    else if (wordsOf(same) !== wordsOf(row)) return null;
  }
  const touched = new Set(file.map(({ accountId }) => accountId));
  const stories = [...touched].sort(byText).map((accountId) => all.filter((row) => row.accountId === accountId));
  return stories.every(isPossible) ? all : null;
}

function wordsOf({ plan, ...rest }: ReadyMovement): string {
  const entries = Object.entries({ ...rest, planId: plan?.planId ?? null }).map(([name, value]) => `${name}=${value}`);
  return entries.sort(byText).join(" ");
}
