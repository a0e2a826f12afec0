// What was booked between two ledger versions that bears on a window: each row of the ledger, whether it moved the window's flows or what
// the window opened with, and what they add up to.

import type { Tx } from "../kernel/database.ts";
import type { Window } from "../kernel/dates.ts";
import { badInput } from "../kernel/errors.ts";
import { allOf, type Fragment } from "../kernel/fragments.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPage } from "../kernel/pages.ts";
import type { MovementFilter } from "./condition.ts";
import { movementConditions } from "./filter.ts";
import { type MovementType, movementTypes } from "./types.ts";

/** FLOW: a day of the window. OPENING: a day before it. */
export const changeEffects = ["FLOW", "OPENING"] as const;
export type ChangeEffect = (typeof changeEffects)[number];

export type ChangeQuestion = {
  readonly window: Window;
  /** Rows of later commits than this one, up to and including the other. */
  readonly sinceVersion: bigint;
  readonly untilVersion: bigint;
  /** Accounts are read as known at the later version. Without days, and without bands: they are of one report, and these are two. */
  readonly filter: MovementFilter;
  readonly effect: ChangeEffect | null;
};

/** BAD_USER_INPUT for a condition that a comparison of two reports cannot have. */
export function requireComparable(filter: MovementFilter): void {
  if (filter.segment) badInput("filter.segment", "A band is of one report: compare two reports without a segment.");
}

/** A page of the movements (their ids), reversals included, in the order in which they were booked. */
export async function listChanges(
  tx: Tx,
  question: ChangeQuestion,
  args: PageArgs,
): Promise<Page<{ readonly id: string }>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: `changes ${question.effect}`,
    keys: [
      { name: "LEDGER_VERSION", direction: "ASC", type: "bigint", expression: sql`m.ledger_version` },
      { name: "EFFECTIVE_ON", direction: "ASC", type: "date", expression: sql`m.effective_on` },
      { name: "ID", direction: "ASC", type: "uuid", expression: sql`m.id` },
    ],
  };
  const page = pageQuery(sql, listing, args);
  const rows = await sql<({ id: string } & SortedRow)[]>`
    select m.id, ${page.sortedBy} as "sortedBy" from movements m where ${changes(tx, question)} and ${page.where}
    order by ${page.orderBy} limit ${page.limit}`;
  return toPage(listing, args, rows);
}

/** How many movements that list has. */
export async function countChanges(tx: Tx, question: ChangeQuestion): Promise<number> {
  const [row] = await tx.sql<{ count: bigint }[]>`
    select count(*) as count from movements m where ${changes(tx, question)}`;
  return Number(row?.count ?? 0n);
}

export type ChangeTotal = {
  readonly effect: ChangeEffect;
  readonly type: MovementType;
  readonly currency: string;
  readonly movementCount: number;
  /** Signed minor units of the currency: a reversal counts against what it took back. */
  readonly amountMinor: bigint;
};

/** What the movements add up to, by effect, type and currency. */
export async function sumChanges(tx: Tx, question: ChangeQuestion): Promise<readonly ChangeTotal[]> {
  return tx.sql<ChangeTotal[]>`
    select case when m.effective_on < ${question.window.fromOn}::date then 'OPENING' else 'FLOW' end as effect, m.type, m.currency,
      count(*)::integer as "movementCount", sum(m.amount_minor)::bigint as "amountMinor"
    from movements m where ${changes(tx, question)}
    group by 1, m.type, m.currency
    order by array_position(${[...changeEffects]}::text[],
      case when min(m.effective_on) < ${question.window.fromOn}::date then 'OPENING' else 'FLOW' end),
      array_position(${[...movementTypes]}::text[], m.type), m.currency`;
}

function changes({ sql, workspaceId }: Tx, question: ChangeQuestion): Fragment {
  const { window, sinceVersion, untilVersion, filter, effect } = question;
  return allOf(sql, [
    sql`m.workspace_id = ${workspaceId} and m.ledger_version > ${sinceVersion}::bigint and m.ledger_version <= ${untilVersion}::bigint`,
    sql`m.effective_on < ${window.untilOn}::date`,
    ...(effect === "FLOW" ? [sql`m.effective_on >= ${window.fromOn}::date`] : []),
    ...(effect === "OPENING" ? [sql`m.effective_on < ${window.fromOn}::date`] : []),
    movementConditions(sql, filter, { workspaceId, ledgerVersion: untilVersion }),
  ]);
}
