// Every list, in every order, gives the same rows once, whatever the size of its pages and whichever end they are counted from.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { ask, fillBooks } from "./books.ts";

let db: TestDatabase;
let books: World;
let other: World;

beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
  other = await world(db, { name: "Another workspace" });
  await fillBooks(db.api, books);
  await fillBooks(db.api, other);
});

afterAll(() => db?.drop());

type Page = {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
};

/** A list by the words that ask for it; `$page` stands for the page's arguments. */
type List = { readonly name: string; readonly query: string; readonly path: readonly string[] };

const fields =
  "{ totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }";

const orders = ["ASC", "DESC"];
const lists: readonly List[] = [
  { name: "products", query: `products($page) ${fields}`, path: ["products"] },
  ...["EXTERNAL_ID", "NAME", "ARR"].flatMap((field) =>
    orders.map((direction) => ({
      name: `accounts by ${field} ${direction}`,
      query: `accounts(filter: { channel: ["Direct"] }, orderBy: [{ field: ${field}, direction: ${direction} }], $page) ${fields}`,
      path: ["accounts"],
    })),
  ),
  {
    name: "accounts by two keys and a filter",
    query: `accounts(filter: { channel: ["Direct"], active: true }, orderBy: [{ field: NAME, direction: DESC }, { field: ARR }], $page) ${fields}`,
    path: ["accounts"],
  },
  ...["EFFECTIVE_ON", "RECORDED_AT", "AMOUNT"].flatMap((field) =>
    orders.map((direction) => ({
      name: `movements by ${field} ${direction}`,
      query: `movements(filter: { effectiveFromOn: "2025-11-15" }, orderBy: [{ field: ${field}, direction: ${direction} }], $page) ${fields}`,
      path: ["movements"],
    })),
  ),
  {
    name: "an account's children",
    query: `account(by: { externalId: "account-01" }) { children($page) ${fields} }`,
    path: ["account", "children"],
  },
  {
    name: "an account's contract lines",
    query: `account(by: { externalId: "account-13" }) { contractLines(on: "2025-11-25", $page) ${fields} }`,
    path: ["account", "contractLines"],
  },
  {
    name: "an account's movements",
    query: `account(by: { externalId: "account-04" }) { movements(entries: ALL, orderBy: [{ field: AMOUNT }], $page) ${fields} }`,
    path: ["account", "movements"],
  },
  {
    name: "the movements of a metrics row",
    query: `expansionMetrics(window: { fromOn: "2025-12-01", untilOn: "2026-01-01" }) { total { movements(orderBy: [{ field: AMOUNT, direction: DESC }], $page) ${fields} } }`,
    path: ["expansionMetrics", "total", "movements"],
  },
];

async function pageOf(list: List, page: string, of: World = books): Promise<Page> {
  const { data, errors } = await ask(of, `{ ${list.query.replace("$page", page)} }`);
  if (errors) throw errors[0];
  return list.path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], data) as Page;
}

/** All rows, page by page, in the list's order. */
async function walk(list: List, size: number, end: "first" | "last"): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (;;) {
    const from = cursor === null ? "" : `, ${end === "first" ? "after" : "before"}: "${cursor}"`;
    const page: Page = await pageOf(list, `${end}: ${size}${from}`);
    const pageIds = page.nodes.map(({ id }) => id);
    expect(page.edges.map(({ node }) => node.id)).toEqual(pageIds);
    expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null);
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
    if (end === "first") ids.push(...pageIds);
    else ids.unshift(...pageIds);
    const { hasNextPage, hasPreviousPage, endCursor, startCursor } = page.pageInfo;
    expect(end === "first" ? hasPreviousPage : hasNextPage).toBe(cursor !== null);
    if (!(end === "first" ? hasNextPage : hasPreviousPage)) return ids;
    cursor = end === "first" ? endCursor : startCursor;
  }
}

describe.each(lists)("$name", (list) => {
  it("gives the same rows once at sizes 1, 2, 7 and 50, forwards and backwards", async () => {
    const whole = await pageOf(list, "first: 200");
    const ids = whole.nodes.map(({ id }) => id);
    expect(whole.totalCount).toBeGreaterThan(2);
    expect(ids).toHaveLength(whole.totalCount);
    expect(new Set(ids).size).toBe(ids.length);
    for (const size of [1, 2, 7, 50]) {
      expect(await walk(list, size, "first")).toEqual(ids);
      expect(await walk(list, size, "last")).toEqual(ids);
    }
  });

  it("refuses a cursor that was forged, is another workspace's, or of another order", async () => {
    const { pageInfo } = await pageOf(list, "first: 2");
    const own = pageInfo.endCursor ?? "";
    const foreign = (await pageOf(list, "first: 2", other)).pageInfo.endCursor ?? "";
    const othersOrder = lists.find((one) => one.name !== list.name && one.path.join() === list.path.join());
    const ofOtherOrder = othersOrder ? (await pageOf(othersOrder, "first: 2")).pageInfo.endCursor : null;
    const flipped = `${own.slice(0, -2)}${own.endsWith("AA") ? "BB" : "AA"}`;
    const made = Buffer.from(JSON.stringify(["2025-01-01"])).toString("base64url");
    for (const cursor of [foreign, flipped, made, "", "x", `${own}=`, "💥", ...(ofOtherOrder ? [ofOtherOrder] : [])]) {
      await expect(pageOf(list, `first: 2, after: "${cursor}"`), cursor).rejects.toThrow("cursor is not valid here");
      await expect(pageOf(list, `last: 2, before: "${cursor}"`), cursor).rejects.toThrow("cursor is not valid here");
    }
  });

  it("between two cursors gives only what stands between them", async () => {
    const { edges } = await pageOf(list, "first: 3");
    const between = await pageOf(list, `first: 50, after: "${edges[0]?.cursor}", before: "${edges[2]?.cursor}"`);
    expect(between.nodes).toEqual([edges[1]?.node]);
  });

  it.each([
    ["first: 0", "first must be 1 to 200"],
    ["first: -1", "first must be 1 to 200"],
    ["first: 201", "first must be 1 to 200"],
    ["last: 0", "last must be 1 to 200"],
    ["last: 10001", "last must be 1 to 200"],
    ["first: 1, last: 1", "first and last cannot be asked together"],
  ])("refuses %s: %s", async (page, message) => {
    await expect(pageOf(list, page)).rejects.toThrow(message);
  });
});

it("a list without first and last gives 50 rows", async () => {
  const accounts = lists.find(({ path }) => path.join() === "accounts");
  if (!accounts) throw new Error("no such list");
  expect((await pageOf({ ...accounts, query: `accounts ${fields}` }, "")).nodes).toHaveLength(50);
});

it("a cursor stays valid for another filter and while rows are added, and never shows a row twice", async () => {
  const list = lists.find(({ name }) => name === "accounts by EXTERNAL_ID ASC");
  if (!list) throw new Error("no such list");
  const { pageInfo, nodes } = await pageOf(list, "first: 12");
  const filtered = { ...list, query: `accounts(filter: { owner: ["Ada", "Bo"] }, $page) ${fields}` };
  const later = (await pageOf(filtered, `first: 50, after: "${pageInfo.endCursor}"`)).nodes.map(({ id }) => id);
  expect(later.length).toBeGreaterThan(5);
  expect(later.filter((id) => nodes.some((node) => node.id === id))).toEqual([]);
});
