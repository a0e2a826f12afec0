// The model's metrics against figures worked by hand, the worked example of docs/metrics first.

import { builtInPolicy } from "@accrete/db/policies/policy.ts";
import { describe, expect, it } from "vitest";
import { booksOf, dollarSettings } from "./books.ts";
import { line, plan } from "./build.ts";
import { dayOf } from "./calendar.ts";
import type { AccountFact, RateFacts, ReadyMovement } from "./facts.ts";
import { sumOf } from "./fraction.ts";
import { answer } from "./metrics.ts";
import { type ModelQuestion, viewOf } from "./question.ts";
import { ratiosOf, topDriverOf } from "./ratios.ts";
import type { ModelRow } from "./rows.ts";
import type { Facts } from "./scene.ts";

type Words = Partial<Omit<ModelQuestion, "from" | "until" | "policy">> & { policy?: Partial<ModelQuestion["policy"]> };
type Told = Partial<Facts> & { readonly movements?: readonly ReadyMovement[]; readonly rates?: RateFacts };

function ask({ movements = [], rates, ...facts }: Told, from: string, until: string, { policy, ...words }: Words = {}) {
  const question: ModelQuestion = {
    from: dayOf(from),
    until: dayOf(until),
    grain: "WHOLE",
    groupBy: [],
    groupByAttributes: [],
    cohortGrain: "MONTH",
    filter: {},
    policy: { ...builtInPolicy, ...policy },
    todayOn: dayOf(until),
    ...words,
  };
  const all = { accounts: [], merges: [], lines: [], usage: [], ready: movements, ...facts };
  return answer(booksOf(all, { ...dollarSettings, ...(rates ? { rates } : {}) }, viewOf(question)), question);
}

let made = 0;
/** A movement of whole dollars; the type and the driver in one word list, such as "EXPANSION SEAT". */
function moved(
  accountId: string,
  on: string,
  words: string,
  dollars: number,
  rest: Partial<ReadyMovement> = {},
): ReadyMovement {
  const [type = "NEW", driver = null] = words.split(" ") as [ReadyMovement["type"], ReadyMovement["driver"]];
  made += 1;
  return {
    movementId: `m${made}`,
    accountId,
    on: dayOf(on),
    type,
    driver,
    amount: BigInt(dollars) * 100n,
    currency: "USD",
    plan: null,
    kind: null,
    isAddOn: false,
    motion: null,
    campaign: null,
    bookedOn: null,
    ...rest,
  };
}

const dollars = (minor: bigint | null) => (minor === null ? null : Number(minor) / 100);

function figures(row: ModelRow) {
  return {
    group: row.group,
    opening: dollars(row.opening),
    expansion: dollars(sumOf(Object.values(row.expansion))),
    contraction: dollars(sumOf(Object.values(row.contraction))),
    closing: dollars(row.closing),
    transferIn: dollars(row.transferIn),
    transferOut: dollars(row.transferOut),
  };
}

