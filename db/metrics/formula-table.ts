// Every metric with its formula in words, stated once for people to read: the names in it are other metrics' and the parts below it.
// The numbers are formulas.ts'; a test puts the parts into every formula and finds the metric's value.

import { type Driver, drivers } from "../movements/types.ts";
import type { Policy } from "../policies/policy.ts";
import type { MetricsRow } from "./answer.ts";
import * as formulas from "./formulas.ts";

/** MONEY is in minor units of the reporting currency; a RATIO has six decimals. */
export type MetricUnit = "MONEY" | "RATIO" | "COUNT" | "DRIVER";

/** Null where the row has no such value: a balance of a flow dimension's row, a division by zero. */
export type MetricValue = bigint | string | number | null;

export type MetricEntry = {
  /** As the API's field. */
  readonly name: string;
  readonly unit: MetricUnit;
  readonly value: (row: MetricsRow) => MetricValue;
} & (
  | { readonly formula: string }
  /** A sum or a count over the ledger: it has no parts, and policies read it differently. */
  | { readonly sum: Words }
);

/** What the words of a sum depend on. */
export type WordsPolicy = Pick<Policy, "method" | "currency" | "accountLevel" | "hierarchyAt">;
type Words = (policy: WordsPolicy) => string;

const always =
  (words: string): Words =>
  () =>
    words;

/** At changing rates every movement is read at its own day's, under both methods: balances at two days' rates would mix in what rates did. */
const flow =
  (words: Readonly<Record<Policy["method"] | "netAtDayRates", string>>): Words =>
  ({ method, currency }) => {
    if (currency === "CONSTANT") return words[method];
    return `${method === "EVENT" ? words.EVENT : words.netAtDayRates}, at the rates of their days`;
  };

const counted =
  (words: Readonly<Record<Policy["method"], string>>): Words =>
  ({ method }) =>
    words[method];

/** a(e) as retention reads it. */
const keptAtEnd = ({ currency, accountLevel, hierarchyAt }: WordsPolicy): string => {
  const rates = currency === "REPORTED" ? " at the opening's rates" : "";
  const moves =
    accountLevel === "ULTIMATE_PARENT" && hierarchyAt === "AS_OF_EVENT"
      ? ", less what accounts brought from other groups and with what they took along"
      : "";
  return `a(e)${rates}${moves}`;
};

const expansionParts = [...drivers.map((driver) => partOf("expansion", driver)), "expansion.reactivation"];
const contractionParts = drivers.map((driver) => partOf("contraction", driver));

const money = (name: string, value: MetricEntry["value"], formula: string) =>
  ({ name, unit: "MONEY", value, formula }) as const;
const moneySum = (name: string, value: MetricEntry["value"], sum: Words) =>
  ({ name, unit: "MONEY", value, sum }) as const;
const ratio = (name: string, value: MetricEntry["value"], formula: string) =>
  ({ name, unit: "RATIO", value, formula }) as const;
const count = (name: keyof MetricsRow["counts"], sum: Words) =>
  ({ name, unit: "COUNT", value: ({ counts }: MetricsRow) => counts[name], sum }) as const;

