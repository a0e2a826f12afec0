// The last account of each band, and the last change of each cell: prices agreed so that the band's quarter comes out to the cent.

import { addDays, type PlainDate } from "@accrete/db/kernel/dates.ts";
import type { DemoAccount } from "./cast.ts";
import { contractIdOf, goalOf, newLineId, quarterFromOn } from "./customers.ts";
import type { Band } from "./groups.ts";
import { newSpell, tellLine } from "./history.ts";
import { arrOn, changeLine, type DemoLine, daysOf, type LineTerms, latest } from "./lines.ts";
import type { Remainders } from "./quarter.ts";
import { dayInQuarter, openLines, reasonOf, seatLine, startOf } from "./quarter-changes.ts";
import { type Random, randomNamed } from "./random.ts";

type ClosingTerms = {
  readonly seatPlan: string;
  /** What a seat costs a year at list, about. */
  readonly seatListMinor: bigint;
  readonly packs: readonly bigint[];
  readonly tier: readonly [from: string, to: string];
  readonly tierFromMinor: bigint;
  readonly addOn: string;
  readonly fee: string;
  /** What the fee that takes the opening's remainder should come to, about. */
  readonly feeMinor: bigint;
};

const closingTerms: Readonly<Record<Band, ClosingTerms>> = {
  Enterprise: {
    seatPlan: "planner-enterprise",
    seatListMinor: 86_900n,
    packs: [25n, 40n, 50n],
    tier: ["insights-pro", "insights-scale"],
    tierFromMinor: 438_900n,
    addOn: "planner-audit-plus",
    fee: "care-premier",
    feeMinor: 1_450_000n,
  },
  "Mid-Market": {
    seatPlan: "planner-business",
    seatListMinor: 53_900n,
    packs: [10n, 20n, 25n],
    tier: ["insights-pro", "insights-scale"],
    tierFromMinor: 438_900n,
    addOn: "planner-audit-plus",
    fee: "care-standard",
    feeMinor: 330_000n,
  },
  SMB: {
    seatPlan: "planner-team",
    seatListMinor: 31_900n,
    packs: [2n, 4n, 5n],
    tier: ["insights-core", "insights-pro"],
    tierFromMinor: 108_900n,
    addOn: "planner-audit",
    fee: "care-standard",
    feeMinor: 275_000n,
  },
};

export type Closing = {
  readonly band: Band;
  /** The band's other accounts, all told. */
  readonly others: readonly DemoAccount[];
  /** Has no lines yet. */
  readonly last: DemoAccount;
  readonly openingMinor: bigint;
  readonly left: Remainders;
};

/** Makes what is left of each cell, then lets the last account bring the band's opening to its sum. */
export function closeBand({ band, others, last, openingMinor, left }: Closing): void {
  const random = randomNamed(`closing ${band}`);
  const terms = closingTerms[band];
  closeTier(random, others, terms, left.tierMinor);
  closeAddOn(random, others, terms, left.addOnMinor);
  closeContraction(random, others, terms, left.contractionMinor);
  const missingMinor = others.reduce((sum, account) => sum - openingOf(account), openingMinor);
  tellLast(random, last, terms, { missingMinor, seatMinor: left.seatMinor });
}

/** The ARR with which the account enters the quarter. */
export function openingOf(account: DemoAccount): bigint {
  return arrOn(account.lines, addDays(quarterFromOn, -1));
}

const yearly = { quantity: 1, interval: "YEAR", discountPercent: 0, discountMinor: 0n } as const;

/** An account that has no such product yet, held it already before the quarter, at an agreed price, and moves up. */
function closeTier(random: Random, others: readonly DemoAccount[], terms: ClosingTerms, amountMinor: bigint): void {
  const [from, to] = terms.tier;
  const account = pickAccount(random, others, "insights");
  const line = addPastLine(random, account, { ...yearly, planId: from, unitPriceMinor: terms.tierFromMinor });
  const on = dayOrFail(random, account);
  const changed = { planId: to, unitPriceMinor: terms.tierFromMinor + amountMinor };
  changeLine(line, on, changed, reasonOf(random, on, "success-led"));
}

function closeAddOn(random: Random, others: readonly DemoAccount[], terms: ClosingTerms, amountMinor: bigint): void {
  const account = pickAccount(random, others, "planner-audit");
  const on = dayOrFail(random, account);
  startOf(
    account,
    on,
    { ...yearly, planId: terms.addOn, unitPriceMinor: amountMinor },
    reasonOf(random, on, "success-led"),
  ).apply();
}

