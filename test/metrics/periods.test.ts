// How a window is cut into periods: labels, clipping, fiscal years, ISO weeks, and the refusals.

import type { Window } from "@accrete/db/kernel/dates.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { periodsMax, periodsOf, periodsPerYear } from "@accrete/db/metrics/periods.ts";
import type { Grain } from "@accrete/db/metrics/question.ts";
import { expect, test } from "vitest";

/** "label from..until" of each period, with a star where it is partial. */
function cut(fromOn: string, untilOn: string, grain: Grain, fiscalYearStartMonth = 1): string[] {
  return periodsOf({ fromOn, untilOn }, grain, fiscalYearStartMonth).map(
    (period) => `${period.label} ${period.fromOn}..${period.untilOn}${period.partial ? "*" : ""}`,
  );
}

function refusal(window: Window, grain: Grain = "WHOLE"): { code: string; field: string | null; message: string } {
  try {
    periodsOf(window, grain, 1);
  } catch (error) {
    if (error instanceof AccreteError) return { code: error.code, field: error.field, message: error.message };
    throw error;
  }
  throw new Error("the window was taken");
}

test("months are whole inside the window, clipped and flagged at its edges", () => {
  expect(cut("2025-01-15", "2025-04-01", "MONTH")).toEqual([
    "2025-01 2025-01-15..2025-02-01*",
    "2025-02 2025-02-01..2025-03-01",
    "2025-03 2025-03-01..2025-04-01",
  ]);
});

test("a window inside one period is that period, partial on both sides", () => {
  expect(cut("2025-02-10", "2025-02-11", "YEAR")).toEqual(["2025 2025-02-10..2025-02-11*"]);
});

test("weeks start on Monday and belong to the year of their Thursday", () => {
  expect(cut("2024-12-28", "2025-01-08", "WEEK")).toEqual([
    "2024-W52 2024-12-28..2024-12-30*",
    "2025-W01 2024-12-30..2025-01-06",
    "2025-W02 2025-01-06..2025-01-08*",
  ]);
  expect(cut("2021-01-01", "2021-01-05", "WEEK")).toEqual([
    "2020-W53 2021-01-01..2021-01-04*",
    "2021-W01 2021-01-04..2021-01-05*",
  ]);
});

test("days are named by their date, leap days among them", () => {
  expect(cut("2024-02-28", "2024-03-01", "DAY")).toEqual([
    "2024-02-28 2024-02-28..2024-02-29",
    "2024-02-29 2024-02-29..2024-03-01",
  ]);
});

test("calendar quarters and years, where the fiscal year starts in January", () => {
  expect(cut("2025-07-01", "2026-01-01", "QUARTER")).toEqual([
    "2025-Q3 2025-07-01..2025-10-01",
    "2025-Q4 2025-10-01..2026-01-01",
  ]);
  expect(cut("2024-01-01", "2026-01-01", "YEAR")).toEqual([
    "2024 2024-01-01..2025-01-01",
    "2025 2025-01-01..2026-01-01",
  ]);
});

test("a fiscal year is named after the calendar year in which it ends", () => {
  expect(cut("2025-01-01", "2025-08-01", "QUARTER", 2)).toEqual([
    "2025-Q4 2025-01-01..2025-02-01*",
    "2026-Q1 2025-02-01..2025-05-01",
    "2026-Q2 2025-05-01..2025-08-01",
  ]);
  expect(cut("2025-01-01", "2026-01-01", "YEAR", 7)).toEqual([
    "2025 2025-01-01..2025-07-01*",
    "2026 2025-07-01..2026-01-01*",
  ]);
  expect(cut("2025-12-01", "2026-12-01", "YEAR", 12)).toEqual(["2026 2025-12-01..2026-12-01"]);
});

test("WHOLE is the window, never partial", () => {
  expect(cut("2025-10-03", "2025-10-04", "WHOLE")).toEqual(["2025-10-03/2025-10-04 2025-10-03..2025-10-04"]);
});

test("an empty or a reversed window is refused on the field window", () => {
  expect(refusal({ fromOn: "2025-01-01", untilOn: "2025-01-01" })).toMatchObject({
    code: "BAD_USER_INPUT",
    field: "window",
  });
  expect(refusal({ fromOn: "2025-01-02", untilOn: "2025-01-01" })).toMatchObject({
    code: "BAD_USER_INPUT",
    field: "window",
  });
});

test("days outside 1990 to 2100, and days that no calendar has, are refused", () => {
  for (const window of [
    { fromOn: "1989-12-31", untilOn: "2025-01-01" },
    { fromOn: "2025-01-01", untilOn: "2101-01-01" },
    { fromOn: "2025-02-29", untilOn: "2025-03-01" },
    { fromOn: "2025-1-1", untilOn: "2025-03-01" },
  ]) {
    expect(refusal(window)).toMatchObject({ code: "BAD_USER_INPUT", field: "window" });
  }
  expect(cut("1990-01-01", "2100-12-31", "WHOLE")).toHaveLength(1);
});

test("400 periods are answered and 401 are refused, naming the limit", () => {
  expect(periodsMax).toBe(400);
  expect(cut("2024-01-01", "2025-02-04", "DAY")).toHaveLength(400);
  const tooMany = refusal({ fromOn: "2024-01-01", untilOn: "2025-02-05" }, "DAY");
  expect(tooMany).toMatchObject({ code: "TOO_COMPLEX", field: "window" });
  expect(tooMany.message).toContain("400");
});

test("12 ÷ months where both ends are the first of a month, else 365 ÷ days", () => {
  expect(periodsPerYear({ fromOn: "2025-10-01", untilOn: "2026-01-01" })).toEqual({ num: 4n, den: 1n });
  expect(periodsPerYear({ fromOn: "2025-01-01", untilOn: "2025-06-01" })).toEqual({ num: 12n, den: 5n });
  expect(periodsPerYear({ fromOn: "2023-01-01", untilOn: "2026-01-01" })).toEqual({ num: 1n, den: 3n });
  expect(periodsPerYear({ fromOn: "2025-10-01", untilOn: "2025-12-31" })).toEqual({ num: 365n, den: 91n });
  expect(periodsPerYear({ fromOn: "2025-10-02", untilOn: "2026-01-02" })).toEqual({ num: 365n, den: 92n });
});
