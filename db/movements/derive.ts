// The derivation of an account: its whole history of movements and transfers from the versions of its lines, day by day.

import type { Catalog } from "../catalog/plans.ts";
import type { LineVersion } from "../contracts/version.ts";
import { daysOfChange } from "./days.ts";
import { draftOf } from "./draft.ts";
import { History } from "./history.ts";
import { byOrderOfDay } from "./order.ts";
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
