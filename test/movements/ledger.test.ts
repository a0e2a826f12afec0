// The ledger in Postgres: what deriving appends, what a changed past reverses, and what derives to the same state.

import { hashState } from "@accrete/db/movements/hash.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { openBooks } from "./books.ts";
import { line } from "./story.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const here = () => world(database);

describe("deriving", () => {
  test("appends the account's movements, with the commit that brought them", async () => {
    const books = await openBooks(await here());
    const change = await books.record(
      line("seats", { from: "2025-01-01", until: "2025-07-01", quantity: 10, price: 100 }),
      line("seats", { from: "2025-07-01", quantity: 15, price: 110 }),
    );
    expect(change).toEqual({ appended: 3, reversed: 0 });
    expect(await books.rows()).toEqual([
      "v2 2025-01-01 NEW +1000.00 pro seats",
      "v2 2025-07-01 EXPANSION SEAT +500.00 pro seats",
      "v2 2025-07-01 EXPANSION PRICE +150.00 pro seats",
    ]);
  });

  test("twice changes nothing", async () => {
    const books = await openBooks(await here());
    const facts = [
      line("a", { from: "2025-01-01", until: "2025-07-01", plan: "starter", quantity: 2, price: 50 }),
      line("b", { from: "2025-07-01", plan: "pro", quantity: 1, price: 60 }),
      line("c", { from: "2025-07-01", plan: "pro", quantity: 1, price: 60 }),
      line("d", { from: "2025-01-01", price: 7 }),
    ];
    await books.record(...facts);
    const rows = await books.rows();
    expect(await books.deriveAgain()).toEqual({ appended: 0, reversed: 0 });
    expect(await books.record(...facts)).toEqual({ appended: 0, reversed: 0 });
    expect(await books.rows()).toEqual(rows);
  });

  test("keeps each movement's reason: rule, versions and the pair", async () => {
    const here = await world(database);
    const books = await openBooks(here);
    await books.record(
      line("anchor", { from: "2025-01-01", plan: "desk", price: 1 }),
      line("a", { from: "2025-01-01", until: "2025-07-01", quantity: 2, price: 50 }),
      line("b", { from: "2025-07-01", quantity: 3, price: 50 }),
    );
    const reasons = await here.read(
      (tx) => tx.sql`
        select m.rule, before.from_on as before, after.from_on as after, m.change_id = m.id as "isWhole",
          (select array_agg(v.from_on::text) from contract_line_versions v where v.id = any(m.pair_before_ids)) as "pairBefore",
          (select array_agg(v.from_on::text) from contract_line_versions v where v.id = any(m.pair_after_ids)) as "pairAfter"
        from movements m
        left join contract_line_versions before on before.id = m.version_before_id
        left join contract_line_versions after on after.id = m.version_after_id
        where m.workspace_id = ${tx.workspaceId} and m.effective_on = '2025-07-01'`,
    );
    expect([...reasons]).toEqual([
      {
        rule: "QUANTITY_CHANGED",
        before: null,
        after: "2025-07-01",
        isWhole: true,
        pairBefore: ["2025-01-01"],
        pairAfter: ["2025-07-01"],
      },
    ]);
  });

  test("gives the parts of one divided change one change id, and every other movement its own", async () => {
    const here = await world(database);
    const books = await openBooks(here);
    await books.record(
      line("a", { from: "2025-01-01", until: "2025-07-01", quantity: 2, price: 50 }),
      line("b", { from: "2025-07-01", quantity: 2, price: 60 }),
      line("c", { from: "2025-07-01", quantity: 2, price: 60 }),
      line("d", { from: "2025-01-01", plan: "desk", price: 9 }),
    );
    const changes = await here.read(
      (tx) => tx.sql`
        select driver, count(*)::integer as parts, count(distinct change_id)::integer as changes from movements
        where workspace_id = ${tx.workspaceId} group by driver order by driver nulls first`,
    );
    expect([...changes]).toEqual([
      { driver: null, parts: 2, changes: 2 },
      { driver: "PRICE", parts: 2, changes: 1 },
      { driver: "SEAT", parts: 2, changes: 1 },
    ]);
  });

  test("never reaches into another workspace", async () => {
    const [ours, theirs] = [await openBooks(await here()), await openBooks(await here())];
    await theirs.record(line("a", { from: "2025-01-01", price: 1 }));
    const before = await theirs.rows();
    await ours.record(line("a", { from: "2025-02-01", price: 2 }));
    expect(await ours.rows()).toEqual(["v2 2025-02-01 NEW +2.00 pro a"]);
    expect(await theirs.rows()).toEqual(before);
  });
});

