// What each resource asks and writes, against the real server: every method once, with figures worked by hand.

import { Accrete, type Movement, quarter } from "@accrete/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalog, lineColumns } from "../scenarios/company.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let accrete: Accrete;
const q4 = { window: quarter("2025-Q4") };

beforeAll(async () => {
  server = await startTestServer({ name: "Seller" });
  accrete = new Accrete({ endpoint: server.endpoint, apiKey: server.apiKey, retriesMax: 0 });
  const write = (kind: Parameters<TestServer["importText"]>[0], ...lines: string[]) =>
    server.importText(kind, `${lines.join("\n")}\n`);
  await write("catalog", ...catalog);
  await write("accounts", "account_id,name", "a,A", "b,B", "c,C", "m,M", "n,N");
  await write(
    "contract-lines",
    lineColumns,
    // A grows from 1,000 to 1,500, and on the way its price rises by a tenth of what it had. B goes up and down again; C leaves.
    "A1,CA,a,planner,starter,false,2025-01-01,2025-11-01,10,100,,YEAR,USD",
    "A1,CA,a,planner,starter,false,2025-11-01,2025-12-01,10,110,,YEAR,USD",
    "A1,CA,a,planner,starter,false,2025-12-01,,15,110,,YEAR,USD",
    "B1,CB,b,planner,starter,false,2025-01-01,2025-10-10,5,100,,YEAR,USD",
    "B1,CB,b,planner,starter,false,2025-10-10,2025-11-10,8,100,,YEAR,USD",
    "B1,CB,b,planner,starter,false,2025-11-10,,5,100,,YEAR,USD",
    "C1,CC,c,signals,signals-one,false,2025-01-01,2025-12-15,1,200,,YEAR,USD",
  );
  await write(
    "movements",
    "movement_id,account_id,effective_on,type,driver,amount,currency,product_id",
    "m-1,m,2025-02-01,NEW,,400,USD,planner",
    "m-2,m,2025-10-05,EXPANSION,SEAT,100,USD,planner",
  );
});

afterAll(() => server?.close());

describe("metrics", () => {
  it("draw ARR over time", async () => {
    const { lines, total } = await accrete.metrics.arrSeries({ ...q4, grain: "MONTH", groupBy: ["ACCOUNT"] });
    expect(total.map(({ period, closingArr }) => [period.label, closingArr])).toEqual([
      // A 1,000, B 800, C 200, M 500; then A 1,100 and B 500; then A 1,650 and C gone.
      ["2025-10", "2500.00"],
      ["2025-11", "2300.00"],
      ["2025-12", "2650.00"],
    ]);
    expect(lines.map(({ group, points }) => [group.account, points[2]?.closingArr])).toEqual([
      ["a", "1650.00"],
      ["b", "500.00"],
      ["c", "0.00"],
      ["m", "500.00"],
    ]);
  });

  it("bridge the methods: B's way up and down is in EVENT alone", async () => {
    const { difference, lines, residual } = await accrete.metrics.methodBridge(q4);
    expect(difference).toMatchObject({ expansionArr: "300.00", contractionArr: "300.00", newArr: "0.00" });
    expect(
      lines.map(({ cause, accountCount, accounts }) => [cause, accountCount, accounts.nodes[0]?.account.name]),
    ).toEqual([["ROUND_TRIPS", 1, "B"]]);
    expect(residual).toBe("0.00");
  });

  it("show who went from which band to which", async () => {
    const { lines } = await accrete.metrics.segmentMigration(q4);
    expect(
      lines.map((line) => [
        line.openingSegment,
        line.closingSegment,
        line.accountCount,
        line.openingArr,
        line.closingArr,
      ]),
    ).toEqual([
      // A, B and M stay; C leaves: 1,000 + 500 + 400, and 1,650 + 500 + 500.
      ["SMB", "SMB", 3, "1900.00", "2650.00"],
      ["SMB", null, 1, "200.00", "0.00"],
    ]);
  });

  it("explain a figure by its formula, its numbers, and what other choices would make of it", async () => {
    const { value, formulaWithNumbers, policyKeys } = await accrete.metrics.explain("EXPANSION_ARR", q4);
    // A 100 by price and 550 by seats, B 300, M 100.
    expect(value).toBe("1050.00");
    // By driver, in their order: seats 950 and price 100.
    expect(formulaWithNumbers).toMatch(/^950\.00 (\+ 0\.00 ){5}\+ 100\.00/);
    const price = policyKeys.find(({ key }) => key === "priceIncrease");
    expect(price).toMatchObject({
      mattered: true,
      alternatives: [{ value: "SEPARATE", figure: "950.00", difference: "-100.00" }],
    });
    expect(policyKeys.find(({ key }) => key === "hierarchyAt")?.mattered).toBe(false);
  });

  it("name the accounts behind a total, page by page", async () => {
    const told: string[][] = [];
    for await (const { account, class: became, expansionArr } of accrete.metrics.accountChanges(q4, { first: 2 })) {
      told.push([account.name, became, expansionArr]);
    }
    expect(told).toEqual([
      ["A", "EXPANSION", "650.00"],
      ["B", "UNCHANGED", "300.00"],
      ["C", "CHURN", "0.00"],
      ["M", "EXPANSION", "100.00"],
    ]);
    expect((await accrete.metrics.accountChanges(q4, { first: 2 })).totalCount).toBe(4);
  });
});

