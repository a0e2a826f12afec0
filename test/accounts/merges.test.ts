// Accounts that are one and the same: their ledger while they are merged, and after it is undone.

import { correctMovements } from "@accrete/db/ingestion/corrections.ts";
import { hashState } from "@accrete/db/movements/hash.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standing } from "../ingestion/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { author, catalog, lines, merge, movements, openGroup, openTwins, unmerge } from "./group.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const stateOf = (books: World) => books.read(hashState);

async function group(...accounts: readonly string[]): Promise<World> {
  const books = await world(database);
  await openGroup(books, accounts);
  return books;
}

const twins = async () => openTwins(await world(database));

describe("merged accounts with lines", () => {
  it("have their history derived together: the twin's first purchase is a seat expansion, its end a contraction", async () => {
    const books = await twins();
    expect(await standing(books)).toEqual([
      ["acme", "2025-01-01", "NEW", null, 100_000n],
      ["twin", "2025-03-01", "NEW", null, 50_000n],
      ["twin", "2025-09-01", "CHURN", null, -50_000n],
    ]);
    expect(await merge(books, "twin", "acme")).toMatchObject({ appended: 2, reversed: 2, restatements: 0 });
    expect(await standing(books)).toEqual([
      ["acme", "2025-01-01", "NEW", null, 100_000n],
      ["acme", "2025-03-01", "EXPANSION", "SEAT", 50_000n],
      ["acme", "2025-09-01", "CONTRACTION", "SEAT", -50_000n],
    ]);
  });

  it("are apart again when it is undone, to the same state", async () => {
    const books = await twins();
    const before = await stateOf(books);
    await merge(books, "twin", "acme");
    expect(await stateOf(books)).not.toBe(before);
    await unmerge(books, "twin");
    expect(await stateOf(books)).toBe(before);
  });

  it("take lines that arrive for the merged account as the survivor's", async () => {
    const books = await twins();
    await merge(books, "twin", "acme");
    await books.importText("contract-lines", lines("T-2,T,twin,insights,insights,RECURRING,2025-10-01,,1,700"));
    expect((await standing(books)).at(-1)).toEqual(["acme", "2025-10-01", "EXPANSION", "CROSS_SELL", 70_000n]);
    await unmerge(books, "twin");
    expect((await standing(books)).at(-1)).toEqual(["twin", "2025-10-01", "REACTIVATION", null, 70_000n]);
  });

  it("lead on to the last survivor, and stay merged below one that is taken out again", async () => {
    const books = await group("a", "b", "c");
    await books.importText(
      "contract-lines",
      lines(
        "A-1,A,a,core,core,RECURRING,2025-01-01,,1,100",
        "B-1,B,b,core,core,RECURRING,2025-02-01,,1,100",
        "C-1,C,c,core,core,RECURRING,2025-03-01,,1,100",
      ),
    );
    const apart = await stateOf(books);
    await merge(books, "a", "b");
    const aInB = await stateOf(books);
    expect(await merge(books, "b", "c")).toMatchObject({ reversed: 3, appended: 3 });
    expect((await standing(books)).map(([account, , type]) => [account, type])).toEqual([
      ["c", "NEW"],
      ["c", "EXPANSION"],
      ["c", "EXPANSION"],
    ]);
    await unmerge(books, "b");
    expect(await stateOf(books)).toBe(aInB);
    await unmerge(books, "a");
    expect(await stateOf(books)).toBe(apart);
  });
});

/** Umbrella's own movements and its twin's, which came first and outlived it. */
async function fedTwins(): Promise<World> {
  const books = await group("umbrella", "twin");
  await books.importText(
    "movements",
    movements(
      "T-1,twin,2025-01-01,NEW,,1000.00,USD,core,core",
      "U-1,umbrella,2025-02-01,NEW,,500.00,USD,core,core",
      "U-2,umbrella,2025-03-01,EXPANSION,PRICE,50.00,USD,core,core",
      "U-3,umbrella,2025-04-01,CHURN,,-550.00,USD,core,core",
      "T-2,twin,2025-05-01,EXPANSION,CROSS_SELL,300.00,USD,insights,insights",
      "U-4,umbrella,2025-06-01,REACTIVATION,,80.00,USD,,",
    ),
  );
  return books;
}

