// What an account holds at the end of a day: its ARR, and the plans and families of the lines in force, those at ARR 0 included.

import { type Catalog, factsOfPlan } from "../catalog/plans.ts";
import type { LineVersion } from "../contracts/version.ts";
import type { LineChange } from "./days.ts";

type Counts = { bases: number; addOns: number };

/** Moves on by a day's changes: what a day costs depends on the lines that changed, not on how many the account has. */
export class Holding {
  readonly #catalog: Catalog;
  readonly #plans = new Map<string, Counts>();
  readonly #families = new Map<string, Counts>();
  #arrMinor = 0n;

  /** Nothing held. */
  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Whether any line has ARR, in whichever currency: the sum over currencies is 0 only when every line is. */
  get hasArr(): boolean {
    return this.#arrMinor > 0n;
  }

  /** Whether a line of the same plan is in force that counts for this one. */
  holdsPlanOf(line: LineVersion): boolean {
    return counts(this.#plans.get(line.planId), line);
  }

  /** Whether a line of the same family is in force that counts for this one. */
  holdsFamilyOf(line: LineVersion): boolean {
    return counts(this.#families.get(this.#familyOf(line)), line);
  }

  apply(changes: readonly LineChange[]): void {
    for (const { before, after } of changes) {
      if (before) this.#count(before, -1);
      if (after) this.#count(after, 1);
    }
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
}

/** An add-on never counts as held for a line that is none. */
function counts(held: Counts | undefined, line: LineVersion): boolean {
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
