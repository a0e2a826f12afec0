// A customer's story up to the last quarter: what it ends with, when each line began, what it dropped, and how it renews.

import { addDays, addMonths, daysBetween, type PlainDate, type Window } from "@accrete/db/kernel/dates.ts";
import type { DemoAccount } from "./cast.ts";
import { listPriceMinor, productOf } from "./catalog.ts";
import { compose, type Holding } from "./composition.ts";
import { bookedBefore, type LineGoal, newSpell, priceYearOn, type Spell, tellLine } from "./history.ts";
import { type DemoLine, daysOf, type Motion, versionOn } from "./lines.ts";
import { at, type Random } from "./random.ts";

/** The first day of the quarter that the demo's figures are told for. */
export const quarterFromOn: PlainDate = "2025-10-01";

/** A time as a customer, and the ARR that it should lead to. */
export type SpellWanted = { readonly window: Window; readonly arrMinor: bigint };

/** Adds the lines of one spell to the account, open-ended; it is worth about what was wanted when the spell ends. */
export function tellSpell(random: Random, account: DemoAccount, wanted: SpellWanted): void {
  const spell = newSpell(random, wanted.window);
  const priceYear = priceYearOn(spell, addDays(wanted.window.untilOn, -1));
  const holdings = compose(random, { band: account.band, arrMinor: wanted.arrMinor, priceYear });
  const startedBy = firstMotion(random, account);
  const welcomePercent = random.chance(22) ? random.pick([5, 10, 15]) : 0;
  holdings.forEach((holding, index) => {
    const isFirst = index === 0;
    const fromOn = isFirst || random.chance(25) ? spell.window.fromOn : laterStart(random, account, spell);
    const goal = {
      ...goalOf(account, holding, fromOn),
      welcomePercent: isFirst ? welcomePercent : 0,
      startedBy:
        fromOn === spell.window.fromOn ? startedBy : random.pick<Motion>(["success-led", "product-led", "sales-led"]),
      campaign: isFirst ? campaignOf(startedBy, fromOn) : null,
    };
    account.lines.push(tellLine(random, spell, goal));
  });
  if (random.chance(account.band === "SMB" ? 8 : 30)) tellGivenUp(random, account, spell);
}

/** The goal of a holding, at list price, begun by nobody in particular. */
export function goalOf(account: DemoAccount, holding: Holding, fromOn: PlainDate): LineGoal {
  return {
    ...holding,
    lineId: newLineId(account, holding.planId),
    contractId: contractIdOf(account, fromOn),
    fromOn,
    welcomePercent: 0,
    agreedPriceMinor: null,
    startedBy: "sales-led",
    campaign: null,
  };
}

/** `longport-labs-planner`, then `longport-labs-planner-2`, … */
export function newLineId(account: DemoAccount, planId: string): string {
  const product = productOf(planId);
  const before = account.lines.filter((line) => line.versions.some((version) => productOf(version.planId) === product));
  const taken = new Set(before.map((line) => line.id.replace(/-renewed-\d{4}$/, ""))).size;
  return taken === 0 ? `${account.id}-${product.id}` : `${account.id}-${product.id}-${taken + 1}`;
}

/** One contract for each year in which an account signs something. */
export function contractIdOf(account: DemoAccount, signedOn: PlainDate): string {
  return `C-${signedOn.slice(0, 4)}-${account.id}`;
}

/** Ends every line of the account that is in force on that day. */
export function endAll(account: DemoAccount, on: PlainDate): void {
  for (const line of account.lines) if (versionOn(line, on) !== null) line.untilOn = on;
}

/**
 * At the anniversary the account signs a new contract, under which its lines go on under new ids: the derivation pairs them, so that
 * only a changed price shows.
 */
export function renewUnderNewIds(account: DemoAccount, on: PlainDate): void {
  for (const line of [...account.lines]) {
    const renewed = versionOn(line, on);
    const before = versionOn(line, addDays(on, -1));
    if (renewed === null || before === null) continue;
    const later = line.versions.filter((version) => version.fromOn > on);
    const earlier = line.versions.filter((version) => version.fromOn < on);
    account.lines.push({
      id: `${line.id}-renewed-${on.slice(0, 4)}`,
      contractId: `${contractIdOf(account, on)}-renewal`,
      versions: [{ ...renewed, fromOn: on, motion: "success-led", campaign: null }, ...later],
      untilOn: line.untilOn,
    });
    line.versions.splice(0, line.versions.length, ...earlier);
    line.untilOn = on;
  }
}

