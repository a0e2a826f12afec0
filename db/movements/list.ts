// Reads of movements for the API: by id, page by page, and the movements of many accounts in one statement.

import type { LineKind } from "../contracts/terms.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { badInput } from "../kernel/errors.ts";
import { allOf, type Fragment, unprepared } from "../kernel/fragments.ts";
import {
  type Listing,
  type Page,
  type PageArgs,
  pageQuery,
  type SortDirection,
  type SortedRow,
  type SortKey,
  toPage,
  toPages,
} from "../kernel/pages.ts";
import type { MovementFilter } from "./condition.ts";
import { type FilterContext, movementConditions, unreversed } from "./filter.ts";
import type { Driver, MovementRule, MovementType } from "./types.ts";

/** One row of the ledger. */
export type MovementRow = {
  readonly id: string;
  readonly accountId: string;
  readonly effectiveOn: PlainDate;
  readonly type: MovementType;
  readonly driver: Driver | null;
  /** Signed. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly lineId: string | null;
  readonly productId: string | null;
  readonly planId: string | null;
  readonly kind: LineKind | null;
  readonly isAddOn: boolean;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly bookedOn: PlainDate | null;
  /** Null for derived movements. */
  readonly externalId: string | null;
  /** The movement that this one takes back. */
  readonly reverses: string | null;
  /** The ready-made movement that this one stands in for. */
  readonly corrects: string | null;
  readonly note: string | null;
  readonly rule: MovementRule;
  readonly versionBeforeId: string | null;
  readonly versionAfterId: string | null;
  readonly pairBeforeIds: readonly string[];
  readonly pairAfterIds: readonly string[];
  readonly batchId: string;
  readonly sourceRow: number | null;
  readonly recordedAt: string;
  readonly ledgerVersion: bigint;
};

export const movementOrderFields = ["EFFECTIVE_ON", "RECORDED_AT", "AMOUNT"] as const;
export type MovementOrderField = (typeof movementOrderFields)[number];
export type MovementOrder = readonly { readonly field: MovementOrderField; readonly direction: SortDirection }[];

/** UNREVERSED: what counts. ALL: every row ever appended. */
export const ledgerEntries = ["UNREVERSED", "ALL"] as const;
export type LedgerEntries = (typeof ledgerEntries)[number];

export type MovementQuestion = {
  readonly filter: MovementFilter;
  readonly context: FilterContext;
  readonly entries: LedgerEntries;
  /** By EFFECTIVE_ON when empty. */
  readonly orderBy: MovementOrder;
};

/** A page of movements. BAD_USER_INPUT for a page that cannot be answered and for an order that names a field twice. */
export async function listMovements(tx: Tx, question: MovementQuestion, args: PageArgs): Promise<Page<MovementRow>> {
  const { sql } = tx;
  const listing = movementListing(tx, question.orderBy);
  const page = pageQuery(sql, listing, args);
  const rows = await unprepared(sql<(MovementRow & SortedRow)[]>`
    select ${movementColumns(tx)}, ${page.sortedBy} as "sortedBy" from movements m
    where ${conditions(tx, question)} and ${page.where}
    order by ${page.orderBy} limit ${page.limit}`);
  return toPage(listing, args, rows);
}

/** How many movements the question chooses. */
export async function countMovements(tx: Tx, question: MovementQuestion): Promise<number> {
  const [row] = await unprepared(tx.sql<{ count: bigint }[]>`
    select count(*) as count from movements m where ${conditions(tx, question)}`);
  return Number(row?.count ?? 0n);
}

