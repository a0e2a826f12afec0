// One row of a metrics answer, with every metric. Each number comes from db/metrics; nothing is computed here.

import { formatMoney } from "@accrete/db/kernel/money.ts";
import { type Annualization, annualizations } from "@accrete/db/metrics/annualize.ts";
import type { DriverSums, ExpansionMetricsAnswer, MetricsRow } from "@accrete/db/metrics/answer.ts";
import * as formulas from "@accrete/db/metrics/formulas.ts";
import type { MetricsQuestion } from "@accrete/db/metrics/question.ts";
import type { Driver } from "@accrete/db/movements/types.ts";
import type { At } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { GroupKeyType, PeriodType } from "./metrics-group.ts";
import { moneyText, unitArgs } from "./metrics-money.ts";
import { DriverEnum } from "./movements-filter.ts";

/** A row, with what its fields need of the answer and of the question; the total's question groups by nothing. */
export type AnsweredRow = At<MetricsRow> &
  Pick<ExpansionMetricsAnswer, "currency" | "ledgerVersion" | "policy"> & { readonly question: MetricsQuestion };

/** A row of an answer, and what its fields need beside it. */
export function answeredRow(
  row: MetricsRow,
  { currency, ledgerVersion, policy, known }: At<ExpansionMetricsAnswer>,
  question: MetricsQuestion,
): AnsweredRow {
  return { ...row, currency, ledgerVersion, policy, known, question };
}

const AnnualizationEnum = wordsEnum("Annualization", annualizations, {
  description:
    "How a period's rate r becomes a yearly one: n = 12 ÷ months where both ends of the period are the first of a month, else 365 ÷ days. Not clamped.",
  values: {
    NONE: "The period's own rate.",
    SIMPLE: "r × n; for nrr and grr, 1 + n × (x − 1).",
    COMPOUND:
      "(1 + r)^n − 1; for nrr and grr, x^n; for logoChurnRate, 1 − (1 − r)^n. Null when the base of the power is below 0.",
  },
});

type Breakdown = { readonly sums: DriverSums; readonly reactivationMinor: bigint; readonly currency: string };

const DriverBreakdownType = builder.objectRef<Breakdown>("DriverBreakdown").implement({
  description:
    "A flow by driver; the parts sum to the flow exactly, but for MRR's rounding. Reporting currency. Drivers that the policy shows on lines of their own (PRICE in priceUpliftArr, DISCOUNT in discountChangeArr) are 0 here.",
  fields: (t) => {
    const part = (driver: Driver) =>
      t.field({
        type: "Decimal",
        description: `The part driven by ${driver}.`,
        args: unitArgs,
        resolve: ({ sums, currency }, { unit }) => moneyText(sums[driver], unit, currency),
      });
    return {
      seat: part("SEAT"),
      tier: part("TIER"),
      addOn: part("ADD_ON"),
      crossSell: part("CROSS_SELL"),
      usageCommitment: part("USAGE_COMMITMENT"),
      usage: part("USAGE"),
      price: part("PRICE"),
      discount: part("DISCOUNT"),
      other: part("OTHER"),
      reactivation: t.field({
        type: "Decimal",
        description:
          "ARR of accounts that came back, where the policy counts a reactivation as expansion and the gap was within its window; it has no driver, and topDriver ignores it. 0 under other policies, and always 0 in a contraction.",
        args: unitArgs,
        resolve: ({ reactivationMinor, currency }, { unit }) => moneyText(reactivationMinor, unit, currency),
      }),
    };
  },
});

const noBalance = "Null in rows grouped by a flow dimension, which carry no balances.";
const overZero = "Null when it would divide by zero.";

export const MetricsRowType = builder.objectRef<AnsweredRow>("MetricsRow").implement({
  description:
    "Every metric of one period and group. Money is in the reporting currency. closingArr = openingArr + newArr + reactivationArr + expansionArr + priceUpliftArr + discountChangeArr − contractionArr − churnedArr + fxArr + transferInArr − transferOutArr, exactly. a(s) and a(e) are an account's ARR at the opening and at the closing.",
  fields: (t) => ({
    period: t.field({ type: PeriodType, description: "The span of days.", resolve: ({ period }) => period }),
    group: t.field({ type: GroupKeyType, description: "The group.", resolve: ({ group }) => group }),
    expansion: t.field({
      type: DriverBreakdownType,
      description:
        "`expansionArr` by driver. SNAPSHOT and netting share an account's change over the drivers that have its sign, by largest remainder.",
      resolve: ({ money, currency }) => ({
        sums: money.expansionMinor,
        reactivationMinor: money.expansionMinor.reactivation,
        currency,
      }),
    }),
    contraction: t.field({
      type: DriverBreakdownType,
      description: "`contractionArr` by driver, positive amounts.",
      resolve: ({ money, currency }) => ({ sums: money.contractionMinor, reactivationMinor: 0n, currency }),
    }),
    topDriver: t.field({
      type: DriverEnum,
      nullable: true,
      description:
        "The driver with the largest expansion; ties go to the earlier one in the enum. What came back counts for no driver. Null when no driver has any expansion.",
      resolve: (row) => formulas.topDriver(row),
    }),
    residual: t.field({
      type: "Decimal",
      nullable: true,
      description:
        "What the identity of this type leaves over: closingArr, a sum of its own, − (openingArr + every flow, whatever the filter says of flows, + fxArr + transferInArr − transferOutArr). Reporting currency, ARR. It is 0; anything else is a fault of ours. Null in rows grouped by a flow dimension, which carry no balances.",
      resolve: ({ residualMinor, currency }) => (residualMinor === null ? null : formatMoney(residualMinor, currency)),
    }),
  }),
});

