// One cell to one value: texts, words, dates, currencies and numbers, as Postgres reads them. Spaces around a value are no fault, except
// in texts, which are kept exactly as they came. Every function gives null for an empty cell and for a fault, which it notes.

import { type PlainDate, parseDate } from "../kernel/dates.ts";
import { currencyDecimals, parseCurrency, wholeDigitsMax } from "../kernel/money.ts";
import type { FaultCode, FaultDetail, FieldFault } from "./faults.ts";

const idCharactersMax = 255;
const textCharactersMax = 1_000;
/** Of unit prices, quantities and percents; amounts have their currency's. */
export const decimalsMax = 12;
const rankMax = 1_000_000;
/** No number of ours is longer, and what is longer is not looked into. */
const numberCharactersMax = 64;

/** Notes the faults of one row. */
export class RowFaults {
  readonly list: FieldFault[] = [];

  add(code: FaultCode, field: string | null, detail: FaultDetail = {}): null {
    this.list.push({ code, field, ...detail });
    return null;
  }

  has(field: string): boolean {
    return this.list.some((fault) => fault.field === field);
  }

  /** The value itself; null is noted as REQUIRED, unless the field has a fault already. */
  required<Value>(field: string, value: Value | null): Value | null {
    if (value === null && !this.has(field)) this.add("REQUIRED", field);
    return value;
  }
}

/** A text as it came; one of nothing but spaces is empty. */
export function readText(
  faults: RowFaults,
  field: string,
  cell: string,
  charactersMax = textCharactersMax,
): string | null {
  if (cell === "" || cell.trim() === "") return null;
  if (cell.length <= charactersMax) return cell;
  return faults.add("TEXT_TOO_LONG", field, { value: String(cell.length), other: String(charactersMax) });
}

/** The source's id of something. */
export function readId(faults: RowFaults, field: string, cell: string): string | null {
  return readText(faults, field, cell, idCharactersMax);
}

/** A word of a closed list, in any case. */
export function readWord<Word extends string>(
  faults: RowFaults,
  field: string,
  cell: string,
  words: readonly Word[],
): Word | null {
  const exact = words.find((word) => word === cell);
  if (exact) return exact;
  const text = cell.trim();
  if (text === "") return null;
  const found = words.find((word) => word === text.toUpperCase());
  return found ?? faults.add("WORD_UNKNOWN", field, { value: text, other: words.join(", ") });
}

export function readBoolean(faults: RowFaults, field: string, cell: string): boolean | null {
  const text = cell.trim().toLowerCase();
  if (text === "") return null;
  if (text === "true" || text === "false") return text === "true";
  return faults.add("BOOLEAN_EXPECTED", field, { value: text });
}

const knownDates = new Map<string, PlainDate>();

export function readDate(faults: RowFaults, field: string, cell: string): PlainDate | null {
  const known = knownDates.get(cell);
  if (known) return known;
  const text = cell.trim();
  if (text === "") return null;
  const date = parseDate(text);
  if (date === null) return faults.add(dateFault(text), field, { value: text });
  // At most one entry for each day from 1990 to 2100.
  if (text === cell) knownDates.set(cell, date);
  return date;
}

function dateFault(text: string): FaultCode {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return "DATE_FORM";
  const [year, month, day] = match.slice(1).map(Number);
  const isLeap = year !== undefined && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const daysOfMonth = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][(month ?? 0) - 1] ?? 0;
  return (day ?? 0) >= 1 && (day ?? 0) <= daysOfMonth ? "DATE_OUT_OF_RANGE" : "DATE_IMPOSSIBLE";
}

const knownCurrencies = new Map<string, string>();

/** The ISO 4217 code in capitals. */
export function readCurrency(faults: RowFaults, field: string, cell: string): string | null {
  const known = knownCurrencies.get(cell);
  if (known) return known;
  if (cell.trim() === "") return null;
  const currency = parseCurrency(cell);
  if (currency === null) return faults.add("CURRENCY_UNKNOWN", field, { value: cell.trim() });
  if (cell.length === 3) knownCurrencies.set(cell, currency);
  return currency;
}

/** A plain decimal as text, without spaces and without the sign of a zero; at most 14 whole digits and so many decimals. */
export function readDecimal(faults: RowFaults, field: string, cell: string, places: number): string | null {
  const text = cell.trim();
  if (text === "") return null;
  if (text.length > numberCharactersMax) return faults.add("NUMBER_NOT_PLAIN", field, { value: text });
  const match = /^(-?)0*(\d*?)(?:\.(\d+))?$/.exec(text);
  const [, sign = "", whole = "", fraction = ""] = match ?? [];
  if (!match || (whole === "" && !/^-?0/.test(text))) return faults.add(numberFault(text), field, { value: text });
  if (whole.length > wholeDigitsMax) return faults.add("NUMBER_TOO_LARGE", field, { value: text });
  if (fraction.length > places) return faults.add("NUMBER_DECIMALS", field, { value: text, other: String(places) });
  const digits = `${whole || "0"}${fraction === "" ? "" : `.${fraction}`}`;
  return sign === "" || /^[0.]+$/.test(digits) ? digits : `-${digits}`;
}

/** Zero or more. */
export function readNotNegative(faults: RowFaults, field: string, cell: string, places: number): string | null {
  const value = readDecimal(faults, field, cell, places);
  return value?.startsWith("-") ? faults.add("NUMBER_NEGATIVE", field, { value: cell.trim() }) : value;
}

/** A signed amount in minor units of the currency, as text; null without a currency too. */
export function readMinor(faults: RowFaults, field: string, cell: string, currency: string | null): string | null {
  const places = currency === null ? null : currencyDecimals(currency);
  const value = readDecimal(faults, field, cell, places ?? decimalsMax);
  if (value === null || places === null) return null;
  const point = value.indexOf(".");
  const fraction = point === -1 ? "" : value.slice(point + 1);
  const digits = (point === -1 ? value : value.slice(0, point)) + fraction.padEnd(places, "0");
  return digits.replace(/^(-?)0+(?=\d)/, "$1");
}

/** A whole number from 0 to 1,000,000. */
export function readRank(faults: RowFaults, field: string, cell: string): number | null {
  const text = cell.trim();
  if (text === "") return null;
  const rank = /^\d{1,7}$/.test(text) ? Number(text) : rankMax + 1;
  return rank <= rankMax ? rank : faults.add("RANK_NOT_INTEGER", field, { value: text });
}

function numberFault(text: string): FaultCode {
  if (/^[+-]?(nan|inf|infinity|∞)$/i.test(text)) return "NUMBER_NOT_FINITE";
  if (/^[+-]?[\d.]+e[+-]?\d+$/i.test(text)) return "NUMBER_WITH_EXPONENT";
  if (/^[+-]?[\d.,'’\s_]*\d[\d.,'’\s_]*$/.test(text) && /[,'’\s_]|\..*\./.test(text)) return "NUMBER_GROUPED";
  if (/\d/.test(text) && /\p{Sc}|(^|[^a-z])[a-z]{3}([^a-z]|$)/iu.test(text)) return "NUMBER_WITH_CURRENCY";
  return "NUMBER_NOT_PLAIN";
}
