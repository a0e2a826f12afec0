// The product's derivation against the naive model, on random histories of contract lines, in memory.

import { lineArrMinor } from "@accrete/db/contracts/value.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { someCompany } from "../model/companies.ts";
import { byText, type LineFact } from "../model/facts.ts";
import { sumOf } from "../model/fraction.ts";
import { someDay, someLineHistory } from "../model/histories.ts";
import { deriveLedger, linesOn } from "../model/ledger.ts";
import { sceneOf, sceneOfLines } from "../model/scene.ts";
import { arrOfLine, arrOfLines } from "../model/value.ts";
import { asText, deriveByProduct, versionOf } from "./product.ts";
import { runs, timeoutMs } from "./runs.ts";

const histories = someLineHistory({ accountsMax: 2, currencies: ["USD", "USD", "USD", "USD", "EUR", "JPY", "KWD"] });

const daysOf = (lines: readonly LineFact[]) =>
  [...new Set(lines.flatMap((line) => [line.from, line.until ?? line.from]))].sort((a, b) => a - b);

/** Whole companies with parents, merges and usage, and the units and kinds of lines that a policy makes of them. */
const views = someCompany({
  accountsMax: 5,
  currencies: ["USD", "USD", "EUR", "JPY"],
  merges: "some",
  usage: "some",
}).chain((company) =>
  fc.record({
    company: fc.constant(company),
    view: fc.record({
      accountLevel: fc.constantFrom("ACCOUNT", "ULTIMATE_PARENT", "ULTIMATE_PARENT", "ULTIMATE_PARENT"),
      hierarchyAt: fc.constantFrom("LIVE", "AS_OF_EVENT", "AS_OF_EVENT"),
      usage: fc.constantFrom("BILLED_RECURRING", "COMMITTED", "EXCLUDE"),
      hierarchyOn: someDay,
    } as const),
  }),
);

describe("the derivation of units", () => {
  it(
    "equals the model's ledger under every level, hierarchy and usage, with merges, re-parenting and ready-made movements in groups",
    () => {
      fc.assert(
        fc.property(views, ({ company, view }) => {
          const scene = sceneOf(company, view);
          expect(asText(deriveByProduct(company.plans, scene)).sort(byText)).toEqual(
            asText(deriveLedger(scene)).sort(byText),
          );
        }),
        runs(500),
      );
    },
    timeoutMs,
  );
});

describe("the derivation, on random histories of contract lines", () => {
  it(
    "values every line as the model does",
    () => {
      fc.assert(
        fc.property(histories, ({ lines }) => {
          for (const line of lines) expect(lineArrMinor(versionOf(line))).toBe(arrOfLine(line));
        }),
        runs(500),
      );
    },
    timeoutMs,
  );

  it(
    "equals the model's ledger: every type, driver, amount, line, day and transfer, in the ledger's order",
    () => {
      fc.assert(
        fc.property(histories, ({ plans, lines }) => {
          expect(asText(deriveByProduct(plans, sceneOfLines(lines)))).toEqual(
            asText(deriveLedger(sceneOfLines(lines))),
          );
        }),
        runs(500),
      );
    },
    timeoutMs,
  );

  it(
    "sums to each account's ARR on every day, in every currency: the residual is 0, and ARR is never negative",
    () => {
      fc.assert(
        fc.property(histories, ({ plans, lines }) => {
          const { movements } = deriveByProduct(plans, sceneOfLines(lines));
          for (const like of lines) {
            const own = lines.filter((line) => line.accountId === like.accountId && line.currency === like.currency);
            const moved = movements.filter(
              (entry) => entry.accountId === like.accountId && entry.currency === like.currency,
            );
            for (const day of daysOf(lines)) {
              const arr = sumOf(moved.filter((entry) => entry.on <= day).map((entry) => entry.amount));
              expect(arr).toBe(arrOfLines(linesOn(own, day)));
              expect(arr >= 0n).toBe(true);
            }
          }
        }),
        runs(500),
      );
    },
    timeoutMs,
  );

  it(
    "gives every movement the sign of its type, NEW once and first, and CHURN only down to exactly 0",
    () => {
      fc.assert(
        fc.property(histories, ({ plans, lines }) => {
          const { movements } = deriveByProduct(plans, sceneOfLines(lines));
          for (const accountId of new Set(lines.map((line) => line.accountId))) {
            const own = movements.filter((entry) => entry.accountId === accountId);
            const first = own[0];
            for (const { type, driver, amount, on } of own) {
              const before = own.filter((entry) => entry.on < on).map((entry) => entry.amount);
              const after = own.filter((entry) => entry.on <= on).map((entry) => entry.amount);
              expect(amount > 0n).toBe(type === "NEW" || type === "REACTIVATION" || type === "EXPANSION");
              expect(amount).not.toBe(0n);
              expect(driver !== null).toBe(type === "EXPANSION" || type === "CONTRACTION");
              expect(type === "NEW").toBe(on === first?.on);
              expect(type === "NEW" || type === "REACTIVATION").toBe(sumOf(before) === 0n);
              expect(type === "CHURN").toBe(sumOf(after) === 0n);
            }
          }
        }),
        runs(500),
      );
    },
    timeoutMs,
  );

  it(
    "does not depend on the order in which the facts are given",
    () => {
      fc.assert(
        fc.property(
          histories.chain((history) =>
            fc.record({
              history: fc.constant(history),
              shuffled: fc.shuffledSubarray([...history.lines], { minLength: history.lines.length }),
            }),
          ),
          ({ history: { plans, lines }, shuffled }) => {
            const reordered = asText(deriveByProduct(plans, sceneOfLines(shuffled))).sort(byText);
            expect(reordered).toEqual(asText(deriveByProduct(plans, sceneOfLines(lines))).sort(byText));
          },
        ),
        runs(500),
      );
    },
    timeoutMs,
  );
});
