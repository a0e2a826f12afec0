// Groups: what stands where when a plan, an attribute or a parent changes; missing values; cohorts; names and order.

import * as formulas from "@accrete/db/metrics/formulas.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { booksOf, byGroup, counted, told, windowOf } from "./books.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const q4 = windowOf("2025-10", "2026-01");

test("a plan change carries its balance over as a transfer, and its movement lands on the new plan", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "app/pro");
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 10_000, product: "app", plan: "basic" });
  await books.transfer("acme", { on: "2025-11-01", amount: 10_000, from: ["app", "basic"], to: ["app", "pro"] });
  await books.move("acme", { on: "2025-11-01", what: "EXPANSION/TIER", amount: 15_000, product: "app", plan: "pro" });
  const byPlan = await books.ask({ window: q4, groupBy: ["PLAN"] });
  expect(byGroup(byPlan, ({ group }) => group.plan)).toEqual({
    basic: { opening: 10_000, out: 10_000 },
    pro: { in: 10_000, expansion: 15_000, closing: 25_000 },
  });
  expect(told(byPlan.total)).toEqual({ opening: 10_000, in: 10_000, out: 10_000, expansion: 15_000, closing: 25_000 });
  // Nothing leaves the product.
  const byProduct = await books.ask({ window: q4, groupBy: ["PRODUCT"] });
  expect(byGroup(byProduct, ({ group }) => group.product)).toEqual({
    app: { opening: 10_000, expansion: 15_000, closing: 25_000 },
  });
  // The cohort is the account's: what it holds of the new plan at the end is in nobody's base, and in that plan's nrr above the line.
  const [basic, pro] = byPlan.rows;
  expect(basic && formulas.nrr(basic, "NONE")).toBe("0.000000");
  expect(pro && formulas.nrr(pro, "NONE")).toBeNull();
  expect(pro?.money.cohortClosingMinor).toBe(25_000_00n);
  expect(basic && counted(basic)).toEqual({ openingAccounts: 1 });
});

test("dropping one of two products is no lost customer, in no product's row", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "hub/solo");
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100, product: "app", plan: "basic" });
  await books.move("acme", {
    on: "2025-02-01",
    what: "EXPANSION/CROSS_SELL",
    amount: 60,
    product: "hub",
    plan: "solo",
  });
  await books.move("acme", {
    on: "2025-11-01",
    what: "CONTRACTION/CROSS_SELL",
    amount: -60,
    product: "hub",
    plan: "solo",
  });
  const { rows } = await books.ask({ window: q4, groupBy: ["PRODUCT"] });
  expect(
    rows.map((row) => [row.group.product, formulas.logoChurnRate(row, "NONE"), formulas.grr(row, "NONE")]),
  ).toEqual([
    ["app", "0.000000", "1.000000"],
    ["hub", "0.000000", "0.000000"],
  ]);
});

test("an attribute that changes moves the balance of the day before; a movement of that day is the new value's", async () => {
  const books = booksOf(await world(db));
  await books.account("acme", { "1990-01-01": { channel: "web" }, "2025-11-01": { channel: "sales" } });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  await books.move("acme", { on: "2025-10-31", what: "EXPANSION/SEAT", amount: 10 });
  await books.move("acme", { on: "2025-11-01", what: "EXPANSION/SEAT", amount: 5 });
  const answer = await books.ask({ window: q4, groupBy: ["CHANNEL"] });
  expect(byGroup(answer, ({ group }) => group.channel)).toEqual({
    sales: { in: 110, expansion: 5, closing: 115 },
    web: { opening: 100, expansion: 10, out: 110 },
  });
  // nrr and the counts at the start stay with the value at the start.
  const web = answer.rows.find((row) => row.group.channel === "web");
  expect(web && formulas.nrr(web, "NONE")).toBe("1.150000");
  expect(web && counted(web)).toEqual({ openingAccounts: 1, expandingAccounts: 1, movementCount: 1 });
});

test("a value that changes on the first day of a window is the old one at its opening; after its last day it has not changed", async () => {
  const books = booksOf(await world(db));
  await books.account("acme", {
    "1990-01-01": { owner: "ann" },
    "2025-10-01": { owner: "bob" },
    "2026-01-01": { owner: "cyd" },
  });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  const answer = await books.ask({ window: q4, groupBy: ["OWNER"] });
  expect(byGroup(answer, ({ group }) => group.owner)).toEqual({
    ann: { opening: 100, out: 100 },
    bob: { in: 100, closing: 100 },
  });
});

