// Instants as RFC 3339 text in UTC, to the microsecond, as Postgres keeps them. No clock: now comes from the caller or the database.

import { Temporal } from "temporal-polyfill";

/**
 * One moment, one text: "2025-12-31T23:00:00Z" for that or "2026-01-01T00:00:00+01:00", without needless zeros, and what is finer than a
 * microsecond cut off; null for a text that is no instant.
 */
export function parseInstant(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return null;
  try {
    return Temporal.Instant.from(text).round({ smallestUnit: "microsecond", roundingMode: "floor" }).toString();
  } catch {
    return null;
  }
}
