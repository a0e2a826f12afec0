// Segments: bands of an account's ARR, by the workspace's own bounds. The lower bound is inclusive.

import { badInput } from "../kernel/errors.ts";
import { parseMoney } from "../kernel/money.ts";

/** A band holds every ARR from its lower bound (minor units of the reporting currency, as text) up to the next band's. */
export type SegmentBand = { readonly name: string; readonly fromMinor: string };

/** A band as it is stated: its lower bound in major units of the reporting currency. */
export type StatedBand = { readonly name: string; readonly fromArr: string };

const bandsMax = 50;
const bandNameCharactersMax = 100;

/**
 * Bands as a workspace states them, from the highest bound down. BAD_USER_INPUT (the field) for bands that leave an ARR without a band or
 * give it two, for bounds that are no amounts of the currency from 0 up, and for names that are blank, long or not unique.
 */
export function requireSegmentBands(
  stated: readonly StatedBand[],
  currency: string,
  field = "bands",
): readonly SegmentBand[] {
  if (stated.length === 0 || stated.length > bandsMax) {
    badInput(field, `A workspace has 1 to ${bandsMax} bands; ${stated.length} were given.`);
  }
  const bands = stated.map(({ name, fromArr }) => {
    const shown = name.trim();
    if (shown === "" || shown.length > bandNameCharactersMax) {
      badInput(field, `A band has a name of 1 to ${bandNameCharactersMax} characters.`);
    }
    const fromMinor = parseMoney(fromArr, currency);
    if (fromMinor === null || fromMinor < 0n) {
      badInput(field, `'${fromArr}' is not an amount of ${currency} from 0 up: the band '${shown}' has no bound.`);
    }
    return { name: shown, fromMinor };
  });
  for (const [index, { name, fromMinor }] of bands.entries()) {
    const earlier = bands.slice(0, index);
    if (earlier.some((band) => band.name === name)) badInput(field, `Two bands are called '${name}'.`);
    const same = earlier.find((band) => band.fromMinor === fromMinor);
    if (same) badInput(field, `The bands '${same.name}' and '${name}' start at the same bound.`);
  }
  if (!bands.some(({ fromMinor }) => fromMinor === 0n)) {
    badInput(field, "One band starts at 0, so that every ARR has a band.");
  }
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
