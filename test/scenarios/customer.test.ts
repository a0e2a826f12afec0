// One customer's two years, from the first contract to the return, told by its contract lines and asked through the SDK.

import { quarter, year } from "@accrete/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Company, catalog, company, lineColumns } from "./company.ts";

let acme: Company;

beforeAll(async () => {
  acme = await company();
  await acme.send("catalog", ...catalog);
  await acme.send("accounts", "account_id,name,channel", "acme,Acme,Partner");
  const sent = await acme.send(
    "contract-lines",
    lineColumns,
    // Ten seats of the starter plan at 20 a month: 10 × 20 × 12 = 2,400.
    "L1,C1,acme,planner,starter,false,2024-01-15,2024-04-01,10,20,,MONTH,USD",
    // Five seats more.
    "L1,C1,acme,planner,starter,false,2024-04-01,2024-07-01,15,20,,MONTH,USD",
    // The pro plan at 30: 15 × 30 × 12 = 5,400.
    "L1,C1,acme,planner,pro,false,2024-07-01,2025-01-15,15,30,,MONTH,USD",
    // Renewed at 33, with 10 % off: 5,940 by list, 5,346 to pay.
    "L1,C1,acme,planner,pro,false,2025-01-15,2025-09-01,15,33,10,MONTH,USD",
    // Three seats less: 12 × 33 × 12 × 90 % = 4,276.80.
    "L1,C1,acme,planner,pro,false,2025-09-01,2025-10-01,12,33,10,MONTH,USD",
    // A module of the same family, and a product of another.
    "L2,C1,acme,reports,reports-one,true,2025-03-01,2025-10-01,1,100,,MONTH,USD",
    "L3,C1,acme,signals,signals-one,false,2025-06-01,2025-10-01,1,250,,MONTH,USD",
    // Back after two months with five seats: 5 × 33 × 12 = 1,980.
    "L4,C2,acme,planner,pro,false,2025-12-01,,5,33,,MONTH,USD",
  );
  expect(sent).toMatchObject({ status: 200, rowsRead: 8, rowsChanged: 8, rowsRefused: 0 });
});

afterAll(() => acme?.close());

