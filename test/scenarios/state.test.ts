// What the ledger says depends on what was said last of each fact, and on nothing else: not on the order, not on detours, not on repeats.

import { hashState } from "@accrete/db/movements/hash.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importText, standing } from "../ingestion/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { refusalOf, told } from "./asking.ts";
import { catalog, lineColumns } from "./company.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

async function open(): Promise<World> {
  const books = await world(db);
  await books.importText("catalog", catalog.join("\n"));
  await books.importText("accounts", "account_id,name\nnorth,North\nsouth,South\nwest,West\n");
  return books;
}

const line = (id: string, account: string, from: string, until: string, seats: number, plan = "starter") =>
  `${id},C-${account},${account},planner,${plan},false,${from},${until},${seats},10,,MONTH,USD`;

/** Sends rows of lines; nothing may be refused. */
const lines = (books: World, ...rows: string[]) =>
  books.importText("contract-lines", `${[lineColumns, ...rows].join("\n")}\n`);
const movements = (books: World, ...rows: string[]) =>
  books.importText(
    "movements",
    `movement_id,account_id,effective_on,type,driver,amount,currency\n${rows.join("\n")}\n`,
  );
const hash = (books: World) => books.read(hashState);

const remove =
  "mutation ($lines: [DeletedLineInput!]!) { deleteContractLines(lines: $lines) { versionCount movementsAppended movementsReversed restatements ledgerVersion } }";
const drop = (books: World, ...named: object[]) =>
  told<{ deleteContractLines: object }>(books, remove, { lines: named });

async function correct(books: World, externalId: string, correction: object): Promise<void> {
  const { movements } = await told<{ movements: { nodes: { id: string; externalId: string }[] } }>(
    books,
    "{ movements { nodes { id externalId } } }",
  );
  const movementId = movements.nodes.find((movement) => movement.externalId === externalId)?.id;
  const mutation =
    "mutation ($corrections: [MovementCorrectionInput!]!) { correctMovements(corrections: $corrections) { reversal { id } } }";
  await told(books, mutation, { corrections: [{ movementId, ...correction }] });
}

describe("the same facts", () => {
  /** What is true in the end: north grew in April and changed its plan in July, south came in May, west is ready-made. */
  const truth = [
    line("N1", "north", "2025-01-01", "2025-04-01", 10),
    line("N1", "north", "2025-04-01", "2025-07-01", 14),
    line("N1", "north", "2025-07-01", "", 14, "pro"),
    line("S1", "south", "2025-05-01", "", 3),
  ];
  const [first = "", second = "", third = "", fourth = ""] = truth;
  const ready = ["W1,west,2025-02-01,NEW,,900.00,USD", "W2,west,2025-03-01,EXPANSION,SEAT,50.00,USD"];

  it("give the same state whichever way they came about: at once, backwards, by detours, corrections and deletions", async () => {
    const atOnce = await open();
    await lines(atOnce, ...truth);
    await movements(atOnce, ...ready);
    const expected = await hash(atOnce);

    const backwards = await open();
    await movements(backwards, ...ready);
    for (const row of truth.toReversed()) await lines(backwards, row);
    expect(await hash(backwards)).toBe(expected);

    const detours = await open();
    // Known wrong, known never, back-dated, and a line that was nobody's.
    await lines(detours, line("N1", "north", "2025-01-01", "", 99), line("X1", "south", "2024-01-01", "", 7, "pro"));
    await drop(detours, { externalId: "X1" });
    await lines(detours, first, line("S1", "south", "2025-06-15", "", 3));
    await drop(detours, { externalId: "S1", fromOn: "2025-06-15" });
    await lines(detours, fourth);
    await lines(detours, third, second);
    await movements(detours, "W1,west,2025-02-01,NEW,,1.00,USD", "W3,west,2025-08-01,EXPANSION,TIER,5.00,USD");
    await correct(detours, "W1", { change: { amount: "900.00" } });
    await correct(detours, "W3", { withdraw: true });
    await movements(detours, ready[1] ?? "");
    expect(await hash(detours)).toBe(expected);

    // Any number of times.
    for (const books of [atOnce, backwards]) {
      await lines(books, ...truth);
      await movements(books, ...ready);
      expect(await hash(books)).toBe(expected);
    }
    await drop(detours, { externalId: "X1" });
    await lines(detours, ...truth);
    expect(await hash(detours)).toBe(expected);
  });

  it("give the same state after everything was deleted and sent again", async () => {
    const books = await open();
    await lines(books, ...truth);
    const expected = await hash(books);
    await drop(books, { externalId: "N1" }, { externalId: "S1" });
    expect(await standing(books)).toEqual([]);
    await lines(books, ...truth);
    expect(await hash(books)).toBe(expected);
  });
});

