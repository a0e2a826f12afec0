// Groups of accounts as one: movements typed on the group, rows of its top, and accounts that go from group to group.

import * as formulas from "@accrete/db/metrics/formulas.ts";
import type { MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import { chooseRateSets, setRates } from "@accrete/db/rates/store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { byGroup, counted, drivenBy, told, wholeQuestion, windowOf } from "./books.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const q1 = windowOf("2026-01", "2026-04");

function ask(books: World, question: Partial<MetricsQuestion>) {
  return books.read((tx) => askExpansionMetrics(tx, wholeQuestion({ window: q1, ...question })));
}

const lineColumns =
  "line_id,contract_id,account_id,product_id,plan_id,from_on,until_on,quantity,unit_price,billing_interval,currency";

/** Rows "line account product/plan from until price": one yearly dollar each unless told. */
function lines(...rows: readonly string[]): string {
  const stated = rows.map((row) => {
    const [line, account, of = "", from, until, price, currency = "USD"] = row.split(" ");
    const [product, plan] = of.split("/");
    return [
      line,
      `of ${account}`,
      account,
      product,
      plan,
      from,
      until === "-" ? "" : until,
      1,
      price,
      "YEAR",
      currency,
    ];
  });
  return [lineColumns, ...stated.map((row) => row.join(","))].join("\n");
}

const catalog = `product_id,product_name,family,plan_id,plan_name,rank
app,App,app,basic,Basic,1
app,App,app,pro,Pro,2
hub,Hub,hub,solo,Solo,`;

/** North stands above south and east; west is alone. */
async function group() {
  const books = await world(db);
  await books.importText("catalog", catalog);
  await books.importText(
    "accounts",
    `account_id,name,parent_id,channel
north,North,,web
south,South,north,sales
east,East,north,sales
west,West,,web`,
  );
  return books;
}

const grouped = { accountLevel: "ULTIMATE_PARENT" } as const;

test("a subsidiary's first purchase is an expansion of the group, and the last subsidiary's end its churn", async () => {
  const books = await group();
  await books.importText(
    "contract-lines",
    lines(
      "l1 north app/basic 2025-01-01 2026-03-01 1000",
      "l2 south hub/solo 2026-01-10 2026-03-01 300",
      "l3 east app/basic 2026-02-10 2026-03-20 200",
      "l4 west app/basic 2025-01-01 - 50",
    ),
  );
  const single = await ask(books, {});
  expect(told(single.total)).toEqual({ opening: 1_050, new: 500, churned: 1_500, closing: 50 });
  const answer = await ask(books, { policy: grouped, groupBy: ["ACCOUNT"] });
  // South's hub is a new family of the group's: 300; east's app is one more line of a plan held: 200 of seats. On 1 March the group keeps east's.
  expect(byGroup(answer, ({ group }) => group.account)).toEqual({
    north: { opening: 1_000, expansion: 500, contraction: 1_300, churned: 200 },
    west: { opening: 50, closing: 50 },
  });
  expect(drivenBy(answer.total.money.expansionMinor)).toEqual({ CROSS_SELL: 300, SEAT: 200 });
  expect(counted(answer.total)).toEqual({
    openingAccounts: 2,
    expandingAccounts: 1,
    contractingAccounts: 1,
    churnedAccounts: 1,
    closingAccounts: 1,
    lostAccounts: 1,
    movementCount: 5,
  });
  expect([answer.residualMinor, answer.policy.accountLevel]).toEqual([0n, "ULTIMATE_PARENT"]);
});

test("conditions, attributes and cohorts are the top's: a subsidiary's id chooses nothing", async () => {
  const books = await group();
  await books.importText(
    "contract-lines",
    lines("l1 north app/basic 2025-01-01 - 1000", "l2 south hub/solo 2026-01-10 - 300"),
  );
  const of = async (question: Partial<MetricsQuestion>) =>
    told((await ask(books, { policy: grouped, ...question })).total);
  expect(await of({ filter: { accountExternalIds: ["north"] } })).toEqual({
    opening: 1_000,
    expansion: 300,
    closing: 1_300,
  });
  expect(await of({ filter: { accountExternalIds: ["south"] } })).toEqual({});
  const channels = await ask(books, { policy: grouped, groupBy: ["CHANNEL", "COHORT"] });
  expect(channels.rows.map(({ group }) => [group.channel, group.cohort])).toEqual([["web", "2025-01"]]);
});

/** South leaves north for west on 10 February, with 400; it buys 60 more that day and 40 more in March. */
async function reparented() {
  const books = await world(db);
  await books.importText("catalog", catalog);
  await books.importText(
    "accounts",
    `account_id,name,parent_id,channel,effective_on
north,North,,web,
west,West,,sales,
south,South,north,direct,
south,South,west,direct,2026-02-10`,
  );
  await books.importText(
    "contract-lines",
    lines(
      "n north app/basic 2025-01-01 - 1000",
      "w west app/basic 2025-01-01 - 100",
      "s south hub/solo 2025-06-01 2026-02-10 400",
      "s south hub/solo 2026-02-10 2026-03-10 460",
      "s south hub/solo 2026-03-10 - 500",
    ),
  );
  return books;
}

test("links of the day on which a LIVE hierarchy is read form the groups of all history", async () => {
  const books = await reparented();
  const on = async (todayOn: string) => {
    const answer = await ask(books, { policy: grouped, groupBy: ["ACCOUNT"], todayOn });
    expect(answer.hierarchyOn).toBe(todayOn);
    return byGroup(answer, ({ group }) => group.account);
  };
  expect(await on("2026-02-09")).toEqual({
    north: { opening: 1_400, expansion: 100, closing: 1_500 },
    west: { opening: 100, closing: 100 },
  });
  expect(await on("2026-02-10")).toEqual({
    north: { opening: 1_000, closing: 1_000 },
    west: { opening: 500, expansion: 100, closing: 600 },
  });
});

test("as of each event, a new parent takes the balance along by transfer: nobody churns, and retention is as if nobody had moved", async () => {
  const books = await reparented();
  const policy = { ...grouped, hierarchyAt: "AS_OF_EVENT" } as const;
  for (const how of [{}, { netting: "DAY" }, { netting: "MONTH" }, { method: "SNAPSHOT" }] as const) {
    const answer = await ask(books, { policy: { ...policy, ...how }, groupBy: ["ACCOUNT"] });
    expect(byGroup(answer, ({ group }) => group.account)).toEqual({
      north: { opening: 1_400, out: 400, closing: 1_000 },
      west: { opening: 100, in: 400, expansion: 100, closing: 600 },
    });
    const [north, west] = answer.rows;
    // West's own 100 became 200: 600 − 400; north's 1,400 is 1,000 + 400.
    expect([north && formulas.nrr(north, "NONE"), west && formulas.nrr(west, "NONE")]).toEqual([
      "1.000000",
      "2.000000",
    ]);
    expect([formulas.nrr(answer.total, "NONE"), formulas.grr(answer.total, "NONE")]).toEqual(["1.066667", "1.000000"]);
    expect([answer.residualMinor, answer.total.counts.churnedAccounts]).toEqual([0n, 0]);
    // Without groups there is no row to go to.
    const whole = await ask(books, { policy: { ...policy, ...how } });
    expect([told(whole.total), whole.residualMinor]).toEqual([{ opening: 1_500, expansion: 100, closing: 1_600 }, 0n]);
    const one = await ask(books, { policy: { ...policy, ...how }, filter: { accountExternalIds: ["north"] } });
    expect([told(one.total), one.residualMinor]).toEqual([{ opening: 1_400, out: 400, closing: 1_000 }, 0n]);
  }
});

/** South goes from north to west on 2026-02-10; the lines are the test's own. */
async function southMoves(...rows: readonly string[]): Promise<World> {
  const books = await world(db);
  await books.importText("catalog", catalog);
  const parents = ["north,North,,", "west,West,,", "south,South,north,", "south,South,west,2026-02-10"];
  await books.importText("accounts", ["account_id,name,parent_id,effective_on", ...parents].join("\n"));
  await books.importText("contract-lines", lines(...rows));
  return books;
}

test("a unit that lost all of its own and lives on by what was re-parented to it is no lost logo", async () => {
  const books = await southMoves(
    "n north app/basic 2025-01-01 - 1000",
    "w west app/basic 2025-01-01 2026-03-10 400",
    "s south hub/solo 2025-06-01 - 400",
  );
  const answer = await ask(books, { policy: { ...grouped, hierarchyAt: "AS_OF_EVENT" }, groupBy: ["ACCOUNT"] });
  expect(byGroup(answer, ({ group }) => group.account)).toEqual({
    north: { opening: 1_400, out: 400, closing: 1_000 },
    west: { opening: 400, in: 400, contraction: 400, closing: 400 },
  });
  // West's own 400 are gone, which its retention says; as a customer it is still there.
  expect(answer.rows.map((row) => formulas.nrr(row, "NONE"))).toEqual(["1.000000", "0.000000"]);
  expect(answer.rows.map((row) => formulas.logoChurnRate(row, "NONE"))).toEqual(["0.000000", "0.000000"]);
});

test("a unit that got its first ARR by transfer is as old as that, and grew from there", async () => {
  const books = await southMoves(
    "n north app/basic 2025-01-01 - 1000",
    "s south hub/solo 2025-06-01 2026-03-10 400",
    "s south hub/solo 2026-03-10 - 500",
  );
  const policy = { ...grouped, hierarchyAt: "AS_OF_EVENT" } as const;
  const answer = await ask(books, { policy, groupBy: ["COHORT"] });
  expect(byGroup(answer, ({ group }) => group.cohort)).toEqual({
    "2025-01": { opening: 1_400, out: 400, closing: 1_000 },
    "2026-02": { in: 400, expansion: 100, closing: 500 },
  });
  expect(answer.rows.map(({ money }) => money.cumulativeExpansionMinor)).toEqual([0n, 100_00n]);
  // A condition on the cohort is the row's: south itself began in June 2025, its unit by the transfer.
  for (const [index, month] of ["2025-01", "2026-02"].entries()) {
    const firstArr = windowOf(month, month === "2025-01" ? "2025-02" : "2026-03");
    const one = await ask(books, { policy: { ...policy, reactivationWindowDays: 9 }, filter: { firstArr } });
    expect(told(one.total), month).toEqual(told(answer.rows[index] ?? answer.total));
  }
});

test("re-parenting at changing rates: the balance goes at the day's rate, and each unit has what rates did while it was there", async () => {
  const books = await southMoves(
    "n north app/basic 2025-01-01 - 1000",
    "w west app/basic 2025-01-01 - 100",
    "s south hub/solo 2025-06-01 - 400 EUR",
  );
  await books.write(async (tx) => {
    const author = { actor: "test", action: "state rates" };
    const rates = [
      { fromOn: "2025-01-01", rate: "1.00" },
      { fromOn: "2026-02-01", rate: "1.25" },
      { fromOn: "2026-03-01", rate: "1.50" },
    ].map((rate) => ({ ...rate, fromCurrency: "EUR", toCurrency: "USD" }));
    await setRates(tx, { rateSet: "days", kind: "DATED", rates }, author);
    await chooseRateSets(tx, { reported: "days" }, author);
  });
  for (const how of [{}, { method: "SNAPSHOT" }] as const) {
    const policy = { ...grouped, ...how, hierarchyAt: "AS_OF_EVENT", currency: "REPORTED" } as const;
    const answer = await ask(books, { policy, groupBy: ["ACCOUNT"] });
    expect(byGroup(answer, ({ group }) => group.account)).toEqual({
      north: { opening: 1_400, fx: 100, out: 500, closing: 1_000 },
      west: { opening: 100, in: 500, fx: 100, closing: 700 },
    });
    // Kept at the opening's rate, without the transfers: (1,000 + 400) + (100 + 400 − 400) of 1,500.
    expect([formulas.nrr(answer.total, "NONE"), formulas.grr(answer.total, "NONE")]).toEqual(["1.000000", "1.000000"]);
    expect(answer.residualMinor).toBe(0n);
  }
});

test("usage left out: what is committed remains, or only what recurs", async () => {
  const books = await world(db);
  await books.importText("catalog", catalog);
  await books.importText("accounts", "account_id,name\nnorth,North");
  const columns = `${lineColumns},kind`;
  await books.importText(
    "contract-lines",
    [
      columns,
      "r,c,north,app,basic,2025-01-01,,1,100,YEAR,USD,RECURRING",
      "c,c,north,hub,solo,2026-01-10,,1,40,YEAR,USD,COMMITMENT",
      "m,c,north,hub,solo,2026-02-10,,1,7,YEAR,USD,METERED",
    ].join("\n"),
  );
  const of = async (usage: "BILLED_RECURRING" | "COMMITTED" | "EXCLUDE") =>
    told((await ask(books, { policy: { usage } })).total);
  expect(await of("BILLED_RECURRING")).toEqual({ opening: 100, expansion: 47, closing: 147 });
  expect(await of("COMMITTED")).toEqual({ opening: 100, expansion: 40, closing: 140 });
  expect(await of("EXCLUDE")).toEqual({ opening: 100, closing: 100 });
});
