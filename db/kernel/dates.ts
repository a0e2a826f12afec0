// Plain dates as "YYYY-MM-DD" text, which sorts as time does. No time zones, and no clock: today comes from the caller.

import { Temporal } from "temporal-polyfill";

/** A day, "YYYY-MM-DD". */
export type PlainDate = string;

/** Half-open: from `fromOn` up to, not including, `untilOn`. */
export type Window = { readonly fromOn: PlainDate; readonly untilOn: PlainDate };

export const dateMin: PlainDate = "1990-01-01";
const dateMax: PlainDate = "2100-12-31";

/** The text itself when it is a real day in that form between 1990 and 2100, else null. */
export function parseDate(text: string): PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < dateMin || text > dateMax) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString();
  } catch {
    return null;
  }
}

export function addDays(date: PlainDate, days: number): PlainDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

export function addMonths(date: PlainDate, months: number): PlainDate {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** Whole days from one date to a later one. */
export function daysBetween(fromOn: PlainDate, untilOn: PlainDate): number {
  return Temporal.PlainDate.from(fromOn).until(Temporal.PlainDate.from(untilOn), { largestUnit: "days" }).days;
}

export function monthOf(date: PlainDate): PlainDate {
  return `${date.slice(0, 7)}-01`;
}
