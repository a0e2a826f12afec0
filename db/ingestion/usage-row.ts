// What one row of a usage file states: what was billed for a metered line in one completed billing period.

import { decimalsMax, type RowFaults, readDate, readId, readNotNegative } from "./fields.ts";
import type { Row, RowRule, StagedValue } from "./row.ts";

export const usageRows: RowRule = {
  table: "staged_usage",
  groupKey: "line_key",
  columns: { line_key: "text", from_on: "date", until_on: "date", amount: "numeric" },
  key: ["line_key", "from_on"],
  keyField: "from_on",
  read: readUsageRow,
};

/** A year of days at this amount a day still fits the ledger. */
const wholeDigitsOfPeriodMax = 11;

function readUsageRow({ values }: Row, faults: RowFaults): readonly StagedValue[] {
  const [lineId = "", from = "", until = "", cell = ""] = values;
  const fromOn = faults.required("from_on", readDate(faults, "from_on", from));
  const untilOn = faults.required("until_on", readDate(faults, "until_on", until));
  if (fromOn !== null && untilOn !== null) {
    if (untilOn === fromOn) faults.add("TERM_EMPTY", "until_on", { value: untilOn });
    if (untilOn < fromOn) faults.add("END_BEFORE_START", "until_on", { value: untilOn, other: fromOn });
  }
  const amount = faults.required("amount", readNotNegative(faults, "amount", cell, decimalsMax));
  if (amount !== null && (amount.split(".")[0] ?? "").length > wholeDigitsOfPeriodMax) {
    faults.add("USAGE_TOO_LARGE", "amount", { value: cell.trim() });
  }
  return [faults.required("line_id", readId(faults, "line_id", lineId)), fromOn, untilOn, amount];
}