builder.objectFields(MetricsRowType, (t) => {
  const flow = (amountOf: (row: MetricsRow) => bigint, description: string) =>
    t.field({
      type: "Decimal",
      description,
      args: unitArgs,
      resolve: (row, { unit }) => moneyText(amountOf(row), unit, row.currency),
    });
  const balance = (amountOf: (row: MetricsRow) => bigint | null, description: string) =>
    t.field({
      type: "Decimal",
      nullable: true,
      description,
      args: unitArgs,
      resolve: (row, { unit }) => {
        const amountMinor = amountOf(row);
        return amountMinor === null ? null : moneyText(amountMinor, unit, row.currency);
      },
    });
  return {
    openingArr: balance(
      ({ money }) => money.openingMinor,
      `ARR at the end of the day before the period, which the rates divide by. ${noBalance}`,
    ),
    closingArr: balance(
      ({ money }) => money.closingMinor,
      `ARR at the end of the period's last day, from a sum of its own. ${noBalance}`,
    ),
    newArr: flow(
      ({ money }) => money.newMinor,
      "ARR of accounts that never had any before. EVENT: Σ NEW. SNAPSHOT: Σ a(e) where a(s) = 0 and never any before.",
    ),
    reactivationArr: flow(
      ({ money }) => money.reactivationMinor,
      "ARR of accounts that had had some once and none just before. EVENT: Σ REACTIVATION. SNAPSHOT: Σ a(e) where a(s) = 0 and some before.",
    ),
    expansionArr: flow(
      formulas.expansionMinor,
      'Gross expansion, plain "Expansion ARR": every increase of an account that was active when it happened. EVENT: Σ EXPANSION. SNAPSHOT: Σ max(a(e) − a(s), 0) where a(s) > 0.',
    ),
    contractionArr: flow(
      formulas.contractionMinor,
      "Every decrease of accounts that stayed active, as a positive amount. EVENT: −Σ CONTRACTION. SNAPSHOT: Σ max(a(s) − a(e), 0) where a(e) > 0.",
    ),
    churnedArr: flow(
      ({ money }) => money.churnedMinor,
      "ARR of accounts that went to none, as a positive amount. EVENT: −Σ CHURN. SNAPSHOT: Σ a(s) where a(e) = 0.",
    ),
    priceUpliftArr: flow(
      ({ money }) => money.priceUpliftMinor,
      "Σ of expansions less Σ of contractions driven by PRICE, signed, where the policy says priceIncrease: SEPARATE; they are then in neither expansionArr nor contractionArr, but in netExistingChangeArr and nrr. Reporting currency; 0 otherwise. May be below 0.",
    ),
    discountChangeArr: flow(
      ({ money }) => money.discountChangeMinor,
      "Σ of expansions less Σ of contractions driven by DISCOUNT, signed, where the policy says discountChange: SEPARATE; they are then in neither expansionArr nor contractionArr, but in netExistingChangeArr and nrr. Reporting currency; 0 otherwise. May be below 0.",
    ),
    fxArr: balance(
      ({ money }) => money.fxMinor,
      `What exchange rates alone changed: closingArr − openingArr − every flow − transferInArr + transferOutArr, found balance by balance. Signed, reporting currency. Not 0 only where the policy says currency: REPORTED and amounts are in other currencies; never part of expansion. ${noBalance}`,
    ),
    transferInArr: balance(
      ({ money }) => money.transferInMinor,
      `Balances that came from other rows because a group value (plan, attribute, band) changed; over all rows it equals \`transferOutArr\`. ${noBalance}`,
    ),
    transferOutArr: balance(
      ({ money }) => money.transferOutMinor,
      `Balances that went to other rows because a group value changed. ${noBalance}`,
    ),
    netExpansionArr: flow(
      formulas.netExpansionMinor,
      "expansionArr − contractionArr; churn is not in it. May be below 0.",
    ),
    netExistingChangeArr: flow(
      formulas.netExistingChangeMinor,
      "expansionArr + priceUpliftArr + discountChangeArr − contractionArr − churnedArr, without what of the expansion came back (`expansion { reactivation }`). Reporting currency. May be below 0.",
    ),
    netNewArr: balance(formulas.netNewMinor, `closingArr − openingArr. May be below 0. ${noBalance}`),
    cumulativeExpansionArr: balance(
      ({ money }) => money.cumulativeExpansionMinor,
      "How far accounts have grown beyond their first ARR ever under the policy: Σ over accounts with a(e) > 0 of max(a(e) − first ARR, 0), both at the closing's rates. Reporting currency. Null in rows by line or flow dimensions, and under conditions on lines or flows.",
    ),
  };
});

