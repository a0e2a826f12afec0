// A day's flows between plans, written down as transfers: one for each way that ARR went, from one plan to another in one currency.

import type { PlainDate } from "../kernel/dates.ts";
import type { Flow } from "./divide.ts";
import type { TransferDraft } from "./types.ts";

/** Opposite flows are not netted: both lines really went where they went. */
export function transfersOf(effectiveOn: PlainDate, flows: readonly Flow[]): TransferDraft[] {
  const transfers = new Map<string, TransferDraft>();
  for (const { from, to, amountMinor } of flows) {
    const way = `${from.currency} ${from.planId} ${to.planId}`;
    transfers.set(way, {
      accountId: from.accountId,
      effectiveOn,
      amountMinor: amountMinor + (transfers.get(way)?.amountMinor ?? 0n),
      currency: from.currency,
      fromProductId: from.productId,
      fromPlanId: from.planId,
      toProductId: to.productId,
      toPlanId: to.planId,
    });
  }
  return [...transfers.values()];
}
