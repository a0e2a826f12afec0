// Exact work with the decimal strings of the API: amounts and ratios never pass through a float.

const form = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A decimal as a whole number of 10^-decimals. */
type Scaled = { readonly units: bigint; readonly decimals: number };

/**
 * The amount in minor units, given how many decimals its currency has. Throws a RangeError for text that is not a plain decimal, and
 * for one that has more decimals than that: nothing is rounded here.
 *
 * @example
 * toMinor("600000.00", 2); // 60000000n
 * toMinor("1200", 0); // 1200n, in JPY
 */
export function toMinor(amount: string, currencyDecimals: number): bigint {
  const { units, decimals } = parse(amount);
  if (decimals <= currencyDecimals) return units * 10n ** BigInt(currencyDecimals - decimals);
  const surplus = 10n ** BigInt(decimals - currencyDecimals);
  if (units % surplus !== 0n) throw new RangeError(`'${amount}' has more than ${currencyDecimals} decimals.`);
  return units / surplus;
}

/**
 * Minor units as a decimal string.
 *
 * @example
 * fromMinor(60000000n, 2); // "600000.00"
 */
export function fromMinor(amountMinor: bigint, currencyDecimals: number): string {
  return format({ units: amountMinor, decimals: currencyDecimals });
}

/**
 * The sum, with as many decimals as the longest of the amounts; "0" of none. Add amounts of one currency only.
 *
 * @example
 * addAmounts("280000.00", "195000.00", "125000.00"); // "600000.00"
 */
export function addAmounts(...amounts: readonly string[]): string {
  const parsed = amounts.map(parse);
  const decimals = Math.max(0, ...parsed.map((amount) => amount.decimals));
  return format({ units: parsed.reduce((sum, amount) => sum + unitsAt(amount, decimals), 0n), decimals });
}

/**
 * The order of two decimals by value: -1, 0 or 1. Fit for `sort`, largest last.
 *
 * @example
 * rows.sort((a, b) => compareAmounts(b.expansionArr, a.expansionArr)); // largest first
 * compareAmounts("9.5", "10.00"); // -1: as text it would come last
 */
export function compareAmounts(a: string, b: string): -1 | 0 | 1 {
  const [left, right] = [parse(a), parse(b)];
  const decimals = Math.max(left.decimals, right.decimals);
  const difference = unitsAt(left, decimals) - unitsAt(right, decimals);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function parse(text: string): Scaled {
  const [, sign, whole, fraction = ""] = form.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`'${text}' is not a plain decimal such as '600000.00'.`);
  return { units: BigInt(`${sign}${whole}${fraction}`), decimals: fraction.length };
}

function unitsAt({ units, decimals }: Scaled, decimalsWanted: number): bigint {
  return units * 10n ** BigInt(decimalsWanted - decimals);
}

function format({ units, decimals }: Scaled): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  const sign = units < 0n ? "-" : "";
  return decimals === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
