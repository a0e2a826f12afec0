// Usage of metered lines in the ledger: what each period moves, what is refused, and what is known again.

import { hashState } from "@accrete/db/movements/hash.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lines, openGroup } from "../accounts/group.ts";
import { standing } from "../ingestion/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const usage = (...rows: readonly string[]) => `line_id,from_on,until_on,amount\n${rows.join("\n")}\n`;

/** Acme has a commitment of 1,000 a year, and metered usage that is billed by the month. */
async function metered(...periods: readonly string[]): Promise<World> {
  const books = await world(database);
  await openGroup(books, ["acme"]);
  await books.importText("contract-lines", lines("C-1,C,acme,core,core,COMMITMENT,2025-01-01,,1,1000"));
  await books.importText(
    "contract-lines",
    lines("U-1,C,acme,core,core,METERED,2025-01-01,,1,0").replace(",YEAR,", ",MONTH,"),
  );
  if (periods.length > 0) await books.importText("usage", usage(...periods));
  return books;
}

const usageOf = async (books: World) => (await standing(books)).slice(1).map(([, ...row]) => row);

describe("usage", () => {
  it("that rises, falls and ends is expansion and contraction of the driver USAGE, each from its period's end on", async () => {
    const books = await metered(
      "U-1,2025-01-01,2025-02-01,100",
      "U-1,2025-02-01,2025-03-01,150.50",
      "U-1,2025-03-01,2025-04-01,40",
      "U-1,2025-04-01,2025-05-01,0",
    );
    expect(await usageOf(books)).toEqual([
      ["2025-02-01", "EXPANSION", "USAGE", 120_000n],
      ["2025-03-01", "EXPANSION", "USAGE", 60_600n],
      ["2025-04-01", "CONTRACTION", "USAGE", -132_600n],
      ["2025-05-01", "CONTRACTION", "USAGE", -48_000n],
    ]);
  });

  it("lapses when no later period has arrived 45 days after it was due", async () => {
    const books = await metered("U-1,2025-01-01,2025-02-01,100");
    // Due on 1 March; 45 days later is 15 April.
    expect(await usageOf(books)).toEqual([
      ["2025-02-01", "EXPANSION", "USAGE", 120_000n],
      ["2025-04-15", "CONTRACTION", "USAGE", -120_000n],
    ]);
  });

  it("of the account's only line is its ARR: falling to 0 is churn, and coming back reactivation", async () => {
    const books = await world(database);
    await openGroup(books, ["acme"]);
    await books.importText("contract-lines", lines("U-1,U,acme,core,core,METERED,2025-01-01,,1,0"));
    await books.importText("usage", usage("U-1,2023-01-01,2024-01-01,7", "U-1,2024-01-01,2025-01-01,500"));
    await books.importText("usage", usage("U-1,2025-01-01,2026-01-01,0", "U-1,2026-01-01,2027-01-01,20"));
    expect(await standing(books)).toEqual([
      ["acme", "2025-01-01", "NEW", null, 50_000n],
      ["acme", "2026-01-01", "CHURN", null, -50_000n],
      ["acme", "2027-01-01", "REACTIVATION", null, 2_000n],
      ["acme", "2028-02-15", "CHURN", null, -2_000n],
    ]);
  });

  it("sent twice changes nothing; another amount for the same period takes the first one's movements back", async () => {
    const books = await metered("U-1,2025-01-01,2025-02-01,100");
    expect(await books.importText("usage", usage("U-1,2025-01-01,2025-02-01,100.00"))).toMatchObject({
      outcome: "UNCHANGED",
    });
    expect(await books.importText("usage", usage("U-1,2025-01-01,2025-02-01,90"))).toMatchObject({
      movementsAppended: 2,
      movementsReversed: 2,
    });
    expect((await usageOf(books))[0]).toEqual(["2025-02-01", "EXPANSION", "USAGE", 108_000n]);
  });

  it("gives the same state in whatever order it arrives", async () => {
    const periods = ["U-1,2025-01-01,2025-02-01,100", "U-1,2025-02-01,2025-03-01,50", "U-1,2025-03-01,2025-04-01,70"];
    const together = await metered(...periods);
    const apart = await metered();
    for (const period of [...periods].reverse()) await apart.importText("usage", usage(period));
    expect(await apart.read(hashState)).toBe(await together.read(hashState));
  });

  it("says nothing of what a metered line was worth by its terms before any usage arrived: from then on only usage counts", async () => {
    const books = await world(database);
    await openGroup(books, ["acme"]);
    await books.importText("contract-lines", lines("U-1,U,acme,core,core,METERED,2025-01-01,,1,700"));
    expect(await standing(books)).toEqual([["acme", "2025-01-01", "NEW", null, 70_000n]]);
    await books.importText("usage", usage("U-1,2025-01-01,2026-01-01,800"));
    expect((await standing(books))[0]).toEqual(["acme", "2026-01-01", "NEW", null, 80_000n]);
  });
});

describe("usage is refused", () => {
  const refusedWith = (code: string) => new RegExp(`"code":"${code}"`);

  it("of a line that is unknown, and of one that is not metered", async () => {
    const books = await metered();
    await expect(books.importText("usage", usage("X,2025-01-01,2025-02-01,1"))).rejects.toThrow(
      refusedWith("LINE_UNKNOWN"),
    );
    await expect(books.importText("usage", usage("C-1,2025-01-01,2025-02-01,1"))).rejects.toThrow(
      refusedWith("LINE_NOT_METERED"),
    );
  });

  it("of periods that share a day, in the file or with what is recorded; one that starts where the other ends is taken", async () => {
    const books = await metered("U-1,2025-01-01,2025-02-01,100");
    await expect(
      books.importText("usage", usage("U-1,2025-02-01,2025-03-02,1", "U-1,2025-03-01,2025-04-01,1")),
    ).rejects.toThrow(refusedWith("USAGE_OVERLAPS"));
    await expect(books.importText("usage", usage("U-1,2025-01-31,2025-02-28,1"))).rejects.toThrow(
      refusedWith("USAGE_OVERLAPS_RECORDED"),
    );
    expect(await books.importText("usage", usage("U-1,2025-02-01,2025-03-01,1"))).toMatchObject({ outcome: "BOOKED" });
    // The recorded period may be cut short in the same file.
    expect(
      await books.importText("usage", usage("U-1,2025-02-01,2025-02-15,1", "U-1,2025-02-15,2025-03-15,1")),
    ).toMatchObject({ outcome: "BOOKED" });
  });

  it("of a period without days, and of amounts that are negative or too large", async () => {
    const books = await metered();
    const refusal = (row: string, code: string) =>
      expect(books.importText("usage", usage(row))).rejects.toThrow(refusedWith(code));
    await refusal("U-1,2025-01-01,2025-01-01,1", "TERM_EMPTY");
    await refusal("U-1,2025-01-02,2025-01-01,1", "END_BEFORE_START");
    await refusal("U-1,2025-01-01,2025-02-01,-1", "NUMBER_NEGATIVE");
    await refusal("U-1,2025-01-01,2025-02-01,100000000000", "USAGE_TOO_LARGE");
    expect(await books.importText("usage", usage("U-1,2025-01-01,2025-02-01,99999999999"))).toMatchObject({
      outcome: "BOOKED",
    });
  });
});