test("a plan and a channel that change on one day go straight from the old pair to the new one", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "app/pro");
  await books.account("acme", { "1990-01-01": { channel: "web" }, "2025-11-01": { channel: "sales" } });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100, product: "app", plan: "basic" });
  await books.transfer("acme", { on: "2025-11-01", amount: 70, from: ["app", "basic"], to: ["app", "pro"] });
  const answer = await books.ask({ window: q4, groupBy: ["CHANNEL", "PLAN"] });
  expect(byGroup(answer, ({ group }) => `${group.channel} ${group.plan}`)).toEqual({
    "sales basic": { in: 30, closing: 30 },
    "sales pro": { in: 70, closing: 70 },
    "web basic": { opening: 100, out: 100 },
  });
});

test("what changes before or after the window moves nothing in it, whatever is grouped by", async () => {
  const books = booksOf(await world(db));
  await books.account("acme", {
    "1990-01-01": { region: "EU", owner: "ann" },
    "2025-09-30": { region: "EU", owner: "bob" },
    "2026-01-01": { region: "US", owner: "cyd" },
  });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  const answer = await books.ask({ window: q4, groupBy: ["REGION", "OWNER", "PARENT", "INDUSTRY"] });
  expect(answer.residualMinor).toBe(0n);
  expect(answer.rows.map(told)).toEqual([{ opening: 100, closing: 100 }]);
  expect(told(answer.total)).toEqual({ opening: 100, closing: 100 });
});

test("ARR that comes to a row and leaves it again within the period is shown as both", async () => {
  const books = booksOf(await world(db));
  await books.account("acme", {
    "1990-01-01": { region: "EU" },
    "2025-10-10": { region: "US" },
    "2025-10-20": { region: "EU" },
  });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  const answer = await books.ask({ window: q4, groupBy: ["REGION"] });
  expect(byGroup(answer, ({ group }) => group.region)).toEqual({
    EU: { opening: 100, in: 100, out: 100, closing: 100 },
    US: { in: 100, out: 100 },
  });
});

test("a change of something that is not grouped by moves nothing", async () => {
  const books = booksOf(await world(db));
  await books.account("acme", { "1990-01-01": { region: "EU" }, "2025-11-01": { region: "EU", channel: "web" } });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  const answer = await books.ask({ window: q4, groupBy: ["REGION"] });
  expect(byGroup(answer, ({ group }) => group.region)).toEqual({ EU: { opening: 100, closing: 100 } });
});

test("re-parenting is a transfer between parents, never churn; accounts at the top are the null group", async () => {
  const books = booksOf(await world(db));
  for (const name of ["north", "south"]) await books.account(name);
  await books.account("acme", {
    "1990-01-01": {},
    "2025-10-10": { parent: "north" },
    "2025-11-10": { parent: "south" },
  });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  const answer = await books.ask({ window: q4, groupBy: ["PARENT"] });
  expect(byGroup(answer, ({ group }) => group.parent)).toEqual({
    north: { in: 100, out: 100 },
    south: { in: 100, closing: 100 },
    "-": { opening: 100, out: 100 },
  });
  expect(answer.rows.map(({ group }) => group.parentId)).toEqual([
    books.accountId("north"),
    books.accountId("south"),
    null,
  ]);
});

test("a missing value is its own group: before anything was said of an account, and where it says nothing", async () => {
  const books = booksOf(await world(db));
  await books.account("late", { "2025-11-01": { industry: "retail", attributes: { tier: "gold" } } });
  await books.move("late", { on: "2025-01-01", what: "NEW", amount: 100 });
  await books.account("silent");
  await books.move("silent", { on: "2025-01-01", what: "NEW", amount: 7 });
  const answer = await books.ask({
    window: q4,
    groupBy: ["INDUSTRY", "PRODUCT"],
    groupByAttributes: ["tier", "unheard"],
  });
  expect(byGroup(answer, ({ group }) => JSON.stringify([group.industry, group.product, group.attributes]))).toEqual({
    '["retail",null,[{"name":"tier","value":"gold"},{"name":"unheard","value":null}]]': { in: 100, closing: 100 },
    '[null,null,[{"name":"tier","value":null},{"name":"unheard","value":null}]]': {
      opening: 107,
      out: 100,
      closing: 7,
    },
  });
});

