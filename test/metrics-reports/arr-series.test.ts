// ARR over time: both ends of every period, group by group, without gaps, and the groups summing to the whole.

import { askArrSeries } from "@accrete/db/metrics/arr-series.ts";
import type { Dimension, MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { booksOf, wholeQuestion, windowOf } from "../metrics/books.ts";
import { writeCompany } from "../metrics/company.ts";
import { answerOf } from "../schema/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let place: World;
beforeAll(async () => {
  db = await testDatabase();
  place = await world(db, { fiscalYearStartMonth: 2 });
  const books = booksOf(place);
  for (const [name, channel] of [
    ["acme", "web"],
    ["bolt", "sales"],
  ] as const) {
    await books.account(name, { "1990-01-01": { channel } });
  }
  await books.move("acme", { on: "2025-01-15", what: "NEW", amount: 100 });
  await books.move(
    "bolt",
    { on: "2025-02-10", what: "NEW", amount: 50 },
    { on: "2025-03-31", what: "CHURN", amount: -50 },
  );
});
afterAll(() => db.drop());

const series = (where: World, question: Partial<MetricsQuestion>) =>
  where.read((tx) =>
    askArrSeries(tx, wholeQuestion({ window: windowOf("2025-01", "2025-05"), grain: "MONTH", ...question })),
  );

it("has a point for every period of every group, also where nothing is", async () => {
  const { lines, total } = await series(place, { groupBy: ["CHANNEL"] });
  const ends = (points: readonly { openingMinor: bigint; closingMinor: bigint }[]) =>
    points.map(({ openingMinor, closingMinor }) => [Number(openingMinor) / 100, Number(closingMinor) / 100]);
  expect(lines.map(({ group, points }) => [group.channel, ends(points)])).toEqual([
    [
      "web",
      [
        [0, 100],
        [100, 100],
        [100, 100],
        [100, 100],
      ],
    ],
    [
      "sales",
      [
        [0, 0],
        [0, 50],
        [50, 0],
        [0, 0],
      ],
    ],
  ]);
  expect(ends(total)).toEqual([
    [0, 100],
    [100, 150],
    [150, 100],
    [100, 100],
  ]);
  expect(total.map(({ period }) => period.label)).toEqual(["2025-01", "2025-02", "2025-03", "2025-04"]);
});

it("cuts fiscal quarters as the metrics do, and has no line where there is no ARR", async () => {
  const { total } = await series(place, { grain: "QUARTER" });
  expect(total.map(({ period }) => [period.label, period.partial])).toEqual([
    ["2025-Q4", true],
    ["2026-Q1", false],
  ]);
  const none = await series(place, { filter: { channel: ["nowhere"] } });
  expect([none.lines, none.total.map(({ closingMinor }) => closingMinor)]).toEqual([[], [0n, 0n, 0n, 0n]]);
});

it("adds up to the rows without groups, whatever it is grouped by", async () => {
  const company = await world(db);
  await writeCompany(company);
  const window = windowOf("2024-12", "2025-07");
  const whole = await series(company, { window });
  for (const groupBy of [["SEGMENT"], ["PLAN", "OWNER"], ["ACCOUNT"]] satisfies Dimension[][]) {
    const { total } = await series(company, { window, groupBy, policy: { method: "SNAPSHOT" } });
    expect(total, groupBy.join()).toEqual(whole.total);
  }
});

it("refuses dimensions that carry no balances", async () => {
  await expect(series(place, { groupBy: ["DRIVER"] })).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    field: "groupBy",
  });
});

it("is asked over GraphQL with the unit of money", async () => {
  const answer = await answerOf(
    place,
    `{ arrSeries(window: { fromOn: "2025-01-01", untilOn: "2025-03-01" }, grain: MONTH, groupBy: [CHANNEL]) {
      lines { group { channel } points { closingArr(unit: MRR) } } total { period { label } closingArr } currency grain } }`,
  );
  expect(answer).toEqual({
    arrSeries: {
      lines: [
        { group: { channel: "web" }, points: [{ closingArr: "8.33" }, { closingArr: "8.33" }] },
        { group: { channel: "sales" }, points: [{ closingArr: "0.00" }, { closingArr: "4.17" }] },
      ],
      total: [
        { period: { label: "2025-01" }, closingArr: "100.00" },
        { period: { label: "2025-02" }, closingArr: "150.00" },
      ],
      currency: "USD",
      grain: "MONTH",
    },
  });
});
