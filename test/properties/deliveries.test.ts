// The random facts and files themselves: what the properties rest on has to be as varied as they assume.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { someCompany } from "../model/companies.ts";
import type { LineFact } from "../model/facts.ts";
import { type Act, someDelivery } from "./deliveries.ts";

const someCase = someCompany({
  accountsMax: 4,
  currencies: ["USD", "USD", "EUR"],
  merges: "some",
  usage: "some",
}).chain((company) => fc.record({ company: fc.constant(company), delivery: someDelivery(company) }));

const cases = fc.sample(someCase, { seed: 1, numRuns: 300 });

/** In how many of a hundred cases it is so. */
function percentage(isSo: (one: (typeof cases)[number]) => boolean): number {
  return (100 * cases.filter(isSo).length) / cases.length;
}

const hasLine = (isSo: (line: LineFact, all: readonly LineFact[]) => boolean) =>
  percentage(({ company }) => company.lines.some((line) => isSo(line, company.lines)));

describe("random companies and deliveries", () => {
  it("have each peculiarity of lines in at least one of twenty companies", () => {
    const isContinued = (line: LineFact, all: readonly LineFact[]) =>
      all.filter((other) => other.lineId === line.lineId && other.from === line.until);
    const met = {
      booked: hasLine((line) => line.bookedOn !== null),
      addOn: hasLine((line) => line.isAddOn),
      percent: hasLine((line) => line.discountPercent !== null),
      amount: hasLine((line) => line.discountAmount !== null),
      otherPlan: hasLine((line, all) => isContinued(line, all).some((next) => next.plan !== line.plan)),
      otherKind: hasLine((line, all) => isContinued(line, all).some((next) => next.kind !== line.kind)),
      otherCurrency: hasLine((line, all) => isContinued(line, all).some((next) => next.currency !== line.currency)),
      otherAccount: hasLine((line, all) => isContinued(line, all).some((next) => next.accountId !== line.accountId)),
      gap: hasLine(
        (line, all) =>
          isContinued(line, all).length === 0 &&
          all.some((later) => later.lineId === line.lineId && later.from > (line.until ?? later.from)),
      ),
      open: hasLine((line) => line.until === null),
      ended: hasLine((line, all) => line.until !== null && isContinued(line, all).length === 0),
      startsWhereOneEnds: hasLine((line, all) =>
        all.some(
          (other) => other.accountId === line.accountId && other.lineId !== line.lineId && other.until === line.from,
        ),
      ),
      parent: percentage(({ company }) => company.accounts.some(({ parentId }) => parentId !== null)),
      readyMade: percentage(({ company }) => company.ready.length > 0),
    };
    for (const [name, share] of Object.entries(met)) expect(share, name).toBeGreaterThanOrEqual(5);
  });

  it("arrive with mistakes, gaps and repeats in at least one of twenty deliveries", () => {
    const filesOf = ({ delivery }: (typeof cases)[number]) => delivery.steps.filter((step) => "kind" in step);
    const ofKind = (one: (typeof cases)[number], kind: string) => filesOf(one).filter((file) => file.kind === kind);
    const rowsOf = (one: (typeof cases)[number], kind: string) =>
      ofKind(one, kind).flatMap((file) => file.text.trim().split("\n"));
    const has = (act: Act["act"]) =>
      percentage(({ delivery }) => delivery.steps.some((step) => "act" in step && step.act === act));
    const met = {
      correctedLines: percentage((one) => rowsOf(one, "contract-lines").length > one.company.lines.length + 3),
      correctedCatalog: percentage((one) => ofKind(one, "catalog").length > 1),
      severalFilesOfLines: percentage((one) => ofKind(one, "contract-lines").length > 2),
      correctedUsage: percentage((one) => rowsOf(one, "usage").length > one.company.usage.length + 1),
      bothFormats: percentage((one) => new Set(filesOf(one).map(({ format }) => format)).size === 2),
      deletedLines: has("delete"),
      correctedMovements: has("correct"),
      withdrawnMovements: has("withdraw"),
      merges: percentage(({ company }) => company.merges.length > 0),
    };
    for (const [name, share] of Object.entries(met)) expect(share, name).toBeGreaterThanOrEqual(5);
  });
});
