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
