// A quarter is closed: what comes later is refused, or booked and always reported; and what was reported can be asked again.

import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import { changeSettings } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { importText, standing } from "../ingestion/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { refusalOf, told } from "./asking.ts";
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
const movementColumns = "movement_id,account_id,effective_on,type,driver,amount,currency";

/** north: 10 seats from January, 20 from March (1,200 and 2,400 a year). west: ready-made, 500 from January. */
beforeEach(async () => {
  books = await world(db);
  await books.importText("catalog", catalog.join("\n"));
  await books.importText(
    "accounts",
    "account_id,name,channel\nnorth,North,Direct\nsouth,South,Direct\nwest,West,Direct\n",
  );
  await books.importText(
    "contract-lines",
    lines(line("N1", "north", "2025-01-01", "2025-03-01", 10), line("N1", "north", "2025-03-01", "", 20)),
  );
  await books.importText("movements", `${movementColumns}\nW1,west,2025-01-10,NEW,,500.00,USD\n`);
});

const closeQ1 = `mutation { closePeriod(fromOn: "2025-01-01", untilOn: "2025-04-01", note: "Q1") { id ledgerVersion closedBy note reopenedAt } }`;
const restate = () =>
  books.write((tx) => changeSettings(tx, { closedPeriodTreatment: "RESTATE" }, { actor: "test", action: "restate" }));
const send = (kind: ImportKind, text: string, refusals: "partial" | "all or nothing" = "all or nothing") =>
  importText({ db, books }, kind, text, { refusals });
const of = async (account: string) =>
  (await standing(books)).filter((row) => row[0] === account).map((row) => row.slice(1));

type Closed = { closePeriod: { id: string; ledgerVersion: string } };

describe("a closed period", () => {
  it("is on record: who closed it, when, and the version that says what was reported", async () => {
    const { closePeriod } = await told<Closed>(books, closeQ1);
    expect(closePeriod).toMatchObject({ note: "Q1", closedBy: expect.stringMatching(/^key_/), reopenedAt: null });
    const { closedPeriods } = await told(
      books,
      "{ closedPeriods { totalCount nodes { id fromOn untilOn ledgerVersion restatements { totalCount } restatementTotals { amount } } } }",
    );
    expect(closedPeriods).toEqual({
      totalCount: 1,
      nodes: [
        {
          id: closePeriod.id,
          fromOn: "2025-01-01",
          untilOn: "2025-04-01",
          ledgerVersion: closePeriod.ledgerVersion,
          restatements: { totalCount: 0 },
          restatementTotals: [],
        },
      ],
    });
    const before = String(BigInt(closePeriod.ledgerVersion) - 1n);
    const earlier = await told(books, `{ closedPeriods(asOf: { ledgerVersion: "${before}" }) { totalCount } }`);
    expect(earlier).toEqual({ closedPeriods: { totalCount: 0 } });
  });

  it("is refused when it has no day, or is closed already, and may overlap another", async () => {
    await told(books, closeQ1);
    expect(await refusalOf(books, closeQ1)).toMatchObject({ code: "BAD_USER_INPUT", field: "fromOn" });
    const none = `mutation { closePeriod(fromOn: "2025-04-01", untilOn: "2025-04-01") { id } }`;
    expect(await refusalOf(books, none)).toMatchObject({ code: "BAD_USER_INPUT", field: "untilOn" });
    const month = `mutation { closePeriod(fromOn: "2025-03-01", untilOn: "2025-05-01") { fromOn } }`;
    expect(await told(books, month)).toEqual({ closePeriod: { fromOn: "2025-03-01" } });
  });
});

