// A word to Postgres' planner, where the books know better than its statistics.

import type { Tx } from "./database.ts";

/**
 * Runs look-ups of bounded sets of keys by index, whatever the planner believes of the tables. Within one large write they grow from
 * empty while their statistics, and the plans made at the start, say that reading them whole is cheap: the cost then grows with the
 * square of the rows.
 */
export function lookingUpByIndex<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  return switchedOff(tx, ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"], work);
}

/**
 * Runs a statement over many rows of the ledger without row-by-row joins. Right after a large import the statistics still tell of few
 * rows, and a plan made for few takes more than the time that a statement has.
 */
export function readingManyRows<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  return switchedOff(tx, ["enable_nestloop"], work);
}

async function switchedOff<T>(tx: Tx, switches: string[], work: () => Promise<T>): Promise<T> {
  await tx.sql`select set_config(name, 'off', true) from unnest(${switches}::text[]) as name`;
  const result = await work();
  await tx.sql`select set_config(name, 'on', true) from unnest(${switches}::text[]) as name`;
  return result;
}
