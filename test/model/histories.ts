// Random histories for fast-check: small catalogs, few dates and few prices, so that coincidences (the same day, the same value, ARR 0) are common.

import { billingIntervals, type LineKind } from "@accrete/db/contracts/terms.ts";
import fc from "fast-check";
import { type Day, dayOf } from "./calendar.ts";
import type { LineFact, PlanFact } from "./facts.ts";

const fewDays = [
  "2024-01-01",
  "2024-01-15",
  "2024-01-31",
  "2024-02-01",
  "2024-02-02",
  "2024-02-29",
  "2024-03-01",
  "2024-03-15",
  "2024-04-01",
  "2024-04-02",
  "2024-06-30",
  "2024-07-01",
  "2024-12-31",
  "2025-01-01",
].map(dayOf);

/** Mostly one of a few days that many things share, seldom any other day of the two years. */
export const someDay: fc.Arbitrary<Day> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...fewDays) },
  { weight: 1, arbitrary: fc.integer({ min: dayOf("2024-01-01"), max: dayOf("2025-03-01") }) },
);

/** In one case of four there is a value. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const families = ["core", "extra"];

const someProduct = fc.record({
  family: fc.constantFrom(...families),
  ranks: fc.oneof(
    fc.constantFrom<(number | null)[]>([null], [1]),
    fc.array(fc.constantFrom<number | null>(1, 2, 2, 3), { minLength: 2, maxLength: 3 }),
  ),
});

/** Two to four products of one or two families, each with one to three plans; ranks may be equal. */
export const someCatalog: fc.Arbitrary<readonly PlanFact[]> = fc
  .array(someProduct, { minLength: 2, maxLength: 4 })
  .map((products) =>
    products.flatMap(({ family, ranks }, product) =>
      ranks.map((rank, place) => ({
        planId: `p${product}.${place}`,
        productId: `p${product}`,
        family,
        rank,
      })),
    ),
  );

const someQuantity = fc.constantFrom("1", "1", "2", "3", "10", "0.5", "7.25", "1000");
const somePrice = fc.constantFrom("10", "10", "20", "100", "0", "33.33", "0.015", "0.333333333333", "1200", "26000");
const someDiscount = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ discountPercent: null, discountAmount: null }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom("0", "10", "50", "33.333", "100")
      .map((percent) => ({ discountPercent: percent, discountAmount: null })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("1", "5", "15", "1000000")
      .map((amount) => ({ discountPercent: null, discountAmount: amount })),
  },
);
const someKind: fc.Arbitrary<LineKind> = fc.oneof(
  { weight: 8, arbitrary: fc.constant("RECURRING" as const) },
  { weight: 2, arbitrary: fc.constantFrom("COMMITMENT" as const, "METERED" as const) },
);
const someWord = (...words: string[]) => fc.constantFrom(null, ...words);

type Stretch = Omit<LineFact, "lineId" | "accountId" | "from" | "until">;

function someStretch(plans: readonly PlanFact[], currencies: readonly string[]): fc.Arbitrary<Stretch> {
  return fc
    .record({
      plan: fc.constantFrom(...plans),
      kind: someKind,
      isAddOn: fc.constantFrom(false, false, false, true),
      quantity: someQuantity,
      unitPrice: somePrice,
      discount: someDiscount,
      interval: fc.constantFrom("YEAR", "YEAR", "MONTH", ...billingIntervals),
      currency: fc.constantFrom(...currencies),
      motion: someWord("product-led", "sales-led"),
      campaign: someWord("spring"),
      bookedOn: seldom(someDay),
    })
    .map(({ discount, ...rest }) => ({ ...rest, ...discount }));
}

/** What becomes of a line at one of its dates: some of its terms change, it pauses, or it goes on under another id. */
const someTurn = fc.record({
  keeps: fc.record({
    plan: fc.boolean(),
    product: fc.constantFrom(true, true, true, false),
    kind: fc.constantFrom(true, true, true, true, false),
    isAddOn: fc.constantFrom(true, true, true, true, true, true, false),
    quantity: fc.boolean(),
    unitPrice: fc.boolean(),
    discount: fc.constantFrom(true, true, false),
    interval: fc.constantFrom(true, true, true, false),
    currency: fc.constantFrom(true, true, true, true, true, false),
    motion: fc.boolean(),
  }),
  becomes: fc.constantFrom("CHANGED", "CHANGED", "CHANGED", "RENAMED", "PAUSED"),
});

type Keeps = Readonly<
  Record<
    | "plan"
    | "product"
    | "kind"
    | "isAddOn"
    | "quantity"
    | "unitPrice"
    | "discount"
    | "interval"
    | "currency"
    | "motion",
    boolean
  >
>;
type Turn = { readonly keeps: Keeps; readonly becomes: string };

