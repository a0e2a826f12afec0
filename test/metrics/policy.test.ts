// What each policy key makes of the same movements: price and discount on lines of their own, and accounts that come back.

import * as formulas from "@accrete/db/metrics/formulas.ts";
import type { SettablePolicy } from "@accrete/db/policies/policy.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { booksOf, counted, drivenBy, told, windowOf } from "./books.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const q4 = windowOf("2025-10", "2026-01");

/** Seats, an uplift and a cut of prices, a discount that ended and one that began. */
async function priced() {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 1_000 });
  await books.move(
    "acme",
    { on: "2025-10-05", what: "EXPANSION/SEAT", amount: 300 },
    { on: "2025-10-06", what: "EXPANSION/PRICE", amount: 120 },
    { on: "2025-11-06", what: "CONTRACTION/PRICE", amount: -20 },
    { on: "2025-11-07", what: "EXPANSION/DISCOUNT", amount: 10 },
    { on: "2025-12-07", what: "CONTRACTION/DISCOUNT", amount: -50 },
    { on: "2025-12-08", what: "CONTRACTION/SEAT", amount: -60 },
  );
  return books;
}

test("price and discount changes on lines of their own leave expansion and contraction, and stay in the net change", async () => {
  const books = await priced();
  const of = async (policy: Partial<SettablePolicy>) => {
    const { total, residualMinor } = await books.ask({ window: q4, policy });
    expect([residualMinor, total.residualMinor]).toEqual([0n, 0n]);
    const { priceUpliftMinor, discountChangeMinor } = total.money;
    expect(formulas.nrr(total, "NONE")).toBe("1.300000");
    expect(formulas.netExistingChangeMinor(total)).toBe(300_00n);
    return {
      expansion: Number(formulas.expansionMinor(total)) / 100,
      contraction: Number(formulas.contractionMinor(total)) / 100,
      price: Number(priceUpliftMinor) / 100,
      discount: Number(discountChangeMinor) / 100,
    };
  };
  expect(await of({})).toEqual({ expansion: 430, contraction: 130, price: 0, discount: 0 });
  expect(await of({ priceIncrease: "SEPARATE" })).toEqual({
    expansion: 310,
    contraction: 110,
    price: 100,
    discount: 0,
  });
  expect(await of({ discountChange: "SEPARATE" })).toEqual({
    expansion: 420,
    contraction: 80,
    price: 0,
    discount: -40,
  });
  expect(await of({ priceIncrease: "SEPARATE", discountChange: "SEPARATE" })).toEqual({
    expansion: 300,
    contraction: 60,
    price: 100,
    discount: -40,
  });
});

test("a snapshot gives PRICE its share of the change, and SEPARATE takes that", async () => {
  const books = await priced();
  // Net per driver: SEAT 240, PRICE 100, DISCOUNT −40; the change of 300 over SEAT and PRICE: 300 × 240/340 = 211.76…, 88.24.
  const { total } = await books.ask({ window: q4, policy: { method: "SNAPSHOT", priceIncrease: "SEPARATE" } });
  expect(drivenBy(total.money.expansionMinor)).toEqual({ SEAT: 211.76 });
  expect(total.money.priceUpliftMinor).toBe(88_24n);
  expect(formulas.topDriver(total)).toBe("SEAT");
});

test("accounts with only separated changes neither expand nor contract; their movements are counted, and stand in their driver's row", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 1_000 });
  await books.move("acme", { on: "2025-10-06", what: "EXPANSION/PRICE", amount: 120 });
  const policy = { priceIncrease: "SEPARATE" } as const;
  const { total, rows } = await books.ask({ window: q4, policy, groupBy: ["DRIVER"] });
  expect(counted(total)).toEqual({ openingAccounts: 1, closingAccounts: 1, movementCount: 1 });
  expect(formulas.topDriver(total)).toBeNull();
  expect(rows.map(({ group, money }) => [group.driver, money.priceUpliftMinor])).toEqual([["PRICE", 120_00n]]);
  const filtered = await books.ask({ window: q4, policy, filter: { type: ["CONTRACTION"] } });
  expect(filtered.total.money.priceUpliftMinor).toBe(0n);
});

