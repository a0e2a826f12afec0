// The two kinds of rate sets.

/** CONSTANT: one rate per pair of currencies, without a day. DATED: a rate holds from its day until the next one's of the pair. */
export const rateSetKinds = ["CONSTANT", "DATED"] as const;
export type RateSetKind = (typeof rateSetKinds)[number];
