// Who is above whom, as facts with days: what is booked, what is refused, and how files and statements go together.

import { setAccountParents } from "@accrete/db/accounts/set-parents.ts";
import { closePeriod } from "@accrete/db/workspaces/closings.ts";
import { changeSettings } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { author, openGroup, parentsOn, versionsOf } from "./group.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

type Said = readonly [account: string, parent: string | null, fromOn: string, untilOn?: string];

function say(books: World, ...said: readonly Said[]) {
  return books.write((tx) =>
    setAccountParents(
      tx,
      said.map(([account, parent, fromOn, untilOn = null]) => ({
        account: { externalId: account },
        parent: parent === null ? null : { externalId: parent },
        fromOn,
        untilOn,
      })),
      author,
    ),
  );
}

async function group(...accounts: readonly string[]): Promise<World> {
  const books = await world(database);
  await openGroup(books, accounts);
  return books;
}

describe("a statement of parents", () => {
  it("holds from its first day until the day before its last one, and leaves other days as they are", async () => {
    const books = await group("a", "b", "c");
    expect(await say(books, ["a", "b", "1990-01-01"])).toMatchObject({ refusals: [], changed: 1 });
    expect(await say(books, ["a", "c", "2025-01-01", "2025-07-01"])).toMatchObject({ refusals: [], changed: 1 });
    expect(await parentsOn(books, "2024-12-31")).toEqual({ a: "b" });
    expect(await parentsOn(books, "2025-01-01")).toEqual({ a: "c" });
    expect(await parentsOn(books, "2025-06-30")).toEqual({ a: "c" });
    expect(await parentsOn(books, "2025-07-01")).toEqual({ a: "b" });
  });

  it("of nobody takes the account to the top for its days", async () => {
    const books = await group("a", "b");
    await say(books, ["a", "b", "2024-01-01"]);
    await say(books, ["a", null, "2025-01-01", "2026-01-01"]);
    expect(await parentsOn(books, "2025-06-01")).toEqual({});
    expect(await parentsOn(books, "2026-01-01")).toEqual({ a: "b" });
  });

  it("that is recorded already changes nothing: no row and no ledger version", async () => {
    const books = await group("a", "b");
    const first = await say(books, ["a", "b", "2024-01-01"]);
    expect(first.commit?.version).toBe(4n);
    expect(await say(books, ["a", "b", "2024-01-01"], ["b", null, "2020-01-01"])).toEqual({
      refusals: [],
      changed: 0,
      restatements: 0,
      commit: null,
    });
    expect(await say(books, ["a", "b", "2025-01-01", "2025-02-01"])).toMatchObject({ changed: 0 });
  });

  it("can turn two accounts round on one day, in one list", async () => {
    const books = await group("a", "b");
    await say(books, ["a", "b", "1990-01-01"]);
    expect(await say(books, ["a", null, "2025-01-01"], ["b", "a", "2025-01-01"])).toMatchObject({ changed: 2 });
    expect(await parentsOn(books, "2024-12-31")).toEqual({ a: "b" });
    expect(await parentsOn(books, "2025-01-01")).toEqual({ b: "a" });
  });
});

