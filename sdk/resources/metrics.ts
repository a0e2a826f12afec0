// The metrics of a window.

import type { AsKnown, Ask, CallOptions, PageOptions } from "../call.ts";
import {
  CheckDataQualityDocument,
  ExplainMetricDocument,
  GetArrSeriesDocument,
  GetBookingsDocument,
  GetCurrencyBridgeDocument,
  GetExpansionMetricsDocument,
  GetMethodBridgeDocument,
  GetReconciliationDocument,
  GetSegmentMigrationDocument,
  GetWhatChangedDocument,
  ListAccountChangesDocument,
} from "../generated/documents.ts";
import type {
  AccountChange,
  ArrSeries,
  Bookings,
  CheckDataQualityVariables,
  CurrencyBridge,
  ExpansionMetrics,
  ExplainMetricVariables,
  GetArrSeriesVariables,
  GetBookingsVariables,
  GetCurrencyBridgeVariables,
  GetExpansionMetricsVariables,
  GetMethodBridgeVariables,
  GetReconciliationVariables,
  GetSegmentMigrationVariables,
  GetWhatChangedVariables,
  MethodBridge,
  Metric,
  MetricExplanation,
  MoneyUnit,
  PolicyInput,
  QualityCheck,
  Reconciliation,
  SegmentMigration,
  WhatChanged,
} from "../generated/types.ts";
import { Listing } from "../paginate.ts";

/**
 * What `metrics.expansion` asks. Only `window` is required.
 *
 * - `grain`: one row per DAY, WEEK, MONTH, QUARTER, YEAR of the window, or one for the WHOLE of it.
 * - `groupBy`, `groupByAttributes`, `cohortGrain`: one row per group; several dimensions at once give their combinations.
 * - `filter`: which accounts, lines and movements count.
 * - `policy`: the choices that sources disagree on, a preset (`{ preset: "GITLAB" }`) or a saved policy (`{ name }`) under them; what is
 *   left out comes from the workspace's default. `reactivationWindowDays: null` is a choice, no limit; leave it out to take the default.
 * - `asOf`: whose knowledge answers; the same as `policy.asOf`.
 * - `orderBy`, `first`: ranks the rows by one metric, and keeps the first so many; the total still covers everything.
 * - `unit`: every amount as ARR or as MRR.
 * - `annualize`: rates of the period as rates of a year.
 */
export type ExpansionQuestion = GetExpansionMetricsVariables & AsKnown;

/** What every report asks: a window, and as `metrics.expansion` a filter, a policy and whose knowledge. */
export type ReportQuestion = Omit<ExplainMetricVariables, "metric"> & AsKnown;

/** A question of a report: as `metrics.expansion` asks it, with how many accounts to name behind each line. */
export type MethodBridgeQuestion = GetMethodBridgeVariables & AsKnown;
export type SegmentMigrationQuestion = GetSegmentMigrationVariables & AsKnown;
export type ArrSeriesQuestion = GetArrSeriesVariables & AsKnown;
export type CurrencyBridgeQuestion = GetCurrencyBridgeVariables & AsKnown;
export type ReconciliationQuestion = GetReconciliationVariables & AsKnown;
export type WhatChangedQuestion = GetWhatChangedVariables & AsKnown;

