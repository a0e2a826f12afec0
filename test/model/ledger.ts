// The ledger by brute force: each unit's lines on the evening before and on the evening of each day, and what happened in between.

import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import type { Day } from "./calendar.ts";
import {
  byText,
  type LineFact,
  lineKey,
  type ModelMovement,
  type ModelTransfer,
  type Part,
  type ReadyMovement,
  readyKey,
  type UnitMove,
} from "./facts.ts";
import { shareOut, sumOf } from "./fraction.ts";
import { type Changed, sortLines } from "./pairs.ts";
import { heldBy, isInForce, type Scene } from "./scene.ts";
import { carry } from "./transfers.ts";
import { arrOfLine, arrOfLines, termsOfSide, worth } from "./value.ts";

export type ModelLedger = {
  readonly movements: readonly ModelMovement[];
  readonly transfers: readonly ModelTransfer[];
  readonly moves: readonly UnitMove[];
};

/** The lines in force at the end of a day. */
export function linesOn(lines: readonly LineFact[], day: Day): LineFact[] {
  return lines.filter((line) => isInForce(line, day));
}

/** The whole ledger of a scene, unit by unit, oldest day first; within a day in the order of the contract. */
export function deriveLedger(scene: Scene): ModelLedger {
  const { lines, ready, linkDays, unitOn } = scene;
  const movements: ModelMovement[] = [];
  const transfers: ModelTransfer[] = [];
  const moves: UnitMove[] = [];
  const accountIds = [...new Set([...lines, ...ready].map(({ accountId }) => accountId))].sort(byText);
  const days = [
    ...new Set([
      ...lines.flatMap(({ from, until }) => (until === null ? [from] : [from, until])),
      ...ready.map(({ on }) => on),
      ...linkDays,
    ]),
  ].sort((a, b) => a - b);
  const haveHad = new Set<string>();
  for (const day of days) {
    for (const accountId of accountIds) {
      const [fromUnit, toUnit] = [unitOn(accountId, day - 1), unitOn(accountId, day)];
      if (fromUnit === toUnit) continue;
      const taken = heldBy(scene, fromUnit, day - 1, day - 1).filter((holding) => holding.accountId === accountId);
      moves.push(...taken.map((holding) => ({ ...holding, on: day, fromUnit, toUnit })));
    }
    const units = [...new Set(accountIds.map((accountId) => unitOn(accountId, day)))].sort(byText);
    for (const unitId of units) {
      const ofUnit = ({ accountId }: { readonly accountId: string }) => unitOn(accountId, day) === unitId;
      // What an account took along this morning counts as held the evening before.
      if (arrOf(scene, unitId, day, day - 1) > 0n) haveHad.add(unitId);
      const happened = movementsOfDay({
        scene,
        unitId,
        day,
        before: linesOn(lines, day - 1).filter(ofUnit),
        after: linesOn(lines, day).filter(ofUnit),
        stated: ready.filter((movement) => movement.on === day && ofUnit(movement)),
        everHad: haveHad.has(unitId),
      });
      movements.push(...happened.movements);
      transfers.push(...happened.transfers);
      if (arrOf(scene, unitId, day, day) > 0n) haveHad.add(unitId);
    }
  }
  const inOrder = movements.map((movement, place) => ({ movement, place }));
  inOrder.sort((a, b) => byText(a.movement.unitId, b.movement.unitId) || a.place - b.place);
  return { movements: inOrder.map(({ movement }) => movement), transfers, moves };
}

/** Every currency's minor units alike: only whether there is any matters. */
function arrOf(scene: Scene, unitId: string, unitDay: Day, day: Day): bigint {
  return sumOf(heldBy(scene, unitId, unitDay, day).map(({ amount }) => amount));
}

type DayOfUnit = {
  readonly scene: Scene;
  readonly unitId: string;
  readonly day: Day;
  readonly before: readonly LineFact[];
  readonly after: readonly LineFact[];
  readonly stated: readonly ReadyMovement[];
  /** Whether the unit had ARR on any earlier evening, or was brought some. */
  readonly everHad: boolean;
};

function movementsOfDay(story: DayOfUnit): Pick<ModelLedger, "movements" | "transfers"> {
  const { scene, unitId, day, before, after, stated, everHad } = story;
  const had = arrOf(scene, unitId, day, day - 1);
  const has = arrOf(scene, unitId, day, day);
  const list = new DayList(unitId, day);
  if (had === 0n && has === 0n) return { movements: [], transfers: [] };
  if (had === 0n) {
    const type = everHad ? "REACTIVATION" : "NEW";
    for (const line of after) list.add({ line, type, driver: null, amount: arrOfLine(line) }, line.lineId);
    for (const movement of stated) list.state(movement, type, null);
    return { movements: list.inOrder(), transfers: [] };
  }
  if (has === 0n) {
    for (const line of before) {
      const still = after.find((other) => other.lineId === line.lineId);
      list.add({ line, still: still ?? null, type: "CHURN", driver: null, amount: -arrOfLine(line) }, line.lineId);
    }
    for (const movement of stated) list.state(movement, "CHURN", null);
    return { movements: list.inOrder(), transfers: [] };
  }
  const heldBefore = [...before.map(asHeld), ...heldReady(story, day - 1)];
  const heldAfter = [...after.map(asHeld), ...heldReady(story, day)];
  const { changed, ended, started } = sortLines(before, after);
  const transfers: ModelTransfer[] = [];
  for (const change of changed) {
    const parts = divide(change);
    const together = change.after.map((line) => line.lineId).sort(byText);
    for (const part of parts) list.grow(part, together.join());
    transfers.push(...carry(change, parts, unitId, day));
  }
  for (const line of started) {
    list.grow({ line, driver: driverOfWhole(line, heldBefore), amount: arrOfLine(line) }, line.lineId);
  }
  for (const line of ended) {
    list.grow({ line, still: null, driver: driverOfWhole(line, heldAfter), amount: -arrOfLine(line) }, line.lineId);
  }
  for (const movement of stated) {
    const { type, driver } = movement;
    const isRise = type === "NEW" || type === "REACTIVATION";
    const held = isRise ? heldBefore : heldAfter;
    if (driver !== null) list.state(movement, type, driver);
    else list.state(movement, isRise ? "EXPANSION" : "CONTRACTION", driverInside(movement, held));
  }
  return { movements: list.inOrder(), transfers };
}

