// Reports that explain a number, on random companies: their lines are the model's, and come to exactly what they explain.

import { askBookings } from "@accrete/db/metrics/bookings.ts";
import { askMethodBridge, type BridgeAmounts } from "@accrete/db/metrics/method-bridge.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import { sumChanges } from "@accrete/db/movements/changes.ts";
import { builtInPolicy } from "@accrete/db/policies/policy.ts";
import { getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookingsOf } from "../model/bookings.ts";
import { booksOf } from "../model/books.ts";
import { type BridgeFlows, bridgeOf } from "../model/bridge.ts";
import { textOf } from "../model/calendar.ts";
import { someCompany } from "../model/companies.ts";
import { byText } from "../model/facts.ts";
import { sumOf } from "../model/fraction.ts";
import { viewOf } from "../model/question.ts";
import { someQuestion } from "../model/questions.ts";
import { converter } from "../model/walk.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { questionOf } from "./answers.ts";
import { someDelivery } from "./deliveries.ts";
import { runs, timeoutMs } from "./runs.ts";
import { storedAccountIds } from "./stored.ts";
import { go, merge, options, placeOf, settingsOf, someCase } from "./taking.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const flowsOf = (amounts: BridgeAmounts): BridgeFlows => ({
  new: amounts.newMinor,
  reactivation: amounts.reactivationMinor,
  expansion: amounts.expansionMinor,
  contraction: amounts.contractionMinor,
  churned: amounts.churnedMinor,
  priceUplift: amounts.priceUpliftMinor,
  discountChange: amounts.discountChangeMinor,
});

describe("the bridge between methods", () => {
  it(
    "has the model's causes, accounts and amounts, and its lines come to EVENT minus SNAPSHOT",
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ company, delivery, questions }) => {
          const place = await placeOf(db, { company, delivery });
          const accountIds = await place.read(storedAccountIds);
          for (const question of questions) {
            const lines = bridgeOf(booksOf(company, settingsOf(company), viewOf(question)), question);
            if (!lines) continue;
            const { window, policy, todayOn } = questionOf(question, accountIds);
            const bridge = await place.read((tx) => askMethodBridge(tx, { window, policy, todayOn, filter: {} }));
            const told = bridge.lines.map(
              ({ cause, accountCount, difference }) =>
                [cause, { accounts: accountCount, difference: flowsOf(difference) }] as const,
            );
            expect(new Map(told), JSON.stringify(question)).toEqual(lines);
            expect(bridge.residualMinor).toBe(0n);
            for (const column of ["new", "reactivation", "expansion", "contraction", "churned"] as const) {
              const explained = sumOf([...lines.values()].map(({ difference }) => difference[column]));
              expect(explained).toBe(flowsOf(bridge.event)[column] - flowsOf(bridge.snapshot)[column]);
            }
          }
        }),
        runs(8, 3),
      );
    },
    timeoutMs,
  );
});

describe("bookings", () => {
  it(
    "tell committed from live ARR as the model does, and the bridges between them leave nothing over",
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase, async ({ company, delivery, questions }) => {
          const place = await placeOf(db, { company, delivery });
          const books = booksOf(company, settingsOf(company));
          for (const question of questions) {
            const window = { fromOn: textOf(question.from), untilOn: textOf(question.until) };
            const asking = () => place.read((tx) => askBookings(tx, { window, filter: {}, asOf: null }));
            const isForeign = books.movements.some(({ currency }) => currency !== books.reportingCurrency);
            if (isForeign && books.rates.constant === null) {
              await expect(asking()).rejects.toMatchObject({ code: "RATE_MISSING" });
              continue;
            }
            const { opening, closing, wentLive, newlySigned, immediate, residualMinor } = await asking();
            const heard = { opening, closing, wentLive, newlySigned, immediate };
            expect(heard, JSON.stringify(window)).toEqual(bookingsOf(books, question, converter(books, "CONSTANT")));
            expect(residualMinor).toBe(0n);
          }
        }),
        runs(8, 4),
      );
    },
    timeoutMs,
  );
});

const inDollars = someCompany({ accountsMax: 4, currencies: ["USD"], merges: "some", usage: "some" }).chain((company) =>
  fc.record({ company: fc.constant(company), delivery: someDelivery(company), question: someQuestion(company) }),
);

describe("what changed a report since it was given", () => {
  it(
    "comes, row by row of the ledger, to exactly the difference of its numbers",
    async () => {
      await fc.assert(
        fc.asyncProperty(inDollars, async ({ company, delivery, question }) => {
          const place = await world(db, options);
          const whole = { ...question, grain: "WHOLE", groupBy: [], groupByAttributes: [], filter: {} } as const;
          const asked = questionOf({ ...whole, policy: builtInPolicy }, new Map());
          const reports: { readonly version: bigint; readonly amounts: Record<string, bigint> }[] = [];
          const report = async () => {
            const { version } = await place.read(getLedgerVersion);
            const { total } = await place.read((tx) => askExpansionMetrics(tx, asked));
            const { money } = total;
            const byDriver = (sums: object) => sumOf(Object.values(sums) as bigint[]);
            const amounts = {
              OPENING: money.openingMinor ?? 0n,
              NEW: money.newMinor,
              REACTIVATION: money.reactivationMinor,
              EXPANSION: byDriver(money.expansionMinor),
              CONTRACTION: -byDriver(money.contractionMinor),
              CHURN: -money.churnedMinor,
            };
            reports.push({ version, amounts });
          };
          for (const step of delivery.steps) {
            await go(db, place, step);
            await report();
          }
          await merge(place, company);
          await report();
          const last = reports.at(-1);
          if (!last) return;
          for (const { version, amounts } of reports) {
            const changes = await place.read((tx) =>
              sumChanges(tx, {
                window: { fromOn: textOf(question.from), untilOn: textOf(question.until) },
                sinceVersion: version,
                untilVersion: last.version,
                filter: {},
                effect: null,
              }),
            );
            for (const name of Object.keys(amounts).sort(byText)) {
              const moved = changes
                .filter(({ effect, type }) => (effect === "OPENING" ? "OPENING" : type) === name)
                .map(({ amountMinor }) => amountMinor);
              expect((amounts[name] ?? 0n) + sumOf(moved), `${name} since ${version}`).toBe(last.amounts[name] ?? 0n);
            }
          }
        }),
        runs(8, 4),
      );
    },
    timeoutMs,
  );
});