describe("a deleted line", () => {
  it("is taken back from its account only, and is still there as of before", async () => {
    const books = await open();
    await lines(
      books,
      line("N1", "north", "2025-01-01", "", 10),
      line("N2", "north", "2025-03-01", "", 4),
      line("S1", "south", "2025-01-01", "", 5),
    );
    const { ledgerVersion } = await lines(books, line("S1", "south", "2025-01-01", "", 6));
    const { deleteContractLines } = await drop(books, { externalId: "N1" });
    // N2 is now the account's first ARR: its expansion becomes NEW.
    expect(deleteContractLines).toEqual({
      versionCount: 1,
      movementsAppended: 1,
      movementsReversed: 2,
      restatements: 0,
      ledgerVersion: String(ledgerVersion + 1n),
    });
    expect(await standing(books)).toEqual([
      ["north", "2025-03-01", "NEW", null, 48_000n],
      ["south", "2025-01-01", "NEW", null, 72_000n],
    ]);
    const arr = `{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2025-04-01" }, policy: { asOf: { ledgerVersion: "${ledgerVersion}" } }) { total { newArr expansionArr } } }`;
    expect(await told(books, arr)).toEqual({
      expansionMetrics: { total: { newArr: "1920.00", expansionArr: "480.00" } },
    });
  });

  it("can be one version: what was before and after it stays, and the gap is churn and return", async () => {
    const books = await open();
    await lines(
      books,
      line("N1", "north", "2025-01-01", "2025-02-01", 1),
      line("N1", "north", "2025-02-01", "2025-03-01", 2),
      line("N1", "north", "2025-03-01", "", 3),
    );
    await drop(books, { externalId: "N1", fromOn: "2025-02-01" });
    expect((await standing(books)).map((row) => row.slice(1))).toEqual([
      ["2025-01-01", "NEW", null, 12_000n],
      ["2025-02-01", "CHURN", null, -12_000n],
      ["2025-03-01", "REACTIVATION", null, 36_000n],
    ]);
  });

  it("is deleted once: again it is no error, writes nothing, and moves no version", async () => {
    const books = await open();
    await lines(books, line("N1", "north", "2025-01-01", "", 10));
    const once = await drop(books, { externalId: "N1" });
    const again = await drop(books, { externalId: "N1" }, { externalId: "N1", fromOn: "2025-01-01" });
    expect(again.deleteContractLines).toEqual({
      ...once.deleteContractLines,
      versionCount: 0,
      movementsReversed: 0,
    });
  });

  it("is refused when the line or the day is unknown, when it is named twice over, or about a closed period", async () => {
    const books = await open();
    await lines(books, line("N1", "north", "2025-01-01", "", 10));
    const refused = (...named: object[]) => refusalOf(books, remove, { lines: named });
    expect(await refused({ externalId: "N9" })).toMatchObject({ code: "NOT_FOUND", message: /'N9'/ });
    expect(await refused({ externalId: "N1", fromOn: "2025-01-02" })).toMatchObject({
      code: "BAD_USER_INPUT",
      field: "fromOn",
    });
    expect(await refused({})).toMatchObject({ code: "BAD_USER_INPUT", field: "lines" });
    expect(await refused()).toMatchObject({ code: "BAD_USER_INPUT", field: "lines" });
    expect(await refused({ lineId: "lin_x" })).toMatchObject({ code: "BAD_USER_INPUT", field: "lineId" });
    await told(books, `mutation { closePeriod(fromOn: "2025-01-01", untilOn: "2025-02-01") { id } }`);
    expect(await refused({ externalId: "N1" })).toMatchObject({ code: "PERIOD_CLOSED", message: /2025-01-01/ });
    expect(
      await importText(
        { db, books },
        "contract-lines",
        `${lineColumns}\n${line("S1", "south", "2025-02-01", "", 1)}\n`,
        {},
      ),
    ).toMatchObject({ outcome: "BOOKED" });
    expect(await drop(books, { externalId: "S1" })).toMatchObject({ deleteContractLines: { movementsReversed: 1 } });
  });
});