describe("a late fact, where late facts are refused", () => {
  it("refuses every row of its account, names the day and the period, and books nothing", async () => {
    await told(books, closeQ1);
    const before = await standing(books);
    // The seats were 30 in March, which is over, and south starts in April, which is open.
    const text = lines(
      line("N1", "north", "2025-03-01", "", 30),
      line("S1", "south", "2025-04-01", "", 5),
      line("N2", "north", "2025-05-01", "", 1),
    );
    const refused = await send("contract-lines", text);
    expect(refused).toMatchObject({ outcome: "REFUSED", rowsRefused: 2, faultCounts: { PERIOD_CLOSED: 2 } });
    expect(refused.faults.map(({ line: at, code, field, message }) => [at, code, field, message])).toEqual(
      [2, 4].map((at) => [
        at,
        "PERIOD_CLOSED",
        "account_id",
        "This changes what is true on 2025-03-01, a day of the closed period 2025-01-01 to 2025-03-31.",
      ]),
    );
    expect(await standing(books)).toEqual(before);
  });

  it("leaves the other accounts of a partial import to be booked", async () => {
    await told(books, closeQ1);
    const text = lines(line("N1", "north", "2025-03-01", "", 30), line("S1", "south", "2025-04-01", "", 5));
    const result = await send("contract-lines", text, "partial");
    expect(result).toMatchObject({ outcome: "BOOKED", rowsChanged: 1, rowsRefused: 1, restatements: 0 });
    expect(await of("south")).toEqual([["2025-04-01", "NEW", null, 60_000n]]);
    expect(await of("north")).toEqual([
      ["2025-01-01", "NEW", null, 120_000n],
      ["2025-03-01", "EXPANSION", "SEAT", 120_000n],
    ]);
  });

  it("is one on the period's last day, and none on the day after it", async () => {
    await told(books, closeQ1);
    const on = (day: string) => lines(line("S1", "south", day, "", 5));
    expect(await send("contract-lines", on("2025-03-31"))).toMatchObject({ outcome: "REFUSED" });
    expect(await send("contract-lines", on("2025-04-01"))).toMatchObject({ outcome: "BOOKED" });
  });

  it("is a ready-made movement, an account's dated attribute, and a plan's rank that decides between drivers", async () => {
    await books.importText(
      "contract-lines",
      lines(
        `N1,C-north,north,planner,starter,false,2025-03-01,2025-03-15,20,10,,MONTH,USD`,
        `N1,C-north,north,planner,pro,false,2025-03-15,,20,12,,MONTH,USD`,
      ),
    );
    await told(books, closeQ1);
    const movement = await send("movements", `${movementColumns}\nW2,west,2025-02-01,EXPANSION,SEAT,10.00,USD\n`);
    expect(movement).toMatchObject({ outcome: "REFUSED", faultCounts: { PERIOD_CLOSED: 1 } });
    const account = await send("accounts", "account_id,name,channel,effective_on\nnorth,North,Partner,2025-02-01\n");
    expect(account.faults.map(({ code, field }) => [code, field])).toEqual([["PERIOD_CLOSED", "effective_on"]]);
    // Equal ranks: what was TIER in March would be PRICE.
    const ranks = catalog.map((row) => row.replace("Pro,2", "Pro,1")).join("\n");
    const product = await send("catalog", ranks);
    expect(product.faults.map(({ line: at, code }) => [at, code])).toEqual([[3, "PERIOD_CLOSED"]]);
  });

  it("is usage that was billed in the period, and none that is billed on the day after it", async () => {
    const metered = "M1,C-north,north,planner,starter,METERED,false,2025-01-01,,1,0,MONTH,USD";
    const columns =
      "line_id,contract_id,account_id,product_id,plan_id,kind,is_add_on,from_on,until_on,quantity,unit_price,billing_interval,currency";
    await books.importText("contract-lines", `${columns}\n${metered}\n`);
    await told(books, closeQ1);
    const usage = (from: string, until: string) =>
      send("usage", `line_id,from_on,until_on,amount\nM1,${from},${until},30.00\n`);
    const late = await usage("2025-02-28", "2025-03-31");
    expect(late.faults.map(({ code, message }) => [code, message])).toEqual([
      ["PERIOD_CLOSED", expect.stringMatching(/on 2025-03-31, a day of the closed period/)],
    ]);
    // 30 a month: 360 a year, from the day that ends the period.
    expect(await usage("2025-03-01", "2025-04-01")).toMatchObject({ outcome: "BOOKED", restatements: 0 });
    expect(await of("north")).toContainEqual(["2025-04-01", "EXPANSION", "USAGE", 36_000n]);
  });

  it("is none when it says of a new account what it is, or changes nothing of the ledger", async () => {
    await told(books, closeQ1);
    expect(await send("accounts", "account_id,name\neast,East\n")).toMatchObject({ outcome: "BOOKED" });
    // An account's name is of no day in the period; the line's term end is information.
    const named = await send("accounts", "account_id,name,channel\nnorth,North Inc,Direct\n");
    expect(named).toMatchObject({ outcome: "BOOKED", restatements: 0 });
    const text = `${lineColumns},term_ends_on\n${line("N1", "north", "2025-03-01", "", 20)},2026-03-01\n`;
    expect(await send("contract-lines", text)).toMatchObject({ outcome: "BOOKED", movementsAppended: 0 });
  });
});

