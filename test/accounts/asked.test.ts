// Groups, merges and usage as the API tells them, and its mutations.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { change } from "../workspaces/writing.ts";
import { lines, openGroup } from "./group.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const setParents = `mutation ($parents: [AccountParentInput!]!) {
  setAccountParents(parents: $parents) { changed ledgerVersion refusals { index field code message fix } }
}`;

const link = (account: string, parent: string | null, fromOn: string, untilOn?: string) => ({
  account: { externalId: account },
  parent: parent === null ? null : { externalId: parent },
  fromOn,
  untilOn,
});

type Asked = { readonly account: Readonly<Record<string, unknown>> };

const ask = async (books: World, account: string, fields: string) =>
  (await change<Asked>(books, `{ account(by: { externalId: "${account}" }) { ${fields} } }`)).account;

/** Branch is below daughter, which goes from mother to other in July 2025; twin is below mother. */
async function family(): Promise<World> {
  const books = await world(database);
  await openGroup(books, ["branch", "daughter", "mother", "other", "twin"]);
  await change(books, setParents, {
    parents: [
      link("branch", "daughter", "1990-01-01"),
      link("daughter", "mother", "2025-01-01", "2025-07-01"),
      link("daughter", "other", "2025-07-01"),
      link("twin", "mother", "2025-01-01"),
    ],
  });
  return books;
}

describe("an account's group", () => {
  it("is told for any day: parent, top and children, and all parents with their days", async () => {
    const books = await family();
    const on = (day: string) =>
      ask(
        books,
        "daughter",
        `parent(on: "${day}") { externalId } ultimateParent(on: "${day}") { externalId } children(on: "${day}") { totalCount nodes { externalId } }`,
      );
    const children = { totalCount: 1, nodes: [{ externalId: "branch" }] };
    expect(await on("2024-12-31")).toEqual({ parent: null, ultimateParent: { externalId: "daughter" }, children });
    expect(await on("2025-06-30")).toEqual({
      parent: { externalId: "mother" },
      ultimateParent: { externalId: "mother" },
      children,
    });
    expect(await on("2025-07-01")).toEqual({
      parent: { externalId: "other" },
      ultimateParent: { externalId: "other" },
      children,
    });
    expect(await ask(books, "daughter", "parentHistory { parent { externalId } fromOn untilOn }")).toEqual({
      parentHistory: [
        { parent: { externalId: "mother" }, fromOn: "2025-01-01", untilOn: "2025-07-01" },
        { parent: { externalId: "other" }, fromOn: "2025-07-01", untilOn: null },
      ],
    });
  });

  it("tells why a list of parents is refused, and books nothing of it", async () => {
    const books = await family();
    const { setAccountParents } = await change<{ setAccountParents: unknown }>(books, setParents, {
      parents: [link("twin", null, "2026-01-01"), link("mother", "branch", "2025-03-01", "2025-04-01")],
    });
    expect(setAccountParents).toEqual({
      changed: 0,
      ledgerVersion: null,
      refusals: [
        {
          index: 1,
          field: "parent",
          code: "PARENT_CYCLE",
          message: "From 2025-03-01 on, the parents of 'mother' would lead back to it.",
          fix: "Break the circle: one of its accounts has no parent on that day, or another one.",
        },
      ],
    });
    expect(await ask(books, "twin", `parent(on: "2026-01-01") { externalId }`)).toEqual({
      parent: { externalId: "mother" },
    });
  });
});

const mergeTwin = `mutation { mergeAccounts(from: { externalId: "twin" }, into: { externalId: "daughter" }) {
  account { externalId mergedInto { externalId } } survivor { externalId mergedAccounts { externalId } }
  movementsAppended movementsReversed restatements ledgerVersion } }`;

describe("a merged account", () => {
  it("is told on both sides, stands where its survivor stands, and is listed still", async () => {
    const books = await family();
    expect(await change(books, mergeTwin)).toEqual({
      mergeAccounts: {
        account: { externalId: "twin", mergedInto: { externalId: "daughter" } },
        survivor: { externalId: "daughter", mergedAccounts: [{ externalId: "twin" }] },
        movementsAppended: 0,
        movementsReversed: 0,
        restatements: 0,
        ledgerVersion: "5",
      },
    });
    expect(await ask(books, "twin", `parent(on: "2025-08-01") { externalId }`)).toEqual({
      parent: { externalId: "other" },
    });
    // Mother's only children were its twin and, until July, daughter: now daughter alone, as long as it is below it.
    const children = (day: string) =>
      ask(books, "mother", `children(on: "${day}") { totalCount nodes { externalId } }`);
    expect(await children("2025-06-30")).toEqual({ children: { totalCount: 1, nodes: [{ externalId: "daughter" }] } });
    expect(await children("2025-07-01")).toEqual({ children: { totalCount: 0, nodes: [] } });
    const { accounts } = await change<{ accounts: { totalCount: number } }>(books, "{ accounts { totalCount } }");
    expect(accounts.totalCount).toBe(5);
  });

  it("was none as of the version before: the old numbers, to the cent", async () => {
    const books = await family();
    await books.importText(
      "contract-lines",
      lines(
        "T-1,T,twin,core,core,RECURRING,2025-01-01,,3,99.99",
        "D-1,D,daughter,core,core,RECURRING,2025-02-01,,1,50",
      ),
    );
    await change(books, mergeTwin);
    const arr = (account: string, asOf: string) =>
      change<Asked>(
        books,
        `{ account(by: { externalId: "${account}" }${asOf}) { arr(on: "2025-06-01") mergedInto { externalId } } }`,
      );
    expect((await arr("twin", "")).account).toEqual({ arr: "0.00", mergedInto: { externalId: "daughter" } });
    expect((await arr("daughter", "")).account).toEqual({ arr: "349.97", mergedInto: null });
    const before = ", asOf: { ledgerVersion: 5 }";
    expect((await arr("twin", before)).account).toEqual({ arr: "299.97", mergedInto: null });
    expect((await arr("daughter", before)).account).toEqual({ arr: "50.00", mergedInto: null });
    expect(
      await ask(
        books,
        "daughter",
        `contractLines(on: "2025-06-01") { totalCount nodes { externalId account { externalId } } }`,
      ),
    ).toEqual({
      contractLines: {
        totalCount: 2,
        nodes: [
          { externalId: "T-1", account: { externalId: "twin" } },
          { externalId: "D-1", account: { externalId: "daughter" } },
        ],
      },
    });
    const { unmergeAccounts } = await change<{ unmergeAccounts: unknown }>(
      books,
      `mutation { unmergeAccounts(from: { externalId: "twin" }) { account { externalId mergedInto { externalId } } survivor { externalId } } }`,
    );
    expect(unmergeAccounts).toEqual({
      account: { externalId: "twin", mergedInto: null },
      survivor: { externalId: "daughter" },
    });
    expect((await arr("twin", "")).account).toEqual({ arr: "299.97", mergedInto: null });
  });
});

describe("metrics by parent", () => {
  it("put a survivor under the parent that only the account merged into it had", async () => {
    const books = await world(database);
    await openGroup(books, ["acme", "twin", "mother"]);
    await change(books, setParents, { parents: [link("twin", "mother", "2025-01-01")] });
    await books.importText("contract-lines", lines("A-1,A,acme,core,core,RECURRING,2025-02-01,,1,80"));
    const byParent = `{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2025-04-01" }, groupBy: [PARENT]) {
      rows { group { parent } newArr movements { totalCount } } } }`;
    const rowsOf = async () =>
      (await change<{ expansionMetrics: { rows: unknown } }>(books, byParent)).expansionMetrics.rows;
    expect(await rowsOf()).toEqual([{ group: { parent: null }, newArr: "80.00", movements: { totalCount: 1 } }]);
    await change(
      books,
      `mutation { mergeAccounts(from: { externalId: "twin" }, into: { externalId: "acme" }) { ledgerVersion } }`,
    );
    expect(await rowsOf()).toEqual([{ group: { parent: "mother" }, newArr: "80.00", movements: { totalCount: 1 } }]);
  });
});

const recordUsage = `mutation ($usage: [UsageInput!]!) { recordUsage(usage: $usage) {
  changed movementsAppended movementsReversed restatements ledgerVersion refusals { index field code message } } }`;

const period = (line: string, fromOn: string, untilOn: string, amount: string) => ({
  line: { externalId: line },
  fromOn,
  untilOn,
  amount,
});

describe("recordUsage", () => {
  async function metered(): Promise<World> {
    const books = await world(database);
    await openGroup(books, ["acme"]);
    await books.importText(
      "contract-lines",
      lines("C-1,C,acme,core,core,COMMITMENT,2025-01-01,,1,1000", "U-1,C,acme,core,core,METERED,2025-01-01,,1,0"),
    );
    return books;
  }

  it("books periods by the line's own id or the source's, lists them under the line, and derives the account", async () => {
    const books = await metered();
    const usage = [period("U-1", "2024-01-01", "2025-01-01", "30"), period("U-1", "2025-01-01", "2026-01-01", "12.5")];
    expect(await change(books, recordUsage, { usage })).toEqual({
      recordUsage: {
        changed: 2,
        movementsAppended: 3,
        movementsReversed: 0,
        restatements: 0,
        ledgerVersion: "5",
        refusals: [],
      },
    });
    type Line = { lineId: string; usage: unknown };
    const { contractLines } = (await ask(
      books,
      "acme",
      `contractLines(on: "2025-06-01") { nodes { lineId usage(first: 1) { totalCount nodes { fromOn untilOn amount } } } }`,
    )) as { contractLines: { nodes: Line[] } };
    const line = contractLines.nodes[1];
    expect(line?.usage).toEqual({
      totalCount: 2,
      nodes: [{ fromOn: "2024-01-01", untilOn: "2025-01-01", amount: "30" }],
    });
    const again = [{ ...period("", "2025-01-01", "2026-01-01", "12.50"), line: { id: line?.lineId } }];
    expect(await change(books, recordUsage, { usage: again })).toMatchObject({
      recordUsage: { changed: 0, ledgerVersion: null, refusals: [] },
    });
  });

  it("refuses the whole list, each period by its place; other mutations of the operation stand", async () => {
    const books = await metered();
    const both = `mutation ($bad: [UsageInput!]!, $good: [UsageInput!]!) {
      bad: recordUsage(usage: $bad) { changed refusals { index field code } }
      good: recordUsage(usage: $good) { changed refusals { index field code } }
      again: recordUsage(usage: $bad) { changed refusals { index field code } }
    }`;
    const good = [period("U-1", "2025-01-01", "2026-01-01", "7")];
    const bad = [period("U-1", "2026-01-01", "2027-01-01", "7"), period("C-1", "2025-01-01", "2026-01-01", "7")];
    const refused = { changed: 0, refusals: [{ index: 1, field: "line", code: "LINE_NOT_METERED" }] };
    expect(await change(books, both, { good, bad })).toEqual({
      bad: refused,
      good: { changed: 1, refusals: [] },
      again: refused,
    });
  });
});
