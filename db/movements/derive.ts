// The derivation: an account's whole history of movements and transfers from the versions of its lines, day by day, rule by rule.

import type { Catalog } from "../catalog/plans.ts";
import type { LineVersion } from "../contracts/version.ts";
import { driverOfUnpaired, typeOfAccountDay, typeOfChange } from "./classify.ts";
import { type DayOfChange, daysOfChange, type LineChange } from "./days.ts";
import { divideOverLines, type Flow, flowsBetweenLines } from "./divide.ts";
import { type Change, draftOf } from "./draft.ts";
import { Holding } from "./held.ts";
import { byOrderOfDay } from "./order.ts";
import { type Pair, pairLines } from "./pair.ts";
import { splitPair } from "./split.ts";
import { transferOf } from "./transfers.ts";
import type { MovementDraft, TransferDraft } from "./types.ts";

export type Derivation = {
  /** By day, and within a day in the ledger's order. */
  readonly movements: MovementDraft[];
  readonly transfers: TransferDraft[];
};

/** One account's ledger. The versions are all of one account, in any order; those of one line do not overlap. */
export function deriveAccount(versions: readonly LineVersion[], catalog: Catalog): Derivation {
  const derivation: Derivation = { movements: [], transfers: [] };
  const heldBefore = new Holding(catalog);
  const heldAfter = new Holding(catalog);
  let everHadArr = false;
  for (const day of daysOfChange(versions)) {
    heldAfter.apply(day.changes);
    const { changes, flows } = deriveDay({ day, heldBefore, heldAfter, everHadArr, catalog });
    for (const change of changes.sort(byOrderOfDay)) derivation.movements.push(draftOf(day.on, change));
    for (const flow of flows) derivation.transfers.push(transferOf(day.on, flow));
    heldBefore.apply(day.changes);
    everHadArr ||= heldAfter.hasArr;
  }
  return derivation;
}

type AccountDay = {
  readonly day: DayOfChange;
  readonly heldBefore: Holding;
  readonly heldAfter: Holding;
  readonly everHadArr: boolean;
  readonly catalog: Catalog;
};

type DerivedDay = { readonly changes: Change[]; readonly flows: Flow[] };

function deriveDay(account: AccountDay): DerivedDay {
  const { day, heldBefore, heldAfter, everHadArr } = account;
  const type = typeOfAccountDay({ hadArrBefore: heldBefore.hasArr, hasArrAfter: heldAfter.hasArr, everHadArr });
  if (type) return { changes: changesOfAccountDay(day.changes, type), flows: [] };
  return heldAfter.hasArr ? deriveActiveDay(account) : { changes: [], flows: [] };
}

const accountDayRules = { NEW: "FIRST_ARR", REACTIVATION: "ARR_AGAIN", CHURN: "ARR_ENDED" } as const;

/** Rule 1: the account's ARR left 0 or fell to 0, so each line with ARR moved as a whole, and nothing is paired or carried. */
function changesOfAccountDay(changes: readonly LineChange[], type: keyof typeof accountDayRules): Change[] {
  return changes.flatMap((own) => {
    const line = type === "CHURN" ? own.before : own.after;
    if (!line || line.arrMinor === 0n) return [];
    const amountMinor = type === "CHURN" ? -line.arrMinor : line.arrMinor;
    const changeKey = line.lineExternalId;
    return [{ type, driver: null, rule: accountDayRules[type], amountMinor, line, own, group: null, changeKey }];
  });
}

/** Rules 2 to 4, on a day with ARR before and after. */
function deriveActiveDay({ day, heldBefore, heldAfter, catalog }: AccountDay): DerivedDay {
  const { pairs, started, ended } = pairLines(day.changes, catalog);
  const changedLines = pairs.map((pair) => deriveChangedLine(pair, catalog));
  return {
    changes: [
      ...changedLines.flatMap((changed) => changed.changes),
      ...started.flatMap((line) => startOf(line, heldBefore)),
      ...ended.flatMap((line) => endOf(line, heldAfter)),
    ],
    flows: changedLines.flatMap((changed) => changed.flows),
  };
}

function deriveChangedLine(pair: Pair, catalog: Catalog) {
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
      own: { before: line, after: null },
      group: null,
      changeKey: `ended ${line.lineExternalId}`,
    },
  ];
}
