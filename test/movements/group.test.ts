// Rule 2, a pair that is more than one line: what its one movement is called, and how it is divided over the lines after.

import { describe, expect, test } from "vitest";
import { anchor, derive, line, movedBeside, type Terms } from "./story.ts";

const day = "2025-07-01";

/** A line in force until the day, and one from it on. */
const ends = (id: string, terms: Omit<Terms, "from">) => line(id, { from: "2025-01-01", until: day, ...terms });
const starts = (id: string, terms: Omit<Terms, "from">) => line(id, { from: day, ...terms });

/** What happens on the day, in an account that is active all along. */
const onTheDay = (...lines: ReturnType<typeof line>[]) =>
  movedBeside(...lines)
    .filter((movement) => movement.startsWith(day))
    .map((movement) => movement.slice(day.length + 1));

describe("a pair with more than one plan on a side", () => {
  test("is one undivided TIER where the set of ranks changed inside one product", () => {
    expect(
      onTheDay(
        ends("a", { plan: "starter", price: 100 }),
        ends("b", { plan: "pro", price: 200 }),
        starts("c", { plan: "enterprise", quantity: 2, price: 250 }),
      ),
    ).toEqual(["EXPANSION TIER +200.00 enterprise c"]);
  });

  test("is PRICE where the set of ranks stayed", () => {
    expect(
      onTheDay(
        ends("a", { plan: "pro", price: 100 }),
        ends("b", { plan: "pro", price: 100 }),
        starts("c", { plan: "business", quantity: 2, price: 90 }),
        starts("d", { plan: "business", price: 70 }),
        ends("e", { plan: "unranked", price: 10 }),
      ),
    ).toEqual(["EXPANSION PRICE +28.80 business c", "EXPANSION PRICE +11.20 business d"]); // 210 → 250, by 180 : 70
  });

  test("is PRICE where it reaches over two products", () => {
    expect(
      onTheDay(
        ends("a", { plan: "pro", price: 100 }),
        ends("b", { plan: "quotes", price: 100 }),
        starts("c", { plan: "quotes-plus", price: 20 }),
        starts("d", { plan: "enterprise", price: 150 }),
      ),
      // quotes → quotes-plus and pro → enterprise are pairs of one product each, before the family is looked at.
    ).toEqual(["EXPANSION TIER +50.00 enterprise d", "CONTRACTION PRICE -80.00 quotes-plus c"]);
  });
});

describe("a pair's movement", () => {
  test("is divided over the lines after in proportion to their ARR, and counts as one change", () => {
    const { movements } = derive(
      anchor,
      ends("a", { quantity: 10, price: 100 }),
      starts("b", { quantity: 5, price: 100 }),
      starts("c", { quantity: 10, price: 100 }),
      starts("d", { quantity: 5, price: 100 }),
    );
    const parts = movements.filter((movement) => movement.effectiveOn === day);
    expect(parts.map((part) => [part.lineId, part.driver, part.amountMinor])).toEqual([
      ["b", "SEAT", 250_00n],
      ["c", "SEAT", 500_00n],
      ["d", "SEAT", 250_00n],
    ]);
    expect(new Set(parts.map((part) => part.changeKey)).size).toBe(1);
    expect(parts[0]).toMatchObject({
      versionBeforeId: null,
      versionAfterId: "b@2025-07-01",
      pairBeforeIds: ["a@2025-01-01"],
      pairAfterIds: ["b@2025-07-01", "c@2025-07-01", "d@2025-07-01"],
    });
  });

  test("gives the odd cent to the lower line id where remainders tie, whatever order the lines came in", () => {
    // 2 × 0.505 = 1.01 → 0.51 + 0.51: one cent for two equal lines.
    const lines = [
      ends("a", { quantity: 2, price: "0.505" }),
      starts("c", { price: "0.51" }),
      starts("b", { price: "0.51" }),
    ];
    expect(onTheDay(...lines)).toEqual(["EXPANSION PRICE +0.01 pro b"]);
    expect(onTheDay(...lines.reverse())).toEqual(["EXPANSION PRICE +0.01 pro b"]);
  });

  test("gives the odd cents to the largest remainders", () => {
    // 1.00 over 1 : 2 : 4 is 14.29, 28.57, 57.14 cents: 14 + 28 + 57 leave one cent, for the .57.
    expect(
      onTheDay(
        ends("a", { quantity: 6, price: 1 }),
        starts("b", { quantity: 1, price: 1 }),
        starts("c", { quantity: 2, price: 1 }),
        starts("d", { quantity: 4, price: 1 }),
      ),
    ).toEqual(["EXPANSION SEAT +0.14 pro b", "EXPANSION SEAT +0.29 pro c", "EXPANSION SEAT +0.57 pro d"]);
  });

  test("falls on the first line by id where no line after has ARR", () => {
    expect(
      onTheDay(
        ends("a", { quantity: 2, price: 50 }),
        starts("c", { price: 60, percentOff: 100 }),
        starts("b", { price: 40, percentOff: 100 }),
      ),
    ).toEqual(["CONTRACTION DISCOUNT -100.00 pro b"]);
  });
});