/** A page of each account's movements, in one statement. */
export async function listMovementsOfAccounts(
  tx: Tx,
  accountIds: readonly string[],
  question: MovementQuestion,
  args: PageArgs,
): Promise<ReadonlyMap<string, Page<MovementRow>>> {
  const { sql } = tx;
  const listing = movementListing(tx, question.orderBy);
  const page = pageQuery(sql, listing, args);
  const rows = await unprepared(sql<(MovementRow & SortedRow)[]>`
    select movement.* from accounts a cross join lateral (
      select ${movementColumns(tx)}, ${page.sortedBy} as "sortedBy", row_number() over (order by ${page.orderBy}) as place
      from movements m
      where m.workspace_id = a.workspace_id and m.account_id = a.id and ${conditions(tx, question)} and ${page.where}
      order by ${page.orderBy} limit ${page.limit}
    ) movement
    where a.workspace_id = ${tx.workspaceId} and a.id = any(${[...accountIds]}::uuid[])
    order by movement.place`);
  return toPages(listing, args, accountIds, rows, (row) => row.accountId);
}

/** How many movements of each account the question chooses; accounts without any are left out. */
export async function countMovementsOfAccounts(
  tx: Tx,
  accountIds: readonly string[],
  question: MovementQuestion,
): Promise<ReadonlyMap<string, number>> {
  const rows = await unprepared(tx.sql<{ accountId: string; count: bigint }[]>`
    select m.account_id as "accountId", count(*) as count from movements m
    where m.account_id = any(${[...accountIds]}::uuid[]) and ${conditions(tx, question)}
    group by m.account_id`);
  return new Map(rows.map((row) => [row.accountId, Number(row.count)]));
}

/** A page for each of several questions of one order, in one statement; pages come in the order of the questions. */
export async function listMovementsOfQuestions(
  tx: Tx,
  questions: readonly MovementQuestion[],
  args: PageArgs,
): Promise<readonly Page<MovementRow>[]> {
  const { sql } = tx;
  const listing = movementListing(tx, questions[0]?.orderBy ?? []);
  const page = pageQuery(sql, listing, args);
  const parts = questions.map(
    (question, index) => sql`(
      select ${String(index)}::text as question, ${movementColumns(tx)}, ${page.sortedBy} as "sortedBy",
        row_number() over (order by ${page.orderBy}) as place
      from movements m where ${conditions(tx, question)} and ${page.where}
      order by ${page.orderBy} limit ${page.limit})`,
  );
  const rows = await unprepared(sql<(MovementRow & SortedRow & { readonly question: string })[]>`
    select * from (${unionAll(tx, parts)}) found order by place`);
  const indexes = questions.map((_, index) => String(index));
  const pages = toPages(listing, args, indexes, rows, (row) => row.question);
  return indexes.map((index) => pages.get(index) ?? toPage(listing, args, []));
}

/** How many movements each of several questions chooses, in one statement and in the order of the questions. */
export async function countMovementsOfQuestions(
  tx: Tx,
  questions: readonly MovementQuestion[],
): Promise<readonly number[]> {
  const parts = questions.map(
    (question, index) => tx.sql`(
      select ${String(index)}::text as question, count(*) as count from movements m where ${conditions(tx, question)})`,
  );
  const rows = await unprepared(tx.sql<{ question: string; count: bigint }[]>`${unionAll(tx, parts)}`);
  const counts = new Map(rows.map((row) => [row.question, Number(row.count)]));
  return questions.map((_, index) => counts.get(String(index)) ?? 0);
}

/** Movements by id, in any order, reversals and reversed ones too; ids that do not exist are left out. */
export async function findMovements(tx: Tx, ids: readonly string[]): Promise<readonly MovementRow[]> {
  return tx.sql<MovementRow[]>`
    select ${movementColumns(tx)} from movements m
    where m.workspace_id = ${tx.workspaceId} and m.id = any(${[...ids]}::uuid[])`;
}

/** The reversals of movements, in any order; movements that still counted at the version have none. */
export async function findReversals(tx: Tx, ids: readonly string[], version: bigint): Promise<readonly MovementRow[]> {
  return tx.sql<MovementRow[]>`
    select ${movementColumns(tx)} from movements m
    where m.workspace_id = ${tx.workspaceId} and m.reverses = any(${[...ids]}::uuid[])
      and m.ledger_version <= ${version}`;
}