describe("a late fact, where late facts are booked", () => {
  it("is booked where it is true, counted, and listed under the period, which can still be asked as reported", async () => {
    const { closePeriod } = await told<Closed>(books, closeQ1);
    await restate();
    // 30 seats in March, not 20: 3,600 a year. One reversal, one movement.
    const result = await send("contract-lines", lines(line("N1", "north", "2025-03-01", "", 30)));
    expect(result).toMatchObject({ outcome: "BOOKED", movementsAppended: 1, movementsReversed: 1, restatements: 2 });
    const { closedPeriods } = await told(
      books,
      `{ closedPeriods { nodes {
        restatements { totalCount nodes { effectiveOn type driver amount isRestatement reverses { amount isRestatement } } }
        restatementTotals { type currency amount movementCount } } } }`,
    );
    expect(closedPeriods).toEqual({
      nodes: [
        {
          restatements: {
            totalCount: 2,
            nodes: [
              {
                effectiveOn: "2025-03-01",
                type: "EXPANSION",
                driver: "SEAT",
                amount: "-1200.00",
                isRestatement: true,
                reverses: { amount: "1200.00", isRestatement: false },
              },
              {
                effectiveOn: "2025-03-01",
                type: "EXPANSION",
                driver: "SEAT",
                amount: "2400.00",
                isRestatement: true,
                reverses: null,
              },
            ],
          },
          restatementTotals: [{ type: "EXPANSION", currency: "USD", amount: "1200.00", movementCount: 2 }],
        },
      ],
    });
    const q1 = (asOf: string) => `{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2025-04-01" }
      policy: { ${asOf} }) { total { expansionArr } } }`;
    const now = await told(books, q1(""));
    const reported = await told(books, q1(`asOf: { ledgerVersion: "${closePeriod.ledgerVersion}" }`));
    expect([now, reported].map((answer) => answer.expansionMetrics)).toEqual([
      { total: { expansionArr: "2400.00" } },
      { total: { expansionArr: "1200.00" } },
    ]);
  });

  it("counts dated attributes too", async () => {
    await told(books, closeQ1);
    await restate();
    const result = await send("accounts", "account_id,name,channel,effective_on\nnorth,North,Partner,2025-02-01\n");
    expect(result).toMatchObject({ outcome: "BOOKED", restatements: 1 });
  });
});

describe("a period that is opened again", () => {
  it("takes facts as before, keeps what restated it, and keeps its closing on record", async () => {
    const { closePeriod } = await told<Closed>(books, closeQ1);
    const reopen = `mutation { reopenPeriod(id: "${closePeriod.id}") { reopenedVersion reopenedBy } }`;
    const { reopenPeriod } = await told<{ reopenPeriod: { reopenedVersion: string } }>(books, reopen);
    expect(reopenPeriod).toMatchObject({ reopenedBy: expect.stringMatching(/^key_/) });
    const result = await send("contract-lines", lines(line("N1", "north", "2025-03-01", "", 30)));
    expect(result).toMatchObject({ outcome: "BOOKED", restatements: 0 });
    const listed = await told(
      books,
      "{ closedPeriods { totalCount } all: closedPeriods(state: ALL) { nodes { reopenedAt restatements { totalCount } } } }",
    );
    expect(listed).toEqual({
      closedPeriods: { totalCount: 0 },
      all: { nodes: [{ reopenedAt: expect.stringMatching(/^20/), restatements: { totalCount: 0 } }] },
    });
    const asClosed = await told(
      books,
      `{ closedPeriods(asOf: { ledgerVersion: "${closePeriod.ledgerVersion}" }) { nodes { reopenedAt } } }`,
    );
    expect(asClosed).toEqual({ closedPeriods: { nodes: [{ reopenedAt: null }] } });
    expect(await refusalOf(books, reopen)).toMatchObject({ code: "BAD_USER_INPUT", field: "id" });
    const unknown = `mutation { reopenPeriod(id: "cpd_01h455vb4pex5vsknk084sn02q") { id } }`;
    expect(await refusalOf(books, unknown)).toMatchObject({ code: "NOT_FOUND" });
  });
});