describe("a list of statements is refused as a whole", () => {
  it("naming each one with its place, field, code and fix", async () => {
    const books = await group("a", "b");
    const { refusals, changed, commit } = await say(
      books,
      ["a", "b", "2025-01-01"],
      ["nobody", "b", "2025-01-01"],
      ["a", "ghost", "2025-01-01"],
      ["a", "a", "2025-01-01"],
      ["b", null, "2025-02-01", "2025-02-01"],
    );
    expect([changed, commit]).toEqual([0, null]);
    expect(refusals.map(({ index, field, code }) => [index, field, code])).toEqual([
      [1, "account", "ACCOUNT_UNKNOWN"],
      [2, "parent", "PARENT_UNKNOWN"],
      [3, "parent", "PARENT_IS_ITSELF"],
      [4, "untilOn", "TERM_EMPTY"],
    ]);
    expect(refusals[0]).toMatchObject({
      message: "There is no account 'nobody'.",
      fix: "Import the account first, or correct the id.",
    });
    expect(await parentsOn(books, "2025-06-01")).toEqual({});
  });

  it("when two of them are about one account's same days", async () => {
    const books = await group("a", "b", "c");
    const { refusals } = await say(books, ["a", "b", "2025-01-01", "2025-03-01"], ["a", "c", "2025-02-28"]);
    expect(refusals).toMatchObject([{ index: 1, field: "fromOn", code: "STATED_TWICE" }]);
    expect(await say(books, ["a", "b", "2025-01-01", "2025-03-01"], ["a", "c", "2025-03-01"])).toMatchObject({
      refusals: [],
      changed: 2,
    });
  });

  it("when parents would lead in a circle on any day, and not when they never do on one day", async () => {
    const books = await group("a", "b", "c");
    await say(books, ["a", "b", "2025-01-01", "2025-07-01"], ["b", "c", "1990-01-01"]);
    expect((await say(books, ["c", "a", "2025-06-30", "2026-01-01"])).refusals).toMatchObject([
      {
        index: 0,
        field: "parent",
        code: "PARENT_CYCLE",
        message: "From 2025-06-30 on, the parents of 'c' would lead back to it.",
      },
    ]);
    expect(await say(books, ["c", "a", "2025-07-01"])).toMatchObject({ refusals: [], changed: 1 });
  });

  it("when a group would have eleven levels, also below the account that moves, and not with ten", async () => {
    const chain = Array.from({ length: 10 }, (_, level) => `l${level}`);
    const books = await group(...chain, "top");
    await say(books, ...chain.slice(1).map((id, index): Said => [id, chain[index] ?? "", "1990-01-01"]));
    expect((await say(books, ["l0", "top", "2025-01-01"])).refusals).toMatchObject([
      { code: "HIERARCHY_TOO_DEEP", message: "From 2025-01-01 on, the group of 'l0' would have more than 10 levels." },
    ]);
    await say(books, ["l9", null, "2025-01-01"]);
    expect(await say(books, ["l0", "top", "2025-01-01"])).toMatchObject({ refusals: [], changed: 1 });
  });

  it("when a parent changes on a day of a closed period; where late facts are booked it is a restatement", async () => {
    const books = await group("a", "b");
    await books.write((tx) => closePeriod(tx, { fromOn: "2025-01-01", untilOn: "2025-04-01" }, author));
    await expect(say(books, ["a", "b", "2025-03-31"])).rejects.toMatchObject({ code: "PERIOD_CLOSED" });
    expect(await say(books, ["a", "b", "2025-04-01"])).toMatchObject({ changed: 1, restatements: 0 });
    await books.write((tx) => changeSettings(tx, { closedPeriodTreatment: "RESTATE" }, author));
    expect(await say(books, ["a", "b", "2025-03-31"])).toMatchObject({ changed: 1, restatements: 1 });
  });
});

describe("a parent of a closed period's days", () => {
  const close = (books: World) =>
    books.write((tx) => closePeriod(tx, { fromOn: "2025-01-01", untilOn: "2025-04-01" }, author));
  const late = { code: "PERIOD_CLOSED", message: expect.stringMatching(/on 2025-01-01, a day of the closed period/) };

  it("cannot be changed by a statement that begins before the period", async () => {
    const books = await group("a", "b");
    await close(books);
    await expect(say(books, ["a", "b", "1990-01-01"])).rejects.toMatchObject(late);
    await expect(say(books, ["a", "b", "2024-12-31", "2025-01-02"])).rejects.toMatchObject(late);
    expect(await say(books, ["a", "b", "2024-12-31", "2025-01-01"])).toMatchObject({ changed: 1, restatements: 0 });
  });

  it("cannot be ended by one that begins before it, and may be said again", async () => {
    const books = await group("a", "b", "c");
    await say(books, ["a", "b", "2025-01-01", "2025-04-01"]);
    await close(books);
    await expect(say(books, ["a", null, "2024-12-01"])).rejects.toMatchObject(late);
    await expect(say(books, ["a", "c", "2024-12-01"])).rejects.toMatchObject(late);
    // Before and after the quarter this is news, in it the same.
    expect(await say(books, ["a", "b", "2024-01-01", "2026-01-01"])).toMatchObject({ changed: 1, restatements: 0 });
    await books.write((tx) => changeSettings(tx, { closedPeriodTreatment: "RESTATE" }, author));
    expect(await say(books, ["a", null, "2024-12-01"])).toMatchObject({ changed: 1, restatements: 1 });
  });
});

