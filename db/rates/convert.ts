// Conversion of an amount at a rate, rounded half-even once: the rule in TypeScript, and the same in SQL. They must agree to the unit.

import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import { currenciesByDecimals, currencyDecimals } from "../kernel/money.ts";
import { divideHalfEven, multiply, type Rational, rational } from "../kernel/rational.ts";

/** One unit of `from` is so many of `to`. */
export type CurrencyPair = { readonly from: string; readonly to: string };

/** The amount, in minor units of `from`, as minor units of `to`; half-even, once. An amount of the same currency stays as it is. */
export function convertMinor(amountMinor: bigint, rate: Rational, pair: CurrencyPair): bigint {
  if (pair.from === pair.to) return amountMinor;
  const factor = multiply(rate, minorUnitsFactor(pair));
  return divideHalfEven(amountMinor * factor.num, factor.den);
}

/** Minor units of `to` per minor unit of `from` at the rate 1: 1/100 from USD to JPY, 10 from USD to KWD. */
function minorUnitsFactor({ from, to }: CurrencyPair): Rational {
  return rational(10n ** BigInt(decimalsOf(to)), 10n ** BigInt(decimalsOf(from)));
}

function decimalsOf(currency: string): number {
  const decimals = currencyDecimals(currency);
  if (decimals === null) throw new RangeError(`unknown currency ${currency}`);
  return decimals;
}

/**
 * The amount (minor units, an integer) times the factor of `rateSpans`, as an integral `numeric`. Half-even: Postgres' own round goes away
 * from 0 at a tie. A tie goes up here, and one down again where that came to an odd number.
 */
export function convertedMinor(sql: FragmentMaker, amountMinor: Fragment, factor: Fragment): Fragment {
  const exact = sql`(${amountMinor}) * (${factor})`;
  return sql`(floor(${exact} + 0.5) - case when mod(${exact}, 2) in (0.5, -1.5) then 1 else 0 end)`;
}

/** Which rates: of one set, into the reporting currency, as known at a ledger version. No set (null) has no rates. */
export type RateReading = {
  readonly workspaceId: string;
  readonly ledgerVersion: bigint;
  readonly rateSetId: string | null;
  readonly reportingCurrency: string;
};

/**
 * A relation of the spans in which each rate holds: `from_currency`, `from_on`, `until_on` (infinity for the last one), `rate` as it was
 * stated, and `factor`, the rate between minor units, for `convertedMinor`. Spans of a currency do not overlap; days without a rate are in
 * none. The reporting currency itself stands in it at 1, for all days.
 */
export function rateSpans(sql: FragmentMaker, reading: RateReading): Fragment {
  const { workspaceId, ledgerVersion, rateSetId, reportingCurrency } = reading;
  return sql`
    select r.from_currency, r.from_on,
      coalesce(lead(r.from_on) over (partition by r.from_currency order by r.from_on), 'infinity'::date) as until_on,
      r.rate, r.rate * ${scaleOf(sql, sql`r.from_currency`, reportingCurrency)} as factor
    from exchange_rates r
    where r.workspace_id = ${workspaceId} and r.rate_set_id = ${rateSetId}::uuid and r.to_currency = ${reportingCurrency}
      and r.recorded_version <= ${ledgerVersion}::bigint and r.superseded_version > ${ledgerVersion}::bigint
    union all
    select ${reportingCurrency}::text, '-infinity'::date, 'infinity'::date, 1::numeric, 1::numeric`;
}

/** 10^(decimals of the reporting currency − decimals of the other): a numeric, exact. */
function scaleOf(sql: FragmentMaker, currency: Fragment, reportingCurrency: string): Fragment {
  const decimals = decimalsOf(reportingCurrency);
  const cases = [...currenciesByDecimals()]
    .filter(([ofCurrency]) => ofCurrency !== usualDecimals)
    .map(
      ([ofCurrency, codes]) =>
        sql`when ${currency} = any(${[...codes]}::text[]) then ${powerOfTen(decimals - ofCurrency)}::numeric `,
    );
  return sql`(case ${cases} else ${powerOfTen(decimals - usualDecimals)}::numeric end)`;
}

/** Most currencies have two decimals: the statement names the others. */
const usualDecimals = 2;

function powerOfTen(exponent: number): string {
  return exponent >= 0 ? `1${"0".repeat(exponent)}` : `0.${"0".repeat(-exponent - 1)}1`;
}
