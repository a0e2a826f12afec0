// The derivation of units: accounts that count as one, each on its days. What crosses from one unit to another goes by transfer; all else is
// derived as an account is, from everything that the unit holds.

import type { Catalog } from "../catalog/plans.ts";
import type { LineVersion } from "../contracts/version.ts";
import { daysBetween, type PlainDate } from "../kernel/dates.ts";
import { daysOfChange, type LineChange } from "./days.ts";
import { draftOf } from "./draft.ts";
import type { Families } from "./held.ts";
import { type DerivedDay, History } from "./history.ts";
import { MemberBooks } from "./members.ts";
import { byOrderOfDay, type Ordered } from "./order.ts";
import type { ReadyMade } from "./ready-made.ts";
import type { MovementContent } from "./types.ts";
import type { Membership, UnitMovement, UnitTransfer } from "./unit.ts";

export type UnitFacts = {
  /** Lines of all members, merges and the treatment of usage applied, in any order; those of one line do not overlap. */
  readonly versions: readonly LineVersion[];
  readonly readyMade: readonly ReadyMade[];
  /** By account: its units by day, without gaps, the first one from before all other facts on. Every account of the facts is here. */
  readonly memberships: ReadonlyMap<string, readonly Membership[]>;
  readonly catalog: Catalog;
  readonly families: Families;
  /** Nothing of this day or later is derived. */
  readonly untilOn: PlainDate;
};

export type UnitDerivation = {
  /** By day; within a day and unit in the ledger's order. */
  readonly movements: UnitMovement[];
  readonly transfers: UnitTransfer[];
};

/**
 * The ledger of the units. Where an account goes from one to another, all units that it ever is in belong to one call. `newChangeId` gives
 * another id at each call.
 */
export function deriveUnits(facts: UnitFacts, newChangeId: () => string): UnitDerivation {
  const derivation: UnitDerivation = { movements: [], transfers: [] };
  const units = new Map<string, History>();
  const unitOf = (unitId: string) => entryOf(units, unitId, () => new History(facts.catalog, facts.families));
  const books = new MemberBooks(facts.memberships);
  for (const { on, changes, readyMade } of daysOf(facts)) {
    for (const [unitId, { carried, arrivals }] of books.moveOn(on)) {
      const { starts } = unitOf(unitId).carry(on, carried);
      for (const transfer of arrivals) derivation.transfers.push({ ...transfer, effectiveOn: on, startsUnit: starts });
    }
    for (const [unitId, day] of splitByUnit(books, changes, readyMade)) {
      const unitDay: UnitOnDay = { unitId, on, derived: unitOf(unitId).derive({ on, ...day }) };
      for (const movement of movementsOf(unitDay, newChangeId)) derivation.movements.push(movement);
      for (const transfer of transfersOf(unitDay)) derivation.transfers.push(transfer);
    }
    books.record(changes, readyMade);
  }
  return derivation;
}

type UnitDay = { readonly changes: LineChange[]; readonly readyMade: ReadyMade[] };
type FactsDay = {
  readonly on: PlainDate;
  readonly changes: readonly LineChange[];
  readonly readyMade: readonly ReadyMade[];
};

/** The days on which anything changes, in order. */
function daysOf({ versions, readyMade, memberships, untilOn }: UnitFacts): readonly FactsDay[] {
  const changesOn = new Map(daysOfChange(versions).map(({ on, changes }) => [on, changes]));
  const readyMadeOn = new Map<PlainDate, ReadyMade[]>();
  for (const movement of readyMade) entryOf(readyMadeOn, movement.effectiveOn, () => []).push(movement);
  const days = new Set([...changesOn.keys(), ...readyMadeOn.keys()]);
  for (const spans of memberships.values()) for (const { fromOn } of spans.slice(1)) days.add(fromOn);
  return [...days]
    .filter((on) => on < untilOn)
    .sort()
    .map((on) => ({ on, changes: changesOn.get(on) ?? [], readyMade: readyMadeOn.get(on) ?? [] }));
}

