// Which accounts went from which ARR band to which over a window: the lines that part the bands at its opening from those at its closing.

import type { Tx } from "../kernel/database.ts";
import type { Window } from "../kernel/dates.ts";
import type { Policy } from "../policies/policy.ts";
import { type SegmentBand, segmentOf } from "../workspaces/segments.ts";
import { getSettings } from "../workspaces/store.ts";
import { type AccountRow, type RowsByAccount, rowsByAccount } from "./account-parts.ts";
import type { ExpansionMetricsAnswer } from "./answer.ts";
import type { MetricsQuestion } from "./question.ts";
import { type ReportQuestion, takesWholeAccounts, wholeAccounts, wholeQuestionOf } from "./report-question.ts";
import { askExpansionMetrics } from "./store.ts";

/** An account of which the filter takes something at either end, and its band at both; null where the whole account has no ARR there. */
export type MigratedAccount = AccountRow & {
  readonly accountId: string;
  readonly openingSegment: string | null;
  readonly closingSegment: string | null;
  /** As far as the filter takes them, in minor units; the bands are those of the whole account. */
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
};

/** All accounts of one way, from a band to a band; null is "no ARR there": arrived, or left. */
export type SegmentMigrationLine = Pick<
  MigratedAccount,
  "openingSegment" | "closingSegment" | "openingMinor" | "closingMinor"
> & { readonly accountCount: number };

export type SegmentMigration = {
  readonly window: Window;
  readonly policy: Policy;
  /** The reporting currency of every amount. */
  readonly currency: string;
  readonly ledgerVersion: bigint;
  /** By the band at the opening, from the highest down, then by the one at the closing; null last. Accounts that stayed are lines too. */
  readonly lines: readonly SegmentMigrationLine[];
  readonly accounts: RowsByAccount<MigratedAccount>;
};

/**
 * The ways between bands over a window. The lines of one opening band sum to that band's `openingArr` under `segmentAt: OPENING`, those
 * of one closing band to its `closingArr` under `segmentAt: CLOSING`. Errors as of `askExpansionMetrics`, without a limit on accounts.
 */
export async function askSegmentMigration(tx: Tx, asked: ReportQuestion): Promise<SegmentMigration> {
  const question = wholeQuestionOf(asked);
  const { window, policy, currency, ledgerVersion } = await askExpansionMetrics(tx, question);
  const { segmentBands } = await getSettings(tx, ledgerVersion);
  const accounts = await rowsByAccount(
    tx,
    { name: "segmentMigration", filter: question.filter, perPart: asked.accountsPerPart },
    (accountIds) => {
      const filter = accountIds === null ? question.filter : { ...question.filter, accountIds };
      return migratedAccounts(tx, { ...question, filter, groupBy: ["ACCOUNT"] }, segmentBands);
    },
  );
  return { window, policy, currency, ledgerVersion, lines: await sumLines(accounts, segmentBands), accounts };
}

async function migratedAccounts(
  tx: Tx,
  question: MetricsQuestion,
  bands: readonly SegmentBand[],
): Promise<readonly MigratedAccount[]> {
  const taken = await askExpansionMetrics(tx, question);
  const whole = takesWholeAccounts(question) ? taken : await askExpansionMetrics(tx, wholeAccounts(question));
  const wholeEnds = new Map(endsOf(whole).map((ends) => [ends.accountId, ends]));
  return endsOf(taken).flatMap((ends) => {
    const { openingMinor, closingMinor, accountId } = ends;
    if (openingMinor === 0n && closingMinor === 0n) return [];
    const account = wholeEnds.get(accountId);
    const bandAt = (takenMinor: bigint, wholeMinor: bigint) =>
      takenMinor === 0n && wholeMinor === 0n ? null : segmentOf(wholeMinor, bands);
    const openingSegment = bandAt(openingMinor, account?.openingMinor ?? 0n);
    const closingSegment = bandAt(closingMinor, account?.closingMinor ?? 0n);
    return [{ ...ends, openingSegment, closingSegment }];
  });
}

function endsOf({ rows }: ExpansionMetricsAnswer) {
  return rows.flatMap(({ group: { account, accountId }, money }) => {
    if (account === null || accountId === null) return [];
    return [{ account, accountId, openingMinor: money.openingMinor ?? 0n, closingMinor: money.closingMinor ?? 0n }];
  });
}

async function sumLines(
  accounts: RowsByAccount<MigratedAccount>,
  bands: readonly SegmentBand[],
): Promise<readonly SegmentMigrationLine[]> {
  const lines = new Map<string, SegmentMigrationLine>();
  await accounts.each(({ openingSegment, closingSegment, openingMinor, closingMinor }) => {
    const way = JSON.stringify([openingSegment, closingSegment]);
    const line = lines.get(way);
    lines.set(way, {
      openingSegment,
      closingSegment,
      accountCount: (line?.accountCount ?? 0) + 1,
      openingMinor: (line?.openingMinor ?? 0n) + openingMinor,
      closingMinor: (line?.closingMinor ?? 0n) + closingMinor,
    });
  });
  const place = (segment: string | null) =>
    segment === null ? bands.length : bands.findIndex(({ name }) => name === segment);
  return [...lines.values()].sort(
    (a, b) => place(a.openingSegment) - place(b.openingSegment) || place(a.closingSegment) - place(b.closingSegment),
  );
}