describe("a changed past", () => {
  const year = [
    line("a", { from: "2025-01-01", until: "2025-04-01", quantity: 10, price: 100 }),
    line("a", { from: "2025-04-01", until: "2025-08-01", quantity: 12, price: 100 }),
    line("a", { from: "2025-08-01", quantity: 15, price: 100 }),
  ];

  test("reverses only the movements that it changes", async () => {
    const books = await openBooks(await here());
    await books.record(...year);
    // 12 seats were 13 all along: April's step is 3, August's 2; January stays.
    expect(
      await books.record(line("a", { from: "2025-04-01", until: "2025-08-01", quantity: 13, price: 100 })),
    ).toEqual({ appended: 2, reversed: 2 });
    expect(await books.rows()).toEqual([
      "v2 2025-01-01 NEW +1000.00 pro a",
      "v2 2025-04-01 EXPANSION SEAT +200.00 pro a",
      "v2 2025-08-01 EXPANSION SEAT +300.00 pro a",
      "v3 2025-04-01 EXPANSION SEAT -200.00 pro a reversed",
      "v3 2025-08-01 EXPANSION SEAT -300.00 pro a reversed",
      "v3 2025-04-01 EXPANSION SEAT +300.00 pro a",
      "v3 2025-08-01 EXPANSION SEAT +200.00 pro a",
    ]);
  });

  test("makes an earlier start the NEW, and what was NEW an expansion", async () => {
    const books = await openBooks(await here());
    await books.record(line("a", { from: "2025-03-01", price: 100 }));
    await books.record(line("b", { from: "2025-01-01", plan: "desk", price: 40 }));
    expect(await books.rows()).toEqual([
      "v2 2025-03-01 NEW +100.00 pro a",
      "v3 2025-03-01 NEW -100.00 pro a reversed",
      "v3 2025-01-01 NEW +40.00 desk b",
      "v3 2025-03-01 EXPANSION CROSS_SELL +100.00 pro a",
    ]);
  });

  test("brings nothing into the ledger by notes alone, except what movements show of them", async () => {
    const books = await openBooks(await here());
    await books.record(line("a", { from: "2025-01-01", until: "2025-06-01", price: 100 }));
    expect(await books.record(line("a", { from: "2025-01-01", until: "2025-06-01", price: "100.00" }))).toEqual({
      appended: 0,
      reversed: 0,
    });
    expect(
      await books.record(line("a", { from: "2025-01-01", until: "2025-06-01", price: 100, motion: "sales-led" })),
    ).toEqual({ appended: 2, reversed: 2 });
  });

  test("taken back and told again ends where it began", async () => {
    const here = await world(database);
    const books = await openBooks(here);
    await books.record(...year);
    const hash = await here.read(hashState);
    const [, april] = year;
    if (!april) throw new Error("the year has an April");
    await books.withdraw(april);
    expect(await here.read(hashState)).not.toBe(hash);
    await books.record(april);
    expect(await here.read(hashState)).toBe(hash);
  });

  test("that leaves an account without lines leaves no movement standing", async () => {
    const here = await world(database);
    const books = await openBooks(here);
    const empty = await here.read(hashState);
    await books.record(...year);
    expect(await books.withdraw(...year)).toEqual({ appended: 0, reversed: 3 });
    expect(await here.read(hashState)).toBe(empty);
  });

  test("reverses transfers with the plan change that made them", async () => {
    const here = await world(database);
    const books = await openBooks(here);
    const upgrade = line("a", { from: "2025-04-01", plan: "enterprise", price: 100 });
    await books.record(line("a", { from: "2025-01-01", until: "2025-04-01", plan: "pro", price: 100 }), upgrade);
    await books.record({ ...upgrade, planId: "starter" });
    const transfers = await here.read(
      (tx) => tx.sql`
        select t.amount_minor as amount, plan.external_id as to, t.reverses is not null as "isReversal" from transfers t
        join plans plan on plan.workspace_id = t.workspace_id and plan.id = t.to_plan_id
        where t.workspace_id = ${tx.workspaceId} order by t.id`,
    );
    expect([...transfers]).toEqual([
      { amount: 100_00n, to: "enterprise", isReversal: false },
      { amount: -100_00n, to: "enterprise", isReversal: true },
      { amount: 100_00n, to: "starter", isReversal: false },
    ]);
  });

  test("keeps the equal parts of a divided change, and lets the new ones join them", async () => {
    const here = await world(database);
    const books = await openBooks(here);
    const starts = (id: string, quantity: number) => line(id, { from: "2025-07-01", quantity, price: 100 });
    await books.record(
      line("anchor", { from: "2024-01-01", plan: "desk", price: 1 }),
      line("a", { from: "2025-01-01", until: "2025-07-01", quantity: 2, price: 100 }),
      starts("b", 2),
      starts("c", 2), // 200 → 400: SEAT +200, 100 each
    );
    await books.record(starts("d", 4), line("a", { from: "2025-01-01", until: "2025-07-01", quantity: 4, price: 100 }));
    // 400 → 800: SEAT +400 by 2 : 2 : 4 is 100, 100, 200. b and c are as they were, d joins them.
    expect((await books.rows()).slice(4)).toEqual([
      "v3 2025-01-01 EXPANSION CROSS_SELL -200.00 pro a reversed",
      "v3 2025-01-01 EXPANSION CROSS_SELL +400.00 pro a",
      "v3 2025-07-01 EXPANSION SEAT +200.00 pro d",
    ]);
    const [changes] = await here.read(
      (tx) => tx.sql`select count(distinct change_id)::integer as count from movements
        where workspace_id = ${tx.workspaceId} and driver = 'SEAT'`,
    );
    expect(changes).toEqual({ count: 1 });
  });
});

