// The ledger by brute force: each account's lines on the evening before and on the evening of each day, and what happened in between.

import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import type { Day } from "./calendar.ts";
import { byText, type LineFact, type ModelMovement, type ModelTransfer, type Part } from "./facts.ts";
import { shareOut, sumOf } from "./fraction.ts";
import { type Changed, sortLines } from "./pairs.ts";
import { carry } from "./transfers.ts";
import { arrOfLine, arrOfLines, termsOfSide, worth } from "./value.ts";

export type ModelLedger = {
  readonly movements: readonly ModelMovement[];
  readonly transfers: readonly ModelTransfer[];
};

/** The lines in force at the end of a day. */
export function linesOn(lines: readonly LineFact[], day: Day): LineFact[] {
  return lines.filter((line) => line.from <= day && (line.until === null || day < line.until));
}

/** The whole ledger of these lines, oldest day first; within a day in the order of the contract. */
export function deriveLedger(lines: readonly LineFact[]): ModelLedger {
  const movements: ModelMovement[] = [];
  const transfers: ModelTransfer[] = [];
  for (const accountId of [...new Set(lines.map((line) => line.accountId))].sort(byText)) {
    const own = lines.filter((line) => line.accountId === accountId);
    const days = new Set(own.flatMap((line) => (line.until === null ? [line.from] : [line.from, line.until])));
    let everHad = false;
    for (const day of [...days].sort((a, b) => a - b)) {
      const before = linesOn(own, day - 1);
      const after = linesOn(own, day);
      const happened = movementsOfDay({ day, before, after, everHad });
      movements.push(...happened.movements);
      transfers.push(...happened.transfers);
      everHad ||= arrOfLines(after) > 0n;
    }
  }
  return { movements, transfers };
}

type DayOfAccount = {
  readonly day: Day;
  readonly before: readonly LineFact[];
  readonly after: readonly LineFact[];
  /** Whether the account had ARR on any earlier evening. */
  readonly everHad: boolean;
};

function movementsOfDay(story: DayOfAccount): ModelLedger {
  const { day, before, after, everHad } = story;
  const had = arrOfLines(before);
  const has = arrOfLines(after);
  const list = new DayList(day);
  if (had === 0n && has === 0n) return { movements: [], transfers: [] };
  if (had === 0n) {
    for (const line of after) {
      list.add({ line, type: everHad ? "REACTIVATION" : "NEW", driver: null, amount: arrOfLine(line) }, line.lineId);
    }
    return { movements: list.inOrder(), transfers: [] };
  }
  if (has === 0n) {
    for (const line of before) {
      const still = after.find((other) => other.lineId === line.lineId);
      list.add({ line, still: still ?? null, type: "CHURN", driver: null, amount: -arrOfLine(line) }, line.lineId);
    }
    return { movements: list.inOrder(), transfers: [] };
  }
  const { changed, ended, started } = sortLines(before, after);
  const transfers: ModelTransfer[] = [];
  for (const change of changed) {
    const parts = divide(change);
    const together = change.after.map((line) => line.lineId).sort(byText);
    for (const part of parts) list.grow(part, together.join());
    transfers.push(...carry(change, parts, day));
  }
  for (const line of started) {
    list.grow({ line, driver: driverOfWhole(line, before), amount: arrOfLine(line) }, line.lineId);
  }
  for (const line of ended) {
    list.grow({ line, still: null, driver: driverOfWhole(line, after), amount: -arrOfLine(line) }, line.lineId);
  }
  return { movements: list.inOrder(), transfers };
}

/** What a line that started or ended by itself is called, given the lines that stood on the side where it was not. */
function driverOfWhole(line: LineFact, others: readonly LineFact[]): Driver {
  if (line.kind === "COMMITMENT") return "USAGE_COMMITMENT";
  if (line.kind === "METERED") return "USAGE";
  // An add-on does not count as held for a line that is none.
  const held = others.filter((other) => line.isAddOn || !other.isAddOn);
  const holdsFamily = held.some((other) => other.plan.family === line.plan.family);
  const holdsPlan = held.some((other) => other.plan.planId === line.plan.planId);
  if (line.isAddOn && holdsFamily) return "ADD_ON";
  if (holdsPlan) return "SEAT";
  if (holdsFamily) return "ADD_ON";
  return "CROSS_SELL";
}

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
function divide(change: Changed): Part[] {
  const lines = [...change.after].sort((a, b) => byText(a.lineId, b.lineId));
  const arrs = lines.map(arrOfLine);
  // Nothing to be in proportion to: the first line takes it all.
  const weights = sumOf(arrs) === 0n ? lines.map((_, index) => (index === 0 ? 1n : 0n)) : arrs;
  return stepsOf(change).flatMap(({ driver, amount }) => {
    const shares = shareOut(amount, weights);
    return lines.map((line, index) => ({ line, driver, amount: shares[index] ?? 0n }));
  });
}

type Entry = {
  /** What the movement is about: its account, plan, kind and currency. */
  readonly line: LineFact;
  /** The version that speaks of the way here and of the booking, where it is not `line`; null when the line is gone. */
  readonly still?: LineFact | null;
  readonly type: MovementType;
  readonly driver: Driver | null;
  readonly amount: bigint;
};

/** Collects a day's movements; what is nothing is left out. */
class DayList {
  readonly #day: Day;
  readonly #movements: ModelMovement[] = [];

  constructor(day: Day) {
    this.#day = day;
  }

  grow(entry: Omit<Entry, "type">, group: string): void {
    this.add({ ...entry, type: entry.amount > 0n ? "EXPANSION" : "CONTRACTION" }, group);
  }

  add({ line, still = line, type, driver, amount }: Entry, group: string): void {
    if (amount === 0n) return;
    this.#movements.push({
      accountId: line.accountId,
      on: this.#day,
      type,
      driver,
      amount,
      currency: line.currency,
      lineId: line.lineId,
      productId: line.plan.productId,
      planId: line.plan.planId,
      kind: line.kind,
      isAddOn: line.isAddOn,
      motion: (still ?? line).motion,
      campaign: (still ?? line).campaign,
      bookedOn: still?.bookedOn ?? null,
      change: JSON.stringify([line.accountId, this.#day, type, driver, line.kind, line.currency, line.isAddOn, group]),
    });
  }

  inOrder(): ModelMovement[] {
    const downLast = (movement: ModelMovement) => (movement.amount > 0n ? 0 : 1);
    const driverPlace = (movement: ModelMovement) => (movement.driver ? driverOrder.indexOf(movement.driver) : -1);
    return [...this.#movements].sort(
      (a, b) => downLast(a) - downLast(b) || driverPlace(a) - driverPlace(b) || byText(a.lineId ?? "", b.lineId ?? ""),
    );
  }
}

/** As the contract lists them. */
export const driverOrder: readonly Driver[] = [
  "SEAT",
  "TIER",
  "ADD_ON",
  "CROSS_SELL",
  "USAGE_COMMITMENT",
  "USAGE",
  "PRICE",
  "DISCOUNT",
  "OTHER",
];
