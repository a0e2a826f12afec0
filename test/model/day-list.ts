// A day's movements of one unit, as they are collected, and in the order in which the contract lists them.

import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import type { Day } from "./calendar.ts";
import { byText, type LineFact, lineKey, type ModelMovement, type ReadyMovement, readyKey } from "./facts.ts";

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
export class DayList {
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
