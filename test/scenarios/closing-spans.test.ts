// A quarter is closed: what is said of accounts from an earlier day on would hold in it too, and what has no day is versioned.

import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import { changeSettings } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { importText } from "../ingestion/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { told } from "./asking.ts";
import { catalog, lineColumns } from "./company.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const line = (id: string, account: string, from: string, until: string, seats: number) =>
  `${id},C-${account},${account},planner,starter,false,${from},${until},${seats},10,,MONTH,USD`;
const lines = (...rows: string[]) => `${[lineColumns, ...rows].join("\n")}\n`;

/** north: 10 seats from January, 20 from March (1,200 and 2,400 a year). south: long gone. west: ready-made, 500 from January. */
beforeEach(async () => {
  books = await world(db);
  await books.importText("catalog", catalog.join("\n"));
  await books.importText(
    "accounts",
    "account_id,name,channel\nnorth,North,Direct\nsouth,South,Direct\nwest,West,Direct\n",
  );
  await books.importText(
    "contract-lines",
    lines(
      line("N1", "north", "2025-01-01", "2025-03-01", 10),
      line("N1", "north", "2025-03-01", "", 20),
      line("S1", "south", "2024-01-01", "2024-07-01", 5),
    ),
  );
  await books.importText(
    "movements",
    "movement_id,account_id,effective_on,type,amount,currency\nW1,west,2025-01-10,NEW,500.00,USD\n",
  );
});

const closeQ1 = `mutation { closePeriod(fromOn: "2025-01-01", untilOn: "2025-04-01", note: "Q1") { id ledgerVersion closedBy note reopenedAt } }`;
const restate = () =>
  books.write((tx) => changeSettings(tx, { closedPeriodTreatment: "RESTATE" }, { actor: "test", action: "restate" }));
const send = (kind: ImportKind, text: string, refusals: "partial" | "all or nothing" = "all or nothing") =>
  importText({ db, books }, kind, text, { refusals });

type Closed = { closePeriod: { id: string; ledgerVersion: string } };

