// What must be reversed and what appended so that the ledger says what the derivation says: only what an answer could tell apart.

import type { MovementContent, MovementDraft, StoredMovement, StoredTransfer, TransferDraft } from "./types.ts";

/** A movement to append; its change is a stored one when it joins parts that stay, else it begins one with the others of its key. */
export type Appended = { readonly draft: MovementDraft; readonly joinsChangeId: string | null };

export type MovementDiff = { readonly reverse: readonly StoredMovement[]; readonly append: readonly Appended[] };

/**
 * Compares what is derived now with what is stored unreversed, as multisets: by all that answers can see, and by which parts are one
 * change. Rules and version ids are no part of it: a reason that reads otherwise is no reason to reverse.
 */
export function diffMovements(derived: readonly MovementDraft[], stored: readonly StoredMovement[]): MovementDiff {
  if (stored.length === 0) return { reverse: [], append: derived.map((draft) => ({ draft, joinsChangeId: null })) };
  const derivedChanges = changesOf(derived, (draft) => changeOfDraft(draft));
  const storedChanges = changesOf(stored, (movement) => movement.changeId);
  const unmatched = withoutEqualChanges(derivedChanges, storedChanges);
  return matchParts(unmatched.derived, unmatched.stored);
}

export type TransferDiff = { readonly reverse: readonly StoredTransfer[]; readonly append: readonly TransferDraft[] };

/** The same for transfers, which have no parts. */
export function diffTransfers(derived: readonly TransferDraft[], stored: readonly StoredTransfer[]): TransferDiff {
  const left = multiset(stored, transferContent);
  const append = derived.filter((draft) => !takeOne(left, transferContent(draft)));
  return { reverse: [...left.values()].flat(), append };
}

/** The parts of one change. */
type Change<T extends MovementContent> = { readonly parts: readonly T[]; readonly content: string };

function changesOf<T extends MovementContent>(movements: readonly T[], keyOf: (movement: T) => string): Change<T>[] {
  const parts = new Map<string, T[]>();
  for (const movement of movements) {
    const key = keyOf(movement);
    const change = parts.get(key);
    if (change) change.push(movement);
    else parts.set(key, [movement]);
  }
  return [...parts.values()].map((change) => ({
    parts: change,
    content: change.map(movementContent).sort().join("\n"),
  }));
}

type Unmatched = { readonly derived: Change<MovementDraft>[]; readonly stored: Change<StoredMovement>[] };

function withoutEqualChanges(derived: Change<MovementDraft>[], stored: Change<StoredMovement>[]): Unmatched {
  const left = multiset(stored, (change) => change.content);
  return { derived: derived.filter((change) => !takeOne(left, change.content)), stored: [...left.values()].flat() };
}

/** Of a change some of whose parts are different, the equal ones stay, and the new ones join them. */
function matchParts(
  derived: readonly Change<MovementDraft>[],
  stored: readonly Change<StoredMovement>[],
): MovementDiff {
  const reverse: StoredMovement[] = [];
  const append: Appended[] = [];
  const left = new Set(stored);
  const storedByContent = multiset(
    stored.flatMap((change) => change.parts.map((part) => ({ change, part }))),
    ({ part }) => movementContent(part),
  );
  for (const { parts } of derived) {
    const partner = parts
      .flatMap((part) => storedByContent.get(movementContent(part)) ?? [])
      .find(({ change }) => left.has(change))?.change;
    if (partner) left.delete(partner);
    const staying = multiset(partner?.parts ?? [], movementContent);
    for (const draft of parts) {
      if (!takeOne(staying, movementContent(draft)))
        append.push({ draft, joinsChangeId: partner?.parts[0]?.changeId ?? null });
    }
    reverse.push(...[...staying.values()].flat());
  }
  for (const change of left) reverse.push(...change.parts);
  return { reverse, append };
}

/** Parts of one divided change share their key within an account, day, type and driver. */
export function changeOfDraft(draft: MovementDraft): string {
  return `${draft.accountId} ${draft.effectiveOn} ${draft.type} ${draft.driver} ${draft.changeKey}`;
}

// Only motion and campaign can have a space in them: they are quoted.
function movementContent(movement: MovementContent): string {
  const { accountId, effectiveOn, type, driver, amountMinor, currency } = movement;
  const { lineId, productId, planId, kind, isAddOn, bookedOn } = movement;
  const won = JSON.stringify([movement.motion, movement.campaign]);
  return `${accountId} ${effectiveOn} ${type} ${driver} ${amountMinor} ${currency} ${lineId} ${productId} ${planId} ${kind} ${isAddOn} ${bookedOn} ${won}`;
}

function transferContent(transfer: TransferDraft | StoredTransfer): string {
  const { accountId, effectiveOn, amountMinor, currency, fromLineId, fromPlanId, toLineId, toPlanId } = transfer;
  return `${accountId} ${effectiveOn} ${amountMinor} ${currency} ${fromLineId} ${fromPlanId} ${toLineId} ${toPlanId}`;
}

function multiset<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const sets = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const set = sets.get(key);
    if (set) set.push(item);
    else sets.set(key, [item]);
  }
  return sets;
}

/** Takes one item with this key out; whether there was one. */
function takeOne<T>(sets: Map<string, T[]>, key: string): boolean {
  const set = sets.get(key);
  if (!set) return false;
  set.shift();
  if (set.length === 0) sets.delete(key);
  return true;
}