/** The last anniversary before the quarter; null when there is none. */
export function lastAnniversary(account: DemoAccount): PlainDate | null {
  const startOn = account.startOn;
  if (startOn === null) return null;
  return [24, 12].map((months) => addMonths(startOn, months)).find((on) => on < quarterFromOn) ?? null;
}

function firstMotion(random: Random, account: DemoAccount): Motion {
  if (account.band !== "SMB") return "sales-led";
  return random.weighted<Motion>([
    ["product-led", 60],
    ["marketing", 25],
    ["sales-led", 15],
  ]);
}

function campaignOf(motion: Motion, on: PlainDate): string | null {
  if (motion !== "marketing") return null;
  return `${on < `${on.slice(0, 4)}-07-01` ? "spring" : "autumn"}-${on.slice(0, 4)}`;
}

/** A day inside the spell on which nothing else happens to the account, or the spell's first when it is too short for that. */
function laterStart(random: Random, account: DemoAccount, spell: Spell): PlainDate {
  const { fromOn, untilOn } = spell.window;
  const days = daysBetween(fromOn, untilOn);
  if (days < 150) return fromOn;
  const taken = daysOf(account.lines);
  let on = addDays(fromOn, random.int(60, days - 30));
  while (taken.has(on)) on = addDays(on, 1);
  return on;
}

/** An add-on of the first product, or another product, that was tried for some months and given up. */
function tellGivenUp(random: Random, account: DemoAccount, spell: Spell): void {
  const [first] = account.lines.filter((line) => versionOn(line, spell.window.fromOn) !== null);
  if (!first || daysBetween(spell.window.fromOn, spell.window.untilOn) < 400) return;
  const planId = neverHeld(account, triedBeside(random, at(first.versions, 0).planId));
  if (planId === null) return;
  const fromOn = laterStart(random, account, {
    ...spell,
    window: { ...spell.window, untilOn: addDays(spell.window.untilOn, -200) },
  });
  const line = oneVersionLine(random, account, {
    planId,
    fromOn,
    spell,
    quantity: account.band === "SMB" ? 1 : random.int(4, 12),
  });
  account.lines.push(line);
  const taken = daysOf(account.lines);
  let untilOn = addDays(fromOn, random.int(90, 180));
  while (taken.has(untilOn)) untilOn = addDays(untilOn, 1);
  line.untilOn = untilOn;
}

type LineWanted = {
  readonly planId: string;
  readonly fromOn: PlainDate;
  readonly spell: Spell;
  readonly quantity: number;
};

function oneVersionLine(
  random: Random,
  account: DemoAccount,
  { planId, fromOn, spell, quantity }: LineWanted,
): DemoLine {
  const unitPriceMinor = listPriceMinor(planId, priceYearOn(spell, fromOn), "MONTH");
  const bookedOn = bookedBefore(random, fromOn, "product-led");
  const reason = { motion: "product-led" as const, campaign: null, bookedOn };
  const terms = { planId, quantity, unitPriceMinor, interval: "MONTH" as const, discountPercent: 0, discountMinor: 0n };
  return {
    id: newLineId(account, planId),
    contractId: contractIdOf(account, fromOn),
    versions: [{ ...terms, ...reason, fromOn }],
    untilOn: null,
  };
}

const addOnsOf: Readonly<Record<string, readonly string[]>> = {
  planner: ["planner-assist", "planner-audit"],
  insights: ["insights-forecast"],
  flows: ["flows-connectors"],
};

/** The plans of add-ons to a plan's product. */
export function addOnsTo(planId: string): readonly string[] {
  return addOnsOf[planId.split("-")[0] ?? ""] ?? [];
}

function triedBeside(random: Random, planId: string): readonly string[] {
  return random.chance(30) ? ["insights-core", "flows-standard"] : addOnsTo(planId);
}

function neverHeld(account: DemoAccount, choices: readonly string[]): string | null {
  const held = new Set(
    account.lines.flatMap((line) => line.versions.map((version) => productOf(version.planId).family)),
  );
  const heldPlans = new Set(account.lines.flatMap((line) => line.versions.map((version) => version.planId)));
  const fits = (planId: string) =>
    productOf(planId).isAddOn ? !heldPlans.has(planId) : !held.has(productOf(planId).family);
  return choices.find(fits) ?? null;
}
