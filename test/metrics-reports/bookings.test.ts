// Bookings beside ARR: what is signed and not yet effective, ramp steps and cancellations among it, and the bridges of a window.

import { accountMerges } from "@accrete/db/accounts/table.ts";
import { newId } from "@accrete/db/kernel/ids.ts";
import { askBookings, type Bookings, type Changes, sumCommitted } from "@accrete/db/metrics/bookings.ts";
import { chooseRateSets, setRates } from "@accrete/db/rates/store.ts";
import { lockForCommit, writeCommit } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booksOf, windowOf } from "../metrics/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { sign } from "./signing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const quarter = windowOf("2025-10", "2026-01");

const units = (amount: bigint) => Number(amount) / 100;
const both = ({ increaseMinor, decreaseMinor }: Changes) => [units(increaseMinor), units(decreaseMinor)];
const told = ({ opening, closing, wentLive, newlySigned, immediate, schedule, residualMinor }: Bookings) => ({
  opening: [units(opening.liveMinor), units(opening.committedMinor), ...both(opening.pending)],
  closing: [units(closing.liveMinor), units(closing.committedMinor), ...both(closing.pending)],
  wentLive: both(wentLive),
  newlySigned: both(newlySigned),
  immediate: both(immediate),
  schedule: schedule.map(({ period, ...changes }) => [period.fromOn, period.partial, ...both(changes)]),
  residualMinor,
});

/** Every movement pending at the closing, two to a page. */
function pendingOf(place: World) {
  return place.read(async (tx) => {
    const { pendingMovements, countPendingMovements } = await askBookings(tx, {
      window: quarter,
      filter: {},
      asOf: null,
    });
    const first = await pendingMovements({ first: 2 });
    const next = await pendingMovements({ first: 2, after: first.pageInfo.endCursor });
    const count = await countPendingMovements();
    return { nodes: [...first.edges, ...next.edges].map(({ node }) => node), isCut: next.pageInfo.hasNextPage, count };
  });
}

const ask = (place: World, window = quarter, filter = {}) =>
  place.read((tx) => askBookings(tx, { window, filter, asOf: null }));