/** The movements that stand in for corrected ones, as known at a version, in any order. */
export async function findCorrections(
  tx: Tx,
  ids: readonly string[],
  version: bigint,
): Promise<readonly MovementRow[]> {
  return tx.sql<MovementRow[]>`
    select ${movementColumns(tx)} from movements o
    join movements m on m.workspace_id = o.workspace_id and m.external_id = o.external_id and m.corrects = o.id
    where o.workspace_id = ${tx.workspaceId} and o.id = any(${[...ids]}::uuid[]) and m.ledger_version <= ${version}`;
}

/** The accounts of these that were fed by then: some line or movement of theirs was recorded by the version. */
export async function findFedAccounts(
  tx: Tx,
  accountIds: readonly string[],
  version: bigint,
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await tx.sql<{ id: string }[]>`
    select a.id from accounts a
    where a.workspace_id = ${tx.workspaceId} and a.id = any(${[...accountIds]}::uuid[]) and (
      exists (select from contract_line_versions v
        where v.workspace_id = a.workspace_id and v.account_id = a.id and v.recorded_version <= ${version})
      or exists (select from movements m
        where m.workspace_id = a.workspace_id and m.account_id = a.id and m.ledger_version <= ${version}))`;
  return new Map(rows.map(({ id }) => [id, true]));
}

const movementColumns = ({
  sql,
}: Tx) => sql`m.id, m.account_id as "accountId", m.effective_on as "effectiveOn", m.type, m.driver,
  m.amount_minor as "amountMinor", m.currency, m.line_id as "lineId", m.product_id as "productId", m.plan_id as "planId",
  m.kind, m.is_add_on as "isAddOn", m.motion, m.campaign, m.booked_on as "bookedOn", m.external_id as "externalId",
  m.reverses, m.corrects, m.note, m.rule, m.version_before_id as "versionBeforeId", m.version_after_id as "versionAfterId",
  coalesce(m.pair_before_ids, '{}') as "pairBeforeIds", coalesce(m.pair_after_ids, '{}') as "pairAfterIds",
  m.batch_id as "batchId", m.source_row as "sourceRow", m.recorded_at as "recordedAt", m.ledger_version as "ledgerVersion"`;

function conditions(tx: Tx, { filter, context, entries }: MovementQuestion): Fragment {
  const { sql } = tx;
  const rows =
    entries === "ALL"
      ? sql`m.workspace_id = ${tx.workspaceId} and m.ledger_version <= ${context.ledgerVersion}`
      : unreversed(sql, "m", context);
  return allOf(sql, [rows, movementConditions(sql, filter, context)]);
}

function unionAll({ sql }: Tx, parts: readonly Fragment[]): Fragment {
  return sql`${parts.map((part, index) => (index === 0 ? part : sql`union all ${part}`))}`;
}

function movementListing({ sql, workspaceId }: Tx, orderBy: MovementOrder): Listing {
  const asked = orderBy.length === 0 ? [{ field: "EFFECTIVE_ON", direction: "ASC" } as const] : orderBy;
  if (new Set(asked.map(({ field }) => field)).size < asked.length) {
    badInput("orderBy", "'orderBy' names a field twice: an order takes each field once.");
  }
  const byField = (field: MovementOrderField): Pick<SortKey, "type" | "expression"> => {
    switch (field) {
      case "EFFECTIVE_ON":
        return { type: "date", expression: sql`m.effective_on` };
      case "RECORDED_AT":
        return { type: "timestamptz", expression: sql`m.recorded_at` };
      case "AMOUNT":
        return { type: "bigint", expression: sql`m.amount_minor` };
    }
  };
  const keys = asked.map(({ field, direction }) => ({ name: field, direction, ...byField(field) }));
  return {
    workspaceId,
    name: "movements",
    keys: [...keys, { name: "ID", direction: "ASC", type: "uuid", expression: sql`m.id` }],
  };
}
