// The accounts behind a row: what each had and did, in pages that add up to the row to the minor unit, under every policy.

import { rowsByAccount } from "@accrete/db/metrics/account-parts.ts";
import type { MetricsRow } from "@accrete/db/metrics/answer.ts";
import { type AccountChange, changesOfAccounts } from "@accrete/db/metrics/changes-of-accounts.ts";
import { expansionMinor } from "@accrete/db/metrics/formulas.ts";
import type { Dimension, MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { type Policy, policyKeys, type SettablePolicy } from "@accrete/db/policies/policy.ts";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type Books, booksOf, told, wholeQuestion, windowOf } from "../metrics/books.ts";
import { writeCompany } from "../metrics/company.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let company: World;
let books: Books;
beforeAll(async () => {
  db = await testDatabase();
  company = await world(db);
  books = await writeCompany(company);
});
afterAll(() => db.drop());

const window = windowOf("2025-01", "2025-07");

/** Every other value of every key, and a few at once; these books have no rates. */
const policies: readonly Partial<SettablePolicy>[] = [
  {},
  ...Object.entries(policyKeys)
    .filter(([key]) => key !== "currency")
    .flatMap(([key, values]) => values.slice(1).map((value): Partial<SettablePolicy> => ({ [key]: value }))),
  { method: "SNAPSHOT", segmentAt: "CLOSING", priceIncrease: "SEPARATE" },
  { netting: "MONTH", reactivation: "EXPANSION", reactivationWindowDays: 30 },
  { accountLevel: "ULTIMATE_PARENT", hierarchyAt: "AS_OF_EVENT", method: "SNAPSHOT" },
];

/** Under every policy, and under the first one only. */
const usual: readonly (readonly Dimension[])[] = [[], ["SEGMENT"], ["PLAN", "CHANNEL"], ["COHORT"]];
const more: readonly (readonly Dimension[])[] = [["PARENT"], ["DRIVER"], ["MOTION", "PRODUCT"]];

/** The columns of a row; transfers as one, because those between two accounts of a row are none of the row's. */
function columnsOf({ money, counts }: MetricsRow) {
  return {
    opening: money.openingMinor,
    closing: money.closingMinor,
    new: money.newMinor,
    reactivation: money.reactivationMinor,
    expansion: Object.values(money.expansionMinor),
    allExpansion: expansionMinor({ money } as MetricsRow),
    contraction: Object.values(money.contractionMinor),
    churned: money.churnedMinor,
    priceUplift: money.priceUpliftMinor,
    discountChange: money.discountChangeMinor,
    fx: money.fxMinor,
    transfers: money.transferInMinor === null ? null : money.transferInMinor - (money.transferOutMinor ?? 0n),
    movements: counts.movementCount,
  };
}

type Columns = ReturnType<typeof columnsOf>;

function sumOf(rows: readonly Columns[], none: Columns): Columns {
  const add = (a: bigint | null, b: bigint | null) => (a === null || b === null ? null : a + b);
  const zeros: Columns = JSON.parse(
    JSON.stringify(none, (_key, value) => (typeof value === "bigint" ? "0n" : typeof value === "number" ? 0 : value)),
    (_key, value) => (value === "0n" ? 0n : value),
  );
  return rows.reduce(
    (sum, row) =>
      Object.fromEntries(
        Object.entries(sum).map(([name, value]) => {
          const other = row[name as keyof Columns];
          if (Array.isArray(value) && Array.isArray(other))
            return [name, value.map((part, i) => part + (other[i] ?? 0n))];
          if (typeof value === "number") return [name, value + Number(other)];
          return [name, add(value as bigint | null, other as bigint | null)];
        }),
      ) as Columns,
    zeros,
  );
}

async function changesOf(question: MetricsQuestion, row: MetricsRow, policy: Policy): Promise<AccountChange[]> {
  return company.read(async (tx) => {
    const place = { ...question, period: row.period, group: row.group };
    const found: AccountChange[] = [];
    await (await changesOfAccounts(tx, question, place, policy)).each((change) => found.push(change));
    return found;
  });
}