describe("bookings of a quarter", () => {
  let place: World;
  let books: ReturnType<typeof booksOf>;
  beforeAll(async () => {
    place = await world(db);
    books = booksOf(place);
    await books.account("holding");
    for (const name of ["ramp", "soon", "later", "leaver", "late"]) {
      await books.account(name, {
        "1990-01-01": { channel: "web", parent: "holding" },
        "2025-12-01": { channel: name === "ramp" ? "sales" : "web" },
      });
    }
    await sign(
      place,
      books.accountId("ramp"),
      { on: "2025-01-01", type: "NEW", amount: 10_000_00n, bookedOn: "2024-12-15" },
      { on: "2025-11-01", type: "EXPANSION", amount: 2_000_00n, bookedOn: "2024-12-15" },
      { on: "2026-02-01", type: "EXPANSION", amount: 3_000_00n, bookedOn: "2024-12-15" },
    );
    await sign(place, books.accountId("soon"), {
      on: "2025-12-01",
      type: "NEW",
      amount: 5_000_00n,
      bookedOn: "2025-10-10",
    });
    await sign(place, books.accountId("later"), {
      on: "2026-03-01",
      type: "NEW",
      amount: 4_000_00n,
      bookedOn: "2025-11-20",
    });
    await sign(
      place,
      books.accountId("leaver"),
      { on: "2025-02-01", type: "NEW", amount: 6_000_00n, bookedOn: "2025-01-20" },
      // Half an hour before midnight, half an hour west of Greenwich: recorded on the 5th in UTC.
      { on: "2026-01-31", type: "CHURN", amount: -6_000_00n, recordedOn: "2025-12-04" },
    );
    await sign(
      place,
      books.accountId("late"),
      { on: "2025-05-01", type: "NEW", amount: 1_000_00n, bookedOn: "2025-04-30" },
      { on: "2025-11-15", type: "EXPANSION", amount: 500_00n, recordedOn: "2026-02-10" },
    );
  });

  it("tell live and committed ARR at both ends, what went live, and what was signed, to the cent", async () => {
    expect(told(await ask(place))).toEqual({
      opening: [17_000, 22_000, 5_000, 0],
      closing: [24_500, 25_500, 7_000, 6_000],
      wentLive: [2_000, 0],
      newlySigned: [4_000, 6_000],
      immediate: [5_500, 0],
      schedule: [
        ["2026-01-01", false, 0, 6_000],
        ["2026-02-01", false, 3_000, 0],
        ["2026-03-01", false, 4_000, 0],
      ],
      residualMinor: 0n,
    });
  });

  it("have live ARR as the metrics have it", async () => {
    const { total } = await books.ask({ window: quarter });
    const { opening, closing } = await ask(place);
    expect([opening.liveMinor, closing.liveMinor]).toEqual([total.money.openingMinor, total.money.closingMinor]);
  });

  it("list what is pending at the end, in pages, by the day of effect", async () => {
    const { nodes, isCut, count } = await pendingOf(place);
    expect(nodes.map((node) => [node.effectiveOn, node.signedOn, units(node.amountMinor)])).toEqual([
      ["2026-01-31", "2025-12-05", -6_000],
      ["2026-02-01", "2024-12-15", 3_000],
      ["2026-03-01", "2025-11-20", 4_000],
    ]);
    expect([isCut, count]).toEqual([false, 3]);
  });

  it("change sides on the very day: signed or effective on the closing's own day is after it", async () => {
    const until = (day: string) => ask(place, { fromOn: "2025-10-01", untilOn: day });
    expect(told(await until("2025-11-20")).newlySigned).toEqual([5_000, 0]);
    expect(told(await until("2025-11-21")).newlySigned).toEqual([9_000, 0]);
    expect(told(await until("2025-11-01")).closing).toEqual([17_000, 27_000, 10_000, 0]);
    expect(told(await until("2025-11-02")).closing).toEqual([19_000, 27_000, 8_000, 0]);
    expect(told(await until("2026-02-01")).schedule[0]).toEqual(["2026-02-01", false, 3_000, 0]);
    expect(told(await until("2026-01-15")).schedule[0]).toEqual(["2026-01-15", true, 0, 6_000]);
  });

  it("take accounts by what is said of them on the window's last day", async () => {
    expect(told(await ask(place, quarter, { channel: ["sales"] })).closing).toEqual([12_000, 15_000, 3_000, 0]);
    expect(told(await ask(place, quarter, { accountExternalIds: ["later"] })).closing).toEqual([0, 4_000, 4_000, 0]);
    expect(told(await ask(place, quarter, { parentIds: [null] })).opening[0]).toBe(17_000);
    expect(told(await ask(place, quarter, { parentIds: [books.accountId("holding")] })).opening[0]).toBe(0);
  });

  it("are an account's committed ARR on a day: effective or signed by its end", async () => {
    const [ramp, later] = [books.accountId("ramp"), books.accountId("later")];
    const asked = [
      { accountId: ramp, on: "2024-12-14" },
      { accountId: ramp, on: "2024-12-15" },
      { accountId: ramp, on: "2026-05-01" },
      { accountId: later, on: "2025-11-19" },
      { accountId: later, on: "2025-11-20" },
    ];
    const found = await place.read((tx) => sumCommitted(tx, asked, 1_000n));
    const on = (accountId: string, day: string) =>
      units(found.find((one) => one.accountId === accountId && one.on === day)?.arrMinor ?? 0n);
    expect(asked.map(({ accountId, on: day }) => on(accountId, day))).toEqual([0, 15_000, 15_000, 0, 4_000]);
  });

  it("refuse conditions on lines and flows, and a window that holds no day", async () => {
    await expect(ask(place, quarter, { product: ["app"] })).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      field: "filter.product",
    });
    await expect(ask(place, quarter, { driver: ["SEAT"] })).rejects.toMatchObject({ field: "filter.driver" });
    await expect(ask(place, windowOf("2025-10", "2025-10"))).rejects.toMatchObject({ field: "window" });
  });
});

