// The same where facts do not count as they stand: usage that is left out, and accounts that are merged.

import { hashState } from "@accrete/db/movements/hash.ts";
import { mergeAccounts, unmergeAccounts } from "@accrete/db/movements/merge.ts";
import { readPolicyLedger } from "@accrete/db/movements/policy-ledger.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { standing } from "../ingestion/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import type { World } from "../support/world.ts";
import { accountsFile, ask, author, company, linesFile, live, stored, versionOf } from "./views.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

describe("usage", () => {
  async function platform(): Promise<World> {
    const books = await company(database);
    await books.importText("accounts", accountsFile("acme,Acme,,", "beta,Beta,,"));
    await books.importText(
      "contract-lines",
      linesFile(
        "commit acme api/calls COMMITMENT 2025-01-01 2025-09-01 1200",
        "meter acme api/calls METERED 2025-02-01 - 300",
        "seats acme crm/pro RECURRING 2025-03-01 2025-06-01 100",
        "more acme desk/help RECURRING 2025-07-11 - 50",
        "b beta crm/pro RECURRING 2025-01-01 - 100",
      ),
    );
    return books;
  }

  test("that is left out makes an expansion beside it NEW, and a fall beneath it CHURN", async () => {
    const books = await platform();
    expect(await ask(books, { ...stored, usage: "EXCLUDE" })).toEqual({
      replaced: ["acme"],
      movements: [
        "2025-03-01 acme: NEW 100.00 seats of acme",
        "2025-06-01 acme: CHURN -100.00 seats of acme",
        "2025-07-11 acme: REACTIVATION 50.00 more of acme",
      ],
      transfers: [],
    });
    const ledger = await books.read((tx) => readPolicyLedger(tx, { ...stored, usage: "EXCLUDE" }));
    expect(ledger?.movements.map(({ gapDays }) => gapDays)).toEqual([null, null, 40]);
  });

  test("is left out of groups as of accounts, each of them once", async () => {
    const books = await platform();
    await books.importText("accounts", accountsFile("acme,Acme,beta,"));
    expect(await ask(books, { ...live, usage: "EXCLUDE" })).toEqual({
      replaced: ["acme", "beta"],
      movements: [
        "2025-01-01 beta: NEW 100.00 b of beta",
        "2025-03-01 beta: EXPANSION SEAT 100.00 seats of acme",
        "2025-06-01 beta: CONTRACTION SEAT -100.00 seats of acme",
        "2025-07-11 beta: EXPANSION CROSS_SELL 50.00 more of acme",
      ],
      transfers: [],
    });
  });

  test("lines of it that were not known at the version change nothing", async () => {
    const books = await company(database);
    await books.importText("accounts", accountsFile("acme,Acme,,"));
    await books.importText("contract-lines", linesFile("a acme crm/pro RECURRING 2025-01-01 - 100"));
    const known = await versionOf(books);
    await books.importText("contract-lines", linesFile("meter acme api/calls METERED 2025-02-01 - 300"));
    expect(await ask(books, { ...stored, usage: "COMMITTED", ledgerVersion: known })).toBeNull();
    expect((await ask(books, { ...stored, usage: "COMMITTED" }))?.movements).toEqual([
      "2025-01-01 acme: NEW 100.00 a of acme",
    ]);
  });

  test("of which commitments stay leaves out metered lines only", async () => {
    const books = await platform();
    expect((await ask(books, { ...stored, usage: "COMMITTED" }))?.movements).toEqual([
      "2025-01-01 acme: NEW 1200.00 commit of acme",
      "2025-03-01 acme: EXPANSION CROSS_SELL 100.00 seats of acme",
      "2025-06-01 acme: CONTRACTION CROSS_SELL -100.00 seats of acme",
      "2025-07-11 acme: EXPANSION CROSS_SELL 50.00 more of acme",
      "2025-09-01 acme: CONTRACTION USAGE_COMMITMENT -1200.00 commit of acme",
    ]);
  });

  test("of ready-made movements goes by their kind", async () => {
    const books = await company(database);
    await books.importText("accounts", accountsFile("acme,Acme,,"));
    await books.importText(
      "movements",
      [
        "movement_id,account_id,effective_on,type,driver,amount,currency,product_id,plan_id,kind",
        "m1,acme,2025-01-01,NEW,,20.00,USD,api,calls,COMMITMENT",
        "m2,acme,2025-02-01,EXPANSION,CROSS_SELL,5.00,USD,crm,pro,",
        "m3,acme,2025-03-01,EXPANSION,SEAT,1.00,USD,crm,pro,RECURRING",
      ].join("\n"),
    );
    expect((await ask(books, { ...stored, usage: "EXCLUDE" }))?.movements).toEqual([
      "2025-02-01 acme: NEW 5.00 m2 of acme",
      "2025-03-01 acme: EXPANSION SEAT 1.00 m3 of acme",
    ]);
    expect(await ask(books, { ...stored, usage: "COMMITTED" })).toBeNull();
  });
});

