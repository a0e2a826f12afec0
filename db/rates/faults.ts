// What can be wrong with a rate that is stated, in a file or in a list. Faults are data: every one is told, with what to do.

/** Rates are below this: with the largest amounts a conversion still is a number that Postgres' bigint holds in all but the oddest books. */
export const rateMax = 1_000_000_000n;
export const rateDecimalsMax = 12;

export const rateFaults = {
  CURRENCIES_EQUAL: {
    of: "row",
    meaning: "A rate is stated from a currency into itself.",
    fix: "Leave the row out: an amount of the reporting currency is never converted.",
    message: "The rate is from {value} into the same currency.",
  },
  RATE_OUT_OF_RANGE: {
    of: "row",
    meaning: "A rate is not above 0, not below 1,000,000,000, or has more than 12 decimals.",
    fix: "Send how many units of the second currency one unit of the first is worth.",
    message: "The rate {value} is not above 0 and below 1,000,000,000 with at most 12 decimals.",
  },
  RATE_DAY_MISSING: {
    of: "row",
    meaning: "A rate of a DATED set has no day.",
    fix: "Send the first day on which the rate holds.",
    message: "A rate of a DATED set needs the first day on which it holds.",
  },
  RATE_DAY_NOT_ALLOWED: {
    of: "row",
    meaning: "A rate of a CONSTANT set has a day: such a set has one rate per pair of currencies, for all days.",
    fix: "Leave the day out, or put the rate into a DATED set.",
    message: "A rate of a CONSTANT set holds for all days: {value} is one too many.",
  },
  RATE_SET_OF_OTHER_KIND: {
    of: "row",
    meaning: "The rate set is of the other kind; a set never changes its kind.",
    fix: "Send the rate as the set's kind asks, or to a set of another name.",
    message: "The rate set {value} is {=other}.",
  },
} as const;

/** What can be wrong only in a list: a file of rates states, and never withdraws. */
export const rateListFaults = {
  RATE_REPEATED: {
    fix: "Send one rate for a pair of currencies, and in a DATED set for a day.",
    message: "An earlier row of the list states a rate for the same pair and day.",
  },
  RATE_UNKNOWN: {
    fix: "Leave the row out.",
    message: "There is no such rate to withdraw.",
  },
  PERIOD_CLOSED: {
    fix: "Reopen the period (reopenPeriod), or have late facts booked as restatements (closedPeriodTreatment).",
    message: "The rate would hold on a day of a closed period.",
  },
} as const;

export type RateFaultCode = keyof typeof rateFaults | keyof typeof rateListFaults;
