// What may happen to an account in the demo's last quarter, and what it would come to: seats, a higher plan, an add-on, or less.

import { addDays, type PlainDate } from "@accrete/db/kernel/dates.ts";
import type { DemoAccount } from "./cast.ts";
import { listPriceMinor, neighbourPlan, productOf } from "./catalog.ts";
import { addOnsTo, contractIdOf, newLineId, quarterFromOn } from "./customers.ts";
import { bookedBefore } from "./history.ts";
import {
  arrOfTerms,
  arrOn,
  changeLine,
  type DemoLine,
  daysOf,
  endLine,
  type LineTerms,
  latest,
  type Motion,
  type Reason,
} from "./lines.ts";
import type { Random } from "./random.ts";

/** A change that could be made: nothing happens before `apply`. */
export type Change = {
  /** Positive, cents of ARR per year: risen or fallen. */
  readonly amountMinor: bigint;
  apply(): void;
};

/** Something that may be proposed to an account; null where it does not fit. */
export type Propose = (random: Random, account: DemoAccount) => Change | null;

const quarterLastChangeOn: PlainDate = "2025-12-29";

/** A day of the quarter after all that has happened to the account; null when the quarter is over. */
export function dayInQuarter(random: Random, account: DemoAccount): PlainDate | null {
  const lastOn = [...daysOf(account.lines)].sort().at(-1) ?? quarterFromOn;
  const month = random.weighted([
    ["2025-10", 34],
    ["2025-11", 28],
    ["2025-12", 38],
  ]);
  const on = `${month}-${String(random.pick([1, 1, 1, random.int(2, 28), random.int(2, 28)])).padStart(2, "0")}`;
  if (on > lastOn) return on;
  const after = addDays(lastOn, random.int(3, 25));
  return after <= quarterLastChangeOn ? after : null;
}

/** The lines that go on. */
export function openLines(account: DemoAccount): DemoLine[] {
  return account.lines.filter((line) => line.untilOn === null);
}

/** The open line of seats that is no add-on; null when there is none. */
export function seatLine(account: DemoAccount): DemoLine | null {
  return openLines(account).find((line) => ["planner", "flows"].includes(productOf(latest(line).planId).id)) ?? null;
}

/** The reason of a change that begins on a day. */
export function reasonOf(random: Random, on: PlainDate, motion: Motion, campaign: string | null = null): Reason {
  return { motion, campaign, bookedOn: bookedBefore(random, on, motion) };
}

/** More seats of the plan held; at large accounts in packs of five. */
export const moreSeats: Propose = (random, account) => {
  const line = seatLine(account);
  const on = dayInQuarter(random, account);
  if (!line || on === null) return null;
  const before = latest(line);
  const more = inPacks(account, Math.trunc((before.quantity * random.int(9, 24)) / 100));
  const motion = account.band === "SMB" ? "product-led" : random.pick<Motion>(["sales-led", "product-led"]);
  return changeOf(line, on, { quantity: before.quantity + more }, reasonOf(random, on, motion));
};

/** The next plan up of a product held, at the same quantity and the list price of the account's year. */
export const higherPlan: Propose = (random, account) => {
  const on = dayInQuarter(random, account);
  const line = random.shuffled(openLines(account)).find((open) => {
    const version = latest(open);
    return productOf(version.planId).kind === "RECURRING" && neighbourPlan(version.planId, 1) !== null;
  });
  if (!line || on === null) return null;
  const before = latest(line);
  const planId = neighbourPlan(before.planId, 1);
  if (planId === null) return null;
  const unitPriceMinor = listPriceMinor(planId, 2025, before.interval);
  return changeOf(
    line,
    on,
    { planId, unitPriceMinor },
    reasonOf(random, on, account.band === "SMB" ? "product-led" : "success-led"),
  );
};

/** An add-on not yet held, to a product that is. */
export const newAddOn: Propose = (random, account) => {
  const on = dayInQuarter(random, account);
  const held = new Set(openLines(account).map((line) => latest(line).planId));
  const choices = [...held].flatMap((planId) => addOnsTo(planId)).filter((planId) => !held.has(planId));
  if (choices.length === 0 || on === null) return null;
  const planId = random.pick(choices);
  const seats = seatLine(account);
  const interval = latest(seats ?? openLines(account)[0] ?? failNoLine(account)).interval;
  const isForSeats = planId === "planner-assist";
  const quantity = isForSeats
    ? seats
      ? latest(seats).quantity
      : 1
    : account.band === "SMB"
      ? random.int(1, 3)
      : random.int(4, 10);
  const terms: LineTerms = {
    planId,
    quantity: account.band === "SMB" || !isForSeats ? quantity : inPacks(account, Math.trunc(quantity / 4)),
    unitPriceMinor: listPriceMinor(planId, 2025, interval),
    interval,
    discountPercent: 0,
    discountMinor: 0n,
  };
  const reason = isForSeats
    ? reasonOf(random, on, "marketing", "assist-launch-2025")
    : reasonOf(random, on, "product-led");
  return startOf(account, on, terms, reason);
};

/** Fewer seats, an add-on given up, or a step back to a smaller plan. */
export const less: Propose = (random, account) => {
  const on = dayInQuarter(random, account);
  if (on === null) return null;
  const addOn = openLines(account).find((line) => productOf(latest(line).planId).isAddOn);
  if (addOn && random.chance(45)) {
    return { amountMinor: arrOfTerms(latest(addOn)), apply: () => endLine(addOn, on) };
  }
  const line = seatLine(account);
  if (!line) return null;
  const before = latest(line);
  const smaller = neighbourPlan(before.planId, -1);
  if (smaller !== null && random.chance(15)) {
    const changed = { planId: smaller, unitPriceMinor: listPriceMinor(smaller, 2025, before.interval) };
    return changeOf(line, on, changed, reasonOf(random, on, "success-led"));
  }
  const fewer = inPacks(account, Math.trunc((before.quantity * random.int(5, 13)) / 100));
  if (fewer >= before.quantity) return null;
  return changeOf(line, on, { quantity: before.quantity - fewer }, reasonOf(random, on, "success-led"));
};

/** A new line from a day on. */
export function startOf(account: DemoAccount, on: PlainDate, terms: LineTerms, reason: Reason): Change {
  return {
    amountMinor: arrOfTerms(terms),
    apply: () => {
      account.lines.push({
        id: newLineId(account, terms.planId),
        contractId: contractIdOf(account, on),
        versions: [{ ...terms, ...reason, fromOn: on }],
        untilOn: null,
      });
    },
  };
}

function changeOf(line: DemoLine, on: PlainDate, changed: Partial<LineTerms>, reason: Reason): Change {
  const before = latest(line);
  const difference = arrOfTerms({ ...before, ...changed }) - arrOfTerms(before);
  return {
    amountMinor: difference < 0n ? -difference : difference,
    apply: () => changeLine(line, on, changed, reason),
  };
}

function inPacks(account: DemoAccount, seats: number): number {
  return account.band === "SMB" ? Math.max(1, seats) : Math.max(5, 5 * Math.trunc(seats / 5));
}

function failNoLine(account: DemoAccount): never {
  throw new RangeError(`${account.id} holds nothing on ${quarterFromOn} (${arrOn(account.lines, quarterFromOn)})`);
}
