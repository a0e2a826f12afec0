// Pieces of SQL that are put together before they are sent: values stay parameters, whatever the nesting.

import type postgres from "postgres";

/** A piece of SQL made by a tagged template that is not awaited: it may stand inside another one. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** What makes fragments: `tx.sql` of a transaction. */
export type FragmentMaker = (strings: TemplateStringsArray, ...values: FragmentValue[]) => Fragment;
export type FragmentValue = Fragment | readonly Fragment[] | postgres.ParameterOrFragment<bigint>;

/** `a, b, c`; an empty list is the caller's mistake. */
export function listed(sql: FragmentMaker, parts: readonly Fragment[]): Fragment {
  return sql`${parts.map((part, index) => (index === 0 ? part : sql`, ${part}`))}`;
}

/** `(a) and (b)`; `true` for an empty list. */
export function allOf(sql: FragmentMaker, parts: readonly Fragment[]): Fragment {
  if (parts.length === 0) return sql`true`;
  return sql`${parts.map((part, index) => (index === 0 ? sql`(${part})` : sql`and (${part})`))}`;
}

/** `(a) or (b)`; `false` for an empty list. */
export function anyOf(sql: FragmentMaker, parts: readonly Fragment[]): Fragment {
  if (parts.length === 0) return sql`false`;
  return sql`${parts.map((part, index) => (index === 0 ? sql`(${part})` : sql`or (${part})`))}`;
}
