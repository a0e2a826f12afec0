// What a figure says of itself: its formula, the formula with the numbers in it, and what other policies would make of it.

import type { MetricsRow } from "@accrete/db/metrics/answer.ts";
import { emptyRow } from "@accrete/db/metrics/empty.ts";
import { askAlternatives, explainKeys } from "@accrete/db/metrics/explain.ts";
import { type Metric, type MetricEntry, metrics, metricTable } from "@accrete/db/metrics/formula-table.ts";
import { formulaTextOf, metricText } from "@accrete/db/metrics/formula-text.ts";
import { wholePeriod } from "@accrete/db/metrics/periods.ts";
import { alternativesOf } from "@accrete/db/metrics/policy-words.ts";
import type { Dimension, MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { builtInPolicy, type Policy, settableKeys } from "@accrete/db/policies/policy.ts";
import { schema } from "@accrete/schema/index.ts";
import { isObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type Books, booksOf, wholeQuestion, windowOf } from "../metrics/books.ts";
import { writeCompany } from "../metrics/company.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { computed } from "./computing.ts";

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

/** The policy keys behind one or several metrics of a row. */
async function explained(place: World, question: MetricsQuestion, row: MetricsRow, ...named: readonly Metric[]) {
  return place.read(async (tx) => {
    const policy = { ...builtInPolicy, ...question.policy, preset: null };
    const asked = { ...question, period: row.period, group: row.group };
    const alternatives = await askAlternatives(tx, question, asked, row, policy);
    return named.map((metric) => ({
      metric,
      keys: explainKeys(metric, row, alternatives, { policy, currency: "USD" }),
    }));
  });
}

describe("the formula of every metric", () => {
  const askings: readonly { groupBy: readonly Dimension[]; method: "EVENT" | "SNAPSHOT" }[] = [
    { groupBy: [], method: "EVENT" },
    { groupBy: ["SEGMENT"], method: "SNAPSHOT" },
    { groupBy: ["PRODUCT"], method: "EVENT" },
    { groupBy: ["DRIVER"], method: "EVENT" },
  ];

  test.each(askings)(
    "computes to its value with the numbers put in: $groupBy under $method",
    async ({ groupBy, method }) => {
      const { rows, total } = await books.ask({ window, groupBy, policy: { method, priceIncrease: "SEPARATE" } });
      for (const row of [...rows, total]) {
        for (const metric of metrics) {
          const { value, formula, withNumbers, parts } = formulaTextOf(metric, row, {
            policy: { ...builtInPolicy, method },
            currency: "USD",
          });
          expect(value, metric).toBe(metricText(metric, row, "USD"));
          expect(formula.length, metric).toBeGreaterThan(3);
          if (withNumbers === null)
            expect([value, parts.some((part) => part.value === null) || parts.length === 0]).toEqual([null, true]);
          else expect(computed(metric, withNumbers, row), `${metric}: ${withNumbers}`).toBe(value);
        }
      }
    },
  );

  it("is there for every metric of a row, and of no other", () => {
    const row = schema.getType("MetricsRow");
    if (!isObjectType(row)) throw new Error("no type MetricsRow");
    const fields = Object.keys(row.getFields()).filter((name) =>
      /Arr$|Rate$|Ratio$|^nrr$|^grr$|Share|Accounts$|movementCount|topDriver/.test(name),
    );
    expect(metrics.map((metric) => metricTable[metric].name).sort()).toEqual(fields.sort());
  });

  it("names only what it can put a number to", async () => {
    const { total } = await books.ask({ window });
    for (const metric of metrics) {
      const { formula, parts } = formulaTextOf(metric, total, { policy: builtInPolicy, currency: "USD" });
      const entry: MetricEntry = metricTable[metric];
      if ("sum" in entry) continue;
      const known = new Set([...parts.map(({ name }) => name), "the", "driver", "of", "largest"]);
      expect(
        (formula.match(/[a-z][\w.]*\w/g) ?? []).filter((name) => !known.has(name)),
        metric,
      ).toEqual([]);
    }
  });

  it("reads as a person would write it", async () => {
    const place = await world(db);
    const own = booksOf(place);
    await own.account("a");
    await own.move("a", { on: "2024-06-01", what: "NEW", amount: 4_000 });
    await own.move("a", { on: "2025-02-01", what: "EXPANSION/SEAT", amount: 1_550 });
    await own.move("a", { on: "2025-03-01", what: "CONTRACTION/SEAT", amount: -2_000 });
    const { total } = await own.ask({ window });
    const text = (metric: Metric) => formulaTextOf(metric, total, { policy: builtInPolicy, currency: "USD" });
    expect(text("QUICK_RATIO")).toMatchObject({
      name: "quickRatio",
      formula: "(newArr + reactivationArr + expansionArr) ÷ (contractionArr + churnedArr)",
      withNumbers: "(0.00 + 0.00 + 1,550.00) ÷ (2,000.00 + 0.00)",
      value: "0.775000",
    });
    expect(text("NRR")).toEqual({
      metric: "NRR",
      name: "nrr",
      formula: "cohortClosingArr ÷ openingArr",
      withNumbers: "3,550.00 ÷ 4,000.00",
      parts: [
        { name: "cohortClosingArr", meaning: "Σ a(e), of the accounts with a(s) > 0", value: "3550.00" },
        { name: "openingArr", meaning: "Σ a(s)", value: "4000.00" },
      ],
      value: "0.887500",
    });
    expect(text("EXPANSION_TO_NEW_RATIO")).toMatchObject({ withNumbers: "1,550.00 ÷ 0.00", value: null });
    expect(text("NEW_ARR")).toMatchObject({ formula: "Σ NEW", withNumbers: "0.00", value: "0.00" });
    expect(text("NET_NEW_ARR")).toMatchObject({ withNumbers: "3,550.00 − 4,000.00", value: "-450.00" });
  });
});

describe("the words of a formula", () => {
  const words = (metric: Metric, policy: Partial<Policy>) =>
    formulaTextOf(metric, emptyRow(wholePeriod(window)), { policy: { ...builtInPolicy, ...policy }, currency: "USD" });

  it("are those of the policy: at changing rates a flow is of its days, and retention of the opening's rates", () => {
    expect(words("CHURNED_ARR", { method: "SNAPSHOT" }).formula).toBe("Σ a(s) where a(e) = 0");
    expect(words("CHURNED_ARR", { method: "SNAPSHOT", currency: "REPORTED" }).formula).toBe(
      "−Σ movements where a(s) > 0 and a(e) = 0, at the rates of their days",
    );
    expect(words("NEW_ARR", { currency: "REPORTED" }).formula).toBe("Σ NEW, at the rates of their days");
    expect(words("NRR", { currency: "REPORTED" }).parts[0]?.meaning).toBe(
      "Σ a(e) at the opening's rates, of the accounts with a(s) > 0",
    );
    expect(words("GRR", {}).parts[0]?.meaning).toBe("Σ min(a(e); a(s)), of the accounts with a(s) > 0");
    const moving = { accountLevel: "ULTIMATE_PARENT", hierarchyAt: "AS_OF_EVENT" } as const;
    expect(words("NRR", moving).parts[0]?.meaning).toContain("less what accounts brought from other groups");
  });
});

describe("the policy keys behind a figure", () => {
  it("are all of them, each with every other value", () => {
    const found = alternativesOf(builtInPolicy);
    expect([...new Set(found.map(({ key }) => key))].sort()).toEqual([...settableKeys].sort());
    expect(found.filter(({ key }) => key === "reactivation").map(({ value }) => value)).toEqual(["NEW", "EXPANSION"]);
    expect(found.find(({ key }) => key === "reactivationWindowDays")).toMatchObject({ value: "90" });
    expect(alternativesOf({ ...builtInPolicy, reactivationWindowDays: 30 }).at(-1)).toMatchObject({ value: null });
  });

  it("say by how much the figure would differ, and whether they mattered", async () => {
    const place = await world(db);
    const own = booksOf(place);
    await own.account("riser");
    await own.move("riser", { on: "2024-06-01", what: "NEW", amount: 4_000 });
    await own.move("riser", { on: "2025-02-01", what: "EXPANSION/PRICE", amount: 12_000 });
    await own.move("riser", { on: "2025-02-10", what: "EXPANSION/SEAT", amount: 500 });
    await own.move("riser", { on: "2025-02-20", what: "CONTRACTION/SEAT", amount: -200 });
    const question = wholeQuestion({ window });
    const { total } = await own.ask(question);
    const told = await explained(place, question, total, "EXPANSION_ARR", "GROSS_EXPANSION_RATE", "TOP_DRIVER");
    const [keys, rates, top] = told.map((one) => one.keys);
    const of = (key: string) => keys?.find((one) => one.key === key);
    expect(of("method")).toEqual({
      key: "method",
      value: "EVENT",
      mattered: true,
      alternatives: [
        {
          value: "SNAPSHOT",
          figure: "12300.00",
          difference: "-200.00",
          sentence: "only both ends of the period counted: 200.00 less",
          unavailable: null,
        },
      ],
    });
    expect(of("netting")?.alternatives.map(({ sentence }) => sentence)).toEqual([
      "changes netted by day: the same",
      "changes netted by month: 200.00 less",
    ]);
    expect(of("priceIncrease")?.alternatives[0]).toMatchObject({
      difference: "-12000.00",
      sentence: "price uplifts counted separately: 12,000.00 less",
    });
    expect(of("segmentAt")?.mattered).toBe(false);
    expect(rates?.find(({ key }) => key === "method")?.alternatives[0]).toMatchObject({
      figure: "3.075000",
      difference: "-0.050000",
      sentence: "only both ends of the period counted: 0.050000 less",
    });
    expect(top?.find(({ key }) => key === "priceIncrease")?.alternatives[0]).toMatchObject({
      figure: "SEAT",
      difference: null,
      sentence: "price uplifts counted separately: SEAT",
    });
  });

  it("are asked of the row's own group and period, and give the row its own value again", async () => {
    for (const groupBy of [["CHANNEL", "PLAN"], ["DRIVER"], ["SEGMENT"]] as const) {
      const question = wholeQuestion({ window, grain: "QUARTER", groupBy, policy: { method: "SNAPSHOT" } });
      const asEvent = wholeQuestion({ ...question, policy: {} });
      const [snapshot, event] = [await books.ask(question), await books.ask(asEvent)];
      for (const row of snapshot.rows.slice(0, 2)) {
        const same = event.rows.find(
          (one) => one.period.label === row.period.label && JSON.stringify(one.group) === JSON.stringify(row.group),
        );
        if (!same) continue;
        const named = ["EXPANSION_ARR", "CLOSING_ARR", "NRR", "GROSS_EXPANSION_RATE", "MOVEMENT_COUNT"] as const;
        for (const { metric, keys } of await explained(company, question, row, ...named)) {
          const figure = keys.find(({ key }) => key === "method")?.alternatives[0]?.figure;
          expect(figure, `${metric} ${JSON.stringify(row.group)}`).toBe(metricText(metric, same, "USD"));
        }
      }
    }
  });
});