/** Leaves on 1 October 2025 with 500; back with 400 on 31 December, 91 days later; one more seat afterwards. */
async function returner() {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 500 });
  await books.move("acme", { on: "2025-10-01", what: "CHURN", amount: -500 });
  await books.move("acme", { on: "2025-12-31", what: "REACTIVATION", amount: 400 });
  await books.move("acme", { on: "2026-01-10", what: "EXPANSION/SEAT", amount: 30 });
  return books;
}

const acrossYears = windowOf("2025-12", "2026-02");

test("a return counts as reactivation, as new, or as expansion of its own kind", async () => {
  const books = await returner();
  const of = async (policy: Partial<SettablePolicy>) => {
    const { total, residualMinor } = await books.ask({ window: acrossYears, policy });
    expect(residualMinor).toBe(0n);
    return { ...told(total), returned: Number(total.money.expansionMinor.reactivation) / 100, ...counted(total) };
  };
  const rest = { closing: 430, closingAccounts: 1, expandingAccounts: 1, movementCount: 2 };
  expect(await of({})).toEqual({ ...rest, reactivation: 400, expansion: 30, returned: 0, reactivatedAccounts: 1 });
  expect(await of({ reactivation: "NEW" })).toEqual({ ...rest, new: 400, expansion: 30, returned: 0, newAccounts: 1 });
  expect(await of({ reactivation: "EXPANSION" })).toEqual({
    ...rest,
    expansion: 430,
    returned: 400,
    reactivatedAccounts: 1,
  });
});

test("what came back is expansion without a driver: no top driver, no existing account's change", async () => {
  const books = await returner();
  const policy = { reactivation: "EXPANSION" } as const;
  const december = windowOf("2025-12", "2026-01");
  for (const method of ["EVENT", "SNAPSHOT"] as const) {
    const { total } = await books.ask({ window: december, policy: { ...policy, method } });
    expect([told(total), formulas.topDriver(total)]).toEqual([{ expansion: 400, closing: 400 }, null]);
    expect([formulas.netExistingChangeMinor(total), formulas.netNewMinor(total)]).toEqual([0n, 400_00n]);
  }
  const { rows } = await books.ask({ window: december, policy, groupBy: ["DRIVER"] });
  expect(rows.map(({ group, money }) => [group.driver, money.expansionMinor.reactivation])).toEqual([[null, 400_00n]]);
  const others = await books.ask({ window: december, policy, filter: { campaign: ["spring"] } });
  expect(counted(others.total)).toEqual({ closingAccounts: 1 });
  const typed = await books.ask({ window: december, policy, filter: { type: ["EXPANSION"] } });
  expect(told(typed.total)).toEqual({ expansion: 400, closing: 400 });
});

test("a gap as long as the window is a return, one a day longer is new, under every netting and method", async () => {
  const books = await returner();
  const december = windowOf("2025-12", "2026-01");
  for (const how of [{}, { netting: "DAY" }, { netting: "MONTH" }, { method: "SNAPSHOT" }] as const) {
    const of = async (policy: Partial<SettablePolicy>) =>
      told((await books.ask({ window: december, policy: { ...how, ...policy } })).total);
    expect(await of({ reactivationWindowDays: 91 })).toEqual({ reactivation: 400, closing: 400 });
    expect(await of({ reactivationWindowDays: 90 })).toEqual({ new: 400, closing: 400 });
    expect(await of({ reactivation: "EXPANSION", reactivationWindowDays: 91 })).toEqual({
      expansion: 400,
      closing: 400,
    });
    expect(await of({ reactivation: "EXPANSION", reactivationWindowDays: 90 })).toEqual({ new: 400, closing: 400 });
    expect(await of({ reactivation: "NEW", reactivationWindowDays: 91 })).toEqual({ new: 400, closing: 400 });
  }
});

