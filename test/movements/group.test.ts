// What lines that are paired as a group come to together, and how what moved falls on each of them.

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

describe("a group's terms", () => {
  test("are its average price: seats at the old average, then the rest at the new quantity", () => {
    // Before 2 × 100 + 2 × 50 = 300, average 75. After 6 × 80 = 480: SEAT (6 − 4) × 75 = 150, PRICE 6 × 5 = 30.
    expect(
      onTheDay(
        ends("a", { quantity: 2, price: 100 }),
        ends("b", { quantity: 2, price: 50 }),
        starts("c", { quantity: 6, price: 80 }),
      ),
    ).toEqual(["EXPANSION SEAT +150.00 pro c", "EXPANSION PRICE +30.00 pro c"]);
  });

  test("are its effective discount rate: percents weighed by list value", () => {
    // Before list 300 + 100, 40 % and 0 %: rate 30 %, ARR 280. After 5 × 100 at 30 %: SEAT only, (500 − 400) × 70 %.
    expect(
      onTheDay(
        ends("a", { quantity: 3, price: 100, percentOff: 40 }),
        ends("b", { quantity: 1, price: 100 }),
        starts("c", { quantity: 5, price: 100, percentOff: 30 }),
      ),
    ).toEqual(["EXPANSION SEAT +70.00 pro c"]);
  });

  test("keep amounts as amounts, each up to its own line's list value", () => {
    // Before: 100 less 150 is 0, and 100 is 100: the amount counts 100, ARR 100. After 4 × 100 less 100.
    expect(
      onTheDay(
        ends("a", { price: 100, amountOff: 150 }),
        ends("b", { price: 100 }),
        starts("c", { quantity: 4, price: 100, amountOff: 100 }),
      ),
    ).toEqual(["EXPANSION SEAT +200.00 pro c"]);
  });

  test("weigh percents by quantity where nothing is charged", () => {
    // Before: free, 50 % on 3 and none on 1: rate 37.5 %. After 4 × 100 less 20 %: the price step is 400 × 62.5 %.
    expect(
      onTheDay(
        ends("a", { quantity: 3, price: 0, percentOff: 50 }),
        ends("b", { quantity: 1, price: 0 }),
        starts("c", { quantity: 4, price: 100, percentOff: 20 }),
      ),
    ).toEqual(["EXPANSION PRICE +250.00 pro c", "EXPANSION DISCOUNT +70.00 pro c"]);
  });

  test("of one line each are the lines' own: a renewal under a new id is divided as the line itself", () => {
    const before = { quantity: 1, price: 100, amountOff: 150 };
    const after = { quantity: 2, price: 110, amountOff: 150 };
    const itself = onTheDay(ends("a", before), starts("a", after));
    expect(itself).toEqual(["EXPANSION SEAT +50.00 pro a", "EXPANSION PRICE +20.00 pro a"]);
    expect(onTheDay(ends("old", before), starts("a", after))).toEqual(itself);
  });
});

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
