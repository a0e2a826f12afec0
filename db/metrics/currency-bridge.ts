// Reported and constant currency side by side: the same window read at the rates of the days and at constant ones, per currency.

import type { Tx } from "../kernel/database.ts";
import { abs } from "../kernel/rational.ts";
import type { ExpansionMetricsAnswer, MetricsRow } from "./answer.ts";
import { emptyRow } from "./empty.ts";
import { contractionMinor, expansionMinor } from "./formulas.ts";
import { type ReportQuestion, wholeQuestionOf } from "./report-question.ts";
import { askExpansionMetrics } from "./store.ts";

/** The money columns of a row, signed as their metrics are; a difference may be below 0 in all of them. Minor units. */
export const currencyColumns = {
  openingArr: ({ money }) => money.openingMinor ?? 0n,
  newArr: ({ money }) => money.newMinor,
  reactivationArr: ({ money }) => money.reactivationMinor,
  expansionArr: expansionMinor,
  priceUpliftArr: ({ money }) => money.priceUpliftMinor,
  discountChangeArr: ({ money }) => money.discountChangeMinor,
  contractionArr: contractionMinor,
  churnedArr: ({ money }) => money.churnedMinor,
  fxArr: ({ money }) => money.fxMinor ?? 0n,
  transferInArr: ({ money }) => money.transferInMinor ?? 0n,
  transferOutArr: ({ money }) => money.transferOutMinor ?? 0n,
  closingArr: ({ money }) => money.closingMinor ?? 0n,
} as const satisfies Readonly<Record<string, (row: MetricsRow) => bigint>>;
export type CurrencyColumn = keyof typeof currencyColumns;

/** One currency's lines, or all of them. */
export type CurrencyBridgeRow = {
  /** Null in the total. */
  readonly currency: string | null;
  readonly reported: MetricsRow;
  readonly constant: MetricsRow;
  /** Reported less constant, column by column. */
  readonly difference: Readonly<Record<CurrencyColumn, bigint>>;
};

export type CurrencyBridge = {
  readonly reported: ExpansionMetricsAnswer;
  readonly constant: ExpansionMetricsAnswer;
  /** By currency code. */
  readonly rows: readonly CurrencyBridgeRow[];
  readonly total: CurrencyBridgeRow;
  /** What the rows' differences leave of the total's, summed without sign, with what both answers leave; 0 unless the books are broken. */
  readonly residualMinor: bigint;
};

/**
 * Both readings of a window by currency, and what parts them. The policy's `currency` is ignored. RATE_MISSING when one of the two rate
 * sets has no rate that is needed; other errors as of `askExpansionMetrics`.
 */
export async function askCurrencyBridge(tx: Tx, asked: ReportQuestion): Promise<CurrencyBridge> {
  const question = { ...wholeQuestionOf(asked), groupBy: ["CURRENCY" as const] };
  const at = (currency: "REPORTED" | "CONSTANT") =>
    askExpansionMetrics(tx, { ...question, policy: { ...question.policy, currency } });
  const reported = await at("REPORTED");
  const constant = await at("CONSTANT");
  const rowsOf = ({ rows }: ExpansionMetricsAnswer) => new Map(rows.map((row) => [row.group.currency, row]));
  const [inReported, inConstant] = [rowsOf(reported), rowsOf(constant)];
  const rows = [...new Set([...inReported.keys(), ...inConstant.keys()])]
    .sort()
    .map((currency) => bridgeRow(currency, inReported.get(currency), inConstant.get(currency), reported));
  const total = bridgeRow(null, reported.total, constant.total, reported);
  return {
    reported,
    constant,
    rows,
    total,
    residualMinor: residualOf(rows, total) + reported.residualMinor + constant.residualMinor,
  };
}

function bridgeRow(
  currency: string | null,
  reported: MetricsRow | undefined,
  constant: MetricsRow | undefined,
  { total }: ExpansionMetricsAnswer,
): CurrencyBridgeRow {
  const empty = { ...emptyRow(total.period), group: { ...total.group, currency } };
  const sides = { reported: reported ?? empty, constant: constant ?? empty };
  const difference = Object.fromEntries(
    Object.entries(currencyColumns).map(([name, of]) => [name, of(sides.reported) - of(sides.constant)]),
  ) as Record<CurrencyColumn, bigint>;
  return { currency, ...sides, difference };
}

function residualOf(rows: readonly CurrencyBridgeRow[], total: CurrencyBridgeRow): bigint {
  const columns = Object.keys(currencyColumns) as CurrencyColumn[];
  return columns
    .map((column) => rows.reduce((left, row) => left - row.difference[column], total.difference[column]))
    .reduce((sum, left) => sum + abs(left), 0n);
}