/** A line that went from an account of one unit to an account of another ended here and started there. */
function splitByUnit(
  books: MemberBooks,
  changes: readonly LineChange[],
  readyMade: readonly ReadyMade[],
): ReadonlyMap<string, UnitDay> {
  const days = new Map<string, UnitDay>();
  const dayOf = (unitId: string) => entryOf(days, unitId, () => ({ changes: [], readyMade: [] }));
  for (const change of changes) {
    const { before, after } = change;
    const left = before && books.unitOf(before.accountId);
    const entered = after && books.unitOf(after.accountId);
    if (left !== null && entered !== null && left !== entered) {
      dayOf(left).changes.push({ before, after: null });
      dayOf(entered).changes.push({ before: null, after });
      continue;
    }
    const unitId = entered ?? left;
    if (unitId !== null) dayOf(unitId).changes.push(change);
  }
  for (const movement of readyMade) dayOf(books.unitOf(movement.accountId)).readyMade.push(movement);
  return days;
}

type UnitOnDay = { readonly unitId: string; readonly on: PlainDate; readonly derived: DerivedDay };

/** What a movement says, its place in the day, and what the parts of its change share within the unit and the day. */
type Entry = Ordered & { readonly content: MovementContent; readonly change: string };

function movementsOf({ unitId, on, derived }: UnitOnDay, newChangeId: () => string): UnitMovement[] {
  const entries = derived.changes.map((change): Entry => {
    const { type, driver, amountMinor, sourceId, changeKey } = change;
    return { amountMinor, driver, sourceId, content: draftOf(on, change), change: `${type} ${driver} ${changeKey}` };
  });
  for (const { source, type, driver } of derived.readyMade) {
    const { amountMinor, sourceId } = source;
    const content = { ...source, type, driver, lineId: null };
    entries.push({ amountMinor, driver, sourceId, content, change: `ready-made ${sourceId}` });
  }
  const gapDays = derived.fellOn === null ? null : daysBetween(derived.fellOn, on);
  const changeIds = new Map<string, string>();
  return entries.sort(byOrderOfDay).map(({ sourceId, content, change }) => {
    const isLaterPart = changeIds.has(change);
    const changeId = entryOf(changeIds, change, newChangeId);
    return unitMovement(content, { unitId, sourceId, changeId, isLaterPart, gapDays });
  });
}

type UnitValues = Omit<UnitMovement, keyof MovementContent>;

// Value by value: an answer has many of them, and what else a draft keeps would fill the memory.
function unitMovement(content: MovementContent, own: UnitValues): UnitMovement {
  return {
    unitId: own.unitId,
    accountId: content.accountId,
    effectiveOn: content.effectiveOn,
    type: content.type,
    driver: content.driver,
    amountMinor: content.amountMinor,
    currency: content.currency,
    lineId: content.lineId,
    sourceId: own.sourceId,
    productId: content.productId,
    planId: content.planId,
    kind: content.kind,
    isAddOn: content.isAddOn,
    motion: content.motion,
    campaign: content.campaign,
    bookedOn: content.bookedOn,
    changeId: own.changeId,
    isLaterPart: own.isLaterPart,
    gapDays: own.gapDays,
  };
}

/** What went from line to line within the unit. */
function transfersOf({ unitId, on, derived }: UnitOnDay): UnitTransfer[] {
  return derived.flows.map(({ from, to, amountMinor }) => ({
    effectiveOn: on,
    amountMinor,
    currency: to.currency,
    fromUnitId: unitId,
    toUnitId: unitId,
    fromAccountId: from.accountId,
    toAccountId: to.accountId,
    fromLineId: from.lineId,
    toLineId: to.lineId,
    fromSourceId: from.lineExternalId,
    toSourceId: to.lineExternalId,
    fromProductId: from.productId,
    fromPlanId: from.planId,
    toProductId: to.productId,
    toPlanId: to.planId,
    kind: to.kind,
    isAddOn: to.isAddOn,
    startsUnit: false,
  }));
}

/** What a map has under the key, made where it is missing. */
function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