test("the gap is counted from the last time that the account left", async () => {
  const books = await returner();
  await books.move("acme", { on: "2026-02-10", what: "CHURN", amount: -430 });
  await books.move("acme", { on: "2026-02-15", what: "REACTIVATION", amount: 70 });
  const { total } = await books.ask({ window: windowOf("2026-02", "2026-03"), policy: { reactivationWindowDays: 5 } });
  expect(told(total)).toEqual({ opening: 430, churned: 430, reactivation: 70, closing: 70 });
  const shorter = await books.ask({ window: windowOf("2026-02", "2026-03"), policy: { reactivationWindowDays: 4 } });
  expect(told(shorter.total)).toEqual({ opening: 430, churned: 430, new: 70, closing: 70 });
});

test("netted by months, an account that came and went inside one earlier month never had ARR", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-06-05", what: "NEW", amount: 900 });
  await books.move("acme", { on: "2025-06-20", what: "CHURN", amount: -900 });
  await books.move("acme", { on: "2025-10-10", what: "REACTIVATION", amount: 200 });
  await books.move("acme", { on: "2025-12-10", what: "EXPANSION/SEAT", amount: 50 });
  const of = async (policy: Partial<SettablePolicy>) => {
    const { total } = await books.ask({ window: q4, policy });
    return { ...told(total), beyondFirst: Number(total.money.cumulativeExpansionMinor) / 100 };
  };
  expect(await of({ netting: "MONTH" })).toEqual({ new: 200, expansion: 50, closing: 250, beyondFirst: 50 });
  expect(await of({ netting: "DAY" })).toEqual({ reactivation: 200, expansion: 50, closing: 250, beyondFirst: 0 });
  expect(await of({ method: "SNAPSHOT" })).toEqual({ reactivation: 250, closing: 250, beyondFirst: 0 });
});

test("netted by months, an opening inside a month is an end of its own: who had ARR there had it once", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-10-05", what: "NEW", amount: 900 });
  await books.move("acme", { on: "2025-10-20", what: "CHURN", amount: -900 });
  await books.move("acme", { on: "2025-11-10", what: "REACTIVATION", amount: 1_000 });
  const { total } = await books.ask({ window: windowOf("2025-10-10", "2025-12"), policy: { netting: "MONTH" } });
  expect(told(total)).toEqual({ opening: 900, churned: 900, reactivation: 1_000, closing: 1_000 });
  // The first ARR is then the opening's 900.
  expect(total.money.cumulativeExpansionMinor).toBe(100_00n);
  const whole = await books.ask({ window: windowOf("2025-10", "2025-12"), policy: { netting: "MONTH" } });
  expect(told(whole.total)).toEqual({ new: 1_000, closing: 1_000 });
  expect(whole.total.money.cumulativeExpansionMinor).toBe(0n);
});

test("an answer says whose knowledge it is, and on which day a hierarchy was read", async () => {
  const books = await returner();
  const newest = await books.ask({ window: q4, todayOn: "2026-03-04" });
  expect([newest.policy.asOf, newest.hierarchyOn, newest.ledgerVersion]).toEqual([null, "2026-03-04", 6n]);
  // Version 4: acme had left and not yet come back.
  const earlier = await books.ask({ window: q4, asOf: { ledgerVersion: 4n } });
  expect([earlier.policy.asOf, earlier.ledgerVersion, told(earlier.total)]).toEqual([
    "4",
    4n,
    { opening: 500, churned: 500 },
  ]);
  expect(earlier.policyHash).not.toBe(newest.policyHash);
  const later = await books.ask({ window: q4, asOf: { at: "2999-12-31T23:30:00-01:00" } });
  expect([later.hierarchyOn, later.ledgerVersion, later.total.money.closingMinor]).toEqual(["3000-01-01", 6n, 400_00n]);
});