describe("the model's metrics", () => {
  it("give the worked example of Q4 2025, by segment and in total", () => {
    const many = (count: number, name: string, each: number) =>
      Array.from({ length: count }, (_, index) => moved(`${name}${index}`, "2025-01-01", "NEW", each));
    const split = (account: string, [seat, tier, addOn, less]: [number, number, number, number]) => [
      moved(account, "2025-10-10", "EXPANSION SEAT", seat),
      moved(account, "2025-11-10", "EXPANSION TIER", tier),
      moved(account, "2025-12-10", "EXPANSION ADD_ON", addOn),
      moved(account, "2025-12-31", "CONTRACTION SEAT", -less),
    ];
    const movements = [
      ...many(10, "e", 210_000),
      ...many(20, "m", 70_000),
      ...many(35, "s", 20_000),
      ...split("e1", [220_000, 70_000, 30_000, 25_000]),
      ...split("m1", [45_000, 110_000, 30_000, 38_000]),
      ...split("s1", [15_000, 15_000, 65_000, 21_000]),
    ];
    const { rows, total } = ask({ movements }, "2025-10-01", "2026-01-01", { groupBy: ["SEGMENT"] });
    const table = [...rows, total].map((row) => ({
      segment: row.group[0] ?? null,
      opening: dollars(row.opening),
      expansion: dollars(sumOf(Object.values(row.expansion))),
      contraction: dollars(sumOf(Object.values(row.contraction))),
      net: ratiosOf(row, "NONE").netExpansionRate,
      top: topDriverOf(row),
    }));
    expect(table).toEqual([
      {
        segment: "Enterprise",
        opening: 2_100_000,
        expansion: 320_000,
        contraction: 25_000,
        net: "0.140476",
        top: "SEAT",
      },
      {
        segment: "Mid-Market",
        opening: 1_400_000,
        expansion: 185_000,
        contraction: 38_000,
        net: "0.105000",
        top: "TIER",
      },
      { segment: "SMB", opening: 700_000, expansion: 95_000, contraction: 21_000, net: "0.105714", top: "ADD_ON" },
      { segment: null, opening: 4_200_000, expansion: 600_000, contraction: 84_000, net: "0.122857", top: "SEAT" },
    ]);
    expect(ratiosOf(total, "NONE")).toMatchObject({ grossExpansionRate: "0.142857", nrr: "1.122857" });
    expect(dollars(total.closing)).toBe(4_716_000);
  });

  it("give NRR 90 % and GRR 80 % for opening 100, churn 10, contraction 10, expansion 10", () => {
    const movements = [
      moved("stays", "2025-01-01", "NEW", 50),
      moved("leaves", "2025-01-01", "NEW", 10),
      moved("shrinks", "2025-01-01", "NEW", 40),
      moved("stays", "2025-02-10", "EXPANSION SEAT", 10),
      moved("leaves", "2025-02-10", "CHURN", -10),
      moved("shrinks", "2025-02-10", "CONTRACTION SEAT", -10),
    ];
    const { total } = ask({ movements }, "2025-02-01", "2025-03-01");
    expect(ratiosOf(total, "NONE")).toMatchObject({ nrr: "0.900000", grr: "0.800000", logoChurnRate: "0.333333" });
  });

  it("give gross 15 % and net 10 % for 1,000,000 + 150,000 − 50,000", () => {
    const movements = [
      moved("a", "2025-01-01", "NEW", 1_000_000),
      moved("a", "2025-02-10", "EXPANSION SEAT", 150_000),
      moved("a", "2025-02-11", "CONTRACTION SEAT", -50_000),
    ];
    const { total } = ask({ movements }, "2025-02-01", "2025-03-01");
    expect(ratiosOf(total, "NONE")).toMatchObject({ grossExpansionRate: "0.150000", netExpansionRate: "0.100000" });
  });

  it("annualize a logo churn of 15 % a quarter to 60 % simple, and compound to 1 − 0.85⁴ = 47.80 %", () => {
    const movements = Array.from({ length: 20 }, (_, index) => [
      moved(`a${index}`, "2024-01-01", "NEW", 1),
      ...(index < 3 ? [moved(`a${index}`, "2025-02-10", "CHURN", -1)] : []),
    ]).flat();
    const { total } = ask({ movements }, "2025-01-01", "2025-04-01");
    expect(ratiosOf(total, "NONE").logoChurnRate).toBe("0.150000");
    expect(ratiosOf(total, "SIMPLE").logoChurnRate).toBe("0.600000");
    expect(ratiosOf(total, "COMPOUND").logoChurnRate).toBe("0.477994");
  });

  it("annualize an expansion of 15 % a quarter to 60 % simple and 74.90 % compound", () => {
    const movements = [moved("a", "2024-01-01", "NEW", 100), moved("a", "2025-02-10", "EXPANSION SEAT", 15)];
    const { total } = ask({ movements }, "2025-01-01", "2025-04-01");
    expect(ratiosOf(total, "SIMPLE").grossExpansionRate).toBe("0.600000");
    expect(ratiosOf(total, "COMPOUND").grossExpansionRate).toBe("0.749006");
  });

  it("see ups and downs as events and only the difference as a snapshot, shared over the drivers that rose", () => {
    const movements = [
      moved("a", "2025-01-01", "NEW", 100),
      moved("a", "2025-02-01", "EXPANSION SEAT", 60),
      moved("a", "2025-02-02", "EXPANSION TIER", 30),
      moved("a", "2025-02-03", "CONTRACTION PRICE", -30),
    ];
    const event = ask({ movements }, "2025-02-01", "2025-03-01").total;
    expect(dollars(event.expansion.SEAT + event.expansion.TIER)).toBe(90);
    expect(dollars(event.contraction.PRICE)).toBe(30);
    const snapshot = ask({ movements }, "2025-02-01", "2025-03-01", { policy: { method: "SNAPSHOT" } }).total;
    expect([dollars(snapshot.expansion.SEAT), dollars(snapshot.expansion.TIER)]).toEqual([40, 20]);
    expect(dollars(snapshot.contraction.PRICE)).toBe(0);
  });

  it("move the balance of a changed plan out of the old row and into the new one, and 0 over all rows", () => {
    const starter = plan("starter", 1);
    const professional = plan("professional", 2);
    const lines = [
      line({ lineId: "l", plan: starter, unitPrice: "100", from: "2025-01-01", until: "2025-02-10" }),
      line({ lineId: "l", plan: professional, unitPrice: "150", from: "2025-02-10" }),
    ];
    const { rows, total } = ask({ lines }, "2025-02-01", "2025-03-01", { groupBy: ["PLAN"] });
    expect(rows.map(figures)).toEqual([
      {
        group: ["professional"],
        opening: 0,
        expansion: 50,
        contraction: 0,
        closing: 150,
        transferIn: 100,
        transferOut: 0,
      },
      { group: ["starter"], opening: 100, expansion: 0, contraction: 0, closing: 0, transferIn: 0, transferOut: 100 },
    ]);
    expect([dollars(total.transferIn), dollars(total.transferOut)]).toEqual([100, 100]);
  });

  it("move the balance with its account's attribute, and read nrr by the value at the start", () => {
    const said = (from: string, channel: string): AccountFact => ({
      accountId: "a",
      from: dayOf(from),
      name: "A",
      parentId: null,
      channel,
      region: null,
      industry: null,
      owner: null,
      attributes: {},
    });
    const movements = [moved("a", "2025-01-01", "NEW", 100), moved("a", "2025-02-20", "EXPANSION SEAT", 20)];
    const accounts = [said("1990-01-01", "direct"), said("2025-02-10", "partner")];
    const { rows } = ask({ movements, accounts }, "2025-02-01", "2025-03-01", { groupBy: ["CHANNEL"] });
    expect(rows.map(figures)).toEqual([
      { group: ["direct"], opening: 100, expansion: 0, contraction: 0, closing: 0, transferIn: 0, transferOut: 100 },
      { group: ["partner"], opening: 0, expansion: 20, contraction: 0, closing: 120, transferIn: 100, transferOut: 0 },
    ]);
    expect(rows.map((row) => ratiosOf(row, "NONE").nrr)).toEqual(["1.200000", null]);
  });

  it("move the opening balance to the closing band where segments are read at the end", () => {
    const movements = [moved("a", "2025-01-01", "NEW", 20_000), moved("a", "2025-02-20", "EXPANSION SEAT", 10_000)];
    const { rows } = ask({ movements }, "2025-02-01", "2025-03-01", {
      groupBy: ["SEGMENT"],
      policy: { segmentAt: "CLOSING" },
    });
    expect(rows.map(figures)).toEqual([
      {
        group: ["Mid-Market"],
        opening: 0,
        expansion: 10_000,
        contraction: 0,
        closing: 30_000,
        transferIn: 20_000,
        transferOut: 0,
      },
      { group: ["SMB"], opening: 20_000, expansion: 0, contraction: 0, closing: 0, transferIn: 0, transferOut: 20_000 },
    ]);
  });

  it("put a customer's leaving and coming back at less on the product where it happened, as OTHER", () => {
    const app = { plan: plan("app") };
    const movements = [
      moved("a", "2025-01-01", "NEW", 100, app),
      moved("a", "2025-02-10", "CHURN", -100, app),
      moved("a", "2025-02-20", "REACTIVATION", 70, app),
    ];
    const { rows } = ask({ movements }, "2025-02-01", "2025-03-01", {
      groupBy: ["PRODUCT"],
      policy: { method: "SNAPSHOT" },
    });
    expect(rows.map(figures)).toEqual([
      { group: ["app"], opening: 100, expansion: 0, contraction: 30, closing: 70, transferIn: 0, transferOut: 0 },
    ]);
    expect(rows.map((row) => dollars(row.contraction.OTHER))).toEqual([30]);
  });
});
