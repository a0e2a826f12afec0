// The ledger under a policy's view, read from the books: whose rows it replaces, what stands instead, and whose knowledge it uses.

import { newestKnown } from "@accrete/db/kernel/knowledge.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import { hashState } from "@accrete/db/movements/hash.ts";
import { mergeAccounts, unmergeAccounts } from "@accrete/db/movements/merge.ts";
import { type PolicyLedger, readPolicyLedger } from "@accrete/db/movements/policy-ledger.ts";
import type { LedgerView } from "@accrete/db/movements/view.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { standing } from "../ingestion/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const stored: LedgerView = {
  accountLevel: "ACCOUNT",
  hierarchyAt: "LIVE",
  usage: "BILLED_RECURRING",
  ledgerVersion: newestKnown,
  hierarchyOn: "2025-12-31",
  untilOn: "2026-01-01",
};
const live: LedgerView = { ...stored, accountLevel: "ULTIMATE_PARENT" };
const asOfEvent: LedgerView = { ...live, hierarchyAt: "AS_OF_EVENT" };

const catalog = `product_id,product_name,family,plan_id,plan_name,rank
crm,CRM,sales,pro,Pro,
desk,Desk,support,help,Help,
api,API,platform,calls,Calls,
`;

const lineColumns =
  "line_id,contract_id,account_id,product_id,plan_id,kind,from_on,until_on,quantity,unit_price,billing_interval,currency";

/** Each row: line, account, product/plan, kind, from, until, yearly price. */
function linesFile(...rows: readonly string[]): string {
  const full = rows.map((row) => {
    const [line, account, plan, kind, from, until, price] = row.split(" ");
    return `${line},of-${account},${account},${plan?.replace("/", ",")},${kind},${from},${until === "-" ? "" : until},1,${price},YEAR,USD`;
  });
  return [lineColumns, ...full].join("\n");
}

async function company(): Promise<World> {
  const books = await world(database);
  await books.importText("catalog", catalog);
  return books;
}

function versionOf(books: World): Promise<bigint> {
  return books.read(async ({ sql, workspaceId }) => {
    const [row] = await sql<{ version: bigint }[]>`
      select version from ledger_versions where workspace_id = ${workspaceId}`;
    return row?.version ?? 0n;
  });
}

const author = { actor: "test", action: "merge" };

const accountsFile = (...rows: readonly string[]) => ["account_id,name,parent_id,effective_on", ...rows].join("\n");

type Told = {
  readonly replaced: readonly string[];
  readonly movements: readonly string[];
  readonly transfers: readonly string[];
};

/** The answer with the sources' ids; null as it comes. */
async function ask(books: World, view: LedgerView): Promise<Told | null> {
  return books.read(async (tx) => {
    const ledger = await readPolicyLedger(tx, view);
    if (!ledger) return null;
    const rows = await tx.sql<{ id: string; name: string }[]>`
      select id, external_id as name from accounts where workspace_id = ${tx.workspaceId}`;
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    return tell(ledger, (id) => names.get(id) ?? id);
  });
}

function tell(ledger: PolicyLedger, nameOf: (id: string) => string): Told {
  return {
    replaced: ledger.replacedAccountIds.map(nameOf).sort(),
    movements: ledger.movements.map(
      ({ effectiveOn, unitId, accountId, type, driver, amountMinor, currency, sourceId }) => {
        const what = driver === null ? type : `${type} ${driver}`;
        return `${effectiveOn} ${nameOf(unitId)}: ${what} ${formatMoney(amountMinor, currency)} ${sourceId} of ${nameOf(accountId)}`;
      },
    ),
    transfers: ledger.transfers.map(
      ({ effectiveOn, amountMinor, currency, fromUnitId, toUnitId, toSourceId, startsUnit }) =>
        `${effectiveOn} ${formatMoney(amountMinor, currency)} ${toSourceId} ${nameOf(fromUnitId)} → ${nameOf(toUnitId)}${startsUnit ? " first" : ""}`,
    ),
  };
}

describe("the stored ledger stands as it is", () => {
  test("at the account's own level with all usage, and where nothing differs", async () => {
    const books = await company();
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
    const books = await company();
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
    const books = await company();
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
    const books = await company();
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

describe("usage", () => {
  async function platform(): Promise<World> {
    const books = await company();
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
    const books = await company();
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
    const books = await company();
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
    const books = await company();
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
    const books = await company();
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