function closeContraction(
  random: Random,
  others: readonly DemoAccount[],
  terms: ClosingTerms,
  amountMinor: bigint,
): void {
  const account = pickAccount(random, others, "planner-audit");
  const line = addPastLine(random, account, { ...yearly, planId: terms.addOn, unitPriceMinor: amountMinor });
  line.untilOn = dayOrFail(random, account);
}

/** The account's own price per seat makes its pack of seats come to `seatMinor`; its fee takes what is missing of the opening. */
function tellLast(
  random: Random,
  last: DemoAccount,
  terms: ClosingTerms,
  wanted: { readonly missingMinor: bigint; readonly seatMinor: bigint },
): void {
  const pack = packFor(terms, wanted.seatMinor);
  const seatPriceMinor = wanted.seatMinor / pack;
  const seats = (wanted.missingMinor - terms.feeMinor) / seatPriceMinor;
  const spell = newSpell(random, { fromOn: last.startOn ?? "2023-03-01", untilOn: quarterFromOn });
  const holding = { planId: terms.seatPlan, quantity: Number(seats), interval: "YEAR", discountPercent: 0 } as const;
  const goal = { ...goalOf(last, holding, spell.window.fromOn), agreedPriceMinor: seatPriceMinor };
  const line = tellLine(random, spell, goal);
  last.lines.push(line);
  addPastLine(random, last, {
    ...yearly,
    planId: terms.fee,
    unitPriceMinor: wanted.missingMinor - seats * seatPriceMinor,
  });
  const on = dayOrFail(random, last);
  changeLine(line, on, { quantity: Number(seats + pack) }, reasonOf(random, on, "sales-led"));
}

/** The pack of seats whose price comes nearest to the list. */
function packFor(terms: ClosingTerms, amountMinor: bigint): bigint {
  const offBy = (pack: bigint): bigint => {
    const difference = amountMinor / pack - terms.seatListMinor;
    return difference < 0n ? -difference : difference;
  };
  return terms.packs
    .filter((pack) => amountMinor % pack === 0n)
    .reduce((best, pack) => (offBy(pack) < offBy(best) ? pack : best));
}

/** An account with Planner seats, bought early, that never held plans of that name; one still unmoved in the quarter, if there is one. */
function pickAccount(random: Random, accounts: readonly DemoAccount[], without: string): DemoAccount {
  const fit = accounts.filter(
    (account) =>
      account.id !== "acme" &&
      account.startOn !== null &&
      account.startOn < "2025-03-01" &&
      account.lines.every((line) => line.versions.every((version) => !version.planId.startsWith(without))) &&
      lastDayOf(account) < "2025-12-10" &&
      seatLine(account)?.versions.at(-1)?.planId.startsWith("planner"),
  );
  const unmoved = fit.filter((account) => lastDayOf(account) < quarterFromOn);
  return random.pick(unmoved.length > 0 ? unmoved : fit);
}

function lastDayOf(account: DemoAccount): PlainDate {
  return [...daysOf(account.lines)].sort().at(-1) ?? quarterFromOn;
}

/** A line that began some months before the quarter and has not changed since. */
function addPastLine(random: Random, account: DemoAccount, terms: LineTerms): DemoLine {
  const taken = daysOf(account.lines);
  const firstOn = openLines(account)[0]?.versions[0]?.fromOn ?? quarterFromOn;
  const earliest = firstOn < "2025-03-10" ? "2025-03-20" : addDays(firstOn, 10);
  let on: PlainDate = addDays(earliest, random.int(1, 90));
  while (taken.has(on)) on = addDays(on, 1);
  const line: DemoLine = {
    id: newLineId(account, terms.planId),
    contractId: contractIdOf(account, on),
    versions: [{ ...terms, ...reasonOf(random, on, "sales-led"), fromOn: on }],
    untilOn: null,
  };
  if (latest(line).fromOn >= quarterFromOn)
    throw new RangeError(`${account.id} came too late for a line before the quarter`);
  account.lines.push(line);
  return line;
}

function dayOrFail(random: Random, account: DemoAccount): PlainDate {
  const on = dayInQuarter(random, account);
  if (on === null) throw new RangeError(`${account.id} has no day left in the quarter`);
  return on;
}
