// Lists: one page when awaited, every node when iterated, and a cursor that must move.

import { UnexpectedAnswerError } from "@accrete/sdk";
import { describe, expect, it } from "vitest";
import { type Connection, Listing, type PageRequest } from "../../sdk/paginate.ts";
import { withStub } from "./stub.ts";

/** Numbers in pages of two, with the number of a page as its cursor. */
function pagesOf(count: number) {
  const requests: PageRequest[] = [];
  const fetchPage = async (request: PageRequest): Promise<Connection<number>> => {
    requests.push(request);
    const start = request.after === null ? 0 : Number(request.after);
    const end = Math.min(start + 2, count);
    return {
      nodes: Array.from({ length: end - start }, (_, index) => start + index),
      pageInfo: { hasNextPage: end < count, endCursor: end > start ? String(end) : null },
      ...(request.counted ? { totalCount: count } : {}),
    };
  };
  return { requests, fetchPage };
}

async function all<T>(nodes: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const node of nodes) collected.push(node);
  return collected;
}

describe("a listing", () => {
  it("asks nothing before it is awaited or iterated", async () => {
    const { requests, fetchPage } = pagesOf(5);
    new Listing(fetchPage, null);
    expect(requests).toEqual([]);
  });

  it("gives one counted page when awaited, and asks once however often it is awaited", async () => {
    const { requests, fetchPage } = pagesOf(5);
    const listing = new Listing(fetchPage, null);
    expect(await listing).toMatchObject({ nodes: [0, 1], totalCount: 5, hasNextPage: true, endCursor: "2" });
    await listing;
    expect(requests).toEqual([{ after: null, counted: true }]);
  });

  it("goes from page to page until there is none", async () => {
    const { fetchPage } = pagesOf(5);
    const first = await new Listing(fetchPage, null);
    const second = await first.next();
    const third = await second?.next();
    expect([second?.nodes, third?.nodes, await third?.next()]).toEqual([[2, 3], [4], null]);
  });

  it("gives every node once, in order, without counting", async () => {
    const { requests, fetchPage } = pagesOf(5);
    expect(await all(new Listing(fetchPage, null))).toEqual([0, 1, 2, 3, 4]);
    expect(requests).toEqual([null, "2", "4"].map((after) => ({ after, counted: false })));
  });

  it("fetches no page that the loop does not reach", async () => {
    const { requests, fetchPage } = pagesOf(100);
    for await (const node of new Listing(fetchPage, null)) if (node === 2) break;
    expect(requests).toHaveLength(2);
  });

  it("starts after a given cursor, and an empty list has no nodes", async () => {
    expect(await all(new Listing(pagesOf(5).fetchPage, "2"))).toEqual([2, 3, 4]);
    expect(await all(new Listing(pagesOf(0).fetchPage, null))).toEqual([]);
  });

  it.each([
    ["stands still", "2"],
    ["is missing", null],
  ])("stops with a clear error when the cursor %s", async (_, endCursor) => {
    const fetchPage = async () => ({ nodes: [1], pageInfo: { hasNextPage: true, endCursor }, totalCount: 9 });
    const listing = new Listing(fetchPage, "2");
    await expect(all(listing)).rejects.toThrow(UnexpectedAnswerError);
    await expect((await listing).next()).rejects.toThrow("its cursor did not move");
  });

  it("throws what its page throws, and may be asked again by a new listing", async () => {
    const listing = new Listing<number>(() => Promise.reject(new Error("down")), null);
    await expect(listing).rejects.toThrow("down");
    await expect(all(listing)).rejects.toThrow("down");
  });
});

describe("movements.list", () => {
  it("sends filter, order, page size and cursor as variables", () =>
    withStub(
      [
        {
          body: {
            data: { movements: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 } },
          },
        },
      ],
      async ({ client, asked }) => {
        await client().movements.list(
          { driver: ["SEAT"] },
          { orderBy: [{ field: "AMOUNT", direction: "DESC" }], first: 3, after: "c1" },
        );
        expect(asked[0]?.body.variables).toEqual({
          filter: { driver: ["SEAT"] },
          orderBy: [{ field: "AMOUNT", direction: "DESC" }],
          entries: "UNREVERSED",
          first: 3,
          after: "c1",
          asOf: null,
          counted: true,
        });
      },
    ));
});

describe("accounts.get", () => {
  it("throws a NotFoundError where accounts.find gives null", () =>
    withStub([{ body: { data: { account: null } } }], async ({ client }) => {
      await expect(client().accounts.find({ externalId: "acme" })).resolves.toBeNull();
      await expect(client().accounts.get({ externalId: "acme" })).rejects.toMatchObject({
        name: "NotFoundError",
        code: "NOT_FOUND",
        field: "by",
      });
    }));
});
