// What one row of a rates file states: the rate of a pair of currencies in a set, for all days or from a day on.

import { dateMin } from "../kernel/dates.ts";
import { rateDecimalsMax } from "../rates/faults.ts";
import { type RateSetKind, rateSetKinds } from "../rates/kinds.ts";
import { parseRate, rateSetNameCharactersMax } from "../rates/state.ts";
import { type RowFaults, readCurrency, readDate, readDecimal, readText, readWord } from "./fields.ts";
import type { Row, RowRule, StagedValue } from "./row.ts";

export const rateRows: RowRule = {
  table: "staged_rates",
  groupKey: "set_key",
  columns: {
    set_key: "text",
    kind: "text",
    from_currency: "text",
    to_currency: "text",
    from_on: "date",
    rate: "numeric",
  },
  key: ["set_key", "from_currency", "to_currency", "from_on"],
  keyField: "from_on",
  read: readRateRow,
};

function readRateRow({ values }: Row, faults: RowFaults): readonly StagedValue[] {
  const [rateSet = "", kindCell = "", from = "", to = "", on = "", rateCell = ""] = values;
  const fromCurrency = faults.required("from_currency", readCurrency(faults, "from_currency", from));
  const toCurrency = faults.required("to_currency", readCurrency(faults, "to_currency", to));
  if (fromCurrency !== null && fromCurrency === toCurrency) {
    faults.add("CURRENCIES_EQUAL", "to_currency", { value: toCurrency });
  }
  const fromOn = readDate(faults, "from_on", on);
  const kind: RateSetKind =
    readWord(faults, "kind", kindCell, rateSetKinds) ?? (fromOn === null ? "CONSTANT" : "DATED");
  if (kind === "CONSTANT" && fromOn !== null) faults.add("RATE_DAY_NOT_ALLOWED", "from_on", { value: fromOn });
  if (kind === "DATED" && fromOn === null && !faults.has("from_on")) faults.add("RATE_DAY_MISSING", "from_on");
  return [
    faults.required("rate_set", readText(faults, "rate_set", rateSet.trim(), rateSetNameCharactersMax)),
    kind,
    fromCurrency,
    toCurrency,
    fromOn ?? dateMin,
    faults.required("rate", readRate(faults, rateCell)),
  ];
}

function readRate(faults: RowFaults, cell: string): string | null {
  const rate = readDecimal(faults, "rate", cell, rateDecimalsMax);
  if (rate === null || parseRate(rate) !== null) return rate;
  return faults.add("RATE_OUT_OF_RANGE", "rate", { value: cell.trim() });
}
