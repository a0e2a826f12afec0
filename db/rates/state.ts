// A rate as it is stated in a list: what it says for a set of a kind, or what is wrong with it.

import { dateMin, type PlainDate } from "../kernel/dates.ts";
import { badInput } from "../kernel/errors.ts";
import { parseDecimal, type Rational } from "../kernel/rational.ts";
import { type RateFaultCode, rateDecimalsMax, rateFaults, rateListFaults, rateMax } from "./faults.ts";
import type { RateSetKind } from "./kinds.ts";

/** One unit of `fromCurrency` is `rate` units of `toCurrency` from `fromOn` on; a rate of null withdraws what was stated. */
export type StatedRate = {
  /** ISO 4217, known. */
  readonly fromCurrency: string;
  readonly toCurrency: string;
  /** None in a CONSTANT set. */
  readonly fromOn?: PlainDate | null | undefined;
  /** A plain decimal. */
  readonly rate: string | null;
};

/** A rate as it is kept; CONSTANT rates from the first day that there is. */
export type RateRow = {
  readonly fromCurrency: string;
  readonly toCurrency: string;
  readonly fromOn: PlainDate;
  readonly rate: string | null;
};

/** One thing that is wrong with one row of a list that was sent, and what to do. */
export type RateRefusal = {
  /** The row's place in the list, from 0. */
  readonly index: number;
  /** The row's field at fault; null when it is the whole row. */
  readonly field: string | null;
  readonly code: RateFaultCode;
  readonly message: string;
  readonly fix: string;
};

export const rateSetNameCharactersMax = 100;

/** The name without spaces around it. BAD_USER_INPUT (field `rateSet`) for one that is blank or longer than 100 characters. */
export function requireRateSetName(text: string): string {
  const name = text.trim();
  if (name === "" || name.length > rateSetNameCharactersMax) {
    badInput("rateSet", `A rate set has a name of 1 to ${rateSetNameCharactersMax} characters.`);
  }
  return name;
}

/** The rate exactly; null for a text that is no rate above 0 and below a thousand million, of at most 12 decimals. */
export function parseRate(text: string): Rational | null {
  const rate = text.length > 40 ? null : parseDecimal(text);
  if (rate === null || rate.num <= 0n || rate.num >= rateMax * rate.den) return null;
  return 10n ** BigInt(rateDecimalsMax) % rate.den === 0n ? rate : null;
}

/** The rows as they are kept, or what is wrong with them: every fault is told. */
export function readRates(
  stated: readonly StatedRate[],
  kind: RateSetKind,
): { readonly rows: readonly RateRow[]; readonly refusals: readonly RateRefusal[] } {
  const seen = new Set<string>();
  const refusals: RateRefusal[] = [];
  const rows = stated.map(({ fromCurrency, toCurrency, fromOn, rate }, index) => {
    const row = { fromCurrency, toCurrency, fromOn: (kind === "CONSTANT" ? null : fromOn) ?? dateMin, rate };
    if (fromCurrency === toCurrency)
      refusals.push(refusalOf(index, "toCurrency", "CURRENCIES_EQUAL", { value: toCurrency }));
    if (kind === "DATED" && !fromOn) refusals.push(refusalOf(index, "fromOn", "RATE_DAY_MISSING"));
    if (kind === "CONSTANT" && fromOn)
      refusals.push(refusalOf(index, "fromOn", "RATE_DAY_NOT_ALLOWED", { value: fromOn }));
    if (rate !== null && parseRate(rate) === null)
      refusals.push(refusalOf(index, "rate", "RATE_OUT_OF_RANGE", { value: rate }));
    const key = rateKey(row);
    if (seen.has(key)) refusals.push(refusalOf(index, null, "RATE_REPEATED"));
    seen.add(key);
    return row;
  });
  return { rows, refusals };
}

/** What a rate is known by in its set. */
export function rateKey({ fromCurrency, toCurrency, fromOn }: Omit<RateRow, "rate">): string {
  return `${fromCurrency} ${toCurrency} ${fromOn}`;
}

export function refusalOf(
  index: number,
  field: string | null,
  code: RateFaultCode,
  shown: { readonly value?: string } = {},
): RateRefusal {
  const { message, fix } = { ...rateFaults, ...rateListFaults }[code];
  return { index, field, code, message: message.replace("{value}", `'${shown.value ?? ""}'`), fix };
}