describe("the accounts of a row", () => {
  test.each(policies.map((policy) => ({ name: JSON.stringify(policy), policy })))(
    "sum to every column of it, however it is grouped, under $name",
    async ({ policy }) => {
      for (const groupBy of policy === policies[0] ? [...usual, ...more] : usual) {
        const grain = groupBy[0] === "SEGMENT" ? "QUARTER" : "WHOLE";
        const question = wholeQuestion({ window, grain, groupBy, policy });
        const answer = await books.ask(question);
        const ofTotal = { ...question, groupBy: [], groupByAttributes: [] };
        for (const row of answer.rows) {
          const changes = await changesOf(question, row, answer.policy);
          const columns = columnsOf(row);
          const sum = sumOf(
            changes.map((change) => columnsOf(change.row)),
            columns,
          );
          expect(sum, `${row.period.label} ${JSON.stringify(row.group)}`).toEqual(columns);
        }
        const changes = await changesOf(ofTotal, answer.total, answer.policy);
        const columns = columnsOf(answer.total);
        expect(
          sumOf(
            changes.map((change) => columnsOf(change.row)),
            columns,
          ),
          "total",
        ).toEqual(columns);
      }
    },
  );

  it("are of the question's own filter", async () => {
    const question = wholeQuestion({ window, groupBy: ["CHANNEL"], filter: { product: ["app"] } });
    const answer = await books.ask(question);
    const web = answer.rows.find(({ group }) => group.channel === "web");
    if (!web) throw new Error("no row for web");
    const changes = await changesOf(question, web, answer.policy);
    expect(changes.map(({ account, row }) => [account, told(row)])).toEqual([
      ["acme", { opening: 20_000, out: 20_000 }],
      ["dove", { opening: 101_000, contraction: 20_000.01, churned: 80_999.99 }],
      ["fern", { opening: 25_000, expansion: 75_000, closing: 100_000 }],
    ]);
  });

  it("are told by what became of them: both ends decide, and what happened between", async () => {
    const question = wholeQuestion({ window: windowOf("2025-01", "2025-04"), policy: { method: "SNAPSHOT" } });
    const { total, policy } = await books.ask(question);
    const changes = await changesOf(question, total, policy);
    expect(changes.map((change) => [change.account, change.class])).toEqual([
      ["acme", "EXPANSION"],
      ["bolt", "CHURN"],
      ["crow", "NEW"],
      ["dove", "CHURN"],
      ["fern", "EXPANSION"],
    ]);
    const event = await changesOf({ ...question, policy: {} }, total, { ...policy, method: "EVENT" });
    expect(event.map((change) => [change.account, change.class])).toContainEqual(["elm", "CAME_AND_WENT"]);
    const byPlan = wholeQuestion({ window: windowOf("2025-01", "2025-04"), groupBy: ["PLAN"] });
    const answer = await books.ask(byPlan);
    const classes = async (plan: string) => {
      const row = answer.rows.find(({ group }) => group.plan === plan);
      if (!row) throw new Error(`no row for ${plan}`);
      return (await changesOf(byPlan, row, answer.policy)).map((change) => [change.account, change.class]);
    };
    expect(await classes("pro")).toEqual([
      ["acme", "EXPANSION"],
      ["bolt", "TRANSFER"],
    ]);
  });
});

describe("a list by account", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];

  /** Seven accounts, three at a time. */
  async function inParts<T>(
    work: (rows: Awaited<ReturnType<typeof rowsByAccount<{ account: string }>>>, asked: number[]) => Promise<T>,
    filter = {},
  ): Promise<T> {
    const place = await world(db);
    const letters = booksOf(place);
    for (const name of names) await letters.account(name);
    return place.read(async (tx) => {
      const ids = await tx.sql<{ id: string; name: string }[]>`
        select id, external_id as name from accounts where workspace_id = ${tx.workspaceId}`;
      const asked: number[] = [];
      const read = async (accountIds: readonly string[] | null) => {
        asked.push(accountIds?.length ?? -1);
        return ids
          .filter(({ id }) => accountIds === null || accountIds.includes(id))
          .map(({ name }) => ({ account: name }))
          .reverse();
      };
      return work(await rowsByAccount(tx, { name: "letters", filter, perPart: 3 }, read), asked);
    });
  }

  it("is read in parts, each once, and in one where one is enough", async () => {
    await inParts(async (rows, asked) => {
      const found: string[] = [];
      await rows.each(({ account }) => found.push(account));
      expect({ found, asked }).toEqual({ found: names, asked: [3, 3, 1] });
    });
    await inParts(
      async (rows, asked) => {
        await rows.each(() => {});
        expect(asked).toEqual([-1]);
      },
      { accountExternalIds: ["a", "g"] },
    );
  });

  it("pages from both ends, and reads no part that a page does not need", async () => {
    await inParts(async (rows, asked) => {
      const all = () => true;
      const first = await rows.page({ first: 2 }, all);
      expect(first.edges.map(({ node }) => node.account)).toEqual(["a", "b"]);
      expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
      expect(asked).toEqual([3]);
      const next = await rows.page({ first: 4, after: first.pageInfo.endCursor }, all);
      expect(next.edges.map(({ node }) => node.account)).toEqual(["c", "d", "e", "f"]);
      const last = await rows.page({ last: 2, before: next.pageInfo.startCursor }, all);
      expect(last.edges.map(({ node }) => node.account)).toEqual(["a", "b"]);
      expect(
        (await rows.page({ last: 3 }, ({ account }) => account !== "f")).edges.map(({ node }) => node.account),
      ).toEqual(["d", "e", "g"]);
      expect((await rows.page({ first: 3, after: next.pageInfo.endCursor }, all)).pageInfo.hasNextPage).toBe(false);
    });
  });

  it("refuses a page that cannot be, and a cursor of another list", async () => {
    await inParts(async (rows) => {
      const all = () => true;
      await expect(rows.page({ first: 0 }, all)).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "first" });
      await expect(rows.page({ first: 1, last: 1 }, all)).rejects.toMatchObject({ field: "last" });
      await expect(rows.page({ after: "bm9uZQ" }, all)).rejects.toMatchObject({ field: "after" });
    });
  });
});
