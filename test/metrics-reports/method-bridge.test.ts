// The bridge between the methods: each account's difference under one cause, the lines summing to EVENT − SNAPSHOT exactly.

import { bridgeCauseOf, bridgeCauses } from "@accrete/db/metrics/bridge-cause.ts";
import { askMethodBridge, type BridgeAmounts, type MethodBridge } from "@accrete/db/metrics/method-bridge.ts";
import type { ReportQuestion } from "@accrete/db/metrics/report-question.ts";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { booksOf, windowOf } from "../metrics/books.ts";
import { writeCompany } from "../metrics/company.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const window = windowOf("2025-10", "2026-01");

function bridge(place: World, question: Partial<ReportQuestion> = {}): Promise<MethodBridge> {
  return place.read((tx) =>
    askMethodBridge(tx, { window, filter: {}, policy: {}, todayOn: "2026-01-01", ...question }),
  );
}

/** Amounts in whole units, zeros left out. */
function units(amounts: BridgeAmounts | undefined): Record<string, number> {
  return Object.fromEntries(
    Object.entries(amounts ?? {})
      .filter(([, amount]) => amount !== 0n)
      .map(([name, amount]) => [name.replace("Minor", ""), Number(amount) / 100]),
  );
}

async function accountsOf(place: World, cause: string, question: Partial<ReportQuestion> = {}) {
  return place.read(async (tx) => {
    const { accounts } = await askMethodBridge(tx, {
      window,
      filter: {},
      policy: {},
      todayOn: "2026-01-01",
      ...question,
    });
    const { edges } = await accounts.page({}, (account) => account.cause === cause);
    return edges.map(({ node }) => node);
  });
}

/** One account for every cause, and one that both methods read alike. */
async function writeStories(place: World) {
  const books = booksOf(place);
  await books.catalog("app/basic", "hub/solo");
  for (const name of ["newcomer", "round", "leaver", "back", "twice", "guest", "plain"]) await books.account(name);
  const basic = { product: "app", plan: "basic" };
  await books.move("newcomer", { on: "2025-10-05", what: "NEW", amount: 200, ...basic });
  await books.move("newcomer", { on: "2025-11-05", what: "EXPANSION/SEAT", amount: 120, ...basic });
  await books.move("round", { on: "2025-01-01", what: "NEW", amount: 1_000, ...basic });
  await books.move("round", { on: "2025-10-10", what: "EXPANSION/SEAT", amount: 400, ...basic });
  await books.move("round", { on: "2025-11-10", what: "CONTRACTION/SEAT", amount: -330, ...basic });
  await books.move("leaver", { on: "2025-01-01", what: "NEW", amount: 500, ...basic });
  await books.move("leaver", { on: "2025-10-20", what: "EXPANSION/ADD_ON", amount: 50, product: "hub", plan: "solo" });
  await books.move(
    "leaver",
    { on: "2025-12-20", what: "CHURN", amount: -500, ...basic },
    { on: "2025-12-20", what: "CHURN", amount: -50, product: "hub", plan: "solo" },
  );
  await books.move("back", { on: "2025-01-01", what: "NEW", amount: 300, ...basic });
  await books.move("back", { on: "2025-10-15", what: "CHURN", amount: -300, ...basic });
  await books.move("back", { on: "2025-12-15", what: "REACTIVATION", amount: 360, ...basic });
  await books.move("twice", { on: "2025-01-01", what: "NEW", amount: 70, ...basic });
  await books.move("twice", { on: "2025-10-01", what: "CHURN", amount: -70, ...basic });
  await books.move("twice", { on: "2025-10-02", what: "REACTIVATION", amount: 80, ...basic });
  await books.move("twice", { on: "2025-10-03", what: "CHURN", amount: -80, ...basic });
  await books.move("guest", { on: "2025-10-07", what: "NEW", amount: 90, ...basic });
  await books.move("guest", { on: "2025-10-09", what: "CHURN", amount: -90, ...basic });
  await books.move("plain", { on: "2025-01-01", what: "NEW", amount: 2_000, ...basic });
  await books.move("plain", { on: "2025-12-01", what: "EXPANSION/TIER", amount: 25, ...basic });
}