describe("reports", () => {
  it("put constant rates beside the days' rates: with one currency they are the same", async () => {
    const { total, residual } = await accrete.metrics.currencyBridge(q4);
    expect([total.reported.closingArr, total.constant.closingArr, total.difference.fxArr, residual]).toEqual([
      "2650.00",
      "2650.00",
      "0.00",
      "0.00",
    ]);
  });

  it("put signed ARR beside live ARR: what the books hold of later days is pending", async () => {
    const { opening, closing, residual } = await accrete.metrics.bookings({ window: quarter("2025-Q4") });
    // 1,000 + 500 + 200 + 400 live before; 1,650 + 500 + 500 after.
    expect([opening.liveArr, closing.liveArr, residual]).toEqual(["2100.00", "2650.00", "0.00"]);
  });
});

describe("the books", () => {
  it("are reconciled with the facts", async () => {
    const { isReconciled, rows } = await accrete.metrics.reconcile({ ...q4, groupBy: ["ACCOUNT"] });
    expect([isReconciled, [...new Set(rows.map(({ residual }) => residual))]]).toEqual([true, ["0.00"]]);
  });

  it("are looked through for what is suspicious", async () => {
    const checks = await accrete.metrics.dataQuality(q4);
    expect(checks.length).toBeGreaterThan(3);
    expect(checks.every(({ count, findings }) => count >= findings.length)).toBe(true);
  });
});

describe("policies", () => {
  it("are saved, listed, asked by name, taken away, and told of", async () => {
    const saved = await accrete.policies.save("board", { priceIncrease: "SEPARATE" });
    expect(saved).toMatchObject({ name: "board", resolved: { priceIncrease: "SEPARATE", method: "EVENT" } });
    expect((await accrete.policies.list()).map(({ name }) => name)).toEqual(["board"]);
    const { total, policyHash } = await accrete.metrics.expansion({ ...q4, policy: { name: "board" } });
    expect([total.expansionArr, total.priceUpliftArr, policyHash]).toEqual(["950.00", "100.00", saved.policyHash]);
    expect(await accrete.policies.delete("board")).toEqual([]);
    expect(await accrete.policies.list({ asOf: { ledgerVersion: saved.ledgerVersion } })).toMatchObject([
      { name: "board" },
    ]);
  });

  it("are the workspace's default until told otherwise, and null in a question is a choice", async () => {
    const { defaultPolicy } = await accrete.policies.setDefault({ reactivationWindowDays: 90 });
    expect(defaultPolicy.reactivationWindowDays).toBe(90);
    const windowUnder = async (policy: object) =>
      (await accrete.metrics.expansion({ ...q4, policy })).policy.reactivationWindowDays;
    expect([await windowUnder({}), await windowUnder({ reactivationWindowDays: null })]).toEqual([90, null]);
    expect((await accrete.policies.setDefault({})).defaultPolicy.reactivationWindowDays).toBeNull();
    const [latest] = (await accrete.policies.changes({ first: 1 })).nodes;
    expect(latest?.changes).toEqual([
      { setting: "DEFAULT_POLICY", policyKey: "REACTIVATION_WINDOW_DAYS", from: "90", to: null },
    ]);
  });
});

describe("rates", () => {
  it("are stated in sets, listed as of a day, chosen, and refused with the place in the list", async () => {
    const eur = { fromCurrency: "EUR", toCurrency: "USD" };
    const stated = await accrete.rates.set({
      rateSet: "ECB",
      kind: "DATED",
      rates: [
        { ...eur, fromOn: "2025-01-01", rate: "1.1" },
        { ...eur, fromOn: "2025-10-01", rate: "1.2" },
      ],
    });
    expect(stated).toMatchObject({ changed: 2, unchanged: 0, refusals: [] });
    expect(await accrete.rates.sets({ on: "2025-12-31" })).toMatchObject([
      { name: "ECB", kind: "DATED", rates: { nodes: [{ fromCurrency: "EUR", rate: "1.2" }], totalCount: 1 } },
    ]);
    expect(await accrete.rates.sets()).toEqual([{ name: "ECB", kind: "DATED" }]);
    const { reportedRateSet, constantRateSet } = await accrete.rates.choose({ reported: "ECB" });
    expect([reportedRateSet?.name, constantRateSet]).toEqual(["ECB", null]);
    const refused = await accrete.rates.set({ rateSet: "ECB", rates: [{ ...eur, rate: "1.3" }] });
    expect(refused).toMatchObject({ changed: 0, refusals: [{ index: 0, code: "RATE_DAY_MISSING" }] });
  });
});

