// The demo's last quarter, Q4 2025: the figures it should come to, and the changes of accounts that bring it there.
// Whole accounts change until little is left; one agreed price in each cell then makes the remainder.

import type { DemoAccount } from "./cast.ts";
import type { Band } from "./groups.ts";
import { type Change, higherPlan, less, moreSeats, newAddOn, type Propose } from "./quarter-changes.ts";
import { type Random, randomNamed } from "./random.ts";

/** Sums of cents that a band's quarter should show. */
export type QuarterGoal = {
  readonly openingMinor: bigint;
  readonly seatMinor: bigint;
  readonly tierMinor: bigint;
  readonly addOnMinor: bigint;
  readonly contractionMinor: bigint;
};

const dollars = (amount: number): bigint => BigInt(amount) * 100n;

export const quarterGoals: Readonly<Record<Band, QuarterGoal>> = {
  Enterprise: {
    openingMinor: dollars(2_100_000),
    seatMinor: dollars(220_000),
    tierMinor: dollars(70_000),
    addOnMinor: dollars(30_000),
    contractionMinor: dollars(25_000),
  },
  "Mid-Market": {
    openingMinor: dollars(1_400_000),
    seatMinor: dollars(45_000),
    tierMinor: dollars(110_000),
    addOnMinor: dollars(30_000),
    contractionMinor: dollars(38_000),
  },
  SMB: {
    openingMinor: dollars(700_000),
    seatMinor: dollars(15_000),
    tierMinor: dollars(15_000),
    addOnMinor: dollars(65_000),
    contractionMinor: dollars(21_000),
  },
};

/** What the last change of a cell may come to, so that its agreed price looks like one. */
export type Remainder = { readonly minMinor: bigint; readonly maxMinor: bigint };

type CellName = "seatMinor" | "tierMinor" | "addOnMinor" | "contractionMinor";

const between = (min: number, max: number): Remainder => ({ minMinor: dollars(min), maxMinor: dollars(max) });

const remainders: Readonly<Record<Band, Readonly<Record<CellName, Remainder>>>> = {
  Enterprise: {
    seatMinor: between(28_000, 44_000),
    tierMinor: between(9_000, 24_000),
    addOnMinor: between(2_000, 8_000),
    contractionMinor: between(2_000, 8_000),
  },
  "Mid-Market": {
    seatMinor: between(4_500, 13_000),
    tierMinor: between(6_000, 17_000),
    addOnMinor: between(1_500, 4_500),
    contractionMinor: between(1_500, 4_500),
  },
  SMB: {
    seatMinor: between(600, 1_600),
    tierMinor: between(1_500, 4_500),
    addOnMinor: between(400, 900),
    contractionMinor: between(400, 900),
  },
};

const proposals: Readonly<Record<CellName, Propose>> = {
  seatMinor: moreSeats,
  tierMinor: higherPlan,
  addOnMinor: newAddOn,
  contractionMinor: less,
};

/** What is left of each cell for its last change. */
export type Remainders = Readonly<Record<CellName, bigint>>;

/** Lets accounts of the band change through the quarter; `done` is what has been told already. */
export function tellQuarter(band: Band, accounts: readonly DemoAccount[], done: Remainders): Remainders {
  const random = randomNamed(`quarter ${band}`);
  const goal = quarterGoals[band];
  const moved = new Map<string, number>();
  const left = (name: CellName): bigint =>
    fill(random, accounts, moved, {
      leftMinor: goal[name] - done[name],
      remainder: remainders[band][name],
      propose: proposals[name],
    });
  const tierMinor = left("tierMinor");
  const addOnMinor = left("addOnMinor");
  const seatMinor = left("seatMinor");
  return { tierMinor, addOnMinor, seatMinor, contractionMinor: left("contractionMinor") };
}

type Cell = { readonly leftMinor: bigint; readonly remainder: Remainder; readonly propose: Propose };

function fill(random: Random, accounts: readonly DemoAccount[], moved: Map<string, number>, cell: Cell): bigint {
  const { minMinor, maxMinor } = cell.remainder;
  let leftMinor = cell.leftMinor;
  // Several rounds: a large account that does not fit at first leaves room for smaller ones.
  for (let round = 0; round < 8; round += 1) {
    for (const account of random.shuffled(accounts)) {
      if (leftMinor <= maxMinor) return leftMinor;
      const times = moved.get(account.id) ?? 0;
      if (times > (round < 4 ? 1 : 2) || (times === 1 && !random.chance(round === 0 ? 15 : 60))) continue;
      const change: Change | null = cell.propose(random, account);
      // Whole dollars only, so that the remainder is whole and any pack of seats divides it into cents.
      if (change === null || change.amountMinor <= 0n || change.amountMinor % 100n !== 0n) continue;
      if (leftMinor - change.amountMinor < minMinor) continue;
      change.apply();
      moved.set(account.id, times + 1);
      leftMinor -= change.amountMinor;
    }
  }
  if (leftMinor > maxMinor)
    throw new RangeError(`the quarter cannot be told: ${leftMinor} cents are left of ${cell.leftMinor}`);
  return leftMinor;
}