describe("the bridge of a quarter in which every cause occurs", () => {
  let place: World;
  beforeAll(async () => {
    place = await world(db);
    await writeStories(place);
  });

  it("has a line for each, worked by hand, and leaves nothing over", async () => {
    const answer = await bridge(place);
    expect(units(answer.event)).toEqual({
      new: 290,
      reactivation: 440,
      expansion: 595,
      contraction: 330,
      churned: 1_090,
    });
    // newcomer 320; round 70, plain 25, back 60; leaver 500, twice 70.
    expect(units(answer.snapshot)).toEqual({ new: 320, expansion: 155, churned: 570 });
    expect(answer.lines.map(({ cause, accountCount, difference }) => [cause, accountCount, units(difference)])).toEqual(
      [
        ["NEWCOMER_MOVES", 1, { new: -120, expansion: 120 }],
        ["ROUND_TRIPS", 1, { expansion: 330, contraction: 330 }],
        ["CHANGE_BEFORE_CHURN", 1, { expansion: 50, churned: 50 }],
        ["CHURN_AND_RETURN", 2, { reactivation: 440, expansion: -60, churned: 380 }],
        ["CAME_AND_WENT", 1, { new: 90, churned: 90 }],
      ],
    );
    expect(answer.residualMinor).toBe(0n);
  });

  it("names the accounts of a line, with both sides", async () => {
    const [back, twice] = await accountsOf(place, "CHURN_AND_RETURN");
    expect([back?.account, twice?.account]).toEqual(["back", "twice"]);
    expect(units(back?.event)).toEqual({ reactivation: 360, churned: 300 });
    expect(units(back?.snapshot)).toEqual({ expansion: 60 });
    expect([back?.openingMinor, back?.closingMinor]).toEqual([30_000n, 36_000n]);
    expect(await accountsOf(place, "RE_PARENTING")).toEqual([]);
  });

  it("knows the cause from the whole account, also where the filter takes only some of its lines", async () => {
    const answer = await bridge(place, { filter: { product: ["hub"] } });
    // The add-on came and left with its account: EVENT shows growth and churn, SNAPSHOT shares the churn over what was there: none of it.
    expect(answer.lines.map(({ cause, accountCount }) => [cause, accountCount])).toEqual([["CHANGE_BEFORE_CHURN", 1]]);
    expect(answer.residualMinor).toBe(0n);
  });

  it("has no lines where the methods agree", async () => {
    const answer = await bridge(place, { filter: { accountExternalIds: ["plain"] } });
    expect(answer.lines).toEqual([]);
    expect(units(answer.event)).toEqual(units(answer.snapshot));
  });

  it("takes the netting of the policy on the side of EVENT, and whatever method it names for none", async () => {
    const answer = await bridge(place, { policy: { method: "SNAPSHOT", netting: "MONTH" } });
    // By month the guest never came, and twice only left.
    expect(answer.lines.map(({ cause }) => cause)).toEqual([
      "NEWCOMER_MOVES",
      "ROUND_TRIPS",
      "CHANGE_BEFORE_CHURN",
      "CHURN_AND_RETURN",
    ]);
    expect(answer.policy.netting).toBe("MONTH");
    expect(answer.residualMinor).toBe(0n);
  });

  it("refuses an empty window", async () => {
    const empty = { fromOn: "2026-01-01", untilOn: "2026-01-01" };
    await expect(bridge(place, { window: empty })).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "window" });
  });
});

describe("the bridge of books in which everything moves", () => {
  const questions: readonly Partial<ReportQuestion>[] = [
    {},
    { policy: { netting: "DAY" } },
    { policy: { netting: "MONTH", priceIncrease: "SEPARATE", discountChange: "SEPARATE" } },
    { policy: { accountLevel: "ULTIMATE_PARENT" } },
    { policy: { accountLevel: "ULTIMATE_PARENT", hierarchyAt: "AS_OF_EVENT" } },
    { policy: { reactivation: "EXPANSION" } },
    { policy: { usage: "EXCLUDE" } },
    { filter: { channel: ["web", null] } },
    { filter: { plan: ["pro"], driver: ["SEAT", "TIER"] } },
    { filter: { segment: ["Enterprise"] }, policy: { segmentAt: "CLOSING" } },
  ];
  let company: World;
  beforeAll(async () => {
    company = await world(db);
    await writeCompany(company);
  });

  test.each(questions.map((question) => ({ name: JSON.stringify(question), question })))(
    "adds up exactly, asked $name",
    async ({ question }) => {
      const answer = await bridge(company, { window: windowOf("2025-01", "2025-07"), ...question });
      expect(answer.residualMinor).toBe(0n);
      expect(answer.lines.length).toBeGreaterThan(0);
    },
  );
});