test("cohorts are months, and fiscal quarters and years, of the first ARR ever", async () => {
  const books = booksOf(await world(db, { fiscalYearStartMonth: 2 }));
  for (const name of ["old", "edge", "young"]) await books.account(name);
  await books.move("old", { on: "2024-01-31", what: "NEW", amount: 1 });
  await books.move("old", { on: "2024-03-01", what: "CHURN", amount: -1 });
  await books.move("old", { on: "2025-06-01", what: "REACTIVATION", amount: 10 });
  await books.move("edge", { on: "2024-02-01", what: "NEW", amount: 20 });
  await books.move("young", { on: "2025-12-31", what: "NEW", amount: 40 });
  const of = async (cohortGrain: "MONTH" | "QUARTER" | "YEAR") => {
    const answer = await books.ask({ window: q4, groupBy: ["COHORT"], cohortGrain });
    return Object.fromEntries(answer.rows.map((row) => [row.group.cohort, told(row).closing]));
  };
  expect(await of("MONTH")).toEqual({ "2024-01": 10, "2024-02": 20, "2025-12": 40 });
  expect(await of("QUARTER")).toEqual({ "2024-Q4": 10, "2025-Q1": 20, "2026-Q4": 40 });
  expect(await of("YEAR")).toEqual({ "2024": 10, "2025": 20, "2026": 40 });
  const { rows } = await books.ask({ window: q4, groupBy: ["COHORT"], cohortGrain: "QUARTER" });
  expect(rows[2]?.group.cohortWindow).toEqual({ fromOn: "2025-11-01", untilOn: "2026-02-01" });
});

test("accounts are named by their source's id and by the name they had on the window's last day", async () => {
  const books = booksOf(await world(db));
  await books.account("acme");
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100 });
  const { rows } = await books.ask({ window: q4, groupBy: ["ACCOUNT", "CURRENCY"] });
  expect(rows.map(({ group }) => group)).toMatchObject([
    { account: "acme", accountId: books.accountId("acme"), accountName: "acme Inc.", currency: "USD", segment: null },
  ]);
});

test("rows stand by period, then by dimension in the order asked: drivers in theirs, texts by text, null last", async () => {
  const books = booksOf(await world(db));
  await books.account("a", { "1990-01-01": { channel: "web" } });
  await books.account("b", { "1990-01-01": { channel: "Sales" } });
  await books.account("c");
  for (const name of ["a", "b", "c"]) {
    await books.move(name, { on: "2025-01-01", what: "NEW", amount: 100 });
    await books.move(
      name,
      { on: "2025-10-01", what: "EXPANSION/USAGE", amount: 1 },
      { on: "2025-10-01", what: "EXPANSION/SEAT", amount: 1 },
    );
    await books.move(name, { on: "2025-11-01", what: "CHURN", amount: -102 });
  }
  const of = async (...groupBy: ("DRIVER" | "CHANNEL")[]) =>
    (await books.ask({ window: q4, grain: "MONTH", groupBy })).rows.map(
      ({ period, group }) =>
        `${period.label.slice(5)} ${groupBy.map((name) => group[name === "DRIVER" ? "driver" : "channel"]).join(" ")}`,
    );
  expect(await of("DRIVER", "CHANNEL")).toEqual([
    "10 SEAT Sales",
    "10 SEAT web",
    "10 SEAT ",
    "10 USAGE Sales",
    "10 USAGE web",
    "10 USAGE ",
    "11  Sales",
    "11  web",
    "11  ",
  ]);
  expect(await of("CHANNEL")).toEqual(["10 Sales", "10 web", "10 ", "11 Sales", "11 web", "11 "]);
});

test("negative balances of a line move as they are, and the books still close", async () => {
  const books = booksOf(await world(db));
  await books.catalog("app/basic", "hub/solo");
  await books.account("acme", { "1990-01-01": { channel: "web" }, "2025-11-01": { channel: "sales" } });
  await books.move("acme", { on: "2025-01-01", what: "NEW", amount: 100, product: "app", plan: "basic" });
  // A source that books the loss on another product than the gain.
  await books.move("acme", { on: "2025-02-01", what: "CONTRACTION/SEAT", amount: -30, product: "hub", plan: "solo" });
  const answer = await books.ask({ window: q4, groupBy: ["CHANNEL", "PRODUCT"] });
  expect(answer.residualMinor).toBe(0n);
  expect(byGroup(answer, ({ group }) => `${group.channel} ${group.product}`)).toEqual({
    "sales app": { in: 100, closing: 100 },
    "sales hub": { in: -30, closing: -30 },
    "web app": { opening: 100, out: 100 },
    "web hub": { opening: -30, out: -30 },
  });
  expect(told((await books.ask({ window: q4, groupBy: ["CHANNEL"] })).total)).toEqual({
    opening: 70,
    in: 70,
    out: 70,
    closing: 70,
  });
});
