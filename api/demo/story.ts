// The demo's whole story: every account with its contract lines, from the first customer to the end of the last quarter.

import { addDays, type PlainDate } from "@accrete/db/kernel/dates.ts";
import { acmeInQuarter, tellAcme } from "./acme.ts";
import { castAccounts, type DemoAccount } from "./cast.ts";
import { closeBand, openingOf } from "./closing.ts";
import { endAll, lastAnniversary, quarterFromOn, renewUnderNewIds, tellSpell } from "./customers.ts";
import { type Band, bands } from "./groups.ts";
import { quarterGoals, type Remainders, tellQuarter } from "./quarter.ts";
import { at, type Random, randomNamed } from "./random.ts";

/** What the last account of a band brings to its opening, about, with the lines that close its cells. */
const lastAccountMinor: Readonly<Record<Band, bigint>> = {
  Enterprise: 17_000_000n,
  "Mid-Market": 6_000_000n,
  SMB: 1_100_000n,
};

/** An account's ARR when the quarter opens stays inside its band, with room for a closing line. */
const sizes: Readonly<Record<Band, { readonly minMinor: bigint; readonly maxMinor: bigint }>> = {
  Enterprise: { minMinor: 10_600_000n, maxMinor: 40_000_000n },
  "Mid-Market": { minMinor: 2_700_000n, maxMinor: 9_000_000n },
  SMB: { minMinor: 20_000n, maxMinor: 2_000_000n },
};

/** Drawn for each account: many small ones, few large. */
const weights: Readonly<Record<Band, readonly number[]>> = {
  Enterprise: [8, 9, 9, 10, 12, 13, 16, 22],
  "Mid-Market": [6, 7, 8, 9, 10, 11, 13, 16],
  SMB: [1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 9, 12, 17, 30],
};

/** Every account of the demo, the same at every call. */
export function tellDemo(): readonly DemoAccount[] {
  const { active, churned, holdings } = castAccounts();
  const acme = tellAcme();
  for (const band of bands) {
    const own = active.filter((account) => account.band === band);
    const last = at(
      own,
      own.findLastIndex((account) => account.startOn !== null && account.startOn < "2024-09-01"),
    );
    const told = own.filter((account) => account !== last);
    if (band === "Mid-Market") told.unshift(acme);
    tellHistories(band, told, acme);
    const others = told.filter((account) => account !== acme);
    const left = tellQuarter(band, others, band === "Mid-Market" ? acmeInQuarter : nothingDone);
    closeBand({ band, others: told, last, openingMinor: quarterGoals[band].openingMinor, left });
  }
  for (const account of churned) tellChurned(account);
  return [...holdings, acme, ...active, ...churned];
}

const nothingDone: Remainders = { seatMinor: 0n, tierMinor: 0n, addOnMinor: 0n, contractionMinor: 0n };

/** Sizes the accounts so that together they come near to the band's opening: what one misses, the later ones take up. */
function tellHistories(band: Band, accounts: readonly DemoAccount[], acme: DemoAccount): void {
  const random = randomNamed(`sizes ${band}`);
  const weighed = accounts
    .filter((account) => account !== acme)
    .map((account) => ({ account, weight: random.pick(weights[band]) }));
  let leftMinor = quarterGoals[band].openingMinor - lastAccountMinor[band];
  if (accounts.includes(acme)) leftMinor -= openingOf(acme);
  let leftWeight = weighed.reduce((sum, { weight }) => sum + weight, 0);
  for (const { account, weight } of weighed) {
    const share = (leftMinor * BigInt(weight)) / BigInt(leftWeight);
    const { minMinor, maxMinor } = sizes[band];
    tellHistory(account, share < minMinor ? minMinor : share > maxMinor ? maxMinor : share);
    leftMinor -= openingOf(account);
    leftWeight -= weight;
  }
}

function tellHistory(account: DemoAccount, arrMinor: bigint): void {
  const random = randomNamed(`history ${account.id}`);
  const startOn = account.startOn ?? quarterFromOn;
  const leavesAWhile = account.band !== "Enterprise" && startOn < "2024-06-01" && random.chance(9);
  let fromOn = startOn;
  if (leavesAWhile) {
    const leftOn = addDays(startOn, random.int(150, 330));
    tellSpell(random, account, { window: { fromOn, untilOn: leftOn }, arrMinor: (arrMinor * 7n) / 10n });
    endAll(account, leftOn);
    fromOn = addDays(leftOn, random.int(40, 200));
  }
  tellSpell(random, account, { window: { fromOn, untilOn: quarterFromOn }, arrMinor });
  renewSometimes(random, account, fromOn);
}

function renewSometimes(random: Random, account: DemoAccount, fromOn: PlainDate): void {
  const anniversary = lastAnniversary(account);
  if (anniversary === null || fromOn !== account.startOn || !random.chance(account.band === "SMB" ? 5 : 25)) return;
  renewUnderNewIds(account, anniversary);
}

/** Came, stayed for some months, and left before the last quarter. */
function tellChurned(account: DemoAccount): void {
  const random = randomNamed(`history ${account.id}`);
  const fromOn = account.startOn ?? quarterFromOn;
  const wantedOn = addDays(fromOn, random.int(120, 620));
  const untilOn = wantedOn < quarterFromOn ? wantedOn : addDays("2025-07-01", random.int(0, 85));
  const { minMinor } = sizes[account.band];
  const arrMinor = minMinor + BigInt(random.int(0, account.band === "SMB" ? 300_000 : 2_000_000));
  tellSpell(random, account, { window: { fromOn, untilOn }, arrMinor });
  endAll(account, untilOn);
}
