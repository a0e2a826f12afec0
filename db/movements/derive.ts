// The derivation of an account: its whole history of movements and transfers from the versions of its lines, day by day; and what
// ready-made movements of several accounts are once these are one.

import type { Catalog } from "../catalog/plans.ts";
import type { LineVersion } from "../contracts/version.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { daysOfChange } from "./days.ts";
import { draftOf } from "./draft.ts";
import type { Families } from "./held.ts";
import { History } from "./history.ts";
import { byOrderOfDay } from "./order.ts";
import type { ReadyMade, TypedReadyMade } from "./ready-made.ts";
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
  const history = new History(catalog);
  for (const { on, changes: lines } of daysOfChange(versions)) {
    const { changes, flows } = history.derive({ on, changes: lines, readyMade: [] });
    for (const change of changes.sort(byOrderOfDay)) derivation.movements.push(draftOf(on, change));
    for (const flow of flows) derivation.transfers.push(transferOf(on, flow));
  }
  return derivation;
}

/**
 * The ready-made movements of accounts that are one by merging, with the types and drivers that they have there: by day, in no particular
 * order within one. They come as their sources stated them, whatever was made of them before.
 */
export function deriveReadyMade<T extends ReadyMade>(movements: readonly T[], families: Families): TypedReadyMade<T>[] {
  const history = new History(new Map(), families);
  const days = new Map<PlainDate, T[]>();
  for (const movement of movements) {
    const day = days.get(movement.effectiveOn);
    if (day) day.push(movement);
    else days.set(movement.effectiveOn, [movement]);
  }
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([on, readyMade]) => history.derive({ on, changes: [], readyMade }).readyMade);
}
