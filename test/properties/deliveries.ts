// How a company's facts arrive: in files of some rows each, in any order, at first with mistakes and without what comes later.

import fc from "fast-check";
import type { Company } from "../model/companies.ts";
import type { AccountFact, LineFact, PlanFact, ReadyMovement, UsageFact } from "../model/facts.ts";
import { seldom } from "../model/histories.ts";
import {
  accountRow,
  catalogRow,
  type FactFile,
  type Format,
  fileOf,
  lineRow,
  movementRow,
  type Row,
  usageRow,
} from "./files.ts";

/** Lines that never were are taken back, and movements that were told wrongly are corrected, or withdrawn. */
export type Act =
  | { readonly act: "delete"; readonly lineIds: readonly string[] }
  | { readonly act: "correct"; readonly movements: readonly ReadyMovement[] }
  | { readonly act: "withdraw"; readonly movementIds: readonly string[] };

export type Step = FactFile | Act;

export type Delivery = {
  /** In this order they lead to the company's facts, by detours. */
  readonly steps: readonly Step[];
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

type LineStages = Stages & { readonly gone: readonly string[] };

/** One line: some versions told wrongly at first, now and then of another account; or its story known only up to a version that was open then. Now and
 * then it is deleted and told again, or another one beside it that never was. */
function someLineStages(
  versions: readonly LineFact[],
  plans: readonly PlanFact[],
  accountIds: readonly string[],
  isMetered: boolean,
): fc.Arbitrary<LineStages> {
  return fc
    .record({
      accountId: seldom(fc.constantFrom(...accountIds)),
      right: marks(versions.length, now),
      quantity: fc.constantFrom("2", "5"),
      discountPercent: fc.constantFrom(null, "100", "10"),
      plan: fc.constantFrom(...plans),
      knownUpTo: seldom(fc.nat({ max: versions.length - 1 })),
      resent: fc.boolean(),
      detour: fc.constantFrom(null, null, null, null, "DELETED", "GHOST"),
    })
    .map(({ accountId, right, quantity, discountPercent, plan, knownUpTo: cut, resent, detour }) => {
      // Usage needs its line.
      const knownUpTo = isMetered ? null : cut;
      const isDeleted = detour === "DELETED" && !isMetered;
      const ghost =
        detour === "GHOST" ? versions.slice(0, 1).map((line) => ({ ...line, lineId: `${line.lineId}?` })) : [];
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
        return resent || isDeleted || !told || !right[index] || told.until !== version.until;
      });
      const gone = [...ghost, ...(isDeleted ? versions.slice(0, 1) : [])].map(({ lineId }) => lineId);
      return { early: [...early, ...ghost].map(lineRow), late: late.map(lineRow), gone };
    });
}

type MovementStages = Stages & { readonly acts: readonly Act[] };

/** Ready-made movements: the first days, some of them told wrongly and corrected, then the rest. */
function someMovementStages(movements: readonly ReadyMovement[]): fc.Arbitrary<MovementStages> {
  const days = [...new Set(movements.map(({ on }) => on))];
  return fc
    .record({
      day: fc.constantFrom(...days),
      resent: fc.boolean(),
      wrong: marks(movements.length, fc.constantFrom(false, false, true)),
      hasGhost: fc.boolean(),
    })
    .map(({ day, resent, wrong, hasGhost }) => {
      const known = movements.filter(({ on }) => on <= day);
      const isWrong = (movement: ReadyMovement) => wrong[movements.indexOf(movement)] === true;
      const told = known.map((movement) => (isWrong(movement) ? { ...movement, motion: "mistaken" } : movement));
      // On the last day that is known, so that no day after it has to fit.
      const model = hasGhost ? known.find(({ on, type }) => on === day && type === "EXPANSION") : undefined;
      const ghost = model ? [{ ...model, movementId: `${model.movementId}?`, amount: 1n }] : [];
      const corrected = known.filter(isWrong);
      const acts: Act[] = [
        ...(corrected.length > 0 ? [{ act: "correct" as const, movements: corrected }] : []),
        ...(ghost.length > 0
          ? [{ act: "withdraw" as const, movementIds: ghost.map(({ movementId }) => movementId) }]
          : []),
      ];
      return {
        early: [...told, ...ghost].map(movementRow),
        late: movements.filter(({ on }) => resent || on > day).map(movementRow),
        acts,
      };
    });
}

