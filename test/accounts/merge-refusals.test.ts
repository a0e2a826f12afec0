// What a merge of accounts does to parents, and what is refused.

import { setAccountParents } from "@accrete/db/accounts/set-parents.ts";
import { closePeriod } from "@accrete/db/workspaces/closings.ts";
import { changeSettings } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { author, lines, merge, movements, openGroup, openTwins, unmerge } from "./group.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function group(...accounts: readonly string[]): Promise<World> {
  const books = await world(database);
  await openGroup(books, accounts);
  return books;
}

const link = (account: string, parent: string, fromOn = "2025-01-01") => ({
  account: { externalId: account },
  parent: { externalId: parent },
  fromOn,
  untilOn: null,
});
const setParents = (books: World, ...links: ReturnType<typeof link>[]) =>
  books.write((tx) => setAccountParents(tx, links, author));

describe("parents of merged accounts", () => {
  it("are not stated: the survivor's are; and an account merged into another is not that one's parent", async () => {
    const books = await group("acme", "twin", "mother");
    await merge(books, "twin", "acme");
    expect((await setParents(books, link("twin", "mother"))).refusals).toMatchObject([
      { index: 0, field: "account", code: "ACCOUNT_MERGED" },
    ]);
    expect((await setParents(books, link("acme", "twin"))).refusals).toMatchObject([
      { index: 0, field: "parent", code: "PARENT_IS_ITSELF" },
    ]);
    expect(await setParents(books, link("mother", "twin"))).toMatchObject({ refusals: [], changed: 1 });
    expect((await setParents(books, link("acme", "mother"))).refusals).toMatchObject([{ code: "PARENT_CYCLE" }]);
  });

  it("are seen through by files too", async () => {
    const books = await group("acme", "twin", "branch");
    await merge(books, "twin", "acme");
    await setParents(books, link("branch", "twin"));
    await expect(
      books.importText("accounts", "account_id,name,parent_id,effective_on\nacme,Acme,branch,2025-06-01\n"),
    ).rejects.toThrow(/PARENT_CYCLE.*From 2025-06-01 on/);
  });

  it("cannot be taken apart where, apart, they would lead in a circle", async () => {
    const books = await group("a", "b", "c", "x");
    await setParents(books, link("a", "b"), link("c", "x", "1990-01-01"));
    await merge(books, "a", "c");
    // For now b is below c, and c below x; apart, a and b would be below each other.
    expect(await setParents(books, link("b", "a"))).toMatchObject({ refusals: [], changed: 1 });
    await expect(unmerge(books, "a")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "from" });
  });
});

describe("a merge is refused", () => {
  it("of accounts that do not exist, of one into itself, and of one that is merged already", async () => {
    const books = await group("a", "b", "c");
    await expect(merge(books, "nobody", "a")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "from" });
    await expect(merge(books, "a", "nobody")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "into" });
    await expect(merge(books, "a", "a")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "into" });
    await merge(books, "a", "b");
    await expect(merge(books, "a", "c")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "from" });
    await expect(merge(books, "b", "a")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "into" });
    await expect(unmerge(books, "b")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "from" });
  });

  it("of an account fed by lines with one fed by movements, whichever of the merged ones has them", async () => {
    const books = await group("lined", "fed", "empty");
    await books.importText("contract-lines", lines("L-1,L,lined,core,core,RECURRING,2025-01-01,,1,100"));
    await books.importText("movements", movements("M-1,fed,2025-01-01,NEW,,100.00,USD,,"));
    await expect(merge(books, "fed", "lined")).rejects.toMatchObject({ code: "MIXED_SOURCES" });
    await merge(books, "lined", "empty");
    await expect(merge(books, "fed", "empty")).rejects.toMatchObject({ code: "MIXED_SOURCES" });
    await expect(books.importText("movements", movements("M-2,empty,2025-01-01,NEW,,1.00,USD,,"))).rejects.toThrow(
      /MIXED_SOURCES/,
    );
  });

  it("where the parents of the two would lead in a circle", async () => {
    const books = await group("a", "b", "c");
    await setParents(books, link("a", "b"), link("b", "c"));
    await expect(merge(books, "a", "c")).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "into" });
    await expect(merge(books, "a", "b")).resolves.toMatchObject({ appended: 0 });
  });

  it("where it changes the ledger of a closed period", async () => {
    const books = await openTwins(await world(database));
    await books.write((tx) => closePeriod(tx, { fromOn: "2025-03-01", untilOn: "2025-04-01" }, author));
    await expect(merge(books, "twin", "acme")).rejects.toMatchObject({ code: "PERIOD_CLOSED" });
    await books.write((tx) => changeSettings(tx, { closedPeriodTreatment: "RESTATE" }, author));
    // In March a NEW is taken back, and an expansion booked; September is open.
    expect(await merge(books, "twin", "acme")).toMatchObject({ appended: 2, reversed: 2, restatements: 2 });
  });
});
