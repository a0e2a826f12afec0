// From the sums that the statement gives to the rows of the answer, with the total and the residual.

import { abs } from "../kernel/rational.ts";
import { type Driver, drivers } from "../movements/types.ts";
import type { DriverSums, GroupKey, MetricsRow, Period, RowCounts, RowMoney } from "./answer.ts";
import { compareGroups, emptyGroup, groupOf, type Names, textOf } from "./groups.ts";
import { sumColumns } from "./parts.ts";
import { wholePeriod } from "./periods.ts";
import { hasBeyondFirst, type Reading } from "./reading.ts";
import type { SumRow } from "./statement.ts";

export type Assembled = {
  readonly rows: readonly MetricsRow[];
  readonly total: MetricsRow;
  readonly residualMinor: bigint;
};

export function assemble(
  reading: Reading,
  periods: readonly Period[],
  sums: readonly SumRow[],
  names: Names,
): Assembled {
  const counted = sums.filter((row) => shownColumns.some((column) => row[column] !== 0n));
  const rowSums = counted.filter(({ part }) => part === "ROW");
  const bases = counted.filter(({ part }) => part === "BASE");
  const hasFlowKeys = reading.flowKeys.length > 0;
  const balances = hasFlowKeys ? bases : rowSums;

  const baseByKey = new Map(bases.map((row) => [balanceKeyOf(reading, row), row.opening]));
  const compare = compareGroups(reading);
  const rows = rowSums
    .flatMap((row) => {
      const period = periods[row.p - 1];
      if (!period) return [];
      const group = groupOf(reading, row, names);
      if (!hasFlowKeys) return [balanceRow(reading, period, group, row)];
      return [flowRow(period, group, row, baseByKey.get(balanceKeyOf(reading, row)) ?? 0n)];
    })
    .sort((a, b) => compareText(a.period.fromOn, b.period.fromOn) || compare(a.group, b.group));

  const totalSums = totalOf(reading, sums, balances);
  const total = balanceRow({ ...reading, keys: [] }, wholePeriod(reading.window), emptyGroup, totalSums);
  const residualMinor = [...balances, totalSums].reduce((sum, row) => sum + abs(residualOf(row)), 0n);
  return { rows, total, residualMinor };
}

/** What makes a row: the cohort's end alone, with nothing at its start to set it against, does not. */
const shownColumns = sumColumns.filter((column) => column !== "cohort_closing" && column !== "cohort_retained");

/** Closing − (opening + all flows + transfers): closing is a sum of its own, so this is 0 only when the books are right. */
function residualOf(row: SumRow): bigint {
  return row.closing - (row.opening + row.net_flow + row.fx + row.transfer_in - row.transfer_out);
}

/** The window's own sums; what moved between the rows stands in the total too, so that every money column adds up. */
function totalOf(reading: Reading, sums: readonly SumRow[], balances: readonly SumRow[]): SumRow {
  const total = sums.find(({ part }) => part === "TOTAL") ?? sums.find(({ part }) => part === "ROW");
  if (!total) throw new TypeError("the statement gave no total");
  if (reading.keys.length === 0) return total;
  const moved = sums.some(({ part }) => part === "MOVED") ? sums.filter(({ part }) => part === "MOVED") : balances;
  return {
    ...total,
    transfer_in: moved.reduce((sum, row) => sum + row.transfer_in, 0n),
    transfer_out: moved.reduce((sum, row) => sum + row.transfer_out, 0n),
  };
}

function balanceRow(reading: Reading, period: Period, group: GroupKey, row: SumRow): MetricsRow {
  return {
    period,
    group,
    money: {
      ...flowMoney(row),
      openingMinor: row.opening,
      closingMinor: row.closing,
      fxMinor: row.fx,
      transferInMinor: row.transfer_in,
      transferOutMinor: row.transfer_out,
      cumulativeExpansionMinor: hasBeyondFirst(reading, reading.keys) ? row.beyond_first : null,
      baseMinor: row.opening,
      cohortClosingMinor: row.cohort_closing,
      cohortRetainedMinor: row.cohort_retained,
    },
    counts: {
      ...flowCounts(row),
      openingAccounts: Number(row.opening_accounts),
      closingAccounts: Number(row.closing_accounts),
      lostAccounts: Number(row.lost_accounts),
    },
    residualMinor: residualOf(row),
  };
}

function flowRow(period: Period, group: GroupKey, row: SumRow, baseMinor: bigint): MetricsRow {
  return {
    period,
    group,
    money: {
      ...flowMoney(row),
      openingMinor: null,
      closingMinor: null,
      fxMinor: null,
      transferInMinor: null,
      transferOutMinor: null,
      cumulativeExpansionMinor: null,
      baseMinor,
      cohortClosingMinor: null,
      cohortRetainedMinor: null,
    },
    counts: { ...flowCounts(row), openingAccounts: null, closingAccounts: null, lostAccounts: null },
    residualMinor: null,
  };
}

type FlowMoney = Pick<
  RowMoney,
  | "newMinor"
  | "reactivationMinor"
  | "expansionMinor"
  | "contractionMinor"
  | "churnedMinor"
  | "priceUpliftMinor"
  | "discountChangeMinor"
>;

function flowMoney(row: SumRow): FlowMoney {
  return {
    newMinor: row.new,
    reactivationMinor: row.reactivation,
    expansionMinor: { ...byDriver((driver) => row[`expansion_${driver}`]), reactivation: row.expansion_returned },
    contractionMinor: byDriver((driver) => row[`contraction_${driver}`]),
    churnedMinor: row.churned,
    priceUpliftMinor: row.price_uplift,
    discountChangeMinor: row.discount_change,
  };
}

function flowCounts(row: SumRow): Omit<RowCounts, "openingAccounts" | "closingAccounts" | "lostAccounts"> {
  return {
    newAccounts: Number(row.new_accounts),
    reactivatedAccounts: Number(row.reactivated_accounts),
    expandingAccounts: Number(row.expanding_accounts),
    contractingAccounts: Number(row.contracting_accounts),
    churnedAccounts: Number(row.churned_accounts),
    movementCount: Number(row.movement_count),
  };
}

function byDriver(sum: (driver: Driver) => bigint): DriverSums {
  return Object.fromEntries(drivers.map((driver) => [driver, sum(driver)])) as Record<Driver, bigint>;
}

/** Period and balance values of a row, as one text. */
function balanceKeyOf(reading: Reading, row: SumRow): string {
  return JSON.stringify([row.p, ...reading.keys.map((key) => textOf(row, key))]);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