describe("a cancellation that is booked anew", () => {
  const notice = { on: "2026-01-31", type: "CHURN", amount: -600_00n } as const;

  it("stays signed on the day on which it was recorded first, by its line or its source's id, and through a merge", async () => {
    const place = await world(db);
    const books = booksOf(place);
    for (const name of ["line", "stated", "kept", "moved"]) await books.account(name);
    const lineId = newId();
    for (const [name, fact] of [
      ["line", { lineId }],
      ["stated", { externalId: "m-7" }],
    ] as const) {
      const id = newId();
      const opening = { on: "2025-01-01", type: "NEW", amount: 600_00n, bookedOn: "2025-01-01" } as const;
      await sign(place, books.accountId(name), opening, { ...notice, ...fact, id, recordedOn: "2025-11-04" });
      const again = { ...notice, ...fact, recordedOn: "2026-03-01" };
      await sign(place, books.accountId(name), { ...again, amount: 600_00n, reverses: id }, again);
    }
    expect(told(await ask(place)).newlySigned).toEqual([0, 1_200]);

    // What stood on an account is booked anew on the one that it is merged into.
    const id = newId();
    const statement = { ...notice, type: "NEW", amount: 600_00n, externalId: "m-8" } as const;
    await sign(place, books.accountId("moved"), { ...statement, id, recordedOn: "2025-10-14" });
    await sign(place, books.accountId("moved"), {
      ...statement,
      amount: -600_00n,
      reverses: id,
      recordedOn: "2026-03-01",
    });
    await sign(place, books.accountId("kept"), { ...statement, recordedOn: "2026-03-01" });
    const ofKept = { accountExternalIds: ["kept"] };
    expect(told(await ask(place, quarter, ofKept)).newlySigned).toEqual([0, 0]);
    await place.write(async (tx) => {
      const { version, recordedAt } = await lockForCommit(tx);
      const { workspaceId } = tx;
      const [accountId, intoId] = [books.accountId("moved"), books.accountId("kept")];
      await tx.orm
        .insert(accountMerges)
        .values({ workspaceId, accountId, intoId, recordedVersion: version, recordedAt, mergedBy: "test" });
      await writeCommit(tx, { version, recordedAt }, { actor: "test", action: "merge" });
    });
    expect(told(await ask(place, quarter, ofKept)).newlySigned).toEqual([600, 0]);
  });
});

describe("bookings in other currencies", () => {
  it("convert at the constant rate, each balance rounded once; without one they are refused", async () => {
    const place = await world(db);
    const books = booksOf(place);
    await books.account("tokyo");
    await sign(
      place,
      books.accountId("tokyo"),
      { on: "2025-01-01", type: "NEW", amount: 1_001n, currency: "JPY", bookedOn: "2025-01-01" },
      { on: "2026-02-01", type: "EXPANSION", amount: 1n, currency: "JPY", bookedOn: "2025-11-01" },
      { on: "2026-03-01", type: "EXPANSION", amount: 1n, currency: "JPY", bookedOn: "2025-11-01" },
    );
    await expect(ask(place)).rejects.toMatchObject({ code: "RATE_MISSING" });
    const author = { actor: "test", action: "rates" };
    await place.write((tx) =>
      setRates(
        tx,
        {
          rateSet: "Plan",
          kind: "CONSTANT",
          rates: [{ fromCurrency: "JPY", toCurrency: "USD", fromOn: null, rate: "0.0067" }],
        },
        author,
      ),
    );
    await place.write((tx) => chooseRateSets(tx, { constant: "Plan" }, author));
    // 1,001 is 6.7067, 1,002 is 6.7134, 1,003 is 6.7201: 6.71, 6.71 and 6.72.
    const answer = await ask(place);
    expect(told(answer)).toMatchObject({
      opening: [6.71, 6.71, 0, 0],
      closing: [6.71, 6.72, 0.01, 0],
      newlySigned: [0.01, 0],
      residualMinor: 0n,
    });
    expect((await pendingOf(place)).nodes.map(({ amountMinor }) => amountMinor)).toEqual([0n, 1n]);
  });
});
