// Workspaces in Postgres: making one, its settings, its ledger version, and the commit that every writer takes.

import { isDeepStrictEqual } from "node:util";
import { and, desc, eq, lte, sql } from "drizzle-orm";
import type { Tx } from "../kernel/database.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import { parseInstant } from "../kernel/instants.ts";
import type { AsOf } from "../kernel/knowledge.ts";
import { currencyDecimals } from "../kernel/money.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { ClosedPeriodTreatment } from "./closed-periods.ts";
import { defaultSegmentBands, requireSegmentBands, type SegmentBand, type StatedBand } from "./segments.ts";
import { commits, ledgerVersions, workspaceSettings, workspaces } from "./table.ts";

/** What a commit stamps on every row it writes. */
export type Commit = { readonly version: bigint; readonly recordedAt: string };

/** Who writes, and what: kept in the log of commits. */
export type CommitAuthor = { readonly actor: string; readonly action: string };

export type WorkspaceSettings = {
  readonly reportingCurrency: string;
  /** 1 to 12. */
  readonly fiscalYearStartMonth: number;
  /** From the highest band down; the last one starts at 0. */
  readonly segmentBands: readonly SegmentBand[];
  /** The policy keys that differ from the product's built-in defaults. */
  readonly defaultPolicy: Readonly<Record<string, unknown>>;
  /** The rate sets of CONSTANT and REPORTED; null until chosen. */
  readonly constantRateSetId: string | null;
  readonly reportedRateSetId: string | null;
  readonly closedPeriodTreatment: ClosedPeriodTreatment;
};

export type NewWorkspace = {
  readonly name: string;
  /** ISO 4217, known. */
  readonly reportingCurrency: string;
  /** 1 to 12. */
  readonly fiscalYearStartMonth: number;
};

/** Makes the workspace of the transaction's context, at ledger version 1. */
export async function createWorkspace(tx: Tx, workspace: NewWorkspace, author: CommitAuthor): Promise<Commit> {
  const [row] = await tx.sql<{ now: string }[]>`select clock_timestamp()::text as now`;
  const commit: Commit = { version: 1n, recordedAt: row?.now ?? "" };
  await tx.orm
    .insert(workspaces)
    .values({ workspaceId: tx.workspaceId, name: workspace.name, createdAt: commit.recordedAt });
  await tx.orm.insert(ledgerVersions).values({ workspaceId: tx.workspaceId, ...commit });
  await tx.orm.insert(commits).values({ workspaceId: tx.workspaceId, ...commit, ...author });
  await tx.orm.insert(workspaceSettings).values({
    workspaceId: tx.workspaceId,
    recordedVersion: commit.version,
    supersededVersion: liveVersion,
    recordedAt: commit.recordedAt,
    setBy: author.actor,
    reportingCurrency: workspace.reportingCurrency,
    fiscalYearStartMonth: workspace.fiscalYearStartMonth,
    segmentBands: defaultSegmentBands(currencyDecimals(workspace.reportingCurrency) ?? 2),
    defaultPolicy: {},
  });
  return commit;
}

/** The workspace of the context; throws NOT_FOUND when there is none. */
export async function getWorkspace(tx: Tx): Promise<{ readonly name: string; readonly createdAt: string }> {
  const [row] = await tx.orm.select().from(workspaces).where(eq(workspaces.workspaceId, tx.workspaceId));
  if (!row) throw new AccreteError("NOT_FOUND", "There is no such workspace.");
  return row;
}

/** The settings as known at a ledger version, the newest unless told; throws NOT_FOUND for a workspace that does not exist. */
export async function getSettings(tx: Tx, version: bigint = liveVersion): Promise<WorkspaceSettings> {
  const [row] = await tx.orm
    .select()
    .from(workspaceSettings)
    .where(and(eq(workspaceSettings.workspaceId, tx.workspaceId), lte(workspaceSettings.recordedVersion, version)))
    .orderBy(desc(workspaceSettings.recordedVersion))
    .limit(1);
  if (!row) throw new AccreteError("NOT_FOUND", "There is no such workspace.");
  return row;
}

/** The ledger version of the last commit; throws NOT_FOUND for a workspace that does not exist. */
export async function getLedgerVersion(tx: Tx): Promise<Commit> {
  const [row] = await tx.orm.select().from(ledgerVersions).where(eq(ledgerVersions.workspaceId, tx.workspaceId));
  if (!row) throw new AccreteError("NOT_FOUND", "There is no such workspace.");
  return { version: row.version, recordedAt: row.recordedAt };
}

/**
 * The commit whose knowledge is meant: the newest unless told, the one of a ledger version, or the last one at an instant. BAD_USER_INPUT
 * (field `asOf`) for a version that the ledger has not reached, and for an instant before the workspace's first commit.
 */
export async function getCommitAsOf(tx: Tx, asOf: AsOf | null): Promise<Commit> {
  const newest = await getLedgerVersion(tx);
  if (asOf === null) return newest;
  const known =
    "ledgerVersion" in asOf
      ? tx.sql`c.version = ${asOf.ledgerVersion}::bigint`
      : tx.sql`c.recorded_at <= ${requireInstant(asOf.at)}::timestamptz`;
  const [commit] = await tx.sql<{ version: bigint; recordedAt: string }[]>`
    select c.version, c.recorded_at::text as "recordedAt" from commits c
    where c.workspace_id = ${tx.workspaceId} and ${known} order by c.version desc limit 1`;
  if (commit) return commit;
  if ("at" in asOf) badInput("asOf", `Nothing was recorded in this workspace by ${asOf.at}.`);
  badInput("asOf", `The ledger has the versions 1 to ${newest.version}; ${asOf.ledgerVersion} is none of them.`);
}

