// How a window is cut into periods, what each is called, and how many of it make a year.

import { addDays, addMonths, daysBetween, monthOf, type PlainDate, parseDate, type Window } from "../kernel/dates.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import { type Rational, rational } from "../kernel/rational.ts";
import type { Period } from "./answer.ts";
import type { Grain } from "./question.ts";

/** A question has at most this many periods. */
export const periodsMax = 400;

/**
 * The periods of a grain that share a day with the window, in order, clipped to it; together they are the window. Weeks start on
 * Monday (ISO 8601); quarters and years are fiscal. BAD_USER_INPUT for an empty or reversed window or a day outside 1990 to 2100,
 * TOO_COMPLEX for more than `periodsMax` periods.
 *
 * @param fiscalYearStartMonth 1 to 12.
 */
export function periodsOf(window: Window, grain: Grain, fiscalYearStartMonth: number): readonly Period[] {
  checkWindow(window);
  if (grain === "WHOLE") return [wholePeriod(window)];
  const periods: Period[] = [];
  for (let fromOn = window.fromOn; fromOn < window.untilOn; ) {
    if (periods.length === periodsMax) {
      throw new AccreteError(
        "TOO_COMPLEX",
        `The window has more than ${periodsMax} periods of grain ${grain}; the limit is ${periodsMax}. Ask for a shorter window or a coarser grain.`,
        { field: "window" },
      );
    }
    const whole = grainPeriod(fromOn, grain, fiscalYearStartMonth);
    const untilOn = earlierOf(whole.untilOn, window.untilOn);
    periods.push({ fromOn, untilOn, label: whole.label, partial: fromOn > whole.fromOn || untilOn < whole.untilOn });
    fromOn = untilOn;
  }
  return periods;
}

/** The window as the one period of the grain WHOLE. */
export function wholePeriod(window: Window): Period {
  return { ...window, label: `${window.fromOn}/${window.untilOn}`, partial: false };
}

/** The whole grain period that holds the day, with its label; a fiscal year is named after the calendar year in which it ends. */
export function grainPeriod(
  day: PlainDate,
  grain: Exclude<Grain, "WHOLE">,
  fiscalYearStartMonth: number,
): Window & { readonly label: string } {
  switch (grain) {
    case "DAY":
      return { fromOn: day, untilOn: addDays(day, 1), label: day };
    case "WEEK":
      return isoWeek(day);
    case "MONTH": {
      const fromOn = monthOf(day);
      return { fromOn, untilOn: addMonths(fromOn, 1), label: day.slice(0, 7) };
    }
    case "QUARTER":
    case "YEAR":
      return fiscalPeriod(day, grain === "QUARTER" ? 3 : 12, fiscalYearStartMonth);
  }
}

/** How many such windows make a year: 12 ÷ months where both ends are the first of a month, else 365 ÷ days. */
export function periodsPerYear({ fromOn, untilOn }: Window): Rational {
  if (fromOn.endsWith("-01") && untilOn.endsWith("-01")) {
    return rational(12n, BigInt(monthIndex(untilOn) - monthIndex(fromOn)));
  }
  return rational(365n, BigInt(daysBetween(fromOn, untilOn)));
}

function checkWindow({ fromOn, untilOn }: Window): void {
  for (const day of [fromOn, untilOn]) {
    if (parseDate(day) === null) badInput("window", `'${day}' is not a day from 1990-01-01 to 2100-12-31.`);
  }
  if (fromOn >= untilOn) {
    badInput("window", `The window from ${fromOn} until ${untilOn} holds no day: 'untilOn' must be after 'fromOn'.`);
  }
}

function earlierOf(...days: [PlainDate, PlainDate]): PlainDate {
  return days.sort()[0];
}

/** Months since the year 0. */
function monthIndex(day: PlainDate): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

function fiscalPeriod(day: PlainDate, months: 3 | 12, startMonth: number): Window & { readonly label: string } {
  const monthsIn = (((monthIndex(day) - (startMonth - 1)) % 12) + 12) % 12;
  const fromOn = addMonths(monthOf(day), -(monthsIn % months));
  const endsInYear = addMonths(monthOf(day), 11 - monthsIn).slice(0, 4);
  const label = months === 12 ? endsInYear : `${endsInYear}-Q${Math.floor(monthsIn / 3) + 1}`;
  return { fromOn, untilOn: addMonths(fromOn, months), label };
}

function isoWeek(day: PlainDate): Window & { readonly label: string } {
  // 1990-01-01 was a Monday.
  const fromOn = addDays(day, -(daysBetween("1990-01-01", day) % 7));
  // A week belongs to the year of its Thursday, and is that year's first when the Thursday is.
  const thursday = addDays(fromOn, 3);
  const week = Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1;
  return { fromOn, untilOn: addDays(fromOn, 7), label: `${thursday.slice(0, 4)}-W${String(week).padStart(2, "0")}` };
}
