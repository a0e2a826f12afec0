// How a company's facts arrive: in files of some rows each, in any order, at first with mistakes and without what comes later.

import fc from "fast-check";
import type { Company } from "../model/companies.ts";
import type { AccountFact, LineFact, PlanFact, ReadyMovement } from "../model/facts.ts";
import { seldom } from "../model/histories.ts";
import { accountRow, catalogRow, type FactFile, type Format, fileOf, lineRow, movementRow, type Row } from "./files.ts";

export type Delivery = {
  /** In this order they lead to the company's facts, by detours. */
  readonly files: readonly FactFile[];
  /** The company's facts and nothing else, in the order in which they need each other. */
  readonly final: readonly FactFile[];
};

type Stages = { readonly early: readonly Row[]; readonly late: readonly Row[] };

const someFormat = fc.constantFrom<Format[]>("csv", "ndjson");
const now = fc.constantFrom(true, true, true, false);

function shuffled<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length });
}

/** For each value whether it is so. */
function marks(count: number, likely: fc.Arbitrary<boolean>): fc.Arbitrary<boolean[]> {
  return fc.array(likely, { minLength: count, maxLength: count });
}

/** A catalog whose ranks and families were first told otherwise. */
function someCatalogStages(plans: readonly PlanFact[]): fc.Arbitrary<Stages> {
  return fc
    .record({
      isMistaken: fc.boolean(),
      family: fc.constantFrom("core", "extra"),
      ranks: shuffled(plans.map(({ rank }) => rank)),
    })
    .map(({ isMistaken, family, ranks }) => {
      const late = plans.map(catalogRow);
      if (!isMistaken) return { early: late, late: [] };
      const early = plans.map((plan, index) => {
        const rank = plan.rank === null ? null : (ranks[index] ?? plan.rank);
        return catalogRow({ ...plan, family, rank });
      });
      return { early, late };
    });
}

/** Accounts that were first told with another channel and no attributes, or without their later facts. */
function someAccountStages(facts: readonly AccountFact[]): fc.Arbitrary<Stages> {
  return fc
    .record({ right: marks(facts.length, now), known: marks(facts.length, now), resent: fc.boolean() })
    .map(({ right, known, resent }) => {
      const isFirst = (fact: AccountFact) => facts.find(({ accountId }) => accountId === fact.accountId) === fact;
      const early = facts.flatMap((fact, index) => {
        if (!known[index] && !isFirst(fact)) return [];
        return [accountRow(right[index] ? fact : { ...fact, channel: "mistaken", attributes: { size: "XL" } })];
      });
      const late = facts.filter((_, index) => resent || !known[index] || !right[index]);
      return { early, late: late.map(accountRow) };
    });
}

/** One line: some versions told wrongly at first, now and then of another account; or its story known only up to a version that was open then. */
function someLineStages(
  versions: readonly LineFact[],
  plans: readonly PlanFact[],
  accountIds: readonly string[],
): fc.Arbitrary<Stages> {
  return fc
    .record({
      accountId: seldom(fc.constantFrom(...accountIds)),
      right: marks(versions.length, now),
      quantity: fc.constantFrom("2", "5"),
      discountPercent: fc.constantFrom(null, "100", "10"),
      plan: fc.constantFrom(...plans),
      knownUpTo: seldom(fc.nat({ max: versions.length - 1 })),
      resent: fc.boolean(),
    })
    .map(({ accountId, right, quantity, discountPercent, plan, knownUpTo, resent }) => {
      const toldFirst = versions.map((version, index) =>
        right[index]
          ? version
          : {
              ...version,
              accountId: accountId ?? version.accountId,
              quantity,
              plan,
              discountPercent,
              discountAmount: null,
            },
      );
      const early =
        knownUpTo === null
          ? toldFirst
          : toldFirst
              .slice(0, knownUpTo + 1)
              .map((version, index) => (index === knownUpTo ? { ...version, until: null } : version));
      const late = versions.filter((version, index) => {
        const told = early[index];
        return resent || !told || !right[index] || told.until !== version.until;
      });
      return { early: early.map(lineRow), late: late.map(lineRow) };
    });
}

