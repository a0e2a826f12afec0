// Why one account's flows differ between the methods EVENT and SNAPSHOT: one cause per account, for the whole of its difference.

/** In the order in which the bridge lists them. */
export const bridgeCauses = [
  "NEWCOMER_MOVES",
  "ROUND_TRIPS",
  "CHANGE_BEFORE_CHURN",
  "CHURN_AND_RETURN",
  "CAME_AND_WENT",
  "RE_PARENTING",
] as const;
export type BridgeCause = (typeof bridgeCauses)[number];

/** What decides: the account's whole ARR at both ends of the window, and how often it came and left inside, under EVENT. */
export type AccountStory = {
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly arrivals: number;
  readonly churns: number;
};

/**
 * With ARR at the end: CHURN_AND_RETURN when it left inside the window; else ROUND_TRIPS for an account that was there from the start,
 * NEWCOMER_MOVES for one that came. Without: CAME_AND_WENT when it was not there at the start; else CHANGE_BEFORE_CHURN when it left
 * once, CHURN_AND_RETURN when it left more than once. RE_PARENTING for a group that ARR came to or left without anyone arriving or leaving.
 */
export function bridgeCauseOf({ openingMinor, closingMinor, arrivals, churns }: AccountStory): BridgeCause {
  const wasThere = openingMinor > 0n;
  if (closingMinor > 0n) {
    if (churns > 0) return "CHURN_AND_RETURN";
    if (wasThere) return "ROUND_TRIPS";
    return arrivals > 0 ? "NEWCOMER_MOVES" : "RE_PARENTING";
  }
  if (!wasThere) return arrivals > 0 ? "CAME_AND_WENT" : "RE_PARENTING";
  if (churns === 0) return "RE_PARENTING";
  return churns === 1 ? "CHANGE_BEFORE_CHURN" : "CHURN_AND_RETURN";
}
