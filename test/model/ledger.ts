// The ledger by brute force: each unit's lines on the evening before and on the evening of each day, and what happened in between.

import type { Driver } from "@accrete/db/movements/types.ts";
import type { Day } from "./calendar.ts";
import { DayList } from "./day-list.ts";
import {
  byText,
  type LineFact,
  type ModelMovement,
  type ModelTransfer,
  type ReadyMovement,
  type UnitMove,
} from "./facts.ts";
import { sumOf } from "./fraction.ts";
import { sortLines } from "./pairs.ts";
import { heldBy, isInForce, type Scene } from "./scene.ts";
import { divide } from "./steps.ts";
import { carry } from "./transfers.ts";
import { arrOfLine } from "./value.ts";

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
