// The ways between ARR bands: every account on one line, and the lines reconcile with the rows of both readings of SEGMENT.

import type { ReportQuestion } from "@accrete/db/metrics/report-question.ts";
import { askSegmentMigration, type SegmentMigration } from "@accrete/db/metrics/segment-migration.ts";
import type { SettablePolicy } from "@accrete/db/policies/policy.ts";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type Books, booksOf, windowOf } from "../metrics/books.ts";
import { writeCompany } from "../metrics/company.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const window = windowOf("2025-10", "2026-01");

function migration(place: World, question: Partial<ReportQuestion> = {}): Promise<SegmentMigration> {
  return place.read((tx) =>
    askSegmentMigration(tx, { window, filter: {}, policy: {}, todayOn: "2026-01-01", ...question }),
  );
}

const ways = ({ lines }: SegmentMigration) =>
  lines.map(({ openingSegment, closingSegment, accountCount, openingMinor, closingMinor }) => [
    openingSegment,
    closingSegment,
    accountCount,
    Number(openingMinor) / 100,
    Number(closingMinor) / 100,
  ]);

describe("the migration of a quarter, with the default bands", () => {
  let place: World;
  beforeAll(async () => {
    place = await world(db);
    const books = booksOf(place);
    await books.catalog("app/basic", "hub/solo");
    const move = async (name: string, opening: number, change: number) => {
      await books.account(name);
      if (opening > 0)
        await books.move(name, { on: "2025-01-01", what: "NEW", amount: opening, product: "app", plan: "basic" });
      const left = opening + change === 0;
      const what = opening === 0 ? "NEW" : left ? "CHURN" : change > 0 ? "EXPANSION/SEAT" : "CONTRACTION/SEAT";
      if (change !== 0)
        await books.move(name, { on: "2025-11-11", what, amount: change, product: "app", plan: "basic" });
    };
    await move("giant", 250_000, 0);
    await move("climber", 99_999.99, 0.01);
    await move("riser", 30_000, 90_000);
    await move("faller", 25_000, -0.01);
    await move("stayer", 40_000, 5_000);
    await move("small", 1_000, 500);
    await move("newcomer", 0, 26_000);
    await move("leaver", 60_000, -60_000);
    await books.move("small", {
      on: "2025-12-01",
      what: "EXPANSION/CROSS_SELL",
      amount: 200,
      product: "hub",
      plan: "solo",
    });
  });

  it("puts every account on one line: the lower bound of a band is inclusive, null is without ARR", async () => {
    expect(ways(await migration(place))).toEqual([
      ["Enterprise", "Enterprise", 1, 250_000, 250_000],
      ["Mid-Market", "Enterprise", 2, 129_999.99, 220_000],
      ["Mid-Market", "Mid-Market", 1, 40_000, 45_000],
      ["Mid-Market", "SMB", 1, 25_000, 24_999.99],
      ["Mid-Market", null, 1, 60_000, 0],
      ["SMB", "SMB", 1, 1_000, 1_700],
      [null, "Mid-Market", 1, 0, 26_000],
    ]);
  });

  it("names the accounts of a line", async () => {
    const found = await place.read(async (tx) => {
      const { accounts } = await askSegmentMigration(tx, { window, filter: {}, policy: {}, todayOn: "2026-01-01" });
      const page = await accounts.page(
        {},
        (account) => account.openingSegment === "Mid-Market" && account.closingSegment === "Enterprise",
      );
      return page.edges.map(({ node }) => [node.account, node.openingMinor, node.closingMinor]);
    });
    expect(found).toEqual([
      ["climber", 9_999_999n, 10_000_000n],
      ["riser", 3_000_000n, 12_000_000n],
    ]);
  });

  it("reads the band of the whole account where the filter takes some of its lines", async () => {
    expect(ways(await migration(place, { filter: { product: ["hub"] } }))).toEqual([["SMB", "SMB", 1, 0, 200]]);
  });

  it("refuses a window that holds no day", async () => {
    await expect(migration(place, { window: { fromOn: "2025-10-02", untilOn: "2025-10-01" } })).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      field: "window",
    });
  });
});

describe("the migration of books in which everything moves", () => {
  let company: World;
  let books: Books;
  beforeAll(async () => {
    company = await world(db);
    books = await writeCompany(company);
  });

  const questions: readonly { filter: ReportQuestion["filter"]; policy: Partial<SettablePolicy> }[] = [
    { filter: {}, policy: {} },
    { filter: {}, policy: { method: "SNAPSHOT" } },
    { filter: {}, policy: { accountLevel: "ULTIMATE_PARENT" } },
    { filter: {}, policy: { usage: "COMMITTED" } },
    { filter: { product: ["app"] }, policy: {} },
    { filter: { channel: ["web"] }, policy: {} },
  ];

  test.each(questions.map((question) => ({ name: JSON.stringify(question), ...question })))(
    "sums by opening band to the openings, and by closing band to the closings, of the rows of SEGMENT: $name",
    async ({ filter, policy }) => {
      const spans = [windowOf("2025-01", "2025-03"), windowOf("2025-01", "2025-07"), windowOf("2025-03", "2025-06")];
      for (const span of spans) {
        const { lines } = await migration(company, { window: span, filter, policy });
        for (const at of ["OPENING", "CLOSING"] as const) {
          const { rows, total } = await books.ask({
            window: span,
            groupBy: ["SEGMENT"],
            filter,
            policy: { ...policy, segmentAt: at },
          });
          for (const band of ["Enterprise", "Mid-Market", "SMB"]) {
            const row = rows.find(({ group }) => group.segment === band);
            const sum = lines
              .filter((line) => (at === "OPENING" ? line.openingSegment : line.closingSegment) === band)
              .reduce((all, line) => all + (at === "OPENING" ? line.openingMinor : line.closingMinor), 0n);
            expect(sum, `${at} ${band}`).toBe(
              (at === "OPENING" ? row?.money.openingMinor : row?.money.closingMinor) ?? 0n,
            );
          }
          // Of some of its lines an account may have none at an end at which it has a band.
          if (Object.keys(filter).length > 0) continue;
          const accounts = lines.filter(
            (line) => (at === "OPENING" ? line.openingSegment : line.closingSegment) !== null,
          );
          expect(accounts.reduce((all, line) => all + line.accountCount, 0)).toBe(
            at === "OPENING" ? total.counts.openingAccounts : total.counts.closingAccounts,
          );
        }
      }
    },
  );
});
