// Pieces of SQL that are put together before they are sent: values stay parameters, whatever the nesting.

import type postgres from "postgres";
import type { Tx } from "./database.ts";

/** A piece of SQL made by a tagged template that is not awaited: it may stand inside another one. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** What makes fragments: the `sql` of a transaction. */
export type FragmentMaker = Tx["sql"];

/** `a, b, c`; the list must not be empty. */
export function listed(sql: FragmentMaker, parts: readonly Fragment[]): Fragment {
  return sql`${parts.map((part, index) => (index === 0 ? part : sql`, ${part}`))}`;
}

/** `((a) and (b))`; `true` for an empty list. */
export function allOf(sql: FragmentMaker, parts: readonly Fragment[]): Fragment {
  if (parts.length === 0) return sql`true`;
  return sql`(${parts.map((part, index) => (index === 0 ? sql`(${part})` : sql`and (${part})`))})`;
}

/** `((a) or (b))`; `false` for an empty list. */
export function anyOf(sql: FragmentMaker, parts: readonly Fragment[]): Fragment {
  if (parts.length === 0) return sql`false`;
  return sql`(${parts.map((part, index) => (index === 0 ? sql`(${part})` : sql`or (${part})`))})`;
}

/**
 * The same query, planned anew each time it is sent: for statements of endlessly many shapes. A prepared statement stays with its
 * connection for good, and one of a metrics question holds about two megabytes of the server's memory.
 */
export function unprepared<T extends Promise<unknown>>(query: T): T {
  // postgres.js reads the option when it sends the query, and sets it itself in `unsafe` and `simple`; its types do not tell.
  (query as T & { readonly options: { prepare: boolean } }).options.prepare = false;
  return query;
}
