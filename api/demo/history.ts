// How an account came to what it holds: told backwards from the terms it ends with, undoing seats, tiers and discounts one by one.

import type { BillingInterval } from "@accrete/db/contracts/terms.ts";
import { addDays, addMonths, type PlainDate, type Window } from "@accrete/db/kernel/dates.ts";
import { listPriceMinor, neighbourPlan, type PriceYear, productOf } from "./catalog.ts";
import type { DemoLine, LineVersion, Motion } from "./lines.ts";
import type { Random } from "./random.ts";

/** A stretch of time in which an account is a customer, and the price book that it pays by from each renewal on. */
export type Spell = {
  /** History happens inside; `untilOn` is the day it ended, or the day the last quarter opens. */
  readonly window: Window;
  /** Oldest first; each holds until the next. */
  readonly priceYears: readonly { readonly fromOn: PlainDate; readonly year: PriceYear }[];
};

/** What a line is when the spell ends: the history leads up to it. */
export type LineGoal = {
  readonly lineId: string;
  readonly contractId: string;
  readonly fromOn: PlainDate;
  readonly planId: string;
  readonly quantity: number;
  readonly interval: BillingInterval;
  readonly discountPercent: number;
  /** A discount of the first year only, on top. */
  readonly welcomePercent: number;
  /** Agreed for good, per billing period; null where the price book holds. */
  readonly agreedPriceMinor: bigint | null;
  readonly startedBy: Motion;
  readonly campaign: string | null;
};

/** A spell with its renewals: at each anniversary three accounts of four move to the new year's prices. */
export function newSpell(random: Random, window: Window): Spell {
  const priceYears = [{ fromOn: window.fromOn, year: priceYearOf(window.fromOn) }];
  for (const anniversary of anniversariesIn(window)) {
    if (random.chance(75)) priceYears.push({ fromOn: anniversary, year: priceYearOf(anniversary) });
  }
  return { window, priceYears };
}

/** The price book that holds on a day of the spell. */
export function priceYearOn(spell: Spell, on: PlainDate): PriceYear {
  return spell.priceYears.findLast(({ fromOn }) => fromOn <= on)?.year ?? priceYearOf(spell.window.fromOn);
}

function priceYearOf(on: PlainDate): PriceYear {
  const year = on.slice(0, 4);
  return year === "2023" ? 2023 : year === "2024" ? 2024 : 2025;
}

function anniversariesIn(window: Window): PlainDate[] {
  return [12, 24].map((months) => addMonths(window.fromOn, months)).filter((on) => on < window.untilOn);
}

/** One step of the past: what the line was before that day. */
type Step = {
  readonly on: PlainDate;
  readonly planBefore: string;
  readonly quantityBefore: number;
  readonly motion: Motion;
};

/** The line with its whole history, open-ended. */
export function tellLine(random: Random, spell: Spell, goal: LineGoal): DemoLine {
  const steps = stepsBack(random, spell, goal);
  const renewals = anniversariesIn(spell.window).filter((on) => on > goal.fromOn);
  const days = new Set([goal.fromOn, ...steps.map((step) => step.on), ...renewals]);
  const versions: LineVersion[] = [];
  for (const on of [...days].sort()) {
    const next = steps.find((step) => step.on > on);
    const here = steps.find((step) => step.on === on);
    const planId = next?.planBefore ?? goal.planId;
    const inFirstYear = on < (renewals[0] ?? spell.window.untilOn);
    const motion = on === goal.fromOn ? goal.startedBy : (here?.motion ?? "success-led");
    const version: LineVersion = {
      fromOn: on,
      planId,
      quantity: next?.quantityBefore ?? goal.quantity,
      unitPriceMinor: goal.agreedPriceMinor ?? listPriceMinor(planId, priceYearOn(spell, on), goal.interval),
      interval: goal.interval,
      discountPercent: goal.discountPercent + (inFirstYear ? goal.welcomePercent : 0),
      discountMinor: 0n,
      motion,
      campaign: on === goal.fromOn ? goal.campaign : null,
      bookedOn: bookedBefore(random, on, motion),
    };
    if (!saysTheSame(versions.at(-1), version)) versions.push(version);
  }
  return { id: goal.lineId, contractId: goal.contractId, versions, untilOn: null };
}

/** What people negotiate is signed some days before it begins; what they click begins at once. */
export function bookedBefore(random: Random, on: PlainDate, motion: Motion): PlainDate {
  return motion === "sales-led" || motion === "success-led" ? addDays(on, -random.int(2, 18)) : on;
}

function saysTheSame(before: LineVersion | undefined, after: LineVersion): boolean {
  return (
    before !== undefined &&
    before.planId === after.planId &&
    before.quantity === after.quantity &&
    before.unitPriceMinor === after.unitPriceMinor &&
    before.discountPercent === after.discountPercent
  );
}

/** Oldest first; told from the last one back, so that the goal is met exactly. */
function stepsBack(random: Random, spell: Spell, goal: LineGoal): Step[] {
  const days: PlainDate[] = [];
  let on = addDays(goal.fromOn, random.int(50, 240));
  while (on < addDays(spell.window.untilOn, -3)) {
    days.push(on);
    on = addDays(on, random.int(80, 330));
  }
  const steps: Step[] = [];
  let planId = goal.planId;
  let quantity = goal.quantity;
  for (const day of days.reverse()) {
    const step = stepBack(random, { planId, quantity, isAgreed: goal.agreedPriceMinor !== null });
    if (step === null) continue;
    steps.unshift({ on: day, ...step });
    planId = step.planBefore;
    quantity = step.quantityBefore;
  }
  return steps;
}

type Standing = { readonly planId: string; readonly quantity: number; readonly isAgreed: boolean };

function stepBack(random: Random, { planId, quantity, isAgreed }: Standing): Omit<Step, "on"> | null {
  const product = productOf(planId);
  const lower = isAgreed ? null : neighbourPlan(planId, -1);
  const higher = isAgreed ? null : neighbourPlan(planId, 1);
  const isBySeat =
    product.id === "planner" || product.id === "flows" || product.isAddOn || product.kind !== "RECURRING";
  const kind = random.weighted([
    ["grown", isBySeat ? 62 : 0],
    ["shrunk", isBySeat ? 13 : 0],
    ["upgraded", lower !== null ? 17 : 0],
    ["downgraded", higher !== null ? 4 : 0],
    ["nothing", 14],
  ] as const);
  switch (kind) {
    case "grown": {
      const fewer = Math.max(1, Math.trunc((quantity * random.int(7, 26)) / 100));
      if (quantity - fewer < 1) return null;
      return {
        planBefore: planId,
        quantityBefore: quantity - fewer,
        motion: random.pick(["product-led", "product-led", "sales-led"]),
      };
    }
    case "shrunk": {
      const more = Math.max(1, Math.trunc((quantity * random.int(4, 14)) / 100));
      return { planBefore: planId, quantityBefore: quantity + more, motion: "success-led" };
    }
    case "upgraded":
      return lower === null
        ? null
        : { planBefore: lower, quantityBefore: quantity, motion: random.pick(["success-led", "sales-led"]) };
    case "downgraded":
      return higher === null ? null : { planBefore: higher, quantityBefore: quantity, motion: "success-led" };
    case "nothing":
      return null;
  }
}