describe("a fact that begins before the period, and would hold in it", () => {
  const accounts = (...rows: string[]) =>
    send("accounts", ["account_id,name,channel,effective_on", ...rows].join("\n"));
  const late = (line: number, day: string) => [
    line,
    "PERIOD_CLOSED",
    `This changes what is true on ${day}, a day of the closed period 2025-01-01 to 2025-03-31.`,
  ];
  const channels = `{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2025-04-01" }, groupBy: [CHANNEL]) {
    rows { group { channel } closingArr } } }`;

  it("is refused: an attribute since always, and one from the last day before", async () => {
    await told(books, closeQ1);
    const before = await told(books, channels);
    const result = await accounts("north,North,Web,", "south,South,Online,2024-12-31");
    expect(result).toMatchObject({ outcome: "REFUSED", rowsRefused: 2 });
    expect(result.faults.map(({ line, code, message }) => [line, code, message])).toEqual([
      late(2, "2025-01-01"),
      late(3, "2025-01-01"),
    ]);
    expect(await told(books, channels)).toEqual(before);
  });

  it("is none when the next version of the account begins before the period, or says the same", async () => {
    await books.importText("accounts", "account_id,name,channel,effective_on\nnorth,North,Partner,2025-01-01\n");
    await told(books, closeQ1);
    expect(await accounts("north,North,Web,2024-06-01")).toMatchObject({ outcome: "BOOKED", restatements: 0 });
    // From the middle of the quarter on what holds already, and under another name.
    expect(await accounts("north,North Inc,Partner,2025-02-01")).toMatchObject({ outcome: "BOOKED", restatements: 0 });
    // Web from June 2024 on, which its own next row ends on the quarter's first day.
    const both = await accounts("south,South,Web,2024-06-01", "south,South,Direct,2025-01-01");
    expect(both).toMatchObject({ outcome: "BOOKED", rowsChanged: 2 });
  });

  it("is none of days before the account's first line or movement, unless other accounts are below it", async () => {
    await books.importText(
      "accounts",
      "account_id,name,parent_id\neast,East,\nnone,None,\nholding,Holding,\nnorth,North,holding\n",
    );
    // Since April, which is open; its region and channel come a day later, since always.
    await told(books, closeQ1);
    await books.importText("contract-lines", lines(line("E1", "east", "2025-04-01", "", 5)));
    const result = await accounts("east,East,Web,", "none,None,Web,");
    expect(result).toMatchObject({ outcome: "BOOKED", rowsChanged: 2, restatements: 0 });
    expect((await accounts("holding,Holding,Web,")).faultCounts).toEqual({ PERIOD_CLOSED: 1 });
    // Its ready-made movement is of 10 January.
    const west = await accounts("west,West,Web,");
    expect(west.faults.map(({ line: at, code, message }) => [at, code, message])).toEqual([late(2, "2025-01-10")]);
    const free = line("F1", "east", "2025-03-31", "", 1).replace(",10,,", ",0,,");
    expect(await send("contract-lines", lines(free))).toMatchObject({ outcome: "BOOKED", restatements: 0 });
    expect((await accounts("east,East,Partner,")).faultCounts).toEqual({ PERIOD_CLOSED: 1 });
  });

  it("is also a row that only a refused one would have ended", async () => {
    await told(books, closeQ1);
    const rows = "account_id,name,channel,effective_on\nnorth,North,Web,2024-06-01\nnorth,North,Web,2025-01-01\n";
    const result = await send("accounts", rows, "partial");
    expect(result).toMatchObject({ outcome: "REFUSED", rowsRefused: 2, faultCounts: { PERIOD_CLOSED: 2 } });
    expect(result.faults.map(({ message }) => message)).toEqual(Array(2).fill(late(0, "2025-01-01")[2]));
  });

  it("is refused as a parent in a file, and as the end of one, and is none on other days", async () => {
    const parents = (...rows: string[]) =>
      send("accounts", ["account_id,name,channel,parent_id,effective_on", ...rows].join("\n"));
    await parents("south,South,Direct,north,");
    await told(books, closeQ1);
    expect((await parents("west,West,Direct,north,")).faultCounts).toEqual({ PERIOD_CLOSED: 1 });
    expect((await parents("south,South,Direct,,2024-12-01")).faultCounts).toEqual({ PERIOD_CLOSED: 1 });
    expect(await parents("west,West,Direct,north,2025-04-01")).toMatchObject({ outcome: "BOOKED", restatements: 0 });
    expect(await parents("south,South,Direct,,2025-04-01")).toMatchObject({ outcome: "BOOKED", restatements: 0 });
  });

  it("is booked and counted where late facts are booked", async () => {
    await told(books, closeQ1);
    await restate();
    const result = await accounts("north,North,Web,", "south,South,Direct,2024-12-31", "west,West,Web,2025-04-01");
    expect(result).toMatchObject({ outcome: "BOOKED", restatements: 1 });
  });
});

describe("a merge that books no movement of the period anew", () => {
  it("is taken, as it has no day, and the closing's version still answers what was reported", async () => {
    await books.importText("accounts", "account_id,name,parent_id\nholding,Holding,\nbranch,Branch,holding\n");
    await books.importText("contract-lines", lines(line("B1", "branch", "2025-01-01", "", 5)));
    const { closePeriod } = await told<Closed>(books, closeQ1);
    const merge =
      'mutation { mergeAccounts(from: { externalId: "holding" }, into: { externalId: "north" }) { movementsAppended } }';
    expect(await told(books, merge)).toEqual({ mergeAccounts: { movementsAppended: 0 } });
    const tops = (
      asOf: string,
    ) => `{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2025-04-01" }, groupBy: [ACCOUNT],
      policy: { accountLevel: ULTIMATE_PARENT ${asOf} }) { rows { group { account } closingArr } } }`;
    expect(await told(books, tops(""))).toEqual({
      expansionMetrics: {
        rows: [
          { group: { account: "north" }, closingArr: "3000.00" },
          { group: { account: "west" }, closingArr: "500.00" },
        ],
      },
    });
    expect(await told(books, tops(`asOf: { ledgerVersion: "${closePeriod.ledgerVersion}" }`))).toEqual({
      expansionMetrics: {
        rows: [
          { group: { account: "holding" }, closingArr: "600.00" },
          { group: { account: "north" }, closingArr: "2400.00" },
          { group: { account: "west" }, closingArr: "500.00" },
        ],
      },
    });
  });
});
