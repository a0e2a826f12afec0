// Money: bigint minor units inside, exact decimal strings outside. Decimals per currency come from the ISO 4217 table.

import currencyCodes from "currency-codes";
import { abs, parseDecimal, placePoint } from "./rational.ts";

/** No amount has more whole digits than this, so that no sum of a ledger overflows a Postgres bigint. */
export const wholeDigitsMax = 14;

/** The ISO 4217 code in capitals, or null when there is no such currency. */
export function parseCurrency(text: string): string | null {
  const code = text.trim().toUpperCase();
  return currencyDecimals(code) === null ? null : code;
}

const withoutAmounts = /^X(XX|TS|A[GUA]|P[DT]|B[ABCD]|DR|SU|UA)$/;

/** Decimals by code: the table itself is searched from its start for every look-up, which an import of a million rows feels. */
const decimalsByCode = new Map(
  currencyCodes
    .codes()
    .filter((code) => !withoutAmounts.test(code))
    .map((code) => [code, currencyCodes.code(code)?.digits]),
);

/** How many decimals the currency's minor unit has (JPY 0, USD 2, KWD 3); null for an unknown code or one without amounts (XXX, XAU). */
export function currencyDecimals(currency: string): number | null {
  return decimalsByCode.get(currency) ?? null;
}

/** Every known currency, by how many decimals its minor unit has. */
export function currenciesByDecimals(): ReadonlyMap<number, readonly string[]> {
  const byDecimals = new Map<number, string[]>();
  for (const [code, decimals] of decimalsByCode) {
    if (decimals !== undefined) byDecimals.set(decimals, [...(byDecimals.get(decimals) ?? []), code]);
  }
  return byDecimals;
}

/** 60000000n of USD as "600000.00". Throws RangeError for an unknown currency: amounts are stored only in known ones. */
export function formatMoney(amountMinor: bigint, currency: string): string {
  const decimals = currencyDecimals(currency);
  if (decimals === null) throw new RangeError(`unknown currency ${currency}`);
  return placePoint(amountMinor, decimals);
}

/** "600000.00" of USD as 60000000n; null when the text is no plain decimal, is too large, or has more decimals than the currency. */
export function parseMoney(text: string, currency: string): bigint | null {
  const decimals = currencyDecimals(currency);
  const value = parseDecimal(text.trim());
  if (decimals === null || value === null) return null;
  const scale = 10n ** BigInt(decimals);
  if (scale % value.den !== 0n || abs(value.num) >= 10n ** BigInt(wholeDigitsMax) * value.den) return null;
  return value.num * (scale / value.den);
}
