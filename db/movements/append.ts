// The ledger's only writes: derived movements and transfers, ready-made movements, and reversals. Rows are appended; none is ever changed.

import { textArray, wordArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { newId } from "../kernel/ids.ts";
import type { Commit } from "../workspaces/store.ts";
import { type Appended, changeOfDraft } from "./diff.ts";
import type { MovementDraft, TransferDraft } from "./types.ts";

/** What stamps every row of one write. */
export type LedgerWrite = {
  readonly commit: Commit;
  readonly batchId: string;
  /** Why, in the words of whoever corrects or withdraws ready-made movements. */
  readonly note?: string | null;
};

/** Rows of one statement: enough to make its fixed costs small, few enough to bound memory. */
const rowsMax = 10_000;

/** Appends derived movements, in the order given: ids rise in it. */
export async function appendMovements(tx: Tx, write: LedgerWrite, appended: readonly Appended[]): Promise<void> {
  const changeIds = new Map<string, string>();
  for (const rows of chunks(appended)) {
    const drafts = rows.map((row) => row.draft);
    const identified = rows.map(({ draft, joinsChangeId }) => {
      const id = newId();
      return { id, changeId: joinsChangeId ?? firstOf(changeIds, changeOfDraft(draft), id) };
    });
    const words = (pick: (draft: MovementDraft) => string | bigint | boolean | null) => wordArray(drafts.map(pick));
    await tx.sql`
      insert into movements (workspace_id, id, change_id, account_id, effective_on, type, driver, amount_minor, currency, line_id,
        product_id, plan_id, kind, is_add_on, motion, campaign, booked_on, rule, version_before_id, version_after_id,
        pair_before_ids, pair_after_ids, batch_id, recorded_at, ledger_version)
      select ${tx.workspaceId}::uuid, d.id, d.change_id, d.account_id, d.effective_on, d.type, d.driver, d.amount_minor, d.currency,
        d.line_id, d.product_id, d.plan_id, d.kind, d.is_add_on, d.motion, d.campaign, d.booked_on, d.rule, d.version_before_id,
        d.version_after_id, d.pair_before_ids::uuid[], d.pair_after_ids::uuid[], ${write.batchId}::uuid,
        ${write.commit.recordedAt}::timestamptz, ${write.commit.version}::bigint
      from unnest(
        ${wordArray(identified.map((row) => row.id))}::uuid[], ${wordArray(identified.map((row) => row.changeId))}::uuid[],
        ${words((draft) => draft.accountId)}::uuid[],
        ${words((draft) => draft.effectiveOn)}::date[], ${words((draft) => draft.type)}::text[], ${words((draft) => draft.driver)}::text[],
        ${words((draft) => draft.amountMinor)}::bigint[], ${words((draft) => draft.currency)}::text[],
        ${words((draft) => draft.lineId)}::uuid[], ${words((draft) => draft.productId)}::uuid[], ${words((draft) => draft.planId)}::uuid[],
        ${words((draft) => draft.kind)}::text[], ${words((draft) => draft.isAddOn)}::boolean[],
        ${textArray(drafts.map((draft) => draft.motion))}::text[], ${textArray(drafts.map((draft) => draft.campaign))}::text[],
        ${words((draft) => draft.bookedOn)}::date[], ${words((draft) => draft.rule)}::text[],
        ${words((draft) => draft.versionBeforeId)}::uuid[], ${words((draft) => draft.versionAfterId)}::uuid[],
        ${textArray(drafts.map((draft) => idList(draft.pairBeforeIds)))}::text[],
        ${textArray(drafts.map((draft) => idList(draft.pairAfterIds)))}::text[]
      ) as d (id, change_id, account_id, effective_on, type, driver, amount_minor, currency, line_id, product_id, plan_id, kind,
        is_add_on, motion, campaign, booked_on, rule, version_before_id, version_after_id, pair_before_ids, pair_after_ids)`;
  }
}

/** Appends transfers, in the order given. */
export async function appendTransfers(tx: Tx, write: LedgerWrite, drafts: readonly TransferDraft[]): Promise<void> {
  for (const rows of chunks(drafts)) {
    await tx.sql`
      insert into transfers (workspace_id, id, account_id, effective_on, amount_minor, currency, from_line_id, to_line_id,
        from_product_id, from_plan_id, to_product_id, to_plan_id, batch_id, recorded_at, ledger_version)
      select ${tx.workspaceId}::uuid, d.id, d.account_id, d.effective_on, d.amount_minor, d.currency, d.from_line_id, d.to_line_id,
        d.from_product_id, d.from_plan_id, d.to_product_id, d.to_plan_id, ${write.batchId}::uuid,
        ${write.commit.recordedAt}::timestamptz, ${write.commit.version}::bigint
      from unnest(
        ${wordArray(rows.map(() => newId()))}::uuid[], ${wordArray(rows.map((draft) => draft.accountId))}::uuid[],
        ${wordArray(rows.map((draft) => draft.effectiveOn))}::date[], ${wordArray(rows.map((draft) => draft.amountMinor))}::bigint[],
        ${wordArray(rows.map((draft) => draft.currency))}::text[], ${wordArray(rows.map((draft) => draft.fromLineId))}::uuid[],
        ${wordArray(rows.map((draft) => draft.toLineId))}::uuid[], ${wordArray(rows.map((draft) => draft.fromProductId))}::uuid[],
        ${wordArray(rows.map((draft) => draft.fromPlanId))}::uuid[], ${wordArray(rows.map((draft) => draft.toProductId))}::uuid[],
        ${wordArray(rows.map((draft) => draft.toPlanId))}::uuid[]
      ) as d (id, account_id, effective_on, amount_minor, currency, from_line_id, to_line_id, from_product_id, from_plan_id,
        to_product_id, to_plan_id)`;
  }
}

/** Takes movements back: each by a row of its values and the negated amount. They must be unreversed; a second reversal is refused. */
export async function reverseMovements(tx: Tx, write: LedgerWrite, movementIds: readonly string[]): Promise<void> {
  for (const ids of chunks(movementIds)) {
    await tx.sql`
      insert into movements (workspace_id, id, reverses, amount_minor, change_id, account_id, effective_on, type, driver, currency,
        line_id, product_id, plan_id, kind, is_add_on, motion, campaign, booked_on, external_id, rule, version_before_id,
        version_after_id, pair_before_ids, pair_after_ids, batch_id, recorded_at, ledger_version, note)
      select m.workspace_id, reversal.id, m.id, -m.amount_minor, m.change_id, m.account_id, m.effective_on, m.type, m.driver,
        m.currency, m.line_id, m.product_id, m.plan_id, m.kind, m.is_add_on, m.motion, m.campaign, m.booked_on, m.external_id,
        m.rule, m.version_before_id, m.version_after_id, m.pair_before_ids, m.pair_after_ids, ${write.batchId}::uuid,
        ${write.commit.recordedAt}::timestamptz, ${write.commit.version}::bigint, ${write.note ?? null}
      from unnest(${wordArray(ids.map(newId))}::uuid[], ${wordArray(ids)}::uuid[]) as reversal (id, movement_id)
      join movements m on m.workspace_id = ${tx.workspaceId} and m.id = reversal.movement_id and m.reverses is null`;
  }
}

/** Takes transfers back, as `reverseMovements` does. */
export async function reverseTransfers(tx: Tx, write: LedgerWrite, transferIds: readonly string[]): Promise<void> {
  for (const ids of chunks(transferIds)) {
    await tx.sql`
      insert into transfers (workspace_id, id, reverses, amount_minor, account_id, effective_on, currency, from_line_id, to_line_id,
        from_product_id, from_plan_id, to_product_id, to_plan_id, batch_id, recorded_at, ledger_version)
      select t.workspace_id, reversal.id, t.id, -t.amount_minor, t.account_id, t.effective_on, t.currency, t.from_line_id,
        t.to_line_id, t.from_product_id, t.from_plan_id, t.to_product_id, t.to_plan_id, ${write.batchId}::uuid,
        ${write.commit.recordedAt}::timestamptz, ${write.commit.version}::bigint
      from unnest(${wordArray(ids.map(newId))}::uuid[], ${wordArray(ids)}::uuid[]) as reversal (id, transfer_id)
      join transfers t on t.workspace_id = ${tx.workspaceId} and t.id = reversal.transfer_id and t.reverses is null`;
  }
}

/**
 * Appends checked ready-made movements; returns how many. `ready` is a select, such as one over the import's temporary table, with the
 * columns id, account_id, effective_on, type, driver, amount_minor, currency, product_id, plan_id, kind, is_add_on, motion, campaign,
 * booked_on, external_id, source_row, corrects. Each is a change of its own. The caller has checked every rule of ready-made movements.
 */
export async function appendReadyMade(tx: Tx, write: LedgerWrite, ready: Fragment): Promise<number> {
  const result = await tx.sql`
    insert into movements (workspace_id, id, change_id, account_id, effective_on, type, driver, amount_minor, currency, product_id,
      plan_id, kind, is_add_on, motion, campaign, booked_on, external_id, source_row, corrects, note, rule, batch_id, recorded_at,
      ledger_version)
    select ${tx.workspaceId}::uuid, r.id, r.id, r.account_id, r.effective_on, r.type, r.driver, r.amount_minor, r.currency,
      r.product_id, r.plan_id, r.kind, r.is_add_on, r.motion, r.campaign, r.booked_on, r.external_id, r.source_row, r.corrects,
      ${write.note ?? null}, 'SOURCE',
      ${write.batchId}::uuid, ${write.commit.recordedAt}::timestamptz, ${write.commit.version}::bigint
    from (${ready}) r`;
  return result.count;
}

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += rowsMax) yield rows.slice(start, start + rowsMax);
}

/** The id that the first part of a change left for the others. */
function firstOf(ids: Map<string, string>, change: string, id: string): string {
  const first = ids.get(change) ?? id;
  if (first === id) ids.set(change, id);
  return first;
}

/** A uuid[] within an array of rows, which Postgres' arrays of arrays cannot be: they have one length. */
function idList(ids: readonly string[]): string | null {
  return ids.length === 0 ? null : `{${ids.join(",")}}`;
}
