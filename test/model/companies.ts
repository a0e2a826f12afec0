// Random companies for fast-check: accounts with values that change, fed by contract lines or by ready-made movements, and their final facts.

import fc from "fast-check";
import type { Books } from "./books.ts";
import { always } from "./books.ts";
import type { Day } from "./calendar.ts";
import type { AccountFact, LineFact, ModelMovement, PlanFact, ReadyMovement } from "./facts.ts";
import { shareOut, sumOf } from "./fraction.ts";
import { type HistoryOptions, type LineHistory, someDay, someLineHistory } from "./histories.ts";
import { deriveLedger } from "./ledger.ts";

export type Company = {
  readonly plans: readonly PlanFact[];
  readonly accounts: readonly AccountFact[];
  readonly lines: readonly LineFact[];
  readonly ready: readonly ReadyMovement[];
};

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
  otherDriver: fc.constantFrom("SEAT", "TIER", "OTHER"),
  motion: maybe("product-led", "sales-led"),
  campaign: maybe("spring"),
  parts: fc.integer({ min: 1, max: 2 }),
  /** A source that names any plan: a plan's balance may fall below 0 then, the account's never. */
  isCareless: fc.constantFrom(false, false, false, false, true),
} as const);
type Act = typeof someAct extends fc.Arbitrary<infer T> ? T : never;

/** An account's ready-made movements: what its source would say, day after day, never below 0 in any plan. */
function someReady(accountId: string, plans: readonly PlanFact[]): fc.Arbitrary<ReadyMovement[]> {
  return fc.uniqueArray(someDay, { minLength: 1, maxLength: 8 }).chain((days) =>
    fc.array(someAct, { minLength: days.length, maxLength: days.length }).map((acts) => {
      const made: ReadyMovement[] = [];
      [...days]
        .sort((a, b) => a - b)
        .forEach((day, index) => {
          const act = acts[index];
          if (act) made.push(...readyOfDay({ accountId, plans, day, act, earlier: made }));
        });
      return made;
    }),
  );
}

type ReadyDay = {
  readonly accountId: string;
  readonly plans: readonly PlanFact[];
  readonly day: Day;
  readonly act: Act;
  readonly earlier: readonly ReadyMovement[];
};

function readyOfDay({ accountId, plans, day, act, earlier }: ReadyDay): ReadyMovement[] {
  const standing = holdingsOf(earlier);
  const before = sumOf(standing.map(({ amount }) => amount));
  const words = { accountId, on: day, currency: "USD", isAddOn: false, bookedOn: null };
  const ways = { motion: act.motion, campaign: act.campaign };
  const made: ReadyMovement[] = [];
  const add = (rest: Pick<ReadyMovement, "type" | "driver" | "amount" | "plan">, way = ways) => {
    if (rest.amount === 0n) return;
    const movementId = `${accountId}:${earlier.length + made.length}`;
    made.push({ ...words, movementId, kind: rest.plan ? "RECURRING" : null, ...rest, ...way });
  };
  const chosen = plans[act.plan] ?? null;
  if (before === 0n) {
    const type = earlier.length === 0 ? "NEW" : "REACTIVATION";
    shareOut(act.size, act.parts === 2 ? [1n, 2n] : [1n]).forEach((amount, index) => {
      add({ type, driver: null, amount, plan: index === 0 ? chosen : (plans[0] ?? null) });
    });
    return made;
  }
  if (act.turn === "LEAVE") {
    const gone = act.isCareless ? [{ plan: chosen, amount: before }] : standing.filter(({ amount }) => amount > 0n);
    const amounts = shareOut(
      -before,
      gone.map(({ amount }) => amount),
    );
    gone.forEach(({ plan }, index) => {
      add({ type: "CHURN", driver: null, amount: amounts[index] ?? 0n, plan });
    });
    return made;
  }
  if (act.turn !== "SHRINK") add({ type: "EXPANSION", driver: act.driver, amount: act.size, plan: chosen });
  if (act.turn !== "GROW") {
    const first = standing.find(({ amount }) => amount > 0n && amount <= before);
    const from = act.isCareless ? { plan: chosen, amount: before } : first;
    // A third of what is there: the account keeps some ARR, whatever else happens on the day.
    const amount = -((from?.amount ?? 0n) / 3n);
    add(
      { type: "CONTRACTION", driver: act.otherDriver, amount, plan: from?.plan ?? null },
      { motion: null, campaign: "spring" },
    );
  }
  return made;
}

type Standing = { readonly plan: PlanFact | null; readonly amount: bigint };

function holdingsOf(movements: readonly ReadyMovement[]): Standing[] {
  const plans = [...new Map(movements.map(({ plan }) => [plan?.planId ?? null, plan])).values()];
  return plans
    .map((plan) => ({
      plan,
      amount: sumOf(movements.filter((movement) => movement.plan === plan).map(({ amount }) => amount)),
    }))
    .filter(({ amount }) => amount !== 0n);
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

/** A whole company; of its accounts, some are fed by lines and up to two by ready-made movements. */
export function someCompany(options: HistoryOptions): fc.Arbitrary<Company> {
  const fedByLines = { ...options, accountsMax: Math.max(1, options.accountsMax - 2) };
  return someLineHistory(fedByLines).chain(({ plans, lines }: LineHistory) => {
    const named = renamed(lines);
    const fed = [...new Set(named.map((line) => line.accountId))];
    return fc.integer({ min: 0, max: 2 }).chain((others) => {
      const readyIds = ["r", "Q"].slice(0, others);
      const ids = [...fed, ...readyIds];
      return fc
        .record({
          accounts: fc.tuple(...ids.map((id, index) => someAccount(id, ids.slice(0, index)))),
          ready: fc.tuple(...readyIds.map((id) => someReady(id, plans))),
        })
        .map(({ accounts, ready }) => ({ plans, lines: named, accounts: accounts.flat(), ready: ready.flat() }));
    });
  });
}

function asMovement({ movementId, plan, ...rest }: ReadyMovement): ModelMovement {
  return {
    ...rest,
    lineId: null,
    planId: plan?.planId ?? null,
    productId: plan?.productId ?? null,
    change: `stated ${movementId}`,
  };
}

/** The company's books: its ledger as the model derives it, beside what its sources state themselves. */
export function booksOf(
  company: Company,
  settings: Pick<Books, "bands" | "reportingCurrency" | "fiscalYearStartMonth">,
): Books {
  const { movements, transfers } = deriveLedger(company.lines);
  return {
    movements: [...movements, ...company.ready.map(asMovement)],
    transfers,
    accounts: company.accounts,
    ...settings,
  };
}