/** What counts as held: lines in force, also at ARR 0, and what ready-made movements left above 0. */
type Held = { readonly family: string; readonly planId: string; readonly isAddOn: boolean };

const asHeld = ({ plan, isAddOn }: LineFact): Held => ({ family: plan.family, planId: plan.planId, isAddOn });

function heldReady({ scene, unitId, day }: DayOfUnit, evening: Day): Held[] {
  const own = scene.ready.filter(({ on, accountId }) => on <= evening && scene.unitOn(accountId, day) === unitId);
  const sums = new Map<string, { held: Held; amount: bigint }>();
  for (const { plan, isAddOn, currency, amount } of own) {
    if (!plan) continue;
    const label = JSON.stringify([plan.planId, isAddOn, currency]);
    const held = { family: plan.family, planId: plan.planId, isAddOn };
    sums.set(label, { held, amount: (sums.get(label)?.amount ?? 0n) + amount });
  }
  return [...sums.values()].filter(({ amount }) => amount > 0n).map(({ held }) => held);
}

/** What an arrival or a leaving that a source states is called inside a unit that goes on. */
function driverInside({ plan, isAddOn }: ReadyMovement, others: readonly Held[]): Driver {
  if (!plan) return "OTHER";
  const held = others.filter((other) => isAddOn || !other.isAddOn);
  return held.some(({ family }) => family === plan.family) ? "ADD_ON" : "CROSS_SELL";
}

/** What a line that started or ended by itself is called, given the lines that stood on the side where it was not. */
function driverOfWhole(line: LineFact, others: readonly Held[]): Driver {
  if (line.kind === "COMMITMENT") return "USAGE_COMMITMENT";
  if (line.kind === "METERED") return "USAGE";
  // An add-on does not count as held for a line that is none.
  const held = others.filter((other) => line.isAddOn || !other.isAddOn);
  const holdsFamily = held.some(({ family }) => family === line.plan.family);
  const holdsPlan = held.some(({ planId }) => planId === line.plan.planId);
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
  readonly #unitId: string;
  readonly #day: Day;
  readonly #movements: ModelMovement[] = [];

  constructor(unitId: string, day: Day) {
    this.#unitId = unitId;
    this.#day = day;
  }

  /** A movement that its source states, under the type and the driver that it has in the unit. */
  state(movement: ReadyMovement, type: MovementType, driver: Driver | null): void {
    const { accountId, amount, plan, currency, kind, isAddOn, motion, campaign, bookedOn, movementId } = movement;
    this.#movements.push({
      unitId: this.#unitId,
      accountId,
      on: this.#day,
      type,
      driver,
      amount,
      currency,
      lineId: null,
      sourceId: movementId,
      key: readyKey(movement),
      productId: plan?.productId ?? null,
      planId: plan?.planId ?? null,
      kind,
      isAddOn,
      motion,
      campaign,
      bookedOn,
      change: `stated ${movementId}`,
    });
  }

  grow(entry: Omit<Entry, "type">, group: string): void {
    this.add({ ...entry, type: entry.amount > 0n ? "EXPANSION" : "CONTRACTION" }, group);
  }

  add({ line, still = line, type, driver, amount }: Entry, group: string): void {
    if (amount === 0n) return;
    this.#movements.push({
      unitId: this.#unitId,
      accountId: line.accountId,
      on: this.#day,
      type,
      driver,
      amount,
      currency: line.currency,
      lineId: line.lineId,
      sourceId: line.lineId,
      key: lineKey(line),
      productId: line.plan.productId,
      planId: line.plan.planId,
      kind: line.kind,
      isAddOn: line.isAddOn,
      motion: (still ?? line).motion,
      campaign: (still ?? line).campaign,
      bookedOn: still?.bookedOn ?? null,
      change: JSON.stringify([this.#unitId, this.#day, type, driver, line.kind, line.currency, line.isAddOn, group]),
    });
  }

  inOrder(): ModelMovement[] {
    const downLast = (movement: ModelMovement) => (movement.amount > 0n ? 0 : 1);
    const driverPlace = (movement: ModelMovement) => (movement.driver ? driverOrder.indexOf(movement.driver) : -1);
    return [...this.#movements].sort(
      (a, b) => downLast(a) - downLast(b) || driverPlace(a) - driverPlace(b) || byText(a.sourceId, b.sourceId),
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