describe("a ledger of more accounts than are asked about at once", () => {
  it("is bridged in parts, to the same lines and pages", async () => {
    const company = await world(db);
    await writeCompany(company);
    const span = windowOf("2025-01", "2025-07");
    const questions: readonly Partial<ReportQuestion>[] = [
      {},
      { filter: { channel: ["web", null] } },
      { policy: { accountLevel: "ULTIMATE_PARENT", hierarchyAt: "AS_OF_EVENT" } },
    ];
    for (const question of questions) {
      const read = (accountsPerPart?: number) =>
        company.read(async (tx) => {
          const asked = { window: span, filter: {}, policy: {}, todayOn: "2026-01-01", ...question };
          const answer = await askMethodBridge(
            tx,
            accountsPerPart === undefined ? asked : { ...asked, accountsPerPart },
          );
          const { edges } = await answer.accounts.page({ last: 3 }, () => true);
          return { lines: answer.lines, residual: answer.residualMinor, accounts: edges.map(({ node }) => node) };
        });
      const whole = await read();
      expect(whole.accounts.length).toBe(3);
      expect(await read(2), JSON.stringify(question)).toEqual(whole);
    }
  });
});

describe("an account that changes its parent inside the window", () => {
  it("stands under RE_PARENTING with what it did before, for the group that it left", async () => {
    const place = await world(db);
    const books = booksOf(place);
    for (const name of ["old", "new"]) await books.account(name);
    await books.account("sub", { "1990-01-01": { parent: "old" }, "2025-12-01": { parent: "new" } });
    await books.move("sub", { on: "2025-01-01", what: "NEW", amount: 1_000 });
    await books.move("sub", { on: "2025-10-10", what: "EXPANSION/SEAT", amount: 100 });
    await books.move("sub", { on: "2025-11-10", what: "CONTRACTION/SEAT", amount: -40 });
    const policy = { accountLevel: "ULTIMATE_PARENT", hierarchyAt: "AS_OF_EVENT" } as const;
    const { lines, residualMinor } = await bridge(place, { policy });
    expect(lines.map(({ cause, accountCount, difference }) => [cause, accountCount, units(difference)])).toEqual([
      ["RE_PARENTING", 1, { expansion: 40, contraction: 40 }],
    ]);
    expect(residualMinor).toBe(0n);
  });
});

describe("the cause of an account", () => {
  const [none, some] = [0n, 100n];
  const story = (openingMinor: bigint, closingMinor: bigint, arrivals: number, churns: number) =>
    bridgeCauseOf({ openingMinor, closingMinor, arrivals, churns });

  it("is one of all, by the ends and by what happened between", () => {
    expect(story(none, some, 1, 0)).toBe("NEWCOMER_MOVES");
    expect(story(some, some, 0, 0)).toBe("ROUND_TRIPS");
    expect(story(some, none, 0, 1)).toBe("CHANGE_BEFORE_CHURN");
    expect(story(some, none, 1, 2)).toBe("CHURN_AND_RETURN");
    expect(story(some, some, 1, 1)).toBe("CHURN_AND_RETURN");
    expect(story(none, some, 2, 1)).toBe("CHURN_AND_RETURN");
    expect(story(none, none, 1, 1)).toBe("CAME_AND_WENT");
    expect(story(some, none, 0, 0)).toBe("RE_PARENTING");
    expect(story(none, some, 0, 0)).toBe("RE_PARENTING");
    expect(bridgeCauses).toHaveLength(6);
  });
});
