// Segments: bands of an account's ARR, by the workspace's own bounds. The lower bound is inclusive.

/** A band holds every ARR from its lower bound (minor units of the reporting currency, as text) up to the next band's. */
export type SegmentBand = { readonly name: string; readonly fromMinor: string };

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
