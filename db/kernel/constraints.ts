// Check constraints that several tables share.

import { type SQL, sql } from "drizzle-orm";

/** `column in ('A', 'B', …)` for a closed list of words; null passes. */
export function isOneOf(column: string, words: readonly string[]): SQL {
  return sql.raw(`${column} in (${words.map((word) => `'${word}'`).join(", ")})`);
}
