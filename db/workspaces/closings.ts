// Closing and reopening periods, and the one question that every writer of dated facts asks: may this day still be written about?

import { wordArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import { addDays, type PlainDate, type Window } from "../kernel/dates.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { newId } from "../kernel/ids.ts";
import { parseInstant } from "../kernel/instants.ts";
import { newestKnown } from "../kernel/knowledge.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPage } from "../kernel/pages.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { type CommitAuthor, getSettings, lockForCommit, writeCommit } from "./store.ts";

/** A period whose books were closed; reopened or not. */
export type ClosedPeriod = Window & {
  readonly id: string;
  /** The commit that closed it: what was reported of it is what is known as of this version. */
  readonly closedVersion: bigint;
  readonly closedAt: string;
  /** An API key's public id, or the operator's command. */
  readonly closedBy: string;
  readonly note: string | null;
  /** The commit that opened it again, when and by whom; null while it is closed. */
  readonly reopenedVersion: bigint | null;
  readonly reopenedAt: string | null;
  readonly reopenedBy: string | null;
};

const noteCharactersMax = 1_000;

/** The note without blanks around it, null for none. BAD_USER_INPUT (field `note`) for one of more than 1,000 characters. */
export function requireNote(note: string | null | undefined): string | null {
  const text = note?.trim() ?? "";
  if (text.length > noteCharactersMax) badInput("note", `A note has at most ${noteCharactersMax} characters.`);
  return text === "" ? null : text;
}

/**
 * Closes the days [fromOn, untilOn): from now on a fact about one of them is late. Periods may overlap, as a quarter does its months.
 * BAD_USER_INPUT (field `untilOn`) for no days, and (field `fromOn`) when just these days are closed already.
 */
export async function closePeriod(
  tx: Tx,
  { fromOn, untilOn, note }: Window & { readonly note?: string | null | undefined },
  author: CommitAuthor,
): Promise<ClosedPeriod> {
  if (untilOn <= fromOn) badInput("untilOn", "A period ends after it starts: 'untilOn' is the first day after it.");
  const stated = requireNote(note);
  const commit = await lockForCommit(tx);
  const [same] = await tx.sql`
    select 1 from closed_periods where workspace_id = ${tx.workspaceId} and superseded_version = ${liveVersion}
      and from_on = ${fromOn}::date and until_on = ${untilOn}::date limit 1`;
  if (same) badInput("fromOn", `${nameOf({ fromOn, untilOn })} is closed already.`);
  const id = newId();
  await tx.sql`
    insert into closed_periods (workspace_id, id, from_on, until_on, recorded_version, superseded_version, recorded_at, closed_by, note)
    values (${tx.workspaceId}::uuid, ${id}::uuid, ${fromOn}::date, ${untilOn}::date, ${commit.version}::bigint,
      ${liveVersion}::bigint, ${commit.recordedAt}::timestamptz, ${author.actor}, ${stated})`;
  await writeCommit(tx, commit, author);
  return getClosedPeriod(tx, id);
}

/** Opens a closed period again: facts about its days are late no longer. NOT_FOUND; BAD_USER_INPUT (field `id`) when it was opened already. */
export async function reopenPeriod(tx: Tx, id: string, author: CommitAuthor): Promise<ClosedPeriod> {
  const commit = await lockForCommit(tx);
  const period = await getClosedPeriod(tx, id);
  if (period.reopenedVersion !== null)
    badInput("id", `${nameOf(period)} was opened again at ${parseInstant(period.reopenedAt ?? "")}.`);
  await tx.sql`
    update closed_periods set superseded_version = ${commit.version}
    where workspace_id = ${tx.workspaceId} and id = ${id}::uuid and superseded_version = ${liveVersion}`;
  await writeCommit(tx, commit, author);
  return getClosedPeriod(tx, id);
}

/** CLOSED: those that are closed. ALL: those that were opened again too. */
export const closingStates = ["CLOSED", "ALL"] as const;
export type ClosingState = (typeof closingStates)[number];

/** Which closings are meant: known at a ledger version, and in which state then. */
export type ClosingQuestion = { readonly version: bigint; readonly state: ClosingState };

/** The closed periods as known at a ledger version, latest days first. BAD_USER_INPUT for a page that cannot be answered. */
export async function listClosedPeriods(
  tx: Tx,
  { version, state }: ClosingQuestion,
  args: PageArgs,
): Promise<Page<ClosedPeriod>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: `closedPeriods ${state}`,
    keys: [
      { name: "FROM_ON", direction: "DESC", type: "date", expression: sql`c.from_on` },
      { name: "ID", direction: "DESC", type: "uuid", expression: sql`c.id` },
    ],
  };
  const page = pageQuery(sql, listing, args);
  const rows = await sql<(ClosedPeriod & SortedRow)[]>`
    select ${periodColumns(tx, version)}, ${page.sortedBy} as "sortedBy"
    from ${periodSource(tx, version)} and ${isInState(tx, { version, state })} and ${page.where}
    order by ${page.orderBy} limit ${page.limit}`;
  return toPage(listing, args, rows);
}

/** How many periods that list has. */
export async function countClosedPeriods(tx: Tx, question: ClosingQuestion): Promise<number> {
  const [row] = await tx.sql<{ count: bigint }[]>`
    select count(*) as count from ${periodSource(tx, question.version)} and ${isInState(tx, question)}`;
  return Number(row?.count ?? 0n);
}

