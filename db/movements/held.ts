// What an account, or a group that counts as one, holds at the end of a day: its ARR, and the plans and families of the lines in force, those
// at ARR 0 included, and of what ready-made movements sum to.

import { type Catalog, factsOfPlan } from "../catalog/plans.ts";
import type { LineVersion } from "../contracts/version.ts";
import type { LineChange } from "./days.ts";

type Counts = { bases: number; addOns: number };

/** Where ARR of ready-made movements stands, as far as holding goes. */
type HeldValue = {
  readonly productId: string | null;
  readonly planId: string | null;
  readonly isAddOn: boolean;
  readonly currency: string;
};

/** By product id. */
export type Families = ReadonlyMap<string, string>;

const noFamilies: Families = new Map();

/** Moves on by a day's changes: what a day costs depends on the lines that changed, not on how many the account has. */
export class Holding {
  readonly #catalog: Catalog;
  readonly #productFamilies: Families;
  readonly #plans = new Map<string, Counts>();
  readonly #families = new Map<string, Counts>();
  /** Sums of ready-made movements by family, plan, add-on mark and currency: held where positive. */
  readonly #readyMade = new Map<string, bigint>();
  #arrMinor = 0n;
  #readyMadeArrMinor = 0n;

  /** Nothing held. The families of products are needed only where there are ready-made movements. */
  constructor(catalog: Catalog, families: Families = noFamilies) {
    this.#catalog = catalog;
    this.#productFamilies = families;
  }

  /** Whether there is ARR, in whichever currency: no line has less than none, so the sum over currencies is 0 only when every line is. */
  get hasArr(): boolean {
    return this.#arrMinor > 0n;
  }

  /** Whether any line has ARR. */
  get hasLineArr(): boolean {
    return this.#arrMinor > this.#readyMadeArrMinor;
  }

  /** Whether a line of the same plan is in force that counts for this one. */
  holdsPlanOf(line: LineVersion): boolean {
    return counts(this.#plans.get(line.planId), line);
  }

  /** Whether a line of the same family is in force that counts for this one. */
  holdsFamilyOf(line: LineVersion): boolean {
    return counts(this.#families.get(this.#familyOf(line)), line);
  }

  /** Whether anything of the product's family is held that counts for an add-on, or for what is none. */
  holdsFamily({ productId, isAddOn }: { readonly productId: string; readonly isAddOn: boolean }): boolean {
    return counts(this.#families.get(this.#familyOfProduct(productId)), { isAddOn });
  }

  apply(changes: readonly LineChange[]): void {
    for (const { before, after } of changes) {
      if (before) this.#count(before, -1);
      if (after) this.#count(after, 1);
    }
  }

  /** Moves on by a ready-made amount. */
  applyReadyMade({ productId, planId, isAddOn, currency }: HeldValue, amountMinor: bigint): void {
    this.#arrMinor += amountMinor;
    this.#readyMadeArrMinor += amountMinor;
    if (productId === null) return;
    const family = this.#familyOfProduct(productId);
    const key = `${family} ${planId} ${isAddOn} ${currency}`;
    const before = this.#readyMade.get(key) ?? 0n;
    const after = before + amountMinor;
    this.#readyMade.set(key, after);
    if (before > 0n === after > 0n) return;
    const step = after > 0n ? 1 : -1;
    const part = isAddOn ? "addOns" : "bases";
    if (planId !== null) countsOf(this.#plans, planId)[part] += step;
    countsOf(this.#families, family)[part] += step;
  }

  #count(line: LineVersion, step: 1 | -1): void {
    this.#arrMinor += step === 1 ? line.arrMinor : -line.arrMinor;
    const part = line.isAddOn ? "addOns" : "bases";
    countsOf(this.#plans, line.planId)[part] += step;
    countsOf(this.#families, this.#familyOf(line))[part] += step;
  }

  #familyOf(line: LineVersion): string {
    return factsOfPlan(this.#catalog, line.planId).family;
  }

  #familyOfProduct(productId: string): string {
    const family = this.#productFamilies.get(productId);
    if (family === undefined) throw new RangeError(`the catalog lacks product ${productId}`);
    return family;
  }
}

/** An add-on never counts as held for a line that is none. */
function counts(held: Counts | undefined, line: { readonly isAddOn: boolean }): boolean {
  if (!held) return false;
  return held.bases > 0 || (line.isAddOn && held.addOns > 0);
}

function countsOf(map: Map<string, Counts>, key: string): Counts {
  let entry = map.get(key);
  if (!entry) {
    entry = { bases: 0, addOns: 0 };
    map.set(key, entry);
  }
  return entry;
}
