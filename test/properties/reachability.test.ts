// What the default run of the properties really meets: each policy value, type, driver, cause and feature, in some random case of it.

import { bridgeCauses } from "@accrete/db/metrics/bridge-cause.ts";
import { balanceDimensions, flowDimensions, grains } from "@accrete/db/metrics/question.ts";
import { drivers } from "@accrete/db/movements/types.ts";
import { policyKeys } from "@accrete/db/policies/policy.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Books, booksOf } from "../model/books.ts";
import { bridgeOf } from "../model/bridge.ts";
import { answer } from "../model/metrics.ts";
import { type ModelQuestion, viewOf } from "../model/question.ts";
import type { ModelRow } from "../model/rows.ts";
import { runs } from "./runs.ts";
import { type Case, settingsOf, someCase, someJourney } from "./taking.ts";

/** How often each thing was met. */
class Met {
  readonly counts = new Map<string, number>();

  note(...names: string[]): void {
    for (const name of names) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** Notes the names whose amounts or facts are there. */
  noteWhere(found: Readonly<Record<string, boolean | bigint | null>>): void {
    for (const [name, is] of Object.entries(found)) if (is !== null && is !== 0n && is !== false) this.note(name);
  }
}

function noteRow(met: Met, row: ModelRow): void {
  met.noteWhere({
    NEW: row.new,
    REACTIVATION: row.reactivation,
    CHURN: row.churned,
    "a return as expansion": row.returned,
    "prices apart": row.priceUplift,
    "discounts apart": row.discountChange,
    "exchange rates": row.fx,
    "transfer in": row.transferIn,
    "transfer out": row.transferOut,
    "beyond the first ARR": row.cumulativeExpansion,
    "lost accounts": row.lostAccounts !== null && row.lostAccounts > 0,
  });
  for (const driver of drivers) {
    met.noteWhere({
      [`EXPANSION ${driver}`]: row.expansion[driver],
      [`CONTRACTION ${driver}`]: row.contraction[driver],
    });
  }
}

function noteBooks(met: Met, { movements, moves, transfers }: Books, { company, delivery }: Case): void {
  const currencies = new Set(movements.map(({ currency }) => currency));
  for (const currency of currencies) met.note(`currency ${currency}`);
  met.noteWhere({
    "re-parenting": moves.length > 0,
    "several members in a unit": movements.some(({ unitId, accountId }) => unitId !== accountId),
    "lines and ready-made movements in a unit": movements.some(
      ({ unitId, lineId }) => lineId === null && movements.some((one) => one.unitId === unitId && one.lineId !== null),
    ),
    "a transfer between plans": transfers.some(({ fromPlanId, toPlanId }) => fromPlanId !== toPlanId),
    "a transfer between lines": transfers.some(({ fromLineId, toLineId }) => fromLineId !== toLineId),
    merges: company.merges.length > 0,
    "usage periods": company.usage.length > 0,
    "metered ARR from usage": movements.some(
      ({ driver, lineId }) => driver === "USAGE" && company.usage.some((period) => period.lineId === lineId),
    ),
  });
  for (const step of delivery.steps) met.note("act" in step ? `act ${step.act}` : `file ${step.kind}`);
}

function noteQuestion(met: Met, { policy, grain, groupBy, groupByAttributes, filter }: ModelQuestion): void {
  for (const [key, value] of Object.entries(policy)) if (key in policyKeys) met.note(`${key} ${value}`);
  met.note(policy.reactivationWindowDays === null ? "no window" : "a window", `grain ${grain}`);
  for (const dimension of groupBy) met.note(`by ${dimension}`);
  for (const condition of Object.keys(filter)) met.note(`filter ${condition}`);
  met.noteWhere({ "by an attribute": groupByAttributes.length > 0 });
}

const filters = [
  ...["account", "segment", "channel", "region", "industry", "owner", "parent", "attributes"],
  ...["product", "plan", "currency", "type", "driver", "motion", "campaign"],
];

const expectedToBeMet = [
  ...Object.entries(policyKeys).flatMap(([key, values]) => values.map((value) => `${key} ${value}`)),
  ...["no window", "a window", "by an attribute"],
  ...grains.map((grain) => `grain ${grain}`),
  ...[...balanceDimensions, ...flowDimensions].map((dimension) => `by ${dimension}`),
  ...filters.map((condition) => `filter ${condition}`),
  ...["NEW", "REACTIVATION", "CHURN", "a return as expansion", "prices apart", "discounts apart"],
  ...drivers.flatMap((driver) => [`EXPANSION ${driver}`, `CONTRACTION ${driver}`]),
  ...["exchange rates", "transfer in", "transfer out", "beyond the first ARR", "lost accounts", "a missing rate"],
  ...["USD", "EUR", "JPY", "KWD"].map((currency) => `currency ${currency}`),
  ...["re-parenting", "several members in a unit", "lines and ready-made movements in a unit"],
  ...["a transfer between plans", "a transfer between lines", "merges", "usage periods", "metered ARR from usage"],
  ...["catalog", "accounts", "contract-lines", "movements", "usage"].map((kind) => `file ${kind}`),
  ...["delete", "correct", "withdraw"].map((act) => `act ${act}`),
  // RE_PARENTING takes several coincidences: test/model/groups.test.ts makes one.
  ...bridgeCauses.filter((cause) => cause !== "RE_PARENTING").map((cause) => `cause ${cause}`),
];

describe("the default run of the properties", () => {
  it("meets every policy value, type, driver, cause, dimension, condition and feature", () => {
    const met = new Met();
    // Those of metrics.test.ts and of books.test.ts.
    for (const one of [...fc.sample(someCase, runs(50)), ...fc.sample(someJourney, runs(50, 1))]) {
      for (const question of one.questions) {
        const books = booksOf(one.company, settingsOf(one.company), viewOf(question));
        noteQuestion(met, question);
        noteBooks(met, books, one);
        const { rows, total, misses } = answer(books, question);
        met.noteWhere({ "a missing rate": misses.length > 0 });
        if (misses.length > 0) continue;
        for (const row of [...rows, total]) noteRow(met, row);
        for (const cause of bridgeOf(books, question)?.keys() ?? []) met.note(`cause ${cause}`);
      }
    }
    expect(expectedToBeMet.filter((name) => !met.counts.has(name))).toEqual([]);
  });
});