/** Ready-made movements: the first days, then the rest. */
function someMovementStages(movements: readonly ReadyMovement[]): fc.Arbitrary<Stages> {
  const days = [...new Set(movements.map(({ on }) => on))];
  return fc.record({ day: fc.constantFrom(...days), resent: fc.boolean() }).map(({ day, resent }) => ({
    early: movements.filter(({ on }) => on <= day).map(movementRow),
    late: movements.filter(({ on }) => resent || on > day).map(movementRow),
  }));
}

/** Now and then a row stands in its file twice. */
function withRepeats(rows: readonly Row[]): fc.Arbitrary<readonly Row[]> {
  return fc.constantFrom(0, 0, 0, 1, 2).map((count) => [...rows, ...rows.slice(0, count)]);
}

/** Spreads groups of rows over up to two files; the rows of one group stay together. */
function someFiles(kind: FactFile["kind"], groups: readonly (readonly Row[])[]): fc.Arbitrary<FactFile[]> {
  const places = fc
    .constantFrom(0, 0, 1)
    .chain((max) => fc.array(fc.nat({ max }), { minLength: groups.length, maxLength: groups.length }));
  return places
    .chain((chosen) => {
      const parts = [0, 1].map((place) => groups.filter((_, index) => chosen[index] === place).flat());
      return fc.tuple(...parts.map((rows) => fc.tuple(someFormat, withRepeats(rows).chain(shuffled))));
    })
    .map((parts) => parts.flatMap(([format, rows]) => fileOf(kind, format, rows)));
}

function grouped<T>(values: readonly T[], key: (value: T) => string): T[][] {
  return [...new Set(values.map(key))].map((group) => values.filter((value) => key(value) === group));
}

/** The facts alone, in the order in which they need each other. */
export function finalFiles({ plans, accounts, lines, ready }: Pick<Company, "plans" | "accounts" | "lines" | "ready">) {
  return [
    ...fileOf("catalog", "csv", plans.map(catalogRow)),
    ...fileOf("accounts", "ndjson", accounts.map(accountRow)),
    ...fileOf("contract-lines", "csv", lines.map(lineRow)),
    ...fileOf("movements", "ndjson", ready.map(movementRow)),
  ];
}

export function someDelivery(company: Company): fc.Arbitrary<Delivery> {
  const { plans, accounts, lines, ready } = company;
  const lineGroups = grouped(lines, (line) => line.lineId);
  const fedByLines = [...new Set(lines.map((line) => line.accountId))];
  const readyGroups = grouped(ready, (movement) => movement.accountId);
  return fc
    .record({
      catalog: someCatalogStages(plans),
      people: someAccountStages(accounts),
      lineStages: fc.tuple(...lineGroups.map((versions) => someLineStages(versions, plans, fedByLines))),
      movementStages: fc.tuple(...readyGroups.map(someMovementStages)),
    })
    .chain(({ catalog, people, lineStages, movementStages }) =>
      fc.record({
        base: fc.tuple(someFiles("catalog", [catalog.early]), someFiles("accounts", [people.early])),
        early: fc.tuple(
          someFiles(
            "contract-lines",
            lineStages.map(({ early }) => early),
          ),
          someFiles(
            "movements",
            movementStages.map(({ early }) => early),
          ),
        ),
        late: fc.tuple(
          someFiles("catalog", [catalog.late]),
          someFiles("accounts", [people.late]),
          someFiles(
            "contract-lines",
            lineStages.map(({ late }) => late),
          ),
          someFiles(
            "movements",
            movementStages.map(({ late }) => late),
          ),
        ),
      }),
    )
    .chain(({ base, early, late }) =>
      fc.record({ base: fc.constant(base.flat()), early: shuffled(early.flat()), late: shuffled(late.flat()) }),
    )
    .chain(({ base, early, late }) =>
      fc.record({ accounts: shuffled(accounts), lines: shuffled(lines), ready: shuffled(ready) }).map((again) => ({
        files: [...base, ...early, ...late],
        final: finalFiles({ plans, ...again }),
      })),
    );
}
