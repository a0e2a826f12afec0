// Metrics out of Postgres: checks the question, reads the ledger at one version, and gives exact sums. Ratios are formulas.ts' work.

import { findResolvedParents } from "../accounts/merges.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import { unprepared } from "../kernel/fragments.ts";
import { parseInstant } from "../kernel/instants.ts";
import { readingManyRows } from "../kernel/planner.ts";
import { readPolicyLedger } from "../movements/policy-ledger.ts";
import { type Policy, policyHash } from "../policies/policy.ts";
import { getPolicy } from "../policies/store.ts";
import { type Commit, getCommitAsOf, getSettings } from "../workspaces/store.ts";
import type { ExpansionMetricsAnswer } from "./answer.ts";
import { withRates } from "./currencies.ts";
import { unitFirsts } from "./ledger.ts";
import { findNames } from "./names.ts";
import { choosePath, type ReadPath } from "./paths.ts";
import { periodsOf } from "./periods.ts";
import type { MetricsQuestion } from "./question.ts";
import { type Asked, type Level, type Reading, readingOf } from "./reading.ts";
import { assemble } from "./rows.ts";
import { metricsStatement, type SumRow } from "./statement.ts";

/** An answer has at most this many rows. */
export const rowsMax = 50_000;

/** A question groups and filters by at most this many of the workspace's own attributes each. */
const attributesMax = 10;

/**
 * The expansion metrics of a window: per period and group, and over the whole window, as exact sums in minor units of the reporting
 * currency, with the policy that was used, the ledger version and the residual (0 unless the books are broken). Rows are there for
 * every group and period in which anything is not 0.
 *
 * BAD_USER_INPUT (with the field) for an empty or reversed window, a day outside 1990 to 2100, a dimension named twice, days in the
 * filter, a policy key or version that cannot be; TOO_COMPLEX for more than 400 periods, 50,000 rows or 10 attributes; RATE_MISSING
 * when an amount in another currency than the reporting one has no rate; NOT_FOUND when the workspace does not exist.
 */
export async function askExpansionMetrics(tx: Tx, question: MetricsQuestion): Promise<ExpansionMetricsAnswer> {
  checkQuestion(question);
  const commit = await getCommitAsOf(tx, question.asOf ?? null);
  const ledgerVersion = commit.version;
  const settings = await getSettings(tx, ledgerVersion);
  const policy = await getPolicy(tx, question.policy, { settings, ledgerVersion, asOf: question.asOf ?? null });
  const periods = periodsOf(question.window, question.grain, settings.fiscalYearStartMonth);
  const hierarchyOn = hierarchyDay(question, commit);
  const read = await readWhatThePolicySays(tx, question, { policy, ledgerVersion, hierarchyOn });
  const asked = readingOf(tx.sql, question, { policy, settings, ...read });

  const bounds = [...periods.map(({ fromOn }) => fromOn), question.window.untilOn];
  const level = { bounds, keys: asked.keys, flowKeys: asked.flowKeys };
  const whole = { bounds: [question.window.fromOn, question.window.untilOn], keys: [], flowKeys: [] };
  const reading = await withRates(tx, asked, [level, whole]);
  const path = choosePath(question);
  const sums = await readers[path](tx, reading, level);
  if (sums.filter(({ part }) => part === "ROW" || part === "BASE").length > rowsMax) {
    throw new AccreteError(
      "TOO_COMPLEX",
      `The answer has more than ${rowsMax} rows; the limit is ${rowsMax}. Ask for fewer periods or dimensions, or filter.`,
      { field: "groupBy" },
    );
  }
  return {
    ...assemble(reading, periods, sums, await findNames(tx, reading, sums)),
    policy,
    policyHash: policyHash(policy),
    window: question.window,
    grain: question.grain,
    currency: settings.reportingCurrency,
    ledgerVersion,
    hierarchyOn,
    path,
  };
}

/** What the policy's level and usage derive anew, and the parents that count after all merges. */
async function readWhatThePolicySays(
  tx: Tx,
  { window, filter, groupBy }: MetricsQuestion,
  { policy, ledgerVersion, hierarchyOn }: { policy: Policy; ledgerVersion: bigint; hierarchyOn: PlainDate },
): Promise<Pick<Asked, "context" | "policyLedger">> {
  const { accountLevel, hierarchyAt, usage } = policy;
  const view = { accountLevel, hierarchyAt, usage, ledgerVersion, hierarchyOn, untilOn: window.untilOn };
  const readsParents = Boolean(filter.parentIds) || groupBy.includes("PARENT");
  const parents = readsParents ? await findResolvedParents(tx, ledgerVersion) : null;
  const policyLedger = await readPolicyLedger(tx, view);
  const firsts = unitFirsts(tx.sql, { policyLedger });
  return { policyLedger, context: { workspaceId: tx.workspaceId, ledgerVersion, parents, firsts } };
}

/** The day of the links of a LIVE hierarchy: today, or the day (UTC) of the instant, or of the version's commit, whose knowledge answers. */
function hierarchyDay({ asOf, todayOn }: MetricsQuestion, { recordedAt }: Commit): PlainDate {
  if (!asOf) return todayOn;
  const instant = "at" in asOf ? asOf.at : recordedAt;
  return (parseInstant(instant) ?? instant).slice(0, 10);
}

/** How each path reads the sums; all of them would give the same. */
const readers: Readonly<Record<ReadPath, (tx: Tx, reading: Reading, level: Level) => Promise<readonly SumRow[]>>> = {
  LEDGER: (tx, reading, level) => {
    const read = async () => unprepared(tx.sql<SumRow[]>`${metricsStatement(reading, level, rowsMax)}`);
    const namesAccounts = reading.filter.accountIds ?? reading.filter.accountExternalIds;
    return namesAccounts ? read() : readingManyRows(tx, read);
  },
};

function checkQuestion({ groupBy, groupByAttributes, filter }: MetricsQuestion): void {
  const named: Readonly<Record<string, readonly string[]>> = { groupBy, groupByAttributes };
  for (const [field, names] of Object.entries(named)) {
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) badInput(field, `'${twice}' is named twice: each dimension at most once.`);
  }
  const attributes = { groupByAttributes, "filter.attributes": (filter.attributes ?? []).map(({ name }) => name) };
  for (const [field, names] of Object.entries(attributes)) {
    const count = new Set(names).size;
    if (count > attributesMax) {
      throw new AccreteError("TOO_COMPLEX", `${count} attributes are named; the limit is ${attributesMax}.`, { field });
    }
  }
  for (const field of ["effectiveFromOn", "effectiveUntilOn"] as const) {
    if (filter[field] !== undefined) {
      badInput(`filter.${field}`, `A metrics question has its window: leave '${field}' out of its filter.`);
    }
  }
}
