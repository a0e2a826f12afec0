// Random companies for fast-check: accounts with values and parents that change, some merged into others, fed by contract lines and
// usage or by ready-made movements, in one or several currencies with or without rates.

import fc from "fast-check";
import { always } from "./books.ts";
import type { Day } from "./calendar.ts";
import type { AccountFact, LineFact, MergeFact, PlanFact, RateFacts, ReadyMovement, UsageFact } from "./facts.ts";
import { shareOut, sumOf } from "./fraction.ts";
import { goesRound } from "./groups.ts";
import { type HistoryOptions, type LineHistory, someDay, someLineHistory } from "./histories.ts";
import { someRates } from "./rates.ts";
import type { Facts } from "./scene.ts";

export type Company = Facts & { readonly plans: readonly PlanFact[]; readonly rates: RateFacts };

const maybe = (...words: string[]) => fc.constantFrom(null, ...words);

const someValues = fc.record({
  channel: maybe("direct", "partner"),
  region: maybe("EU", "US"),
  industry: maybe("retail"),
  owner: maybe("ann", "Bob", "Ágnes"),
  attributes: fc.constantFrom<Record<string, string>>(
    {},
    { tier: "gold" },
    { tier: "silver", size: "L" },
    { size: "S" },
  ),
  /** The parent's place among the accounts before this one; beyond them there is none. */
  parent: fc.nat(5),
});

/** One to three facts of an account; most accounts are known from always on, some only from a later day. */
function someAccount(accountId: string, elders: readonly string[]): fc.Arbitrary<AccountFact[]> {
  return fc
    .record({
      days: fc.uniqueArray(someDay, { maxLength: 2 }),
      knownFromAlways: fc.constantFrom(true, true, true, false),
      values: fc.array(someValues, { minLength: 3, maxLength: 3 }),
    })
    .map(({ days, knownFromAlways, values }) => {
      const all = knownFromAlways || days.length === 0 ? [always, ...days] : days;
      return all
        .sort((a, b) => a - b)
        .flatMap((from, index) => {
          const said = values[index];
          if (!said) return [];
          const { parent, ...rest } = said;
          return [{ accountId, from, name: `Account ${accountId}`, parentId: elders[parent] ?? null, ...rest }];
        });
    });
}

const someAct = fc.record({
  /** What happens where several things could. */
  turn: fc.constantFrom("GROW", "GROW", "SHRINK", "BOTH", "LEAVE"),
  size: fc.constantFrom(1n, 100_00n, 100_00n, 333_33n, 25_000_00n),
  plan: fc.nat(10),
  driver: fc.constantFrom(
    "SEAT",
    "TIER",
    "ADD_ON",
    "CROSS_SELL",
    "USAGE_COMMITMENT",
    "USAGE",
    "PRICE",
    "DISCOUNT",
    "OTHER",
  ),
  kind: fc.constantFrom("RECURRING", "RECURRING", "COMMITMENT", "METERED", null),
  isAddOn: fc.constantFrom(false, false, false, true),
  otherDriver: fc.constantFrom("SEAT", "TIER", "OTHER"),
  motion: maybe("product-led", "sales-led"),
  campaign: maybe("spring"),
  parts: fc.integer({ min: 1, max: 2 }),
  /** A source that names any plan: a plan's balance may fall below 0 then, the account's never. */
  isCareless: fc.constantFrom(false, false, false, false, true),
} as const);
type Act = typeof someAct extends fc.Arbitrary<infer T> ? T : never;

type Source = {
  readonly accountId: string;
  readonly plans: readonly PlanFact[];
  readonly currency: string;
  /** A source that knows kinds is careful: what it names never falls below 0, also where a policy leaves a kind out. */
  readonly knowsKinds: boolean;
};