describe("merged accounts with ready-made movements", () => {
  it("have them booked on the survivor, typed by the whole history; drivers that the source gave stay", async () => {
    const books = await fedTwins();
    expect(await merge(books, "twin", "umbrella")).toMatchObject({ appended: 5, reversed: 5 });
    expect(await standing(books)).toEqual([
      ["umbrella", "2025-01-01", "NEW", null, 100_000n],
      ["umbrella", "2025-02-01", "EXPANSION", "ADD_ON", 50_000n],
      ["umbrella", "2025-03-01", "EXPANSION", "PRICE", 5_000n],
      ["umbrella", "2025-04-01", "CONTRACTION", "ADD_ON", -55_000n],
      ["umbrella", "2025-05-01", "EXPANSION", "CROSS_SELL", 30_000n],
      ["umbrella", "2025-06-01", "EXPANSION", "OTHER", 8_000n],
    ]);
  });

  it("keep the id and the row of their source, and say by their rule that a merge has booked them", async () => {
    const books = await fedTwins();
    await merge(books, "twin", "umbrella");
    const rows = await books.read(
      (tx) => tx.sql<{ id: string; row: number; rule: string }[]>`
        select m.external_id as id, m.source_row as row, m.rule from movements m
        where m.workspace_id = ${tx.workspaceId} and m.reverses is null and not exists (
          select from movements r where r.workspace_id = m.workspace_id and r.reverses = m.id)
        order by m.effective_on`,
    );
    expect(rows.map(({ id, row, rule }) => [id, row, rule])).toEqual([
      ["T-1", 1, "MERGED"],
      ["U-1", 2, "MERGED"],
      ["U-2", 3, "SOURCE"],
      ["U-3", 4, "MERGED"],
      ["T-2", 5, "MERGED"],
      ["U-4", 6, "MERGED"],
    ]);
  });

  it("are apart again when it is undone, to the same state; twice over too", async () => {
    const books = await fedTwins();
    const before = await stateOf(books);
    for (let round = 0; round < 2; round += 1) {
      await merge(books, "twin", "umbrella");
      await unmerge(books, "twin");
      expect(await stateOf(books)).toBe(before);
    }
  });

  it("are known again when the survivor's file comes a second time, and refused for the merged account when they are new", async () => {
    const books = await fedTwins();
    await merge(books, "twin", "umbrella");
    const known = movements("U-1,umbrella,2025-02-01,NEW,,500.00,USD,core,core");
    expect(await books.importText("movements", known)).toMatchObject({ outcome: "UNCHANGED" });
    const late = movements("T-3,twin,2025-07-01,EXPANSION,SEAT,10.00,USD,core,core");
    await expect(books.importText("movements", late)).rejects.toThrow(
      /ACCOUNT_MERGED.*'twin' is merged into 'umbrella'/,
    );
  });

  it("are typed anew when what arrived meanwhile stands alone again", async () => {
    const books = await fedTwins();
    await merge(books, "twin", "umbrella");
    // Umbrella alone has no ARR in May: with its twin it is an expansion, apart a reactivation.
    await books.importText("movements", movements("U-5,umbrella,2025-05-10,EXPANSION,SEAT,20.00,USD,core,core"));
    await unmerge(books, "twin");
    expect((await standing(books)).filter(([, on]) => on > "2025-05-01")).toEqual([
      ["umbrella", "2025-05-10", "REACTIVATION", null, 2_000n],
      ["umbrella", "2025-06-01", "EXPANSION", "OTHER", 8_000n],
    ]);
  });

  it("stay withdrawn when they were withdrawn before: what a merge has taken back stands elsewhere, what was withdrawn nowhere", async () => {
    const books = await fedTwins();
    const idOf = async (externalId: string) => {
      const [row] = await books.read(
        (tx) => tx.sql<{ id: string }[]>`
          select m.id from movements m where m.workspace_id = ${tx.workspaceId} and m.external_id = ${externalId} and m.reverses is null
          order by m.ledger_version desc limit 1`,
      );
      return row?.id ?? "";
    };
    const withdraw = async (externalId: string) => {
      const movementId = await idOf(externalId);
      return books.write((tx) => correctMovements(tx, [{ movementId, change: null }], author));
    };
    await withdraw("U-4");
    const before = await stateOf(books);
    await merge(books, "twin", "umbrella");
    expect((await standing(books)).map(([, on]) => on)).toEqual([
      "2025-01-01",
      "2025-02-01",
      "2025-03-01",
      "2025-04-01",
      "2025-05-01",
    ]);
    const again = movements("U-4,umbrella,2025-06-01,REACTIVATION,,80.00,USD,,");
    await expect(books.importText("movements", again)).rejects.toThrow(/MOVEMENT_ALREADY_RECORDED/);
    await expect(withdraw("T-1")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "movementId" });
    await unmerge(books, "twin");
    expect(await stateOf(books)).toBe(before);
  });

  it("cannot be taken apart where one of them would be left below nothing", async () => {
    const books = await fedTwins();
    await merge(books, "twin", "umbrella");
    await books.importText("movements", movements("U-5,umbrella,2025-07-01,CONTRACTION,SEAT,-900.00,USD,core,core"));
    await expect(unmerge(books, "twin")).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("follow a product that changes its family", async () => {
    const books = await group("umbrella", "twin");
    await books.importText(
      "movements",
      movements(
        "T-1,twin,2025-01-01,NEW,,1000.00,USD,core,core",
        "U-1,umbrella,2025-02-01,NEW,,500.00,USD,insights,insights",
      ),
    );
    await merge(books, "twin", "umbrella");
    const rows = await standing(books);
    expect(rows[1]).toEqual(["umbrella", "2025-02-01", "EXPANSION", "CROSS_SELL", 50_000n]);
    await books.importText("catalog", catalog.replace("Insights,Analytics", "Insights,Platform"));
    expect((await standing(books))[1]).toEqual(["umbrella", "2025-02-01", "EXPANSION", "ADD_ON", 50_000n]);
  });
});
