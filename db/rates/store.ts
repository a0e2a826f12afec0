// Rate sets in Postgres: what is stated of rates is kept with the commit that recorded it, and what it replaces is superseded, never lost.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { badInput } from "../kernel/errors.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { newId } from "../kernel/ids.ts";
import { newestKnown } from "../kernel/knowledge.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { inClosedPeriod, refusesLateFacts } from "../workspaces/closings.ts";
import {
  type Commit,
  type CommitAuthor,
  changeSettings,
  getLedgerVersion,
  lockForCommit,
  writeCommit,
} from "../workspaces/store.ts";
import type { RateSetKind } from "./kinds.ts";
import {
  type RateRefusal,
  type RateRow,
  rateKey,
  readRates,
  refusalOf,
  requireRateSetName,
  type StatedRate,
} from "./state.ts";
import { createRateSets, daysOfRates, writeRates } from "./write.ts";

/** A named set of rates; its kind never changes. */
export type RateSet = { readonly id: string; readonly name: string; readonly kind: RateSetKind };

/** The rate set of that name, or null; a set is known from its first rate on. */
export async function findRateSet(tx: Tx, name: string, version: bigint = newestKnown): Promise<RateSet | null> {
  const [set] = await tx.sql<RateSet[]>`
    select s.id, s.name, s.kind from rate_sets s where ${isKnown(tx, version)} and s.name = ${name.trim()}`;
  return set ?? null;
}

/** Rate sets by id, in any order; ids that do not exist are left out. */
export async function findRateSets(tx: Tx, ids: readonly string[]): Promise<readonly RateSet[]> {
  return tx.sql<RateSet[]>`
    select s.id, s.name, s.kind from rate_sets s
    where s.workspace_id = ${tx.workspaceId} and s.id = any(${[...ids]}::uuid[])`;
}

/** Every rate set that is known at a ledger version, the newest unless told, by name. */
export async function listRateSets(tx: Tx, version: bigint = newestKnown): Promise<readonly RateSet[]> {
  return tx.sql<RateSet[]>`
    select s.id, s.name, s.kind from rate_sets s where ${isKnown(tx, version)} order by s.name collate "C"`;
}

/** A set comes to be with its first rate, and is known from that commit on, whatever becomes of the rate. */
function isKnown({ sql, workspaceId }: Tx, version: bigint): Fragment {
  return sql`s.workspace_id = ${workspaceId} and exists (
    select from exchange_rates r where r.workspace_id = s.workspace_id and r.rate_set_id = s.id and r.recorded_version <= ${version})`;
}

export type RatesToSet = {
  readonly rateSet: string;
  /** For a set that is new; a known set's kind may be said again. */
  readonly kind?: RateSetKind | null | undefined;
  readonly rates: readonly StatedRate[];
};

export type RatesResult = {
  /** Null when rows were refused. */
  readonly rateSet: RateSet | null;
  /** Rates that the books did not have, or had otherwise. */
  readonly changed: number;
  readonly unchanged: number;
  /** Rates that change what is true on a day of a closed period, and were booked all the same: the workspace's choice. */
  readonly restatements: number;
  /** Empty unless nothing was written. */
  readonly refusals: readonly RateRefusal[];
  readonly ledgerVersion: bigint;
};

const ratesMax = 10_000;

/**
 * States rates of one set, all or nothing: one rate for a pair, and in a DATED set for a day, supersedes the one before it; a rate of null
 * withdraws it. A set that is not there comes to be, of the kind that is said. Rows that cannot be are refused, each with its code. What
 * the books say already records nothing. BAD_USER_INPUT for no rates or more than 10,000, a blank name, and a kind that is missing or not
 * the set's.
 */
export async function setRates(
  tx: Tx,
  { rateSet, kind, rates }: RatesToSet,
  author: CommitAuthor,
): Promise<RatesResult> {
  const name = requireRateSetName(rateSet);
  if (rates.length === 0 || rates.length > ratesMax) badInput("rates", `A list has 1 to ${ratesMax} rates.`);
  const commit = await lockForCommit(tx);
  const known = await findRateSet(tx, name);
  const set = known ?? {
    id: newId(),
    name,
    kind: kind ?? badInput("kind", `'${name}' is a new rate set: say its kind.`),
  };
  if (kind && kind !== set.kind)
    badInput("kind", `The rate set '${name}' is ${set.kind}; a set never changes its kind.`);
  const { rows, refusals } = readRates(rates, set.kind);
  const standing = await findStanding(tx, set, rows);
  const unknown = rows.flatMap((row, index) =>
    row.rate === null && !standing.has(rateKey(row)) ? [refusalOf(index, null, "RATE_UNKNOWN")] : [],
  );
  const refused = [...refusals, ...unknown].sort((a, b) => a.index - b.index);
  if (refused.length > 0) return refusedWith(tx, refused);

  const changes = rows.flatMap((row, index) =>
    sameRate(row.rate, standing.get(rateKey(row))) ? [] : [{ ...row, index }],
  );
  const unchanged = rows.length - changes.length;
  if (changes.length === 0) {
    const { version } = await getLedgerVersion(tx);
    return { rateSet: set, changed: 0, unchanged, restatements: 0, refusals: [], ledgerVersion: version };
  }
  const relation = relationOf(tx, set, changes);
  const late = set.kind === "DATED" ? await listLateRates(tx, relation) : [];
  if (late.length > 0 && (await refusesLateFacts(tx))) {
    return refusedWith(
      tx,
      late.map((index) => refusalOf(index, "fromOn", "PERIOD_CLOSED")),
    );
  }
  if (!known) await createRateSets(tx, tx.sql`select ${set.id}::uuid, ${set.name}, ${set.kind}`);
  await writeRates(tx, { commit, batchId: newId() }, relation);
  await writeCommit(tx, commit, author);
  const counts = { changed: changes.length, unchanged, restatements: late.length };
  return { rateSet: set, ...counts, refusals: [], ledgerVersion: commit.version };
}