describe("files of accounts beside statements", () => {
  const file = (...rows: string[]) => `account_id,name,parent_id,channel,effective_on\n${rows.join("\n")}\n`;

  it("leave a later statement standing: a row counts until the parent changes next", async () => {
    const books = await group("a", "b", "c");
    await books.importText("accounts", file("a,a,b,,"));
    await say(books, ["a", "c", "2025-01-01"]);
    expect(await books.importText("accounts", file("a,a,b,,"))).toMatchObject({ outcome: "UNCHANGED" });
    await books.importText("accounts", file("a,a,b,Direct,", "a,a,b,Partner,2024-06-01"));
    expect(await parentsOn(books, "2024-12-31")).toEqual({ a: "b" });
    expect(await parentsOn(books, "2025-01-01")).toEqual({ a: "c" });
  });

  it("say otherwise from a row's day on when that is later than the statement", async () => {
    const books = await group("a", "b", "c");
    await say(books, ["a", "b", "2025-01-01"]);
    await books.importText("accounts", file("a,a,c,,2025-07-01"));
    expect(await parentsOn(books, "2025-06-30")).toEqual({ a: "b" });
    expect(await parentsOn(books, "2025-07-01")).toEqual({ a: "c" });
  });

  it("say nothing of parents without the column, and of no other attribute that they have no column of", async () => {
    const books = await group("a", "b");
    const header = "account_id,name,channel,region,attribute.tier,attribute.size";
    await books.importText("accounts", `${header}\na,a,Direct,EMEA,gold,big\n`);
    await say(books, ["a", "b", "1990-01-01"]);
    const names = (...rows: string[]) => books.importText("accounts", `account_id,name\n${rows.join("\n")}\n`);
    expect(await names("a,a")).toMatchObject({ outcome: "UNCHANGED" });
    expect(await books.importText("accounts", '{"account_id":"a","name":"a"}\n', "ndjson")).toMatchObject({
      outcome: "UNCHANGED",
    });
    await names("a,A Inc");
    await books.importText("accounts", "account_id,name,effective_on,attribute.tier\na,A Inc,2025-03-01,\n");
    expect(await parentsOn(books, "2025-03-01")).toEqual({ a: "b" });
    expect(await versionsOf(books, "a")).toEqual([
      ["1990-01-01", "A Inc", "Direct", "EMEA", ["size=big", "tier=gold"]],
      ["2025-03-01", "A Inc", "Direct", "EMEA", ["size=big"]],
    ]);
    // With the column, empty is none.
    await books.importText("accounts", "account_id,name,parent_id,channel,effective_on\na,A Inc,,,2025-03-01\n");
    expect(await parentsOn(books, "2025-02-28")).toEqual({ a: "b" });
    expect(await parentsOn(books, "2025-03-01")).toEqual({});
    expect((await versionsOf(books, "a"))[1]).toEqual(["2025-03-01", "A Inc", null, "EMEA", ["size=big"]]);
  });

  it("are refused where the groups below what they move would have eleven levels", async () => {
    const chain = Array.from({ length: 10 }, (_, level) => `l${level}`);
    const books = await group(...chain, "top");
    await say(books, ...chain.slice(1).map((id, index): Said => [id, chain[index] ?? "", "2025-01-01", "2025-07-01"]));
    await expect(books.importText("accounts", file("l0,l0,top,,2025-06-30"))).rejects.toThrow(
      /From 2025-06-30 on, the group of 'l0' would have more than 10 levels/,
    );
    expect(await books.importText("accounts", file("l0,l0,top,,2025-07-01"))).toMatchObject({ outcome: "BOOKED" });
  });
});