/** Days from one up to, not including, another; null = without end. */
export type Span = { readonly fromOn: PlainDate; readonly untilOn: PlainDate | null };

/**
 * For a writer of dated facts, under the commit's lock: the days on which its write makes something different. Where the workspace refuses
 * late facts, PERIOD_CLOSED for the earliest of them in a closed period; where it restates, the spans with days in one.
 */
export async function admitSpans<Spanned extends Span>(tx: Tx, spans: readonly Spanned[]): Promise<readonly Spanned[]> {
  const { sql } = tx;
  const late = await sql<{ on: PlainDate; index: number }[]>`
    select * from (
      select ${firstClosedDay(tx, { fromOn: sql`span.from_on`, untilOn: sql`span.until_on` })} as "on", span.place::integer - 1 as index
      from unnest(${wordArray(spans.map(({ fromOn }) => fromOn))}::date[], ${wordArray(spans.map(({ untilOn }) => untilOn))}::date[])
        with ordinality as span (from_on, until_on, place)
    ) late where late."on" is not null order by late."on"`;
  const [first] = late;
  if (first && (await refusesLateFacts(tx))) throw await closedError(tx, first.on);
  const places = new Set(late.map(({ index }) => index));
  return spans.filter((_, index) => places.has(index));
}

/** The first day of a span, SQL expressions, that is in a period closed now; null for none. A null or infinite end is none. */
export function firstClosedDay(
  { sql, workspaceId }: Tx,
  { fromOn, untilOn }: { readonly fromOn: Fragment; readonly untilOn: Fragment },
): Fragment {
  return sql`(select min(greatest(closed.from_on, ${fromOn})) from closed_periods closed
    where closed.workspace_id = ${workspaceId} and closed.superseded_version = ${liveVersion}
      and closed.from_on < coalesce(${untilOn}, 'infinity') and ${fromOn} < closed.until_on)`;
}

/** Whether a late fact is refused rather than booked as a restatement, as the workspace has chosen now. */
export async function refusesLateFacts(tx: Tx): Promise<boolean> {
  return (await getSettings(tx)).closedPeriodTreatment === "REFUSE";
}

/** Whether any period is closed now: what else is asked of late facts can be left out otherwise. */
export async function hasClosedPeriods(tx: Tx): Promise<boolean> {
  const [any] = await tx.sql`
    select 1 from closed_periods where workspace_id = ${tx.workspaceId} and superseded_version = ${liveVersion} limit 1`;
  return any !== undefined;
}

/** Whether a day, an SQL expression, is in a period that is closed now. */
export function inClosedPeriod({ sql, workspaceId }: Tx, day: Fragment): Fragment {
  return sql`exists (select from closed_periods closed where closed.workspace_id = ${workspaceId}
    and closed.superseded_version = ${liveVersion} and closed.from_on <= ${day} and ${day} < closed.until_on)`;
}

/** The closed period of a day, in words, as SQL: "2025-01-01 to 2025-03-31"; of several the one that was closed first. */
export function closedPeriodOf({ sql, workspaceId }: Tx, day: Fragment): Fragment {
  return sql`(select closed.from_on || ' to ' || (closed.until_on - 1) from closed_periods closed
    where closed.workspace_id = ${workspaceId} and closed.superseded_version = ${liveVersion}
      and closed.from_on <= ${day} and ${day} < closed.until_on order by closed.recorded_version limit 1)`;
}

/** The refusal of a write about a day in a closed period: it names both. */
export async function closedError(tx: Tx, day: PlainDate): Promise<AccreteError> {
  const [period] = await tx.sql<{ name: string | null }[]>`
    select ${closedPeriodOf(tx, tx.sql`${day}::date`)} as name`;
  return new AccreteError(
    "PERIOD_CLOSED",
    `This changes what is true on ${day}, a day of the closed period ${period?.name}: reopen the period, or have late facts booked as restatements.`,
  );
}

/** NOT_FOUND when there is none. */
async function getClosedPeriod(tx: Tx, id: string): Promise<ClosedPeriod> {
  const [period] = await tx.sql<ClosedPeriod[]>`
    select ${periodColumns(tx, newestKnown)} from ${periodSource(tx, newestKnown)} and c.id = ${id}::uuid`;
  if (!period) throw new AccreteError("NOT_FOUND", "There is no such closed period.");
  return period;
}

function nameOf({ fromOn, untilOn }: Window): string {
  return `The period ${fromOn} to ${addDays(untilOn, -1)}`;
}

// A reopening after the version asked about is not known yet.
const periodColumns = ({ sql }: Tx, version: bigint) => sql`c.id, c.from_on as "fromOn", c.until_on as "untilOn",
  c.recorded_version as "closedVersion", c.recorded_at::text as "closedAt", c.closed_by as "closedBy", c.note,
  case when c.superseded_version <= ${version} then c.superseded_version end as "reopenedVersion",
  case when c.superseded_version <= ${version} then o.recorded_at::text end as "reopenedAt",
  case when c.superseded_version <= ${version} then o.actor end as "reopenedBy"`;

const periodSource = ({ sql, workspaceId }: Tx, version: bigint) => sql`closed_periods c
  left join commits o on o.workspace_id = c.workspace_id and o.version = c.superseded_version
  where c.workspace_id = ${workspaceId} and c.recorded_version <= ${version}`;

function isInState({ sql }: Tx, { version, state }: ClosingQuestion): Fragment {
  return state === "ALL" ? sql`true` : sql`c.superseded_version > ${version}`;
}
