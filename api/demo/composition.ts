// What an account of a size holds: its first product sized to a sum of ARR, and what it has bought beside it.

import type { BillingInterval } from "@accrete/db/contracts/terms.ts";
import { listPriceMinor, type PriceYear } from "./catalog.ts";
import type { Band } from "./groups.ts";
import { arrOfTerms } from "./lines.ts";
import type { Random } from "./random.ts";

/** One line of what is held. */
export type Holding = {
  readonly planId: string;
  readonly quantity: number;
  readonly interval: BillingInterval;
  readonly discountPercent: number;
};

/** What to hold, and how much it should come to. */
export type Size = { readonly band: Band; readonly arrMinor: bigint; readonly priceYear: PriceYear };

/** A wish: a plan, and its share of the ARR in hundredths, or so many units of it. */
type Wish =
  | { readonly planId: string; readonly sharePercent: number }
  | { readonly planId: string; readonly units: number };

type Offer = {
  readonly interval: BillingInterval;
  readonly discountPercent: number;
  readonly core: string;
  readonly beside: readonly Wish[];
};

/** The first product first; its seats come as near to the size as whole seats can. */
export function compose(random: Random, size: Size): Holding[] {
  const offer = offers[size.band](random, size);
  const { interval, discountPercent } = offer;
  const beside = offer.beside.map((wish) => {
    const one = { planId: wish.planId, quantity: 1, interval, discountPercent };
    if ("units" in wish) return { ...one, quantity: wish.units };
    return { ...one, quantity: unitsFor((size.arrMinor * BigInt(wish.sharePercent)) / 100n, yearlyMinor(one, size)) };
  });
  const core = { planId: offer.core, quantity: 1, interval, discountPercent };
  const left = beside.reduce((sum, holding) => sum - yearlyMinor(holding, size), size.arrMinor);
  return [{ ...core, quantity: unitsFor(left, yearlyMinor(core, size)) }, ...beside];
}

function yearlyMinor(holding: Holding, size: Size): bigint {
  const unitPriceMinor = listPriceMinor(holding.planId, size.priceYear, holding.interval);
  return arrOfTerms({ ...holding, unitPriceMinor, discountMinor: 0n });
}

/** At least one, to the nearest. */
function unitsFor(arrMinor: bigint, yearlyPerUnitMinor: bigint): number {
  const units = (2n * arrMinor + yearlyPerUnitMinor) / (2n * yearlyPerUnitMinor);
  return units < 1n ? 1 : Number(units);
}

/** The add-on that goes with a first product. */
function addOnTo(random: Random, core: string): string {
  if (core.startsWith("planner")) return random.pick(["planner-assist", "planner-assist", "planner-audit"]);
  return core.startsWith("flows") ? "flows-connectors" : "insights-forecast";
}

const offers: Readonly<Record<Band, (random: Random, size: Size) => Offer>> = {
  SMB: (random, { arrMinor }) => {
    const core = random.weighted([
      [arrMinor < 90_000n ? "planner-starter" : arrMinor < 600_000n ? "planner-team" : "planner-business", 68],
      [arrMinor < 400_000n ? "flows-standard" : "flows-scale", 20],
      ["insights-core", arrMinor >= 110_000n ? 12 : 0],
    ]);
    const beside: Wish[] = [];
    if (arrMinor > 120_000n && random.chance(24)) beside.push({ planId: addOnTo(random, core), sharePercent: 20 });
    if (arrMinor > 450_000n && random.chance(35))
      beside.push({ planId: core.startsWith("insights") ? "flows-standard" : "insights-core", sharePercent: 25 });
    return {
      interval: random.weighted<BillingInterval>([["MONTH", 70] as const, ["YEAR", 30] as const]),
      discountPercent: arrMinor > 300_000n && random.chance(18) ? 5 : 0,
      core,
      beside,
    };
  },
  "Mid-Market": (random) => {
    const core = random.weighted([
      ["planner-business", 62],
      ["planner-enterprise", 18],
      ["flows-standard", 20],
    ]);
    const beside: Wish[] = [];
    if (random.chance(40)) beside.push({ planId: addOnTo(random, core), sharePercent: 12 });
    if (random.chance(45)) beside.push({ planId: random.pick(["insights-core", "insights-pro"]), units: 1 });
    if (random.chance(30)) beside.push({ planId: "care-standard", units: 1 });
    if (random.chance(20)) beside.push({ planId: "runs-committed", sharePercent: 8 });
    return {
      interval: random.weighted<BillingInterval>([
        ["YEAR", 55] as const,
        ["QUARTER", 15] as const,
        ["MONTH", 30] as const,
      ]),
      discountPercent: random.weighted([
        [0, 60],
        [5, 15],
        [10, 25],
      ]),
      core,
      beside,
    };
  },
  Enterprise: (random) => {
    const core = random.weighted([
      ["planner-enterprise", 70],
      ["planner-business", 30],
    ]);
    const beside: Wish[] = [];
    if (random.chance(55)) beside.push({ planId: "planner-assist", sharePercent: 9 });
    if (random.chance(45)) beside.push({ planId: "insights-scale", units: random.int(1, 2) });
    if (random.chance(50)) beside.push({ planId: "flows-scale", sharePercent: 12 });
    if (random.chance(70)) beside.push({ planId: "care-premier", units: 1 });
    if (random.chance(50)) {
      beside.push({ planId: "runs-committed", sharePercent: 7 });
      if (random.chance(60)) beside.push({ planId: "runs-beyond", sharePercent: 1 });
    }
    return {
      interval: random.weighted<BillingInterval>([["YEAR", 80] as const, ["QUARTER", 20] as const]),
      discountPercent: random.pick([0, 10, 10, 15]),
      core,
      beside,
    };
  },
};