describe("accounts", () => {
  it("get parents with days", async () => {
    const parents = [{ account: { externalId: "b" }, parent: { externalId: "a" }, fromOn: "2025-10-01" }];
    expect(await accrete.accounts.setParents(parents)).toMatchObject({ changed: 1, refusals: [] });
    expect((await accrete.accounts.get({ externalId: "b" })).parent?.name).toBe("A");
    const itself = [{ account: { externalId: "a" }, parent: { externalId: "a" }, fromOn: "2025-10-01" }];
    expect(await accrete.accounts.setParents(itself)).toMatchObject({
      changed: 0,
      refusals: [{ index: 0, code: "PARENT_IS_ITSELF" }],
    });
  });

  it("are merged, and parted again", async () => {
    const before = await accrete.accounts.get({ externalId: "c" }, { on: "2025-10-31" });
    const merge = await accrete.accounts.merge({ externalId: "c" }, { externalId: "b" });
    expect(merge).toMatchObject({ account: { name: "C" }, survivor: { name: "B" } });
    expect((await accrete.accounts.get({ externalId: "b" }, { on: "2025-10-31" })).arr).toBe("1000.00");
    await accrete.accounts.unmerge({ externalId: "c" });
    expect(await accrete.accounts.get({ externalId: "c" }, { on: "2025-10-31" })).toEqual(before);
  });
});

describe("movements", () => {
  const ofM = async (entries?: "ALL") => {
    const movements: Movement[] = [];
    for await (const movement of accrete.movements.list({ accountExternalIds: ["m"] }, entries ? { entries } : {}))
      movements.push(movement);
    return movements;
  };

  it("are corrected by a reversal and a new statement", async () => {
    const [, expansion] = await ofM();
    const [correction] = await accrete.movements.correct([
      { movementId: expansion?.id ?? "", change: { amount: "150" }, note: "two seats more" },
    ]);
    expect(correction?.movement).toMatchObject({
      amount: "150.00",
      note: "two seats more",
      corrects: { id: expansion?.id },
    });
    expect(correction?.reversal).toMatchObject({ amount: "-100.00", reverses: { id: expansion?.id } });
    expect((await ofM()).map(({ amount }) => amount)).toEqual(["400.00", "150.00"]);
    expect(await ofM("ALL")).toHaveLength(4);

    const { ledgerVersion = "1" } = correction?.movement ?? {};
    const { differences, movements, commits } = await accrete.metrics.whatChanged({
      ...q4,
      since: { ledgerVersion: String(BigInt(ledgerVersion) - 1n) },
    });
    expect(differences).toContainEqual({ metric: "expansionArr", difference: "50.00" });
    expect(movements.nodes.map(({ effect, movement }) => [effect, movement.amount])).toEqual([
      ["FLOW", "-100.00"],
      ["FLOW", "150.00"],
    ]);
    expect(commits.totalCount).toBe(1);
  });
});

describe("contracts", () => {
  it("get usage, and say which of a list cannot be", async () => {
    const { refusals } = await accrete.contracts.recordUsage([
      { line: { externalId: "A1" }, fromOn: "2025-10-01", untilOn: "2025-11-01", amount: "10.00" },
    ]);
    expect(refusals).toMatchObject([{ index: 0 }]);
  });

  it("lose lines that should never have been there", async () => {
    const deleted = await accrete.contracts.deleteLines([{ externalId: "C1" }]);
    expect(deleted).toMatchObject({ versionCount: 1, movementsAppended: 0, movementsReversed: 2 });
    expect((await accrete.accounts.get({ externalId: "c" }, { on: "2025-10-31" })).arr).toBe("0.00");
  });
});

describe("the workspace", () => {
  it("has settings, of which those that are left out stay", async () => {
    const set = await accrete.workspace.set({ closedPeriodTreatment: "RESTATE", fiscalYearStartMonth: 2 });
    expect(set).toMatchObject({ closedPeriodTreatment: "RESTATE", fiscalYearStartMonth: 2, reportingCurrency: "USD" });
    const back = await accrete.workspace.set({ closedPeriodTreatment: "REFUSE" });
    expect(back).toMatchObject({ closedPeriodTreatment: "REFUSE", fiscalYearStartMonth: 2 });
  });

  it("closes a period, refuses facts about its days, and opens it again", async () => {
    const closed = await accrete.workspace.closePeriod({ ...quarter("2025-Q3"), note: "board report" });
    expect((await accrete.workspace.closedPeriods()).nodes).toEqual([closed]);
    const [first] = await ofMovements("m");
    await expect(
      accrete.movements.correct([{ movementId: first?.id ?? "", change: { effectiveOn: "2025-08-01" } }]),
    ).rejects.toMatchObject({ code: "PERIOD_CLOSED" });
    const reopened = await accrete.workspace.reopenPeriod(closed.id);
    expect(reopened.reopenedVersion).not.toBeNull();
    expect((await accrete.workspace.closedPeriods()).totalCount).toBe(0);
    expect((await accrete.workspace.closedPeriods({ state: "ALL" })).totalCount).toBe(1);
  });

  const ofMovements = async (externalId: string) =>
    (await accrete.movements.list({ accountExternalIds: [externalId] })).nodes;
});
