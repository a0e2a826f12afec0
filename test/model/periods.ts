// The periods of a window, found day by day: a new period begins where the next day has another name.

import type { Grain } from "@accrete/db/metrics/question.ts";
import { type Day, partsOf, textOf } from "./calendar.ts";
import type { ModelPeriod, Span } from "./question.ts";

const two = (value: number) => String(value).padStart(2, "0");

/** The name of the period that holds a day; fiscal quarters and years have the year in which their fiscal year ends. */
export function nameOf(day: Day, grain: Exclude<Grain, "WHOLE">, fiscalYearStartMonth: number): string {
  const { year, month, weekday } = partsOf(day);
  // In a fiscal year that does not start in January, the months before its end belong to the calendar year of that end.
  const endsNextYear = fiscalYearStartMonth > 1 && month >= fiscalYearStartMonth;
  const fiscalYear = endsNextYear ? year + 1 : year;
  const fiscalMonth = (month - fiscalYearStartMonth + 12) % 12;
  switch (grain) {
    case "DAY":
      return textOf(day);
    case "WEEK": {
      // ISO: a week belongs to the year of its Thursday.
      const thursday = day - weekday + 4;
      const weekYear = partsOf(thursday).year;
      let number = 1;
      for (let earlier = thursday - 7; partsOf(earlier).year === weekYear; earlier -= 7) number += 1;
      return `${weekYear}-W${two(number)}`;
    }
    case "MONTH":
      return `${year}-${two(month)}`;
    case "QUARTER":
      return `${fiscalYear}-Q${Math.floor(fiscalMonth / 3) + 1}`;
    case "YEAR":
      return String(fiscalYear);
  }
}

export function periodsOfWindow(window: Span, grain: Grain, fiscalYearStartMonth: number): ModelPeriod[] {
  if (grain === "WHOLE") return [wholeOf(window)];
  const periods: ModelPeriod[] = [];
  let from = window.from;
  for (let day = window.from; day < window.until; day += 1) {
    const label = nameOf(day, grain, fiscalYearStartMonth);
    const next = nameOf(day + 1, grain, fiscalYearStartMonth);
    const isCutShort = day + 1 === window.until && next === label;
    if (next === label && !isCutShort) continue;
    const beganEarlier = nameOf(from - 1, grain, fiscalYearStartMonth) === label;
    periods.push({ from, until: day + 1, label, partial: beganEarlier || isCutShort });
    from = day + 1;
  }
  return periods;
}

export function wholeOf({ from, until }: Span): ModelPeriod {
  return { from, until, label: `${textOf(from)}/${textOf(until)}`, partial: false };
}

/** Whether this day begins a calendar month. */
export function isFirstOfMonth(day: Day): boolean {
  return partsOf(day).dayOfMonth === 1;
}