/** Usage of which some amounts were told wrongly first. */
function someUsageStages(usage: readonly UsageFact[]): fc.Arbitrary<Stages> {
  return fc.record({ right: marks(usage.length, now), resent: fc.boolean() }).map(({ right, resent }) => ({
    early: usage.map((period, index) => usageRow(right[index] ? period : { ...period, amount: "77" })),
    late: usage.filter((_, index) => resent || !right[index]).map(usageRow),
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
export function finalFiles({ plans, accounts, lines, ready, usage }: Omit<Company, "merges" | "rates">): FactFile[] {
  return [
    ...fileOf("catalog", "csv", plans.map(catalogRow)),
    ...fileOf("accounts", "ndjson", accounts.map(accountRow)),
    ...fileOf("contract-lines", "csv", lines.map(lineRow)),
    ...fileOf("movements", "ndjson", ready.map(movementRow)),
    ...fileOf("usage", "csv", usage.map(usageRow)),
  ];
}

export function someDelivery(company: Company): fc.Arbitrary<Delivery> {
  const { plans, accounts, lines, ready, usage } = company;
  const lineGroups = grouped(lines, (line) => line.lineId);
  const fedByLines = [...new Set(lines.map((line) => line.accountId))];
  const metered = new Set(usage.map(({ lineId }) => lineId));
  const readyGroups = grouped(ready, (movement) => movement.accountId);
  return fc
    .record({
      catalog: someCatalogStages(plans),
      people: someAccountStages(accounts),
      lineStages: fc.tuple(
        ...lineGroups.map((versions) =>
          someLineStages(versions, plans, fedByLines, metered.has(versions[0]?.lineId ?? "")),
        ),
      ),
      movementStages: fc.tuple(...readyGroups.map(someMovementStages)),
      usageStages: someUsageStages(usage),
    })
    .chain(({ catalog, people, lineStages, movementStages, usageStages }) => {
      const early = <T extends Stages>(stages: readonly T[]) => stages.map((stage) => stage.early);
      const late = <T extends Stages>(stages: readonly T[]) => stages.map((stage) => stage.late);
      const gone = lineStages.flatMap((stage) => stage.gone);
      const acts: Act[] = [
        ...(gone.length > 0 ? [{ act: "delete" as const, lineIds: gone }] : []),
        ...movementStages.flatMap((stage) => stage.acts),
      ];
      return fc.record({
        base: fc.tuple(someFiles("catalog", [catalog.early]), someFiles("accounts", [people.early])),
        early: fc
          .tuple(someFiles("contract-lines", early(lineStages)), someFiles("movements", early(movementStages)))
          .chain((files) => shuffled(files.flat())),
        usage: someFiles("usage", [usageStages.early]),
        acts: shuffled(acts),
        late: fc
          .tuple(
            someFiles("catalog", [catalog.late]),
            someFiles("accounts", [people.late]),
            someFiles("contract-lines", late(lineStages)),
            someFiles("movements", late(movementStages)),
            someFiles("usage", [usageStages.late]),
          )
          .chain((files) => shuffled(files.flat())),
        again: fc.record({ accounts: shuffled(accounts), lines: shuffled(lines), ready: shuffled(ready) }),
      });
    })
    .map(({ base, early, usage: periods, acts, late, again }) => ({
      steps: [...base.flat(), ...early, ...periods, ...acts, ...late],
      final: finalFiles({ plans, usage, ...again }),
    }));
}
