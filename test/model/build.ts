// Short ways to write facts down in tests of the model.

import { dayOf } from "./calendar.ts";
import type { LineFact, ModelMovement, PlanFact } from "./facts.ts";

export function plan(planId: string, rank: number | null = null, rest: Partial<PlanFact> = {}): PlanFact {
  return { planId, productId: "app", family: "app", rank, ...rest };
}

type LineWords = Omit<Partial<LineFact>, "from" | "until" | "plan"> & {
  readonly lineId: string;
  readonly plan: PlanFact;
  readonly from: string;
  readonly until?: string;
};

/** A RECURRING line of one account, billed yearly in USD, quantity 1, unless told otherwise. */
export function line({ from, until, ...words }: LineWords): LineFact {
  return {
    accountId: "acme",
    kind: "RECURRING",
    isAddOn: false,
    quantity: "1",
    unitPrice: "0",
    discountPercent: null,
    discountAmount: null,
    interval: "YEAR",
    currency: "USD",
    motion: null,
    campaign: null,
    bookedOn: null,
    ...words,
    from: dayOf(from),
    until: until === undefined ? null : dayOf(until),
  };
}

/** "2025-02-01 EXPANSION SEAT 6000.00 l1" for each movement, amounts of a currency with two decimals. */
export function told(movements: readonly ModelMovement[], since = "1990-01-01"): string[] {
  return movements
    .filter((movement) => movement.on >= dayOf(since))
    .map(({ type, driver, amount, lineId }) =>
      [type, driver, `${amount / 100n}.${String((amount < 0n ? -amount : amount) % 100n).padStart(2, "0")}`, lineId]
        .filter((word) => word !== null)
        .join(" "),
    );
}