/** Every metric, in the order in which a row shows them. a(s) and a(e) are an account's ARR at the opening and at the closing. */
export const metricTable = {
  OPENING_ARR: moneySum("openingArr", ({ money: m }) => m.openingMinor, always("Σ a(s)")),
  CLOSING_ARR: money(
    "closingArr",
    ({ money: m }) => m.closingMinor,
    "openingArr + newArr + reactivationArr + expansionArr + priceUpliftArr + discountChangeArr − contractionArr − churnedArr + fxArr + transferInArr − transferOutArr",
  ),
  NEW_ARR: moneySum(
    "newArr",
    ({ money: m }) => m.newMinor,
    flow({
      EVENT: "Σ NEW",
      SNAPSHOT: "Σ a(e) where a(s) = 0 and never any before",
      netAtDayRates: "Σ movements where a(s) = 0, a(e) > 0 and never any before",
    }),
  ),
  REACTIVATION_ARR: moneySum(
    "reactivationArr",
    ({ money: m }) => m.reactivationMinor,
    flow({
      EVENT: "Σ REACTIVATION",
      SNAPSHOT: "Σ a(e) where a(s) = 0 and some before",
      netAtDayRates: "Σ movements where a(s) = 0, a(e) > 0 and some before",
    }),
  ),
  EXPANSION_ARR: money("expansionArr", formulas.expansionMinor, expansionParts.join(" + ")),
  CONTRACTION_ARR: money("contractionArr", formulas.contractionMinor, contractionParts.join(" + ")),
  CHURNED_ARR: moneySum(
    "churnedArr",
    ({ money: m }) => m.churnedMinor,
    flow({
      EVENT: "−Σ CHURN",
      SNAPSHOT: "Σ a(s) where a(e) = 0",
      netAtDayRates: "−Σ movements where a(s) > 0 and a(e) = 0",
    }),
  ),
  PRICE_UPLIFT_ARR: moneySum(
    "priceUpliftArr",
    ({ money: m }) => m.priceUpliftMinor,
    always("Σ changes with the driver PRICE, where the policy shows them separately"),
  ),
  DISCOUNT_CHANGE_ARR: moneySum(
    "discountChangeArr",
    ({ money: m }) => m.discountChangeMinor,
    always("Σ changes with the driver DISCOUNT, where the policy shows them separately"),
  ),
  FX_ARR: moneySum("fxArr", ({ money: m }) => m.fxMinor, always("Σ what only exchange rates moved")),
  TRANSFER_IN_ARR: moneySum(
    "transferInArr",
    ({ money: m }) => m.transferInMinor,
    always("Σ balances that came from other rows"),
  ),
  TRANSFER_OUT_ARR: moneySum(
    "transferOutArr",
    ({ money: m }) => m.transferOutMinor,
    always("Σ balances that went to other rows"),
  ),
  NET_EXPANSION_ARR: money("netExpansionArr", formulas.netExpansionMinor, "expansionArr − contractionArr"),
  NET_EXISTING_CHANGE_ARR: money(
    "netExistingChangeArr",
    formulas.netExistingChangeMinor,
    "expansionArr − expansion.reactivation + priceUpliftArr + discountChangeArr − contractionArr − churnedArr",
  ),
  NET_NEW_ARR: money("netNewArr", formulas.netNewMinor, "closingArr − openingArr"),
  CUMULATIVE_EXPANSION_ARR: moneySum(
    "cumulativeExpansionArr",
    ({ money: m }) => m.cumulativeExpansionMinor,
    ({ currency }) =>
      `Σ max(a(e) − first ARR${currency === "REPORTED" ? " at the closing's rates" : ""}, 0) where a(e) > 0`,
  ),
  GROSS_EXPANSION_RATE: ratio(
    "grossExpansionRate",
    (row) => formulas.grossExpansionRate(row, "NONE"),
    "expansionArr ÷ openingArr",
  ),
  NET_EXPANSION_RATE: ratio(
    "netExpansionRate",
    (row) => formulas.netExpansionRate(row, "NONE"),
    "(expansionArr − contractionArr) ÷ openingArr",
  ),
  NRR: ratio("nrr", (row) => formulas.nrr(row, "NONE"), "cohortClosingArr ÷ openingArr"),
  GRR: ratio("grr", (row) => formulas.grr(row, "NONE"), "cohortRetainedArr ÷ openingArr"),
  NEW_LOGO_GROWTH_RATE: ratio(
    "newLogoGrowthRate",
    (row) => formulas.newLogoGrowthRate(row, "NONE"),
    "newArr ÷ openingArr",
  ),
  LOGO_CHURN_RATE: ratio(
    "logoChurnRate",
    (row) => formulas.logoChurnRate(row, "NONE"),
    "lostAccounts ÷ openingAccounts",
  ),
  QUICK_RATIO: ratio(
    "quickRatio",
    formulas.quickRatio,
    "(newArr + reactivationArr + expansionArr) ÷ (contractionArr + churnedArr)",
  ),
  EXPANSION_SHARE_OF_GROSS_NEW: ratio(
    "expansionShareOfGrossNew",
    formulas.expansionShareOfGrossNew,
    "expansionArr ÷ (newArr + expansionArr)",
  ),
  EXPANSION_SHARE_OF_NET_NEW: ratio(
    "expansionShareOfNetNew",
    formulas.expansionShareOfNetNew,
    "expansionArr ÷ (closingArr − openingArr)",
  ),
  EXPANSION_TO_NEW_RATIO: ratio("expansionToNewRatio", formulas.expansionToNewRatio, "expansionArr ÷ newArr"),
  OPENING_ACCOUNTS: count("openingAccounts", always("accounts with a(s) > 0")),
  NEW_ACCOUNTS: count(
    "newAccounts",
    counted({
      EVENT: "accounts and days with NEW",
      SNAPSHOT: "accounts with a(s) = 0, a(e) > 0 and never any before",
    }),
  ),
  REACTIVATED_ACCOUNTS: count(
    "reactivatedAccounts",
    counted({
      EVENT: "accounts and days with REACTIVATION",
      SNAPSHOT: "accounts with a(s) = 0, a(e) > 0 and some before",
    }),
  ),
  EXPANDING_ACCOUNTS: count("expandingAccounts", always("accounts with expansion")),
  CONTRACTING_ACCOUNTS: count("contractingAccounts", always("accounts with contraction")),
  CHURNED_ACCOUNTS: count(
    "churnedAccounts",
    counted({
      EVENT: "accounts and days with CHURN",
      SNAPSHOT: "accounts with a(s) > 0 and a(e) = 0",
    }),
  ),
  CLOSING_ACCOUNTS: count("closingAccounts", always("accounts with a(e) > 0")),
  MOVEMENT_COUNT: count(
    "movementCount",
    counted({
      EVENT: "changes; the parts of a divided one count once",
      SNAPSHOT: "accounts and drivers with a change",
    }),
  ),
  TOP_DRIVER: {
    name: "topDriver",
    unit: "DRIVER",
    value: formulas.topDriver,
    formula: `the driver of the largest of ${drivers.map((driver) => partOf("expansion", driver)).join(", ")}`,
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;

export type Metric = keyof typeof metricTable;
export const metrics = Object.keys(metricTable) as readonly Metric[];

/** What the formulas name beside metrics: what it is, and its value. */
export const formulaParts: Readonly<Record<string, Pick<MetricEntry, "unit" | "value"> & { readonly meaning: Words }>> =
  {
    ...Object.fromEntries(
      drivers.flatMap((driver) => [driverPart("expansion", driver), driverPart("contraction", driver)]),
    ),
    "expansion.reactivation": {
      unit: "MONEY",
      meaning: always("returns, where the policy counts them as expansion"),
      value: (row) =>
        drivers.reduce((rest, driver) => rest - row.money.expansionMinor[driver], formulas.expansionMinor(row)),
    },
    cohortClosingArr: {
      unit: "MONEY",
      meaning: (policy) => `Σ ${keptAtEnd(policy)}, of the accounts with a(s) > 0`,
      value: ({ money: m }) => m.cohortClosingMinor,
    },
    cohortRetainedArr: {
      unit: "MONEY",
      meaning: (policy) => `Σ min(${keptAtEnd(policy)}; a(s)), of the accounts with a(s) > 0`,
      value: ({ money: m }) => m.cohortRetainedMinor,
    },
    lostAccounts: {
      unit: "COUNT",
      meaning: always("accounts with a(s) > 0 and a(e) = 0"),
      value: ({ counts }) => counts.lostAccounts,
    },
  };

function driverPart(flow: "expansion" | "contraction", driver: Driver) {
  const value = ({ money: m }: MetricsRow) => (flow === "expansion" ? m.expansionMinor : m.contractionMinor)[driver];
  return [
    partOf(flow, driver),
    { unit: "MONEY" as const, meaning: always(`${flow} driven by ${driver}`), value },
  ] as const;
}

/** As the API's field of a breakdown: "expansion.addOn". */
function partOf(flow: "expansion" | "contraction", driver: Driver): string {
  return `${flow}.${driver.toLowerCase().replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())}`;
}
