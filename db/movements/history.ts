// The history of an account, or of a group that counts as one: what it holds and once had, and what a day's changes are in its light.

import type { Catalog } from "../catalog/plans.ts";
import type { LineVersion } from "../contracts/version.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { driverOfUnpaired, typeOfChange, typeOfUnitDay, type UnitDayType } from "./classify.ts";
import type { LineChange } from "./days.ts";
import { divideOverLines, type Flow, flowsBetweenLines } from "./divide.ts";
import type { Change } from "./draft.ts";
import { type Families, Holding } from "./held.ts";
import { type Pair, pairLines } from "./pair.ts";
import { type ReadyMade, type ReadyMadeValue, type TypedReadyMade, typeReadyMade } from "./ready-made.ts";
import { splitPair } from "./split.ts";

/** What changes in one day. */
export type HistoryDay<T extends ReadyMade = ReadyMade> = {
  readonly on: PlainDate;
  /** Every line that has another version, or none, at the end of the day, in the order of line ids. */
  readonly changes: readonly LineChange[];
  readonly readyMade: readonly T[];
};

export type DerivedDay<T extends ReadyMade = ReadyMade> = {
  readonly changes: Change[];
  readonly flows: readonly Flow[];
  readonly readyMade: readonly TypedReadyMade<T>[];
  /** Where ARR leaves 0 on the day: the day on which it last fell to 0, null when it never had any. Null on every other day. */
  readonly fellOn: PlainDate | null;
};

/** What an account takes along from one group to another: lines in force at the end of the day before, and ready-made balances. */
export type Carried = {
  readonly changes: readonly LineChange[];
  readonly readyMade: readonly { readonly value: ReadyMadeValue; readonly amountMinor: bigint }[];
};

/** Give it the days in order. */
export class History {
  readonly #catalog: Catalog;
  readonly #before: Holding;
  readonly #after: Holding;
  #everHadArr = false;
  #fellOn: PlainDate | null = null;

  /** Nothing yet. The families of products are needed only where there are ready-made movements. */
  constructor(catalog: Catalog, families?: Families) {
    this.#catalog = catalog;
    this.#before = new Holding(catalog, families);
    this.#after = new Holding(catalog, families);
  }

