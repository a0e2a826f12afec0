// Segments: bands of an account's ARR, by the workspace's own bounds. The lower bound is inclusive.

import { badInput } from "../kernel/errors.ts";
import { parseMoney } from "../kernel/money.ts";

/** A band holds every ARR from its lower bound (minor units of the reporting currency, as text) up to the next band's. */
export type SegmentBand = { readonly name: string; readonly fromMinor: string };

const bandsMax = 50;

/** Bands as a workspace states them, brought into order. BAD_USER_INPUT (field `bands`) for bands that leave an ARR without a band or with two. */
export function requireSegmentBands(
  stated: readonly { readonly name: string; readonly fromArr: string }[],
  currency: string,
): readonly SegmentBand[] {
  if (stated.length === 0 || stated.length > bandsMax) {
    badInput("bands", `A workspace has 1 to ${bandsMax} bands; ${stated.length} were given.`);
  }
  const bands = stated.map(({ name, fromArr }) => {
    const fromMinor = parseMoney(fromArr, currency);
    if (fromMinor === null || fromMinor < 0n) {
      badInput("bands", `'${fromArr}' is not an amount of ${currency} from 0 up: the band '${name}' has no bound.`);
    }
    if (name.trim() === "") badInput("bands", "A band has a name that is not blank.");
    return { name: name.trim(), fromMinor };
  });
  for (const [index, { name, fromMinor }] of bands.entries()) {
    const earlier = bands.slice(0, index);
    if (earlier.some((band) => band.name === name)) badInput("bands", `Two bands are called '${name}'.`);
    if (earlier.some((band) => band.fromMinor === fromMinor))
      badInput("bands", `Two bands start at the bound of '${name}'.`);
  }
  if (!bands.some(({ fromMinor }) => fromMinor === 0n)) badInput("bands", "One band must start at 0.");
  return bands
    .sort((a, b) => (a.fromMinor > b.fromMinor ? -1 : 1))
    .map(({ name, fromMinor }) => ({ name, fromMinor: String(fromMinor) }));
}

/** Enterprise from 100,000, Mid-Market from 25,000, SMB below: the built-in bands, for a currency of so many decimals. */
export function defaultSegmentBands(currencyDecimals: number): readonly SegmentBand[] {
  const unit = 10n ** BigInt(currencyDecimals);
  return [
    { name: "Enterprise", fromMinor: String(100_000n * unit) },
    { name: "Mid-Market", fromMinor: String(25_000n * unit) },
    { name: "SMB", fromMinor: "0" },
  ];
}

/** The band that holds the ARR; bands are ordered from the highest lower bound down, and the last one starts at 0. */
export function segmentOf(arrMinor: bigint, bands: readonly SegmentBand[]): string | null {
  return bands.find((band) => arrMinor >= BigInt(band.fromMinor))?.name ?? null;
}