function turned(old: Stretch, fresh: Stretch, keeps: Keeps, plans: readonly PlanFact[]): Stretch {
  const sibling = plans.find((plan) => plan.productId === old.plan.productId && plan.planId !== old.plan.planId);
  const discounted = keeps.discount ? old : fresh;
  return {
    plan: keeps.plan ? old.plan : keeps.product ? (sibling ?? fresh.plan) : fresh.plan,
    kind: keeps.kind ? old.kind : fresh.kind,
    isAddOn: keeps.isAddOn ? old.isAddOn : fresh.isAddOn,
    quantity: keeps.quantity ? old.quantity : fresh.quantity,
    unitPrice: keeps.unitPrice ? old.unitPrice : fresh.unitPrice,
    discountPercent: discounted.discountPercent,
    discountAmount: discounted.discountAmount,
    interval: keeps.interval ? old.interval : fresh.interval,
    currency: keeps.currency ? old.currency : fresh.currency,
    motion: keeps.motion ? old.motion : fresh.motion,
    campaign: fresh.campaign,
    bookedOn: fresh.bookedOn,
  };
}

type Thread = {
  readonly plans: readonly PlanFact[];
  readonly accountId: string;
  readonly thread: number;
  readonly days: readonly Day[];
  readonly stretches: readonly Stretch[];
  readonly turns: readonly Turn[];
  readonly ends: boolean;
};

/** One line's story: versions from date to date, each made from the one before it. */
function linesOfThread({ plans, accountId, thread, days, stretches, turns, ends }: Thread): LineFact[] {
  const lines: LineFact[] = [];
  let name = 0;
  let current = stretches[0];
  for (const [index, from] of days.entries()) {
    const turn = turns[index];
    const fresh = stretches[index];
    if (!current || !turn || !fresh) break;
    if (index > 0) {
      if (turn.becomes === "PAUSED") continue;
      if (turn.becomes === "RENAMED") name += 1;
      current = turned(current, fresh, turn.keeps, plans);
    }
    const until = days[index + 1] ?? null;
    if (until === null && ends && days.length > 1) break;
    lines.push({ ...current, lineId: `${accountId}-${letters[thread]}${name}`, accountId, from, until });
  }
  return lines;
}

// In no order of the threads' making, so that "first by line id" is not "first made".
const letters = "mcxqa";

type ThreadWorld = {
  readonly plans: readonly PlanFact[];
  readonly currencies: readonly string[];
  /** The days on which the history's lines begin, change and end. */
  readonly changeDay: fc.Arbitrary<Day>;
};

function someThread(accountId: string, thread: number, world: ThreadWorld): fc.Arbitrary<LineFact[]> {
  const { plans, currencies, changeDay } = world;
  return fc.uniqueArray(changeDay, { minLength: 1, maxLength: 6 }).chain((days) =>
    fc
      .record({
        stretches: fc.array(someStretch(plans, currencies), { minLength: days.length, maxLength: days.length }),
        turns: fc.array(someTurn, { minLength: days.length, maxLength: days.length }),
        ends: fc.boolean(),
      })
      .map((parts) => linesOfThread({ plans, accountId, thread, days: [...days].sort((a, b) => a - b), ...parts })),
  );
}

export type LineHistory = { readonly plans: readonly PlanFact[]; readonly lines: readonly LineFact[] };

/** The line's later half belongs to another account: it ended in one and started in the other. */
function handedOver(lines: readonly LineFact[], accountId: string): LineFact[] {
  return lines.map((line, index) => (2 * index < lines.length ? line : { ...line, accountId }));
}

/** The days of one history: in every other one only three to five, so that most things happen together. */
const someDays: fc.Arbitrary<fc.Arbitrary<Day>> = fc.oneof(
  fc.constant(someDay),
  fc.uniqueArray(someDay, { minLength: 3, maxLength: 5 }).map((days) => fc.constantFrom(...days)),
);

export type HistoryOptions = {
  /** 1 unless told. */
  readonly accountsMin?: number;
  /** How many lines an account has at least: 1 unless told. */
  readonly threadsMin?: number;
  readonly accountsMax: number;
  /** Drawn from evenly: a currency named twice is twice as common. */
  readonly currencies: readonly string[];
};

/** Whole histories of contract lines: one to `accountsMax` accounts with one to five threads each. */
export function someLineHistory({
  accountsMin = 1,
  accountsMax,
  threadsMin = 1,
  currencies,
}: HistoryOptions): fc.Arbitrary<LineHistory> {
  const threadCounts = fc.array(fc.integer({ min: threadsMin, max: 5 }), {
    minLength: accountsMin,
    maxLength: accountsMax,
  });
  return fc
    .record({ plans: someCatalog, changeDay: someDays, threadCounts })
    .chain(({ plans, changeDay, threadCounts: counts }) => {
      const threads = counts.flatMap((count, account) =>
        Array.from({ length: count }, (_, thread) =>
          someThread(`a${account}`, thread, { plans, currencies, changeDay }),
        ),
      );
      // Half of the companies with more than one account hand the first one's lines over to another.
      const taker = fc.oneof(fc.constant(0), fc.nat({ max: counts.length - 1 }));
      return fc.record({ lines: fc.tuple(...threads), taker }).map(({ lines, taker: to }) => ({
        plans,
        lines: lines.flatMap((thread) => (thread[0]?.accountId === "a0" ? handedOver(thread, `a${to}`) : thread)),
      }));
    });
}