const annualizeArgs = builder.args((t) => ({
  annualize: t.field({
    type: AnnualizationEnum,
    required: true,
    defaultValue: "NONE",
    description: "The period's own rate (NONE, the default) or a yearly one.",
  }),
}));

builder.objectFields(MetricsRowType, (t) => {
  const rate = (rateOf: (row: MetricsRow, annualize: Annualization) => string | null, description: string) =>
    t.field({
      type: "Ratio",
      nullable: true,
      description: `${description} ${overZero}`,
      args: annualizeArgs,
      resolve: (row, { annualize }) => rateOf(row, annualize),
    });
  const share = (shareOf: (row: MetricsRow) => string | null, description: string) =>
    t.field({
      type: "Ratio",
      nullable: true,
      description: `${description} ${overZero}`,
      resolve: (row) => shareOf(row),
    });
  return {
    grossExpansionRate: rate(formulas.grossExpansionRate, "expansionArr ÷ openingArr."),
    netExpansionRate: rate(formulas.netExpansionRate, "netExpansionArr ÷ openingArr."),
    nrr: rate(
      formulas.nrr,
      `Net revenue retention: Σ a(e) ÷ Σ a(s) over the accounts with a(s) > 0, whatever the method, a(e) at the opening's rates; accounts new in the period are in neither sum, and accounts that only changed their group are no loss. ${noBalance}`,
    ),
    grr: rate(
      formulas.grr,
      `Gross revenue retention: Σ min(a(e), a(s)) ÷ Σ a(s) over the accounts with a(s) > 0; at most 1. ${noBalance}`,
    ),
    newLogoGrowthRate: rate(formulas.newLogoGrowthRate, "newArr ÷ openingArr."),
    logoChurnRate: rate(formulas.logoChurnRate, `Accounts with a(s) > 0 and a(e) = 0 ÷ openingAccounts. ${noBalance}`),
    quickRatio: share(
      formulas.quickRatio,
      "(newArr + reactivationArr + expansionArr) ÷ (contractionArr + churnedArr).",
    ),
    expansionShareOfGrossNew: share(formulas.expansionShareOfGrossNew, "expansionArr ÷ (newArr + expansionArr)."),
    expansionShareOfNetNew: share(formulas.expansionShareOfNetNew, `expansionArr ÷ netNewArr. ${noBalance}`),
    expansionToNewRatio: share(formulas.expansionToNewRatio, "expansionArr ÷ newArr."),
  };
});

builder.objectFields(MetricsRowType, (t) => {
  const count = (countOf: (row: MetricsRow) => number, description: string) =>
    t.int({ description, resolve: (row) => countOf(row) });
  const balanceCount = (countOf: (row: MetricsRow) => number | null, description: string) =>
    t.int({ nullable: true, description: `${description} ${noBalance}`, resolve: (row) => countOf(row) });
  return {
    openingAccounts: balanceCount(({ counts }) => counts.openingAccounts, "Accounts with ARR at the opening."),
    newAccounts: count(
      ({ counts }) => counts.newAccounts,
      "How often an account became a customer: account-days with NEW (SNAPSHOT: accounts).",
    ),
    reactivatedAccounts: count(
      ({ counts }) => counts.reactivatedAccounts,
      "How often an account came back: account-days with REACTIVATION (SNAPSHOT: accounts).",
    ),
    expandingAccounts: count(
      ({ counts }) => counts.expandingAccounts,
      "Different accounts with expansion in this row.",
    ),
    contractingAccounts: count(
      ({ counts }) => counts.contractingAccounts,
      "Different accounts with contraction in this row.",
    ),
    churnedAccounts: count(
      ({ counts }) => counts.churnedAccounts,
      "How often an account left: account-days with CHURN (SNAPSHOT: accounts).",
    ),
    closingAccounts: balanceCount(
      ({ counts }) => counts.closingAccounts,
      "Accounts with ARR at the closing; in the total, openingAccounts + newAccounts + reactivatedAccounts − churnedAccounts.",
    ),
    movementCount: count(
      ({ counts }) => counts.movementCount,
      "Changes behind the flows; a change divided over several lines counts once. Netted: account × interval × driver.",
    ),
  };
});