describe("a customer's two years", () => {
  it("are one ledger, in which each change has its type and its driver", async () => {
    expect(await acme.ledgerOf("acme")).toEqual([
      "2024-01-15 NEW 2400.00",
      "2024-04-01 EXPANSION SEAT 1200.00",
      "2024-07-01 EXPANSION TIER 1800.00",
      "2025-01-15 EXPANSION PRICE 540.00",
      "2025-01-15 CONTRACTION DISCOUNT -594.00",
      "2025-03-01 EXPANSION ADD_ON 1200.00",
      "2025-06-01 EXPANSION CROSS_SELL 3000.00",
      "2025-09-01 CONTRACTION SEAT -1069.20",
      "2025-10-01 CHURN -4276.80",
      "2025-10-01 CHURN -1200.00",
      "2025-10-01 CHURN -3000.00",
      "2025-12-01 REACTIVATION 1980.00",
    ]);
  });

  it("give the first quarter of the second year its expansion, its contraction and its NRR", async () => {
    const { total, rows, residual, currency } = await acme.accrete.metrics.expansion({ window: quarter("2025-Q1") });
    expect(total).toMatchObject({
      openingArr: "5400.00",
      expansionArr: "1740.00",
      contractionArr: "594.00",
      netExpansionArr: "1146.00",
      churnedArr: "0.00",
      closingArr: "6546.00",
      // 6,546 ÷ 5,400 and min(6,546, 5,400) ÷ 5,400; 1,740 ÷ 5,400; 1,146 ÷ 5,400.
      nrr: "1.212222",
      grr: "1.000000",
      grossExpansionRate: "0.322222",
      netExpansionRate: "0.212222",
      topDriver: "ADD_ON",
      expandingAccounts: 1,
      movementCount: 3,
    });
    expect(total.expansion).toMatchObject({ price: "540.00", addOn: "1200.00", seat: "0.00" });
    expect(total.contraction).toMatchObject({ discount: "594.00" });
    expect({ rows, residual, currency }).toEqual({
      rows: [expect.objectContaining({ nrr: "1.212222" })],
      residual: "0.00",
      currency: "USD",
    });
  });

  it("count as churn and as reactivation in the last quarter, but as one kept customer between its ends", async () => {
    const question = { window: quarter("2025-Q4") };
    const { total: byEvent } = await acme.accrete.metrics.expansion(question);
    expect(byEvent).toMatchObject({
      openingArr: "8476.80",
      churnedArr: "8476.80",
      reactivationArr: "1980.00",
      contractionArr: "0.00",
      closingArr: "1980.00",
      // 1,980 ÷ 8,476.80, the same in both methods: NRR looks at the ends only.
      nrr: "0.233579",
      logoChurnRate: "0.000000",
      churnedAccounts: 1,
      reactivatedAccounts: 1,
    });
    const { total: bySnapshot } = await acme.accrete.metrics.expansion({ ...question, policy: { method: "SNAPSHOT" } });
    expect(bySnapshot).toMatchObject({
      churnedArr: "0.00",
      reactivationArr: "0.00",
      contractionArr: "6496.80",
      nrr: "0.233579",
      churnedAccounts: 0,
    });
  });

  it("move balances between the plans without any of it being expansion", async () => {
    const { rows, total } = await acme.accrete.metrics.expansion({ window: quarter("2024-Q3"), groupBy: ["PLAN"] });
    expect(
      rows.map(({ group, openingArr, transferOutArr, transferInArr, expansionArr, closingArr }) => [
        group.plan,
        openingArr,
        transferOutArr,
        transferInArr,
        expansionArr,
        closingArr,
      ]),
    ).toEqual([
      ["pro", "0.00", "0.00", "3600.00", "1800.00", "5400.00"],
      ["starter", "3600.00", "3600.00", "0.00", "0.00", "0.00"],
    ]);
    expect(total).toMatchObject({
      openingArr: "3600.00",
      expansionArr: "1800.00",
      closingArr: "5400.00",
      transferInArr: "3600.00",
      transferOutArr: "3600.00",
    });
  });

  it("add up by quarter to the year, and by month in MRR", async () => {
    const { rows, total } = await acme.accrete.metrics.expansion({ window: year("2025"), grain: "QUARTER" });
    expect(rows.map(({ period, expansionArr }) => [period.label, expansionArr])).toEqual([
      ["2025-Q1", "1740.00"],
      ["2025-Q2", "3000.00"],
      ["2025-Q3", "0.00"],
      ["2025-Q4", "0.00"],
    ]);
    expect(total.expansionArr).toBe("4740.00");
    const monthly = await acme.accrete.metrics.expansion({ window: year("2025"), unit: "MRR" });
    expect(monthly.total).toMatchObject({ openingArr: "450.00", expansionArr: "395.00", closingArr: "165.00" });
  });

  it("can be read account by account, on any day", async () => {
    const account = await acme.accrete.accounts.get({ externalId: "acme" }, { on: "2025-08-31" });
    expect(account).toMatchObject({
      name: "Acme",
      channel: "Partner",
      source: "LINES",
      arr: "9546.00",
      segment: "SMB",
      firstArrOn: "2024-01-15",
    });
    const byId = await acme.accrete.accounts.get({ id: account.id }, { on: "2025-11-30" });
    expect(byId).toMatchObject({ externalId: "acme", arr: "0.00", segment: null });
    const page = await acme.accrete.accounts.list({ channel: ["Partner"] });
    expect([page.totalCount, page.nodes[0]?.externalId, page.hasNextPage]).toEqual([1, "acme", false]);
  });
});