/** `accrete.metrics` */
export class MetricsResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * Expansion ARR and every metric around it, per period and group and for the whole window, with the resolved policy, the currency and
   * the ledger version that they were computed with. Amounts and ratios are exact decimal strings; a division by zero is null.
   *
   * @example
   * const q4 = await accrete.metrics.expansion({ window: quarter("2025-Q4"), groupBy: ["SEGMENT"] });
   * q4.total.expansionArr; // "600000.00"
   * q4.total.nrr; // "1.122857"
   * const top = await accrete.metrics.expansion({
   *   window: quarter("2025-Q4"),
   *   groupBy: ["ACCOUNT"],
   *   orderBy: { field: "EXPANSION_ARR" },
   *   first: 10,
   * });
   * const asReported = await accrete.metrics.expansion({ window: quarter("2025-Q4"), asOf: { ledgerVersion: q4.ledgerVersion } });
   */
  async expansion(question: ExpansionQuestion, options: CallOptions = {}): Promise<ExpansionMetrics> {
    const { expansionMetrics } = await this.#ask(GetExpansionMetricsDocument, variablesOf(question), options);
    return expansionMetrics;
  }

  /**
   * ARR over time, for charts: one line per group, one point per period of the grain, none left out.
   *
   * @example
   * const { lines } = await accrete.metrics.arrSeries({ window: year("2025"), grain: "MONTH", groupBy: ["SEGMENT"] });
   * lines.map(({ group, points }) => [group.segment, points.map(({ closingArr }) => closingArr)]);
   */
  async arrSeries(question: ArrSeriesQuestion, options: CallOptions = {}): Promise<ArrSeries> {
    const { arrSeries } = await this.#ask(GetArrSeriesDocument, variablesOf(question), options);
    return arrSeries;
  }

  /**
   * Why EVENT and SNAPSHOT differ over a window: one line per cause with the accounts behind it, which add up to the difference exactly.
   *
   * @example
   * const { difference, lines } = await accrete.metrics.methodBridge({ window: quarter("2025-Q4") });
   * difference.expansionArr;
   * lines.map(({ cause, accountCount }) => [cause, accountCount]);
   */
  async methodBridge(question: MethodBridgeQuestion, options: CallOptions = {}): Promise<MethodBridge> {
    const { methodBridge } = await this.#ask(GetMethodBridgeDocument, variablesOf(question), options);
    return methodBridge;
  }

  /**
   * Which accounts went from which ARR band to which over a window; a band of null is no ARR at that end.
   *
   * @example
   * const { lines } = await accrete.metrics.segmentMigration({ window: quarter("2025-Q4") });
   * const risen = lines.find((line) => line.openingSegment === "SMB" && line.closingSegment === "Mid-Market");
   */
  async segmentMigration(question: SegmentMigrationQuestion, options: CallOptions = {}): Promise<SegmentMigration> {
    const { segmentMigration } = await this.#ask(GetSegmentMigrationDocument, variablesOf(question), options);
    return segmentMigration;
  }

  /**
   * What of a window is exchange rates: REPORTED and CONSTANT beside each other, per currency and in total.
   *
   * @example
   * const { total } = await accrete.metrics.currencyBridge({ window: quarter("2025-Q4") });
   * total.reported.fxArr;
   */
  async currencyBridge(question: CurrencyBridgeQuestion, options: CallOptions = {}): Promise<CurrencyBridge> {
    const { currencyBridge } = await this.#ask(GetCurrencyBridgeDocument, variablesOf(question), options);
    return currencyBridge;
  }

  /**
   * ARR that is signed beside ARR that is live: at both ends of a window, and the bridge between them.
   *
   * @example
   * const { opening, closing } = await accrete.metrics.bookings({ window: quarter("2025-Q4") });
   * closing.committedArr; // live, and signed but not yet effective
   */
  async bookings(question: GetBookingsVariables, options: CallOptions = {}): Promise<Bookings> {
    const { bookings } = await this.#ask(GetBookingsDocument, question, options);
    return bookings;
  }

  /**
   * What moved a window's numbers since they were reported: every metric that differs, the movements that were recorded since, and the
   * commits that recorded them.
   *
   * @example
   * const { differences, movements } = await accrete.metrics.whatChanged({
   *   window: quarter("2025-Q4"),
   *   since: { ledgerVersion: q4.ledgerVersion },
   * });
   */
  async whatChanged(question: WhatChangedQuestion, options: CallOptions = {}): Promise<WhatChanged> {
    const { whatChanged } = await this.#ask(GetWhatChangedDocument, variablesOf(question), options);
    return whatChanged;
  }

  /**
   * Whether the ledger says what the facts say: per group and currency, what contract lines were worth at both ends of a window, against
   * the flows between. Every `residual` is 0 unless the books are broken.
   *
   * @example
   * const { isReconciled } = await accrete.metrics.reconcile({ window: year("2025"), groupBy: ["ACCOUNT"] });
   */
  async reconcile(question: ReconciliationQuestion, options: CallOptions = {}): Promise<Reconciliation> {
    const { reconciliation } = await this.#ask(GetReconciliationDocument, variablesOf(question), options);
    return reconciliation;
  }

  /**
   * What in the facts looks wrong and would make expansion count twice or not at all: possible duplicates, overlapping lines, missing ranks
   * and drivers. `window` bounds the drivers that are looked at.
   *
   * @example
   * for (const { code, count, fix } of await accrete.metrics.dataQuality()) if (count > 0) console.log(code, count, fix);
   */
  async dataQuality(
    question: CheckDataQualityVariables = {},
    options: CallOptions = {},
  ): Promise<readonly QualityCheck[]> {
    const { dataQuality } = await this.#ask(CheckDataQualityDocument, question, options);
    return dataQuality;
  }

  /**
   * Why one figure of a window's total is what it is: its formula, the formula with the numbers in it, and what it would be under each other
   * value of each policy key.
   *
   * @example
   * const { formulaWithNumbers, policyKeys } = await accrete.metrics.explain("NRR", { window: quarter("2025-Q4") });
   * for (const key of policyKeys) if (key.mattered) console.log(key.alternatives.map(({ sentence }) => sentence));
   */
  async explain(metric: Metric, question: ReportQuestion, options: CallOptions = {}): Promise<MetricExplanation> {
    const { expansionMetrics } = await this.#ask(ExplainMetricDocument, { metric, ...variablesOf(question) }, options);
    return expansionMetrics.total.explain;
  }

  /**
   * The accounts that a window's total is made of, each with its part of every money column: awaited one page, iterated all of them.
   *
   * @example
   * for await (const change of accrete.metrics.accountChanges({ window: quarter("2025-Q4") })) {
   *   console.log(change.account.name, change.class, change.expansionArr);
   * }
   */
  accountChanges(
    question: ReportQuestion & { readonly unit?: MoneyUnit },
    options: PageOptions = {},
  ): Listing<AccountChange> {
    const { first = null, after = null } = options;
    return new Listing(async (page) => {
      const variables = { ...variablesOf(question), first, ...page };
      const { expansionMetrics } = await this.#ask(ListAccountChangesDocument, variables, options);
      return expansionMetrics.total.accountChanges;
    }, after);
  }
}

/** The question with its `asOf` where the server takes it: in the policy. */
function variablesOf<Question extends AsKnown & { readonly policy?: PolicyInput | null | undefined }>({
  asOf,
  ...question
}: Question): Omit<Question, "asOf"> {
  return asOf ? { ...question, policy: { ...question.policy, asOf } } : question;
}