/** An account's ready-made movements: what its source would say, day after day, the account never below 0. */
function someReady(accountId: string, plans: readonly PlanFact[], currencies: readonly string[]) {
  return fc
    .record({
      days: fc.uniqueArray(someDay, { minLength: 1, maxLength: 8 }),
      currency: fc.constantFrom(...currencies),
      knowsKinds: fc.boolean(),
    })
    .chain(({ days, ...rest }) =>
      fc.array(someAct, { minLength: days.length, maxLength: days.length }).map((acts) => {
        const made: ReadyMovement[] = [];
        [...days]
          .sort((a, b) => a - b)
          .forEach((day, index) => {
            const act = acts[index];
            if (act) made.push(...readyOfDay({ accountId, plans, ...rest }, day, act, made));
          });
        return made;
      }),
    );
}

function readyOfDay(source: Source, day: Day, act: Act, earlier: readonly ReadyMovement[]): ReadyMovement[] {
  const { accountId, plans, currency, knowsKinds } = source;
  const isCareless = act.isCareless && !knowsKinds;
  const standing = holdingsOf(earlier);
  const before = sumOf(standing.map(({ amount }) => amount));
  const words = { accountId, on: day, currency, bookedOn: null };
  const ways = { motion: act.motion, campaign: act.campaign };
  const made: ReadyMovement[] = [];
  const add = (rest: Pick<ReadyMovement, "type" | "driver" | "amount"> & Named, way = ways) => {
    if (rest.amount === 0n) return;
    const movementId = `${accountId}:${earlier.length + made.length}`;
    made.push({ ...words, movementId, ...rest, ...way });
  };
  const named = (plan: PlanFact | null): Named =>
    knowsKinds
      ? { plan, kind: act.kind, isAddOn: act.isAddOn }
      : { plan, kind: plan ? "RECURRING" : null, isAddOn: false };
  const chosen = named(plans[act.plan] ?? null);
  if (before === 0n) {
    const type = earlier.length === 0 ? "NEW" : "REACTIVATION";
    shareOut(act.size, act.parts === 2 ? [1n, 2n] : [1n]).forEach((amount, index) => {
      add({ type, driver: null, amount, ...(index === 0 ? chosen : named(plans[0] ?? null)) });
    });
    return made;
  }
  if (act.turn === "LEAVE") {
    const gone = isCareless ? [{ ...chosen, amount: before }] : standing.filter(({ amount }) => amount > 0n);
    const amounts = shareOut(
      -before,
      gone.map(({ amount }) => amount),
    );
    gone.forEach(({ plan, kind, isAddOn }, index) => {
      add({ type: "CHURN", driver: null, amount: amounts[index] ?? 0n, plan, kind, isAddOn });
    });
    return made;
  }
  if (act.turn !== "SHRINK") add({ type: "EXPANSION", driver: act.driver, amount: act.size, ...chosen });
  if (act.turn !== "GROW") {
    const first = standing.find(({ amount }) => amount > 0n && amount <= before);
    const from = isCareless ? { ...chosen, amount: before } : (first ?? { ...chosen, amount: 0n });
    const { plan, kind, isAddOn } = from;
    // A third of what is there: the account keeps some ARR, whatever else happens on the day.
    const amount = -(from.amount / 3n);
    add(
      { type: "CONTRACTION", driver: act.otherDriver, amount, plan, kind, isAddOn },
      { motion: null, campaign: "spring" },
    );
  }
  return made;
}

type Named = Pick<ReadyMovement, "plan" | "kind" | "isAddOn">;
type Standing = Named & { readonly amount: bigint };

function holdingsOf(movements: readonly ReadyMovement[]): Standing[] {
  const sums = new Map<string, Standing>();
  for (const { plan, kind, isAddOn, amount } of movements) {
    const label = JSON.stringify([plan?.planId ?? null, kind ?? "RECURRING", isAddOn]);
    sums.set(label, { plan, kind, isAddOn, amount: (sums.get(label)?.amount ?? 0n) + amount });
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0n);
}

