// What the model's metrics read: the ledger of one view, the accounts and the rates, looked up the slow way, by going through all of it.

import { type Day, dayOf } from "./calendar.ts";
import { type AccountFact, decimalsOf, type MergeFact, type ModelMovement, type RateFacts } from "./facts.ts";
import { Fraction, sumOf } from "./fraction.ts";
import { factOn, parentOn } from "./groups.ts";
import { deriveLedger, type ModelLedger } from "./ledger.ts";
import { type Facts, type Holding, heldBy, type Scene, sceneOf, storedView, type View } from "./scene.ts";

export type Settings = {
  /** From the highest band down; the last one starts at 0. Minor units of the reporting currency. */
  readonly bands: readonly { readonly name: string; readonly from: bigint }[];
  readonly reportingCurrency: string;
  /** 1 to 12. */
  readonly fiscalYearStartMonth: number;
  readonly rates: RateFacts;
};

export type Books = Settings &
  ModelLedger & {
    readonly scene: Scene;
    readonly accounts: readonly AccountFact[];
    readonly merges: readonly MergeFact[];
  };

/** The books of these facts under a view; the stored ledger's unless told. */
export function booksOf(facts: Facts, settings: Settings, view: View = storedView): Books {
  const scene = sceneOf(facts, view);
  return { scene, ...deriveLedger(scene), accounts: facts.accounts, merges: facts.merges, ...settings };
}

/** A unit's balances at the end of a day, each in its own currency. */
export function holdingsOn({ scene }: Books, unitId: string, day: Day): readonly Holding[] {
  return heldBy(scene, unitId, day, day);
}

export function hasArrOn(books: Books, unitId: string, day: Day): boolean {
  return sumOf(holdingsOn(books, unitId, day).map(({ amount }) => amount)) > 0n;
}

/** A rate that is needed and not there. */
export class RateMissing extends Error {
  readonly currency: string;
  readonly day: Day;

  constructor(currency: string, day: Day) {
    super(`no rate for ${currency}`);
    this.currency = currency;
    this.day = day;
  }
}

export type Treatment = "CONSTANT" | "REPORTED";

function rateOn({ rates }: Books, treatment: Treatment, currency: string, day: Day): Fraction {
  if (treatment === "CONSTANT") {
    const rate = rates.constant?.find((fact) => fact.currency === currency);
    if (!rate) throw new RateMissing(currency, day);
    return Fraction.parse(rate.rate);
  }
  let latest: { from: Day; rate: string } | null = null;
  for (const fact of rates.dated ?? []) {
    if (fact.currency === currency && fact.from <= day && (!latest || latest.from < fact.from)) latest = fact;
  }
  if (!latest) throw new RateMissing(currency, day);
  return Fraction.parse(latest.rate);
}

/** A balance in the reporting currency, at the rate of a day: rounded once, and the reporting currency as it is. */
export function converted(
  books: Books,
  treatment: Treatment,
  { amount, currency, day }: { readonly amount: bigint; readonly currency: string; readonly day: Day },
): bigint {
  if (currency === books.reportingCurrency || amount === 0n) return amount;
  const decimals = (code: string) => Fraction.of(10n ** BigInt(decimalsOf[code] ?? 2));
  const rate = rateOn(books, treatment, currency, day);
  return Fraction.of(amount)
    .times(rate)
    .times(decimals(books.reportingCurrency))
    .over(decimals(currency))
    .roundHalfEven();
}

export type AccountValues = Omit<AccountFact, "from" | "name" | "accountId">;

const nothingSaid: AccountValues = {
  parentId: null,
  channel: null,
  region: null,
  industry: null,
  owner: null,
  attributes: {},
};

/** What is said of an account at the end of a day; its parent after every merge. */
export function valuesOn({ accounts, merges }: Books, accountId: string, day: Day): AccountValues {
  const said = factOn(accounts, accountId, day) ?? nothingSaid;
  return { ...said, parentId: parentOn(accounts, merges, accountId, day) };
}

/** All units that ever held anything or were moved to. */
export function unitsOf({ movements, moves }: Books): string[] {
  return [
    ...new Set([...movements.map(({ unitId }) => unitId), ...moves.flatMap((move) => [move.fromUnit, move.toUnit])]),
  ];
}

/** The days on which a unit's balances change, oldest first. */
export function ledgerDaysOf({ movements, transfers, moves }: Books, unitId: string): Day[] {
  const days = new Set([
    ...movements.filter((entry) => entry.unitId === unitId).map(({ on }) => on),
    ...transfers.filter((entry) => entry.unitId === unitId).map(({ on }) => on),
    ...moves.filter((entry) => entry.fromUnit === unitId || entry.toUnit === unitId).map(({ on }) => on),
  ]);
  return [...days].sort((a, b) => a - b);
}

/** What re-parented accounts brought a unit on a day. */
export function broughtOn({ moves }: Books, unitId: string, day: Day): Holding[] {
  return moves.filter((move) => move.toUnit === unitId && move.on === day).map((move) => ({ ...move, accountId: "" }));
}

/** The unit's first day with ARR ever, and what it had then; null when there is none. */
export function firstArr(books: Books, unitId: string): { readonly on: Day; readonly held: readonly Holding[] } | null {
  for (const on of ledgerDaysOf(books, unitId)) {
    const brought = broughtOn(books, unitId, on);
    if (sumOf(brought.map(({ amount }) => amount)) > 0n) return { on, held: brought };
    const held = holdingsOn(books, unitId, on);
    if (sumOf(held.map(({ amount }) => amount)) > 0n) return { on, held };
  }
  return null;
}

/** The band that holds an ARR: the highest whose lower bound is not above it. */
export function bandOf({ bands }: Books, arr: bigint): string | null {
  return bands.find((band) => band.from <= arr)?.name ?? null;
}

export function movementsOf({ movements }: Books, unitId: string): ModelMovement[] {
  return movements.filter((movement) => movement.unitId === unitId);
}

/** As far back as any fact reaches. */
export const always: Day = dayOf("1990-01-01");

/** The bands of a workspace that reports in dollars and has set none of its own. */
export const dollarBands: Settings["bands"] = [
  { name: "Enterprise", from: 100_000_00n },
  { name: "Mid-Market", from: 25_000_00n },
  { name: "SMB", from: 0n },
];

/** A workspace that reports in dollars, in calendar years, and has chosen no rates. */
export const dollarSettings: Settings = {
  bands: dollarBands,
  reportingCurrency: "USD",
  fiscalYearStartMonth: 1,
  rates: { constant: null, dated: null },
};
