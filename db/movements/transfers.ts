// A flow written down as a transfer: which line and plan ARR left, and which it went to.

import type { PlainDate } from "../kernel/dates.ts";
import type { Flow } from "./divide.ts";
import type { TransferDraft } from "./types.ts";

/** Opposite flows stay two: both lines really went where they went. */
export function transferOf(effectiveOn: PlainDate, { from, to, amountMinor }: Flow): TransferDraft {
  return {
    accountId: to.accountId,
    effectiveOn,
    amountMinor,
    currency: to.currency,
    fromLineId: from.lineId,
    toLineId: to.lineId,
    fromProductId: from.productId,
    fromPlanId: from.planId,
    toProductId: to.productId,
    toPlanId: to.planId,
  };
}
