// Which rows of the ledger can have moved one report of a window into another. Where both policies read the ledger as it is stored, the
// question's own conditions choose them; where one nets, groups or leaves out, they are those of the accounts that either report is of.

import { loadHierarchy } from "../accounts/merges.ts";
import type { Tx } from "../kernel/database.ts";
import { AccreteError } from "../kernel/errors.ts";
import type { ChangeQuestion } from "../movements/changes.ts";
import type { MovementFilter } from "../movements/condition.ts";
import type { ExpansionMetricsAnswer } from "./answer.ts";
import { changesOfAccounts } from "./changes-of-accounts.ts";
import type { RowPlace } from "./drilldown.ts";
import { accountsMax, membersOf, readsStoredMovements, typesAsStored } from "./facts.ts";
import type { MetricsQuestion } from "./question.ts";

/** One of two reports of the same window and filter, without groups. */
export type ReadReport = { readonly question: MetricsQuestion; readonly answer: ExpansionMetricsAnswer };

export type ReportPair = { readonly before: ReadReport; readonly after: ReadReport };

/** What chooses the rows of the ledger that were booked between the two: found once, when it is first asked for. */
export function changesBetween(tx: Tx, reports: ReportPair): () => Promise<Omit<ChangeQuestion, "effect">> {
  let filter: Promise<MovementFilter> | null = null;
  const { before, after } = reports;
  return async () => {
    filter ??= filterOfChanges(tx, reports);
    return {
      window: after.question.window,
      sinceVersion: before.answer.ledgerVersion,
      untilVersion: after.answer.ledgerVersion,
      filter: await filter,
    };
  };
}

/**
 * The filter of the rows of the ledger that bear on the difference of the two. Where a policy types or groups anew, types, drivers and ways
 * are not asked of the rows, and conditions on accounts choose all rows of the accounts that either report counts; of groups, of all their
 * accounts. TOO_COMPLEX for more than 50,000.
 */
async function filterOfChanges(tx: Tx, { before, after }: ReportPair): Promise<MovementFilter> {
  const reports = [before, after];
  const { filter } = after.question;
  if (reports.every(({ answer }) => readsStoredMovements(answer.policy))) {
    return reports.reduce((stored, { answer }) => typesAsStored(stored, answer.policy), filter);
  }
  const { productIds, planIds, product, plan, currency, ...others } = filter;
  const { type: _type, driver: _driver, motion: _motion, campaign: _campaign, ...ofAccounts } = others;
  const kept = { productIds, planIds, product, plan, currency };
  const ofLines: MovementFilter = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  if (Object.values(ofAccounts).every((value) => value === undefined)) return ofLines;
  const accountIds = new Set<string>();
  for (const report of reports) {
    const question = { ...report.question, filter: { ...ofAccounts, ...ofLines } };
    for (const accountId of await accountsOf(tx, { ...report, question })) accountIds.add(accountId);
  }
  if (accountIds.size <= accountsMax) return { ...ofLines, accountIds: [...accountIds] };
  throw new AccreteError(
    "TOO_COMPLEX",
    `The reports are of ${accountIds.size} accounts; the limit is ${accountsMax}.`,
    {
      field: "movements",
    },
  );
}

/** Every account that the report counts; of groups, all their accounts. */
async function accountsOf(tx: Tx, { question, answer }: ReadReport): Promise<readonly string[]> {
  const { policy, total, ledgerVersion, hierarchyOn } = answer;
  const place: RowPlace = { ...question, period: total.period, group: total.group };
  const found: string[] = [];
  await (await changesOfAccounts(tx, question, place, policy)).each(({ accountId }) => found.push(accountId));
  if (policy.accountLevel === "ACCOUNT" || found.length === 0) return found;
  return membersOf(await loadHierarchy(tx, ledgerVersion), place, { policy, hierarchyOn }, found);
}
