// No amount is ever counted in a currency that it is not in: without a rate the question is refused, naming the currency and the day.

import type { Tx } from "../kernel/database.ts";
import { AccreteError } from "../kernel/errors.ts";
import { allOf } from "../kernel/fragments.ts";
import { accountConditions, unreversed } from "../movements/filter.ts";
import type { Reading } from "./reading.ts";

/**
 * Throws RATE_MISSING for the earliest entry that the question reads in another currency than the reporting one. A currency condition
 * leaves entries out only where nothing is read of the whole account: not under SNAPSHOT or netting, nor where bands are asked for.
 */
export async function requireRates(tx: Tx, reading: Reading): Promise<void> {
  const { context, filter, settings, window } = reading;
  const readsWholeAccounts = reading.interval !== "NONE" || reading.hasSegments;
  const currencies = readsWholeAccounts ? undefined : filter.currency;
  const conditions = accountConditions(tx.sql, filter, context, tx.sql`m.account_id`);
  if (currencies) conditions.push(tx.sql`m.currency = any(${[...currencies]}::text[])`);
  const [foreign] = await tx.sql<{ currency: string; effectiveOn: string }[]>`
    select m.currency, m.effective_on as "effectiveOn" from movements m
    where ${unreversed(tx.sql, "m", context)} and m.currency <> ${settings.reportingCurrency}
      and m.effective_on < ${window.untilOn}::date and ${allOf(tx.sql, conditions)}
    order by m.effective_on, m.currency limit 1`;
  if (!foreign) return;
  throw new AccreteError(
    "RATE_MISSING",
    `There is no rate from ${foreign.currency} to ${settings.reportingCurrency} for ${foreign.effectiveOn}.`,
  );
}
