// The model's rows in the words of the product's answer.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import type {
  DriverSums,
  ExpansionMetricsAnswer,
  ExpansionSums,
  GroupKey,
  Period,
  RowCounts,
  RowMoney,
} from "@accrete/db/metrics/answer.ts";
import type { Dimension, MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import type { AskedPolicy } from "@accrete/db/policies/policy.ts";
import { type Books, booksOf, type Settings } from "../model/books.ts";
import { textOf } from "../model/calendar.ts";
import { byText } from "../model/facts.ts";
import { answer, type Miss } from "../model/metrics.ts";
import { type ModelPeriod, type ModelQuestion, viewOf } from "../model/question.ts";
import type { ModelRow } from "../model/rows.ts";
import type { Facts } from "../model/scene.ts";
import type { World } from "../support/world.ts";

export function periodOf({ from, until, label, partial }: ModelPeriod): Period {
  return { fromOn: textOf(from), untilOn: textOf(until), label, partial };
}

/** A row's sums and counts. */
export function moneyOf(row: ModelRow): { readonly money: RowMoney; readonly counts: RowCounts } {
  return {
    money: {
      openingMinor: row.opening,
      closingMinor: row.closing,
      newMinor: row.new,
      reactivationMinor: row.reactivation,
      expansionMinor: { ...row.expansion, reactivation: row.returned },
      contractionMinor: row.contraction,
      churnedMinor: row.churned,
      priceUpliftMinor: row.priceUplift,
      discountChangeMinor: row.discountChange,
      fxMinor: row.fx,
      transferInMinor: row.transferIn,
      transferOutMinor: row.transferOut,
      cumulativeExpansionMinor: row.cumulativeExpansion,
      baseMinor: row.base,
      cohortClosingMinor: row.cohortClosing,
      cohortRetainedMinor: row.cohortRetained,
    },
    counts: {
      openingAccounts: row.openingAccounts,
      newAccounts: row.newAccounts,
      reactivatedAccounts: row.reactivatedAccounts,
      expandingAccounts: row.expandingAccounts,
      contractingAccounts: row.contractingAccounts,
      churnedAccounts: row.churnedAccounts,
      closingAccounts: row.closingAccounts,
      lostAccounts: row.lostAccounts,
      movementCount: row.movementCount,
    },
  };
}

/** The product's answer under a policy that is asked for in another way than by its keys. */
export async function heardUnder(
  place: World,
  question: ModelQuestion,
  accountIds: ReadonlyMap<string, string>,
  policy: AskedPolicy,
): Promise<{ readonly answer: AnswerText; readonly preset: string | null; readonly policyHash: string }> {
  const asked = { ...questionOf(question, accountIds), policy };
  const found = await place.read((tx) => askExpansionMetrics(tx, asked));
  return { answer: heard(found, question), preset: found.policy.preset, policyHash: found.policyHash };
}

/** What a question asks, in the product's words; uuids of accounts come from `accountIds`. */
export function questionOf(question: ModelQuestion, accountIds: ReadonlyMap<string, string>): MetricsQuestion {
  const { account, parent, ...rest } = question.filter;
  const parentIds = parent?.map((id) => (id === null ? null : (accountIds.get(id) ?? nobody)));
  return {
    window: { fromOn: textOf(question.from), untilOn: textOf(question.until) },
    grain: question.grain,
    groupBy: question.groupBy,
    groupByAttributes: question.groupByAttributes,
    cohortGrain: question.cohortGrain,
    filter: { ...rest, accountExternalIds: account, parentIds },
    policy: question.policy,
    todayOn: textOf(question.todayOn),
  };
}

const nobody = "00000000-0000-7000-8000-000000000000";

/** An answer as text, one line a row: what is 0 is left out, so that a difference is seen at once. */
export type AnswerText = readonly string[];

type RowText = {
  readonly period: Period;
  readonly group: readonly (string | null)[];
  readonly money: RowMoney;
  readonly counts: RowCounts;
};

function rowText({ period, group, money, counts }: RowText): string {
  const { expansionMinor, contractionMinor, ...sums } = money;
  const byDriver = (sign: string, all: ExpansionSums | DriverSums) =>
    Object.entries(all).map(([driver, sum]) => [`${sign}${driver}`, sum]);
  const fields = [
    ...Object.entries(sums),
    ...byDriver("+", expansionMinor),
    ...byDriver("-", contractionMinor),
    ...Object.entries(counts),
  ];
  const said = fields.filter(([, value]) => value !== 0n && value !== 0).map(([name, value]) => `${name}=${value}`);
  const when = `${period.fromOn} to ${period.untilOn} ${period.label}${period.partial ? " partial" : ""}`;
  return [when, JSON.stringify(group), ...said.sort()].join(" ");
}

const fieldOf = {
  SEGMENT: "segment",
  PRODUCT: "product",
  PLAN: "plan",
  CHANNEL: "channel",
  REGION: "region",
  INDUSTRY: "industry",
  OWNER: "owner",
  COHORT: "cohort",
  ACCOUNT: "account",
  PARENT: "parent",
  CURRENCY: "currency",
  DRIVER: "driver",
  MOTION: "motion",
  CAMPAIGN: "campaign",
} as const satisfies Record<Dimension, keyof GroupKey>;

/** The product's answer as far as the model has an opinion: periods, groups, sums and counts, in their order. */
function heard(answer: ExpansionMetricsAnswer, question: ModelQuestion): AnswerText {
  const rows = answer.rows.map((row) => rowText({ ...row, group: valuesOf(row.group, question) }));
  return [...rows, rowText({ ...answer.total, group: ["total"] }), `residual ${answer.residualMinor}`];
}

function valuesOf(group: GroupKey, question: ModelQuestion): (string | null)[] {
  return [
    ...question.groupBy.map((dimension) => group[fieldOf[dimension]]),
    ...question.groupByAttributes.map(
      (name) => group.attributes.find((attribute) => attribute.name === name)?.value ?? null,
    ),
  ];
}

/** The product's answer, as of a ledger version or now; where a rate is missing, just that. */
export async function heardFrom(
  place: World,
  question: ModelQuestion,
  accountIds: ReadonlyMap<string, string>,
  ledgerVersion?: bigint,
): Promise<AnswerText> {
  const asked = questionOf(question, accountIds);
  const asOf = ledgerVersion === undefined ? {} : { asOf: { ledgerVersion } };
  try {
    const found = await place.read((tx) => askExpansionMetrics(tx, { ...asked, ...asOf }));
    return heard(found, question);
  } catch (error) {
    if (error instanceof AccreteError && error.code === "RATE_MISSING") return [error.message];
    throw error;
  }
}

/** How an answer begins that is none. */
export const noRate = "There is no rate from";

/** The model's answer in the same words. */
export function expected(facts: Facts, settings: Settings, question: ModelQuestion): AnswerText {
  const books = booksOf(facts, settings, viewOf(question));
  const { rows, total, misses } = answer(books, question);
  const rate = missing(books, question, misses);
  if (rate) return [`${noRate} ${rate.currency} to ${books.reportingCurrency} for ${textOf(rate.day)}.`];
  const text = (row: ModelRow) => rowText({ period: periodOf(row.period), group: row.group, ...moneyOf(row) });
  return [...rows.map(text), text({ ...total, group: ["total"] }), "residual 0"];
}

/** The earliest rate that is missing: bands and netting read whole accounts, other rows their own lines. */
function missing(books: Books, question: ModelQuestion, misses: readonly Miss[]): Miss | null {
  const { until, groupBy, filter, policy } = question;
  const readsLines =
    policy.method === "EVENT" &&
    policy.netting === "NONE" &&
    !groupBy.includes("SEGMENT") &&
    filter.segment === undefined;
  const isKnown = (currency: string) =>
    currency === books.reportingCurrency || books.rates.constant?.some((rate) => rate.currency === currency);
  const needed =
    policy.currency === "REPORTED"
      ? misses
      : books.movements
          .filter(({ on, unitId }) => on < until && (filter.account?.includes(unitId) ?? true))
          .filter(({ currency }) => !isKnown(currency))
          .map(({ currency, on }) => ({ currency, day: on }));
  const read = needed.filter(({ currency }) => !(readsLines && filter.currency && !filter.currency.includes(currency)));
  return [...read].sort((a, b) => a.day - b.day || byText(a.currency, b.currency))[0] ?? null;
}