  /** Lets in and out what accounts carry, before the day itself is derived. Whether this is the first ARR ever. */
  carry(on: PlainDate, carried: readonly Carried[]): { readonly starts: boolean } {
    const hadArr = this.#before.hasArr;
    for (const held of [this.#before, this.#after]) {
      for (const { changes, readyMade } of carried) {
        held.apply(changes);
        for (const { value, amountMinor } of readyMade) held.applyReadyMade(value, amountMinor);
      }
    }
    const hasArr = this.#before.hasArr;
    const starts = hasArr && !this.#everHadArr;
    if (hadArr && !hasArr) this.#fellOn = on;
    this.#everHadArr ||= hasArr;
    return { starts };
  }

  /** The day's movements, in no particular order, and what was carried from line to line. */
  derive<T extends ReadyMade>({ on, changes, readyMade }: HistoryDay<T>): DerivedDay<T> {
    const before = this.#before;
    const after = this.#after;
    after.apply(changes);
    for (const movement of readyMade) after.applyReadyMade(movement, movement.amountMinor);
    const hadArr = before.hasArr;
    const hasArr = after.hasArr;
    const type = typeOfUnitDay({ hadArrBefore: hadArr, hasArrAfter: hasArr, everHadArr: this.#everHadArr });
    const lines = this.#deriveLines(changes, type);
    const derived = {
      changes: lines.changes,
      flows: lines.flows,
      readyMade: readyMade.map((movement) => typeReadyMade(movement, type, { before, after })),
      fellOn: type === "NEW" || type === "REACTIVATION" ? this.#fellOn : null,
    };
    before.apply(changes);
    for (const movement of readyMade) before.applyReadyMade(movement, movement.amountMinor);
    if (hadArr && !hasArr) this.#fellOn = on;
    this.#everHadArr ||= hasArr;
    return derived;
  }

  #deriveLines(changes: readonly LineChange[], type: UnitDayType | null): DerivedLines {
    if (type) return { changes: changesOfUnitDay(changes, type), flows: [] };
    // Lines without any ARR before and after move nothing, whatever their terms did.
    if (!this.#before.hasLineArr && !this.#after.hasLineArr) return { changes: [], flows: [] };
    return deriveActiveDay(changes, { before: this.#before, after: this.#after, catalog: this.#catalog });
  }
}

type DerivedLines = { readonly changes: Change[]; readonly flows: Flow[] };

const unitDayRules = { NEW: "FIRST_ARR", REACTIVATION: "ARR_AGAIN", CHURN: "ARR_ENDED" } as const;

/**
 * Rule 1: ARR left 0 or fell to 0, so each line moved as a whole, and nothing is paired or carried. Only where a group's ready-made
 * balances are negative can a line have ARR on both sides of such a day: then it moved by the difference.
 */
function changesOfUnitDay(changes: readonly LineChange[], type: UnitDayType): Change[] {
  return changes.flatMap((own) => {
    const line = type === "CHURN" ? (own.before ?? own.after) : (own.after ?? own.before);
    const amountMinor = (own.after?.arrMinor ?? 0n) - (own.before?.arrMinor ?? 0n);
    if (!line || amountMinor === 0n) return [];
    const sourceId = line.lineExternalId;
    const rule = unitDayRules[type];
    return [{ type, driver: null, rule, amountMinor, line, sourceId, own, group: null, changeKey: sourceId }];
  });
}

type ActiveDay = { readonly before: Holding; readonly after: Holding; readonly catalog: Catalog };

/** Rules 2 to 4, on a day with ARR before and after. */
function deriveActiveDay(lines: readonly LineChange[], { before, after, catalog }: ActiveDay): DerivedLines {
  const { pairs, started, ended } = pairLines(lines, catalog);
  const changedLines = pairs.map((pair) => deriveChangedLine(pair, catalog));
  return {
    changes: [
      ...changedLines.flatMap((changed) => changed.changes),
      ...started.flatMap((line) => startOf(line, before)),
      ...ended.flatMap((line) => endOf(line, after)),
    ],
    flows: changedLines.flatMap((changed) => changed.flows),
  };
}

function deriveChangedLine(pair: Pair, catalog: Catalog): DerivedLines {
  const shares = divideOverLines(splitPair(pair, catalog), pair.after);
  const first = pair.after[0]?.lineExternalId;
  const changes = shares.map(({ part, line, amountMinor }): Change => {
    const isItself = pair.how === "ITSELF";
    return {
      type: typeOfChange(amountMinor),
      driver: part.driver,
      rule: part.rule,
      amountMinor,
      line,
      sourceId: line.lineExternalId,
      own: { before: isItself ? (pair.before[0] ?? null) : null, after: line },
      group: isItself ? null : pair,
      changeKey: `changed ${first}`,
    };
  });
  return { changes, flows: flowsBetweenLines(pair, shares) };
}

/** Rule 4 for a line that started: it is new to what was held the day before. */
function startOf(line: LineVersion, heldBefore: Holding): Change[] {
  if (line.arrMinor === 0n) return [];
  return [
    {
      type: "EXPANSION",
      driver: driverOfUnpaired(line, heldBefore),
      rule: "LINE_STARTED",
      amountMinor: line.arrMinor,
      line,
      sourceId: line.lineExternalId,
      own: { before: null, after: line },
      group: null,
      changeKey: `started ${line.lineExternalId}`,
    },
  ];
}

/** Rule 4 for a line that ended: it is measured against what is still held on the day itself. */
function endOf(line: LineVersion, heldAfter: Holding): Change[] {
  if (line.arrMinor === 0n) return [];
  return [
    {
      type: "CONTRACTION",
      driver: driverOfUnpaired(line, heldAfter),
      rule: "LINE_ENDED",
      amountMinor: -line.arrMinor,
      line,
      sourceId: line.lineExternalId,
      own: { before: line, after: null },
      group: null,
      changeKey: `ended ${line.lineExternalId}`,
    },
  ];
}