describe("merged accounts", () => {
  test("count in their survivor's group, from their sources' words, and apart again once the merge is undone", async () => {
    const books = await company(database);
    await books.importText("accounts", accountsFile("top,Top,,", "acme,Acme,top,", "twin,Twin,,", "sis,Sister,top,"));
    await books.importText(
      "movements",
      [
        "movement_id,account_id,effective_on,type,driver,amount,currency,product_id,plan_id",
        "m1,acme,2025-01-01,NEW,,20.00,USD,crm,pro",
        "m2,twin,2025-02-01,NEW,,5.00,USD,desk,help",
        "m3,sis,2025-01-15,NEW,,3.00,USD,desk,help",
      ].join("\n"),
    );
    const apart = await ask(books, live);
    expect(apart?.movements).toEqual([
      "2025-01-01 top: NEW 20.00 m1 of acme",
      "2025-01-15 top: EXPANSION CROSS_SELL 3.00 m3 of sis",
    ]);
    await books.write((tx) =>
      mergeAccounts(tx, { from: { externalId: "twin" }, into: { externalId: "acme" } }, author),
    );
    // For acme alone the desk is a family not held; the group holds it by its sister.
    expect(await ask(books, live)).toEqual({
      replaced: ["acme", "sis", "top"],
      movements: [
        "2025-01-01 top: NEW 20.00 m1 of acme",
        "2025-01-15 top: EXPANSION CROSS_SELL 3.00 m3 of sis",
        "2025-02-01 top: EXPANSION ADD_ON 5.00 m2 of acme",
      ],
      transfers: [],
    });
    await books.write((tx) => unmergeAccounts(tx, { externalId: "twin" }, author));
    expect(await ask(books, live)).toEqual(apart);
  });

  test("have their lines derived with the survivor's, in the stored ledger and in a group's", async () => {
    const books = await company(database);
    await books.importText("accounts", accountsFile("top,Top,,", "acme,Acme,top,", "twin,Twin,,"));
    await books.importText(
      "contract-lines",
      linesFile("a acme crm/pro RECURRING 2025-01-01 2025-03-01 100", "b twin crm/pro RECURRING 2025-03-01 - 130"),
    );
    const hash = await books.read(hashState);
    expect(await standing(books)).toEqual([
      ["acme", "2025-01-01", "NEW", null, 100_00n],
      ["acme", "2025-03-01", "CHURN", null, -100_00n],
      ["twin", "2025-03-01", "NEW", null, 130_00n],
    ]);
    await books.write((tx) =>
      mergeAccounts(tx, { from: { externalId: "twin" }, into: { externalId: "acme" } }, author),
    );
    expect(await standing(books)).toEqual([
      ["acme", "2025-01-01", "NEW", null, 100_00n],
      ["acme", "2025-03-01", "EXPANSION", "PRICE", 30_00n],
    ]);
    expect(await ask(books, live)).toEqual({
      replaced: ["acme", "top"],
      movements: ["2025-01-01 top: NEW 100.00 a of acme", "2025-03-01 top: EXPANSION PRICE 30.00 b of acme"],
      transfers: ["2025-03-01 100.00 b top → top"],
    });
    await books.write((tx) => unmergeAccounts(tx, { externalId: "twin" }, author));
    expect(await books.read(hashState)).toBe(hash);
  });
});