/** Now and then usage periods of METERED lines: one after another, with a gap here and there that the line does not survive. */
function someUsage(lines: readonly LineFact[]): fc.Arbitrary<UsageFact[]> {
  const metered = [...new Set(lines.filter(({ kind }) => kind === "METERED").map(({ lineId }) => lineId))];
  const ofLine = (lineId: string) =>
    fc
      .record({
        edges: fc.uniqueArray(someDay, { minLength: 0, maxLength: 6 }),
        amounts: fc.array(fc.constantFrom("10", "10", "0", "33.33", "250"), { minLength: 6, maxLength: 6 }),
        isTold: fc.constantFrom(true, true, false),
      })
      .map(({ edges, amounts, isTold }) => {
        const days = [...edges].sort((a, b) => a - b);
        const told = isTold ? days.slice(1) : [];
        return told.map((until, place) => ({ lineId, from: days[place] ?? 0, until, amount: amounts[place] ?? "0" }));
      });
  return fc.tuple(...metered.map(ofLine)).map((told) => told.flat());
}

/** Up to two merges of accounts of one source; none after which somebody would be their own parent. */
function someMerges(sources: readonly (readonly string[])[], accounts: readonly AccountFact[]) {
  const ids = sources.filter((group) => group.length > 1);
  if (ids.length === 0) return fc.constant<MergeFact[]>([]);
  const someMerge = fc
    .constantFrom(...ids)
    .chain((group) => fc.uniqueArray(fc.constantFrom(...group), { minLength: 2, maxLength: 2 }))
    .map(([from = "", into = ""]) => ({ from, into }));
  return fc
    .oneof(
      { weight: 2, arbitrary: fc.constant<MergeFact[]>([]) },
      { weight: 1, arbitrary: fc.array(someMerge, { minLength: 1, maxLength: 2 }) },
    )
    .map((merges) => {
      const kept: MergeFact[] = [];
      for (const merge of merges) {
        const isFree = kept.every(({ from }) => from !== merge.from && from !== merge.into);
        if (isFree && !goesRound(accounts, [...kept, merge])) kept.push(merge);
      }
      return kept;
    });
}

/** The accounts' own names: in no order of their making, and one that sorts by code units and not by letters. */
const accountNames = ["m", "B", "z", "a", "Z", "é"];

function renamed(lines: readonly LineFact[]): LineFact[] {
  const nameOf = (accountId: string) => accountNames[Number(accountId.slice(1))] ?? accountId;
  return lines.map((line) => ({
    ...line,
    accountId: nameOf(line.accountId),
    lineId: line.lineId.replace(/^a\d+/, nameOf),
  }));
}

export type CompanyOptions = HistoryOptions & {
  /** Whether some of the accounts turn out to be others. */
  readonly merges: "some" | "none";
  /** Whether usage periods say what some METERED lines are worth. */
  readonly usage: "some" | "none";
};

/** A whole company; of its accounts, some are fed by lines and up to two by ready-made movements, and one may hold nothing itself. */
export function someCompany(options: CompanyOptions): fc.Arbitrary<Company> {
  const fedByLines = { ...options, accountsMax: Math.max(1, options.accountsMax - 2) };
  return someLineHistory(fedByLines).chain(({ plans, lines }: LineHistory) => {
    const named = renamed(lines);
    const fed = [...new Set(named.map((line) => line.accountId))];
    return fc
      .record({ others: fc.integer({ min: 0, max: 2 }), holders: fc.nat({ max: 1 }) })
      .chain(({ others, holders }) => {
        const readyIds = ["r", "Q"].slice(0, others);
        const ids = [...["H"].slice(0, holders), ...fed, ...readyIds];
        return fc
          .record({
            accounts: fc.tuple(...ids.map((id, index) => someAccount(id, ids.slice(0, index)))),
            ready: fc.tuple(...readyIds.map((id) => someReady(id, plans, options.currencies))),
            usage: options.usage === "some" ? someUsage(named) : fc.constant([]),
            rates: someRates(options.currencies),
          })
          .chain(({ accounts, ready, usage, rates }) => {
            const facts = { plans, lines: named, accounts: accounts.flat(), ready: ready.flat(), usage, rates };
            const merges = options.merges === "some" ? someMerges([fed, readyIds], facts.accounts) : fc.constant([]);
            return merges.map((chosen) => ({ ...facts, merges: chosen }));
          });
      });
  });
}
