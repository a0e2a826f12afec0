// Correcting and withdrawing recorded ready-made movements: by the rules that an import holds them to, a reversal and, for a correction,
// a new movement under the same id of the source.

import { survivorsOf } from "../accounts/merges.ts";
import type { Tx } from "../kernel/database.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import { newId, publicId } from "../kernel/ids.ts";
import { newestKnown } from "../kernel/knowledge.ts";
import { appendReadyMade, reverseMovements } from "../movements/append.ts";
import { admitLedgerRows } from "../movements/closings.ts";
import { findMovements, findReversals, type MovementRow } from "../movements/list.ts";
import { requireNote } from "../workspaces/closings.ts";
import { type CommitAuthor, lockForCommit, writeCommit } from "../workspaces/store.ts";
import { requireFittingDays } from "./corrected-days.ts";
import { type MovementChange, type Restated, readChange } from "./movement-change.ts";

/** What is to become of one recorded movement: other values, or (null) it never was. */
export type Correction = {
  /** The movement's uuid. */
  readonly movementId: string;
  readonly change: MovementChange | null;
  readonly note?: string | null | undefined;
};

/** What was booked: the uuids of the reversal, and of the new movement; null for a withdrawal. */
export type Corrected = { readonly reversalId: string; readonly movementId: string | null };

export type CorrectionResult = {
  /** In the order of the corrections. */
  readonly corrected: readonly Corrected[];
  /** How many of the rows are about closed periods. */
  readonly restatements: number;
};

const correctionsMax = 200;

/**
 * Books the corrections as one commit; the accounts' days are checked with all of them. NOT_FOUND for an unknown movement. BAD_USER_INPUT
 * for a movement that is derived, a reversal, reversed, or of an account that is merged (field `movementId`), for values that an import
 * would refuse, and for corrections after which a day's types or balances do not fit (field of the change). PERIOD_CLOSED.
 */
export async function correctMovements(
  tx: Tx,
  corrections: readonly Correction[],
  author: CommitAuthor,
): Promise<CorrectionResult> {
  if (corrections.length === 0 || corrections.length > correctionsMax) {
    badInput(
      "corrections",
      `1 to ${correctionsMax} movements are corrected at once; ${corrections.length} were given.`,
    );
  }
  const commit = await lockForCommit(tx);
  const recorded = await requireCorrectable(tx, corrections);
  const restated: (Restated | null)[] = [];
  const notes: (string | null)[] = [];
  for (const [index, { change, note }] of corrections.entries()) {
    const movement = recorded[index];
    if (!movement) throw new TypeError("a correction without its movement");
    restated.push(change && (await readChange(tx, movement, change)));
    notes.push(requireNote(note));
  }
  await requireFittingDays(tx, recorded, restated);
  const movementIds: (string | null)[] = [];
  for (const [index, movement] of recorded.entries()) {
    const write = { commit, batchId: newId(), note: notes[index] ?? null };
    await reverseMovements(tx, write, [movement.id]);
    const next = restated[index];
    movementIds.push(next ? await append(tx, write, movement, next) : null);
  }
  const reversals = await findReversals(
    tx,
    recorded.map(({ id }) => id),
    newestKnown,
  );
  const restatements = await admitLedgerRows(tx, commit);
  await writeCommit(tx, commit, author);
  const corrected = recorded.map(({ id }, index) => {
    const reversalId = reversals.find(({ reverses }) => reverses === id)?.id ?? "";
    return { reversalId, movementId: movementIds[index] ?? null };
  });
  return { corrected, restatements };
}

/** The movements as they are recorded, in the order of the corrections, each of which must be of one that can be corrected. */
async function requireCorrectable(tx: Tx, corrections: readonly Correction[]): Promise<readonly MovementRow[]> {
  const ids = corrections.map(({ movementId }) => movementId);
  if (new Set(ids).size < ids.length) badInput("movementId", "A movement can be corrected once at a time.");
  const found = await findMovements(tx, ids);
  const reversed = await findReversals(tx, ids, newestKnown);
  const merged = await survivorsOf(
    tx,
    found.map(({ accountId }) => accountId),
  );
  return ids.map((id) => {
    const movement = found.find((row) => row.id === id);
    if (!movement) throw new AccreteError("NOT_FOUND", `There is no movement ${publicId("movement", id)}.`);
    const name = publicId("movement", id);
    if (movement.externalId === null) {
      badInput("movementId", `${name} is derived from a contract line: correct the line, by importing it as it was.`);
    }
    if (movement.reverses !== null) badInput("movementId", `${name} is a reversal: what it took back does not count.`);
    if (reversed.some(({ reverses }) => reverses === id)) {
      badInput("movementId", `${name} was taken back already: correct the movement that counts in its place, if any.`);
    }
    if (movement.rule !== "SOURCE" || merged.has(movement.accountId)) {
      badInput("movementId", `${name} is booked by a merge of accounts: undo the merge, and correct it then.`);
    }
    return movement;
  });
}

async function append(
  tx: Tx,
  write: Parameters<typeof appendReadyMade>[1],
  recorded: MovementRow,
  { values, productId, planId }: Restated,
): Promise<string> {
  const { sql } = tx;
  const id = newId();
  await appendReadyMade(
    tx,
    write,
    sql`
      select ${id}::uuid as id, ${recorded.accountId}::uuid as account_id, ${values.effectiveOn}::date as effective_on,
        ${values.type}::text as type, ${values.driver}::text as driver, ${String(values.amountMinor)}::bigint as amount_minor,
        ${values.currency}::text as currency, ${productId}::uuid as product_id, ${planId}::uuid as plan_id,
        ${values.kind}::text as kind, ${values.isAddOn}::boolean as is_add_on, ${values.motion}::text as motion,
        ${values.campaign}::text as campaign, ${values.bookedOn}::date as booked_on, ${recorded.externalId}::text as external_id,
        null::integer as source_row, ${recorded.id}::uuid as corrects`,
  );
  return id;
}
