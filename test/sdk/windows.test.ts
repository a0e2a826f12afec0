// Windows by name.

import { month, quarter, year } from "@accrete/sdk";
import { describe, expect, it } from "vitest";

describe("a window by name", () => {
  it("holds the first day and stops before the day after the last", () => {
    expect(quarter("2025-Q4")).toEqual({ fromOn: "2025-10-01", untilOn: "2026-01-01" });
    expect(quarter("2025-Q1")).toEqual({ fromOn: "2025-01-01", untilOn: "2025-04-01" });
    expect(month("2024-02")).toEqual({ fromOn: "2024-02-01", untilOn: "2024-03-01" });
    expect(month("2025-12")).toEqual({ fromOn: "2025-12-01", untilOn: "2026-01-01" });
    expect(year("2025")).toEqual({ fromOn: "2025-01-01", untilOn: "2026-01-01" });
  });

  it("names a fiscal year after the calendar year in which it ends", () => {
    const february = { fiscalYearStartMonth: 2 };
    expect(year("2026", february)).toEqual({ fromOn: "2025-02-01", untilOn: "2026-02-01" });
    expect(quarter("2026-Q1", february)).toEqual({ fromOn: "2025-02-01", untilOn: "2025-05-01" });
    expect(quarter("2026-Q4", february)).toEqual({ fromOn: "2025-11-01", untilOn: "2026-02-01" });
    expect(quarter("2026-Q4", { fiscalYearStartMonth: 12 })).toEqual({ fromOn: "2026-09-01", untilOn: "2026-12-01" });
  });

  it("refuses any other form", () => {
    for (const label of ["2025-Q5", "2025Q4", "Q4 2025", "25-Q4", "2025-Q4 "])
      expect(() => quarter(label)).toThrow(RangeError);
    for (const label of ["2025-13", "2025-00", "2025-1", "2025-10-01"]) expect(() => month(label)).toThrow(RangeError);
    expect(() => year("25")).toThrow("'25' is not a year: expected the form '2025'.");
    expect(() => year("2025", { fiscalYearStartMonth: 13 })).toThrow("1 to 12");
  });
});
