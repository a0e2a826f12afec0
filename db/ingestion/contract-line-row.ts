// What one row of a contract-lines file states: one version of a line, from a day until another, and what it is worth a year.

import { type BillingInterval, billingIntervals, lineKinds } from "../contracts/terms.ts";
import { lineArrMinor } from "../contracts/value.ts";
import { currencyDecimals, wholeDigitsMax } from "../kernel/money.ts";
import {
  decimalsMax,
  type RowFaults,
  readBoolean,
  readCurrency,
  readDate,
  readDecimal,
  readId,
  readNotNegative,
  readRank,
  readText,
  readWord,
} from "./fields.ts";
import type { Row, RowRule, StagedValue } from "./row.ts";

export const contractLineRows: RowRule = {
  table: "staged_lines",
  groupKey: "line_key",
  columns: {
    line_key: "text",
    contract_key: "text",
    account_key: "text",
    product_key: "text",
    plan_key: "text",
    kind: "text",
    is_add_on: "boolean",
    from_on: "date",
    until_on: "date",
    quantity: "numeric",
    unit_price: "numeric",
    discount_percent: "numeric",
    discount_amount: "numeric",
    billing_interval: "text",
    currency: "text",
    arr_minor: "bigint",
    term_ends_on: "date",
    booked_on: "date",
    motion: "text",
    campaign: "text",
    account_name: "text",
    product_name: "text",
    product_family: "text",
    plan_name: "text",
    plan_rank: "integer",
  },
  key: ["line_key", "from_on"],
  keyField: "from_on",
  read: readContractLineRow,
};

function readContractLineRow({ values }: Row, faults: RowFaults): readonly StagedValue[] {
  const [lineId = "", contractId = "", accountId = "", productId = "", planId = "", kind = "", isAddOn = ""] = values;
  const [from = "", until = "", quantity = "", unitPrice = "", percent = "", amount = "", interval = "", code = ""] =
    values.slice(7);
  const [termEnds = "", booked = "", motion = "", campaign = ""] = values.slice(15);
  const [accountName = "", productName = "", productFamily = "", planName = "", planRank = ""] = values.slice(19);
  const terms = readTerms({ quantity, unitPrice, percent, amount, interval, code }, faults);
  const [fromOn, untilOn] = readDays(from, until, faults);
  return [
    faults.required("line_id", readId(faults, "line_id", lineId)),
    faults.required("contract_id", readId(faults, "contract_id", contractId)),
    faults.required("account_id", readId(faults, "account_id", accountId)),
    faults.required("product_id", readId(faults, "product_id", productId)),
    faults.required("plan_id", readId(faults, "plan_id", planId)),
    readWord(faults, "kind", kind, lineKinds) ?? "RECURRING",
    readBoolean(faults, "is_add_on", isAddOn) ?? false,
    fromOn,
    untilOn,
    ...terms,
    readDate(faults, "term_ends_on", termEnds),
    readDate(faults, "booked_on", booked),
    readText(faults, "motion", motion),
    readText(faults, "campaign", campaign),
    readText(faults, "account_name", accountName),
    readText(faults, "product_name", productName),
    readText(faults, "product_family", productFamily),
    readText(faults, "plan_name", planName),
    readRank(faults, "plan_rank", planRank),
  ];
}

function readDays(from: string, until: string, faults: RowFaults): readonly [string | null, string | null] {
  const fromOn = faults.required("from_on", readDate(faults, "from_on", from));
  const untilOn = readDate(faults, "until_on", until);
  if (fromOn !== null && untilOn !== null) {
    if (untilOn === fromOn) faults.add("TERM_EMPTY", "until_on", { value: untilOn });
    if (untilOn < fromOn) faults.add("END_BEFORE_START", "until_on", { value: untilOn, other: fromOn });
  }
  return [fromOn, untilOn];
}

type TermCells = Readonly<Record<"quantity" | "unitPrice" | "percent" | "amount" | "interval" | "code", string>>;

/** Quantity, unit price, both discounts, billing interval, currency and ARR. */
function readTerms(cells: TermCells, faults: RowFaults): readonly (string | null)[] {
  const currency = faults.required("currency", readCurrency(faults, "currency", cells.code));
  const places = (currency === null ? null : currencyDecimals(currency)) ?? decimalsMax;
  const quantity = faults.required("quantity", readQuantity(cells.quantity, faults));
  const unitPrice = faults.required("unit_price", readNotNegative(faults, "unit_price", cells.unitPrice, decimalsMax));
  const discountPercent = readPercent(cells.percent, faults);
  const discountAmount = readNotNegative(faults, "discount_amount", cells.amount, places);
  if (discountPercent !== null && discountAmount !== null) faults.add("DISCOUNTS_BOTH", "discount_amount");
  const interval = readWord(faults, "billing_interval", cells.interval, billingIntervals);
  const billingInterval: BillingInterval | null = faults.required("billing_interval", interval);
  let arrMinor: string | null = null;
  if (quantity !== null && unitPrice !== null && billingInterval !== null && currency !== null) {
    const list = { quantity, unitPrice, discountPercent: null, discountAmount: null, billingInterval, currency };
    const listMinor = lineArrMinor(list);
    const isList = discountPercent === null && discountAmount === null;
    // The list value is bounded too: the derivation computes with it.
    if (wholeDigits(listMinor, places) > wholeDigitsMax) faults.add("ARR_TOO_LARGE", "unit_price");
    else if (faults.list.length === 0) {
      arrMinor = String(isList ? listMinor : lineArrMinor({ ...list, discountPercent, discountAmount }));
    }
  }
  return [quantity, unitPrice, discountPercent, discountAmount, billingInterval, currency, arrMinor];
}

function wholeDigits(minor: bigint, places: number): number {
  return String(minor).length - places;
}

function readQuantity(cell: string, faults: RowFaults): string | null {
  const quantity = readDecimal(faults, "quantity", cell, decimalsMax);
  if (quantity === null || (!quantity.startsWith("-") && /[1-9]/.test(quantity))) return quantity;
  return faults.add("QUANTITY_NOT_POSITIVE", "quantity", { value: cell.trim() });
}

function readPercent(cell: string, faults: RowFaults): string | null {
  const percent = readNotNegative(faults, "discount_percent", cell, decimalsMax);
  const isTooMuch = percent !== null && (percent.split(".")[0] ?? "").length >= 3 && !/^100(\.0*)?$/.test(percent);
  return isTooMuch ? faults.add("PERCENT_OVER_100", "discount_percent", { value: cell.trim() }) : percent;
}