function requireInstant(text: string): string {
  return parseInstant(text) ?? badInput("asOf", `'${text}' is not an instant such as 2025-12-31T23:59:59Z.`);
}

/**
 * Puts this writer in line: locks the version row until the transaction ends, and gives the next version and its time. Nothing is
 * written yet, so a writer that finds nothing to change leaves the version as it was.
 */
export async function lockForCommit(tx: Tx): Promise<Commit> {
  const [row] = await tx.sql<{ version: bigint; recordedAt: string }[]>`
    select version + 1 as version, greatest(clock_timestamp(), recorded_at + interval '1 microsecond')::text as "recordedAt"
    from ledger_versions where workspace_id = ${tx.workspaceId} for update`;
  if (!row) throw new AccreteError("NOT_FOUND", "There is no such workspace.");
  return row;
}

/** Records the commit that `lockForCommit` gave: from now on its version is the ledger's. */
export async function writeCommit(tx: Tx, commit: Commit, author: CommitAuthor): Promise<void> {
  await tx.orm
    .update(ledgerVersions)
    .set({ version: commit.version, recordedAt: commit.recordedAt })
    .where(
      and(eq(ledgerVersions.workspaceId, tx.workspaceId), eq(ledgerVersions.version, sql`${commit.version - 1n}`)),
    );
  await tx.orm.insert(commits).values({ workspaceId: tx.workspaceId, ...commit, ...author });
}

export type WorkspaceChoices = {
  /** ISO 4217, known. */
  readonly reportingCurrency?: string | null | undefined;
  /** 1 to 12. */
  readonly fiscalYearStartMonth?: number | null | undefined;
  readonly closedPeriodTreatment?: ClosedPeriodTreatment | null | undefined;
  /** Bands in the reporting currency as it is after the change. */
  readonly segmentBands?: readonly StatedBand[] | null | undefined;
};

/**
 * Records what the workspace chooses; what is left out, or null, stays. Another reporting currency needs the bands stated in it: bounds
 * are amounts of a currency, and none can be guessed. BAD_USER_INPUT (the field) otherwise, for a month that is none, and for bands that
 * cannot be. Null when everything was so already.
 */
export async function chooseForWorkspace(
  tx: Tx,
  choices: WorkspaceChoices,
  author: CommitAuthor,
): Promise<Commit | null> {
  await lockForCommit(tx);
  const current = await getSettings(tx);
  const reportingCurrency = choices.reportingCurrency ?? current.reportingCurrency;
  const fiscalYearStartMonth = choices.fiscalYearStartMonth ?? current.fiscalYearStartMonth;
  if (!Number.isInteger(fiscalYearStartMonth) || fiscalYearStartMonth < 1 || fiscalYearStartMonth > 12) {
    badInput("fiscalYearStartMonth", "The month that the fiscal year starts with is 1 to 12.");
  }
  const stated = choices.segmentBands;
  if (!stated && reportingCurrency !== current.reportingCurrency) {
    const { length } = current.segmentBands;
    badInput(
      "segmentBands",
      `The bounds of the ${length} bands are amounts of ${current.reportingCurrency}: state the bands in ${reportingCurrency} too.`,
    );
  }
  return changeSettings(
    tx,
    {
      reportingCurrency,
      fiscalYearStartMonth,
      closedPeriodTreatment: choices.closedPeriodTreatment ?? current.closedPeriodTreatment,
      segmentBands: stated ? requireSegmentBands(stated, reportingCurrency, "segmentBands") : current.segmentBands,
    },
    author,
  );
}

/** Records other bands of ARR, in the reporting currency. BAD_USER_INPUT (field `bands`) for bands that cannot be; null when they were so already. */
export async function setSegmentBands(
  tx: Tx,
  bands: readonly StatedBand[],
  author: CommitAuthor,
): Promise<Commit | null> {
  await lockForCommit(tx);
  const { reportingCurrency } = await getSettings(tx);
  return changeSettings(tx, { segmentBands: requireSegmentBands(bands, reportingCurrency) }, author);
}

/**
 * Records other settings: what is left out stays. Who, when, from and to are kept with the version before it. A change that says what is
 * said already records nothing and gives null.
 */
export async function changeSettings(
  tx: Tx,
  change: Partial<WorkspaceSettings>,
  author: CommitAuthor,
): Promise<Commit | null> {
  const commit = await lockForCommit(tx);
  const current = await getSettings(tx);
  const { reportingCurrency, fiscalYearStartMonth, segmentBands, defaultPolicy } = current;
  const { constantRateSetId, reportedRateSetId, closedPeriodTreatment } = current;
  const before: WorkspaceSettings = {
    reportingCurrency,
    fiscalYearStartMonth,
    segmentBands,
    defaultPolicy,
    constantRateSetId,
    reportedRateSetId,
    closedPeriodTreatment,
  };
  const after = { ...before, ...change };
  if (isDeepStrictEqual(before, after)) return null;
  await tx.orm
    .update(workspaceSettings)
    .set({ supersededVersion: commit.version })
    .where(
      and(eq(workspaceSettings.workspaceId, tx.workspaceId), eq(workspaceSettings.supersededVersion, liveVersion)),
    );
  await tx.orm.insert(workspaceSettings).values({
    workspaceId: tx.workspaceId,
    recordedVersion: commit.version,
    supersededVersion: liveVersion,
    recordedAt: commit.recordedAt,
    setBy: author.actor,
    ...after,
  });
  await writeCommit(tx, commit, author);
  return commit;
}
