// What the model's metrics read: the ledger and the accounts, looked up the slow way, by going through all of it.

import { type Day, dayOf } from "./calendar.ts";
import type { AccountFact, ModelMovement, ModelTransfer } from "./facts.ts";
import { sumOf } from "./fraction.ts";

export type Books = {
  readonly movements: readonly ModelMovement[];
  readonly transfers: readonly ModelTransfer[];
  readonly accounts: readonly AccountFact[];
  /** From the highest band down; the last one starts at 0. Minor units of the reporting currency. */
  readonly bands: readonly { readonly name: string; readonly from: bigint }[];
  readonly reportingCurrency: string;
  /** 1 to 12. */
  readonly fiscalYearStartMonth: number;
};

/** One value of a line that can hold a balance. */
export type Tuple = { readonly productId: string | null; readonly planId: string | null; readonly currency: string };

export type Holding = Tuple & { readonly amount: bigint };

export function booksOfAccount(books: Books, accountId: string): Books {
  return {
    ...books,
    movements: books.movements.filter((movement) => movement.accountId === accountId),
    transfers: books.transfers.filter((transfer) => transfer.accountId === accountId),
    accounts: books.accounts.filter((account) => account.accountId === accountId),
  };
}

/** The account's ARR at the end of a day, every currency's minor units alike. */
export function arrOn({ movements }: Books, day: Day): bigint {
  return sumOf(movements.filter((movement) => movement.on <= day).map((movement) => movement.amount));
}

/** What the account's ARR at the end of a day consists of; nothing with an amount of 0. */
export function holdingsOn({ movements, transfers }: Books, day: Day): Holding[] {
  const entries: Holding[] = [
    ...movements.filter((movement) => movement.on <= day),
    ...transfers
      .filter((transfer) => transfer.on <= day)
      .flatMap(({ fromProductId, fromPlanId, toProductId, toPlanId, currency, amount }) => [
        { productId: fromProductId, planId: fromPlanId, currency, amount: -amount },
        { productId: toProductId, planId: toPlanId, currency, amount },
      ]),
  ];
  return gathered(entries);
}

/** Sums per tuple, without those that come to 0. */
export function gathered(entries: readonly Holding[]): Holding[] {
  const holdings = new Map<string, Holding>();
  for (const { productId, planId, currency, amount } of entries) {
    const label = JSON.stringify([productId, planId, currency]);
    const sum = (holdings.get(label)?.amount ?? 0n) + amount;
    holdings.set(label, { productId, planId, currency, amount: sum });
  }
  return [...holdings.values()].filter((holding) => holding.amount !== 0n);
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

/** What is said of the account at the end of a day. */
export function valuesOn({ accounts }: Books, day: Day): AccountValues {
  let latest: AccountFact | null = null;
  for (const fact of accounts) if (fact.from <= day && (latest === null || latest.from < fact.from)) latest = fact;
  return latest ?? nothingSaid;
}

/** The account's first day with ARR ever, and that day's ARR; null when there is none. */
export function firstArr({ movements }: Books): { readonly on: Day; readonly amount: bigint } | null {
  const news = movements.filter((movement) => movement.type === "NEW");
  const [first] = news;
  return first ? { on: first.on, amount: sumOf(news.map((movement) => movement.amount)) } : null;
}

/** The band that holds an ARR: the highest whose lower bound is not above it. */
export function bandOf({ bands }: Books, arr: bigint): string | null {
  return bands.find((band) => band.from <= arr)?.name ?? null;
}

/** The account's positive end-of-day ARRs from one day up to, not including, another; only days with movements can be new ones. */
export function positiveArrs(books: Books, from: Day, until: Day): bigint[] {
  const days = [...new Set(books.movements.map((movement) => movement.on))].sort((a, b) => a - b);
  const standing = [from, ...days.filter((day) => from < day && day < until)];
  return standing.map((day) => arrOn(books, day)).filter((arr) => arr > 0n);
}

/** As far back as any fact reaches. */
export const always: Day = dayOf("1990-01-01");

/** The bands of a workspace that reports in dollars and has set none of its own. */
export const dollarBands: Books["bands"] = [
  { name: "Enterprise", from: 100_000_00n },
  { name: "Mid-Market", from: 25_000_00n },
  { name: "SMB", from: 0n },
];