async function refusedWith(tx: Tx, refusals: readonly RateRefusal[]): Promise<RatesResult> {
  const { version } = await getLedgerVersion(tx);
  return { rateSet: null, changed: 0, unchanged: 0, restatements: 0, refusals, ledgerVersion: version };
}

/** The live rates of a set under the keys of rows. */
async function findStanding({ sql, workspaceId }: Tx, set: RateSet, rows: readonly RateRow[]) {
  const standing = await sql<{ fromCurrency: string; toCurrency: string; fromOn: PlainDate; rate: string }[]>`
    select r.from_currency as "fromCurrency", r.to_currency as "toCurrency", r.from_on as "fromOn", trim_scale(r.rate)::text as rate
    from exchange_rates r
    join unnest(${rows.map(({ fromCurrency }) => fromCurrency)}::text[], ${rows.map(({ toCurrency }) => toCurrency)}::text[],
      ${rows.map(({ fromOn }) => fromOn)}::date[]) as s (from_currency, to_currency, from_on)
      on (s.from_currency, s.to_currency, s.from_on) = (r.from_currency, r.to_currency, r.from_on)
    where r.workspace_id = ${workspaceId} and r.rate_set_id = ${set.id}::uuid and r.superseded_version = ${liveVersion}`;
  return new Map(standing.map((row) => [rateKey(row), row.rate]));
}

/** Whether a decimal says what a standing one (without needless zeros) says. */
function sameRate(stated: string | null, standing: string | undefined): boolean {
  return stated !== null && standing !== undefined && withoutNeedlessZeros(stated) === standing;
}

function withoutNeedlessZeros(text: string): string {
  const [whole = "", fraction = ""] = text.split(".");
  const shown = fraction.replace(/0+$/, "");
  return `${whole.replace(/^0+(?=\d)/, "")}${shown === "" ? "" : `.${shown}`}`;
}

function relationOf(
  { sql }: Tx,
  { id }: RateSet,
  changes: readonly (RateRow & { readonly index: number })[],
): Fragment {
  return sql`
    select s.index as row_number, null::integer as line_number, ${id}::uuid as rate_set_id, s.from_currency, s.to_currency, s.from_on, s.rate
    from unnest(${changes.map(({ index }) => index)}::integer[], ${changes.map(({ fromCurrency }) => fromCurrency)}::text[],
      ${changes.map(({ toCurrency }) => toCurrency)}::text[], ${changes.map(({ fromOn }) => fromOn)}::date[],
      ${changes.map(({ rate }) => rate)}::numeric[]) as s (index, from_currency, to_currency, from_on, rate)`;
}

/** The row numbers of rates that would change what is true on a day of a closed period. */
async function listLateRates(tx: Tx, rates: Fragment): Promise<readonly number[]> {
  const late = await tx.sql<{ index: number }[]>`
    select d.row_number as index from (${daysOfRates(tx, rates)}) d
    where ${inClosedPeriod(tx, tx.sql`d."on"`)} order by d.row_number`;
  return late.map(({ index }) => index);
}

/** Which sets the policy's currency treatments read; a set left out (undefined) stays, null is none. */
export type RateSetChoice = {
  readonly constant?: string | null | undefined;
  readonly reported?: string | null | undefined;
};

/**
 * Chooses the rate sets of CONSTANT and REPORTED by name, for every question from now on. BAD_USER_INPUT (the field) for a name that no
 * set has, and for a set of the other kind. Null when the choice was so already.
 */
export async function chooseRateSets(tx: Tx, choice: RateSetChoice, author: CommitAuthor): Promise<Commit | null> {
  await lockForCommit(tx);
  const { constant, reported } = choice;
  const constantRateSetId = await chosenId(tx, "constant", constant, "CONSTANT");
  const reportedRateSetId = await chosenId(tx, "reported", reported, "DATED");
  const change = {
    ...(constantRateSetId === undefined ? {} : { constantRateSetId }),
    ...(reportedRateSetId === undefined ? {} : { reportedRateSetId }),
  };
  return changeSettings(tx, change, author);
}

async function chosenId(
  tx: Tx,
  field: keyof RateSetChoice,
  name: string | null | undefined,
  kind: RateSetKind,
): Promise<string | null | undefined> {
  if (name === undefined || name === null) return name;
  const set = await findRateSet(tx, name);
  if (!set) badInput(field, `There is no rate set '${name}'.`);
  if (set.kind !== kind) badInput(field, `The rate set '${name}' is ${set.kind}; a ${kind} one is needed here.`);
  return set.id;
}
