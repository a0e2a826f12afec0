// The ledger under a policy's view, read from the books: whose rows it replaces, what stands instead, and whose knowledge it uses.

import { mergeAccounts } from "@accrete/db/movements/merge.ts";
import { readPolicyLedger } from "@accrete/db/movements/policy-ledger.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import type { World } from "../support/world.ts";
import { accountsFile, ask, asOfEvent, author, catalog, company, linesFile, live, stored, versionOf } from "./views.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

describe("the stored ledger stands as it is", () => {
  test("at the account's own level with all usage, and where nothing differs", async () => {
    const books = await company(database);
    await books.importText("accounts", accountsFile("acme,Acme,,", "beta,Beta,,"));
    await books.importText("contract-lines", linesFile("a acme crm/pro RECURRING 2025-01-01 - 100"));
    expect(await ask(books, stored)).toBeNull();
    expect(await ask(books, live)).toBeNull();
    expect(await ask(books, asOfEvent)).toBeNull();
    expect(await ask(books, { ...stored, usage: "COMMITTED" })).toBeNull();
    expect(await ask(books, { ...live, usage: "EXCLUDE" })).toBeNull();
  });
});

describe("groups", () => {
  /** beta belongs to acme until July, to gamma from then on; delta to nobody. */
  async function groups(): Promise<World> {
    const books = await company(database);
    await books.importText(
      "accounts",
      accountsFile(
        "acme,Acme,,",
        "gamma,Gamma,,",
        "delta,Delta,,",
        "beta,Beta,acme,2025-01-01",
        "beta,Beta,gamma,2025-07-01",
      ),
    );
    await books.importText(
      "contract-lines",
      linesFile(
        "a acme crm/pro RECURRING 2025-01-01 - 100",
        "b beta crm/pro RECURRING 2025-03-01 - 40",
        "d delta crm/pro RECURRING 2025-01-01 - 7",
      ),
    );
    return books;
  }

  test("of the links in force on the hierarchy's day hold for all history", async () => {
    const books = await groups();
    expect(await ask(books, live)).toEqual({
      replaced: ["beta", "gamma"],
      movements: ["2025-03-01 gamma: NEW 40.00 b of beta"],
      transfers: [],
    });
    expect(await ask(books, { ...live, hierarchyOn: "2025-06-30" })).toEqual({
      replaced: ["acme", "beta"],
      movements: ["2025-01-01 acme: NEW 100.00 a of acme", "2025-03-01 acme: EXPANSION SEAT 40.00 b of beta"],
      transfers: [],
    });
    expect(await ask(books, { ...live, hierarchyOn: "2024-12-31" })).toBeNull();
  });

  test("of each day's own links hand over what an account has", async () => {
    const books = await groups();
    expect(await ask(books, asOfEvent)).toEqual({
      replaced: ["acme", "beta", "gamma"],
      movements: ["2025-01-01 acme: NEW 100.00 a of acme", "2025-03-01 acme: EXPANSION SEAT 40.00 b of beta"],
      transfers: ["2025-07-01 40.00 b acme → gamma first"],
    });
    // Before July the new parent has nothing to do with it.
    expect(await ask(books, { ...asOfEvent, untilOn: "2025-07-01" })).toEqual({
      replaced: ["acme", "beta"],
      movements: ["2025-01-01 acme: NEW 100.00 a of acme", "2025-03-01 acme: EXPANSION SEAT 40.00 b of beta"],
      transfers: [],
    });
  });

  test("are as they were known at the version, lines and links and ready-made movements", async () => {
    const books = await groups();
    const known = await versionOf(books);
    const before = await ask(books, { ...asOfEvent, ledgerVersion: known });
    await books.importText("contract-lines", linesFile("b beta crm/pro RECURRING 2025-03-01 - 50"));
    await books.importText("accounts", accountsFile("delta,Delta,gamma,2025-01-01"));
    expect(await ask(books, { ...asOfEvent, ledgerVersion: known })).toEqual(before);
    expect((await ask(books, asOfEvent))?.movements).toEqual([
      "2025-01-01 acme: NEW 100.00 a of acme",
      "2025-03-01 acme: EXPANSION SEAT 50.00 b of beta",
      "2025-01-01 gamma: NEW 7.00 d of delta",
    ]);
    expect((await ask(books, asOfEvent))?.transfers).toEqual(["2025-07-01 50.00 b acme → gamma"]);
    expect(await ask(books, { ...asOfEvent, ledgerVersion: 2n })).toBeNull();
  });

  test("know ready-made movements, families and merges as of the version too", async () => {
    const books = await company(database);
    await books.importText("accounts", accountsFile("acme,Acme,,", "sub,Sub,acme,", "twin,Twin,,"));
    const columns = "movement_id,account_id,effective_on,type,driver,amount,currency,product_id,plan_id,kind";
    const statements = [
      "m1,acme,2025-01-01,NEW,,20.00,USD,crm,pro,",
      "m2,sub,2025-02-01,NEW,,5.00,USD,desk,help,",
      "m3,twin,2025-02-01,NEW,,1.00,USD,desk,help,",
    ];
    await books.importText("movements", [columns, ...statements].join("\n"));
    const known = await versionOf(books);
    const before = await ask(books, { ...live, ledgerVersion: known });
    expect(before?.movements).toEqual([
      "2025-01-01 acme: NEW 20.00 m1 of acme",
      "2025-02-01 acme: EXPANSION CROSS_SELL 5.00 m2 of sub",
    ]);
    await books.importText(
      "movements",
      [columns, "m4,sub,2025-03-01,EXPANSION,SEAT,2.00,USD,api,calls,METERED"].join("\n"),
    );
    await books.importText("catalog", catalog.replace("desk,Desk,support", "desk,Desk,sales"));
    await books.write((tx) => mergeAccounts(tx, { from: { externalId: "twin" }, into: { externalId: "sub" } }, author));
    expect((await ask(books, live))?.movements).toEqual([
      "2025-01-01 acme: NEW 20.00 m1 of acme",
      "2025-02-01 acme: EXPANSION ADD_ON 5.00 m2 of sub",
      "2025-02-01 acme: EXPANSION ADD_ON 1.00 m3 of sub",
      "2025-03-01 acme: EXPANSION SEAT 2.00 m4 of sub",
    ]);
    expect(await ask(books, { ...live, ledgerVersion: known })).toEqual(before);
    expect((await ask(books, { ...stored, usage: "EXCLUDE" }))?.replaced).toEqual(["sub"]);
    expect(await ask(books, { ...stored, usage: "EXCLUDE", ledgerVersion: known })).toBeNull();
  });

  test("read plans' ranks and families as of the version", async () => {
    const books = await company(database);
    await books.importText("accounts", accountsFile("acme,Acme,,", "sub,Sub,acme,"));
    await books.importText(
      "contract-lines",
      linesFile("a acme crm/pro RECURRING 2025-01-01 - 100", "b sub desk/help RECURRING 2025-02-01 - 9"),
    );
    const known = await versionOf(books);
    await books.importText("catalog", catalog.replace("desk,Desk,support", "desk,Desk,sales"));
    expect((await ask(books, { ...live, ledgerVersion: known }))?.movements[1]).toContain("CROSS_SELL");
    expect((await ask(books, live))?.movements[1]).toContain("ADD_ON");
  });

  test("take ready-made movements in, with their own accounts beside the unit", async () => {
    const books = await groups();
    await books.importText("accounts", accountsFile("eps,Epsilon,acme,"));
    await books.importText(
      "movements",
      [
        "movement_id,account_id,effective_on,type,driver,amount,currency,product_id,plan_id",
        "m1,eps,2025-02-01,NEW,,20.00,USD,desk,help",
        "m2,eps,2025-04-01,CHURN,,-20.00,USD,desk,help",
      ].join("\n"),
    );
    expect((await ask(books, { ...live, hierarchyOn: "2025-06-30" }))?.movements).toEqual([
      "2025-01-01 acme: NEW 100.00 a of acme",
      "2025-02-01 acme: EXPANSION CROSS_SELL 20.00 m1 of eps",
      "2025-03-01 acme: EXPANSION SEAT 40.00 b of beta",
      "2025-04-01 acme: CONTRACTION CROSS_SELL -20.00 m2 of eps",
    ]);
  });

  test("give the parts of one change one id, and every other movement its own", async () => {
    const books = await groups();
    await books.importText(
      "contract-lines",
      linesFile(
        "a acme crm/pro RECURRING 2025-01-01 2025-05-01 100",
        "x acme crm/pro RECURRING 2025-05-01 - 100",
        "y beta crm/pro RECURRING 2025-05-01 - 100",
      ),
    );
    const view = { ...live, hierarchyOn: "2025-06-30" };
    const ledger = await books.read((tx) => readPolicyLedger(tx, view));
    const seats = ledger?.movements.filter(({ effectiveOn }) => effectiveOn === "2025-05-01") ?? [];
    expect(
      seats.map(({ sourceId, driver, amountMinor, isLaterPart }) => [sourceId, driver, amountMinor, isLaterPart]),
    ).toEqual([
      ["x", "SEAT", 50_00n, false],
      ["y", "SEAT", 50_00n, true],
    ]);
    expect(new Set(seats.map(({ changeId }) => changeId)).size).toBe(1);
    expect(new Set(ledger?.movements.map(({ changeId }) => changeId)).size).toBe(3);
  });
});