describe("the state hash", () => {
  test("is the same for the same facts in any order, any number of times, in any workspace", async () => {
    const facts = [
      line("y", { from: "2025-01-01", until: "2025-07-01", quantity: 2, price: "0.505" }),
      line("x", { from: "2025-07-01", price: "0.51" }),
      line("w", { from: "2025-07-01", price: "0.51" }),
      line("v", { from: "2025-02-01", plan: "desk", price: 3 }),
    ];
    const hashes: string[] = [];
    for (const order of [facts, [...facts].reverse(), [...facts, ...facts]]) {
      const here = await world(database);
      const books = await openBooks(here);
      for (const fact of order) await books.record(fact);
      hashes.push(await here.read(hashState));
    }
    expect(new Set(hashes).size).toBe(1);
  });

  test("differs where any amount, date, driver or plan differs, or the line that a balance went to", async () => {
    const renewedAs = (id: string) => [
      line("a", { from: "2025-01-01", until: "2025-07-01", price: 100 }),
      line(id, { from: "2025-07-01", price: 100 }),
    ];
    const histories = [
      renewedAs("b"),
      renewedAs("c"),
      [line("a", { from: "2025-01-01", price: 100 })],
      [line("a", { from: "2025-01-01", price: 101 })],
      [line("a", { from: "2025-01-02", price: 100 })],
      [line("a", { from: "2025-01-01", plan: "starter", price: 100 })],
      [line("a", { from: "2025-01-01", price: 100, motion: "sales-led" })],
      [line("b", { from: "2025-01-01", price: 100 })],
    ];
    const hashes = new Set<string>();
    for (const history of histories) {
      const here = await world(database);
      await (await openBooks(here)).record(...history);
      hashes.add(await here.read(hashState));
    }
    expect(hashes.size).toBe(histories.length);
  });
});
