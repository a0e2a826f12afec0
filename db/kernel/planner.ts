// A word to Postgres' planner, where the books know better than its statistics.

import type { Tx } from "./database.ts";

/**
 * Runs look-ups of bounded sets of keys by index, whatever the planner believes of the tables. Within one large write they grow from
 * empty while their statistics, and the plans made at the start, say that reading them whole is cheap: the cost then grows with the
 * square of the rows.
 */
export async function lookingUpByIndex<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.sql`select set_config(name, 'off', true) from unnest(${[...switches]}::text[]) as name`;
  const result = await work();
  await tx.sql`select set_config(name, 'on', true) from unnest(${[...switches]}::text[]) as name`;
  return result;
}

const switches = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"];
