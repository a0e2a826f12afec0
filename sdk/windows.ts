// Windows by name, so that nobody computes the day after the last one by hand. Pure: no clock, and so no "last 30 days".

/** A half-open window of calendar days: `untilOn` is the day after the last. */
export type Window = { readonly fromOn: string; readonly untilOn: string };

/** A fiscal calendar. */
export type FiscalCalendar = {
  /** The month, 1 to 12, in which the fiscal year starts; 1 unless told. `workspace.get()` tells the workspace's own. */
  readonly fiscalYearStartMonth?: number;
};

/**
 * A quarter by its label. A fiscal year is named after the calendar year in which it ends, as in the labels of the answers.
 * Throws a RangeError for any other form.
 *
 * @example
 * quarter("2025-Q4"); // { fromOn: "2025-10-01", untilOn: "2026-01-01" }
 * quarter("2026-Q1", { fiscalYearStartMonth: 2 }); // { fromOn: "2025-02-01", untilOn: "2025-05-01" }
 */
export function quarter(label: string, calendar: FiscalCalendar = {}): Window {
  const [year, number] = parsed(/^(\d{4})-Q([1-4])$/, label, "quarter", "2025-Q4");
  return monthsFrom(fiscalYearStart(year, calendar) + (number - 1) * 3, 3);
}

/**
 * A year by its label, calendar or fiscal. A fiscal year is named after the calendar year in which it ends.
 * Throws a RangeError for any other form.
 *
 * @example
 * year("2025"); // { fromOn: "2025-01-01", untilOn: "2026-01-01" }
 */
export function year(label: string, calendar: FiscalCalendar = {}): Window {
  const [number] = parsed(/^(\d{4})$/, label, "year", "2025");
  return monthsFrom(fiscalYearStart(number, calendar), 12);
}

/**
 * A calendar month by its label. Throws a RangeError for any other form.
 *
 * @example
 * month("2025-10"); // { fromOn: "2025-10-01", untilOn: "2025-11-01" }
 */
export function month(label: string): Window {
  const [year, number] = parsed(/^(\d{4})-(0[1-9]|1[0-2])$/, label, "month", "2025-10");
  return monthsFrom(year * 12 + number - 1, 1);
}

function parsed(form: RegExp, label: string, kind: string, example: string): [number, number] {
  const match = form.exec(label);
  if (!match) throw new RangeError(`'${label}' is not a ${kind}: expected the form '${example}'.`);
  return [Number(match[1]), Number(match[2])];
}

/** The fiscal year's first month, counted from January of the year 0. */
function fiscalYearStart(year: number, { fiscalYearStartMonth = 1 }: FiscalCalendar): number {
  if (!Number.isInteger(fiscalYearStartMonth) || fiscalYearStartMonth < 1 || fiscalYearStartMonth > 12) {
    throw new RangeError(`fiscalYearStartMonth is a month, 1 to 12; got ${fiscalYearStartMonth}.`);
  }
  return (fiscalYearStartMonth === 1 ? year : year - 1) * 12 + fiscalYearStartMonth - 1;
}

function monthsFrom(firstMonth: number, months: number): Window {
  return { fromOn: firstOf(firstMonth), untilOn: firstOf(firstMonth + months) };
}

function firstOf(months: number): string {
  const year = String(Math.floor(months / 12)).padStart(4, "0");
  return `${year}-${String((months % 12) + 1).padStart(2, "0")}-01`;
}
