// What can be wrong with one row taken by itself: its numbers, dates, words and texts.

import type { FaultEntry } from "./fault-entry.ts";

const plainDecimal = 'Send a plain decimal such as "1234.56".';

export const fieldFaults = {
  TEXT_NOT_STORABLE: {
    of: "row",
    meaning: "The text holds a NUL character or half of a surrogate pair, which no database of text can keep.",
    fix: "Remove the character.",
    message: "The text holds a NUL character or half of a surrogate pair.",
  },
  TEXT_TOO_LONG: {
    of: "row",
    meaning: "The text is longer than its field allows.",
    fix: "Shorten it.",
    message: "The text has {=value} characters; at most {=other} are allowed.",
  },
  REQUIRED: {
    of: "row",
    meaning: "A field that every row needs is empty.",
    fix: "Fill the field.",
    message: "A value is required.",
  },
  NUMBER_GROUPED: {
    of: "row",
    meaning: "A number is written with thousands marks or with a decimal comma.",
    fix: plainDecimal,
    message: "{value} holds thousands marks or a decimal comma: plain decimal expected.",
  },
  NUMBER_WITH_CURRENCY: {
    of: "row",
    meaning: "A number carries a currency sign or code.",
    fix: `${plainDecimal} The currency has a column of its own.`,
    message: "{value} carries a currency: plain decimal expected.",
  },
  NUMBER_NOT_FINITE: {
    of: "row",
    meaning: "NaN or Infinity stands where a number belongs.",
    fix: plainDecimal,
    message: "{value} is no amount: plain decimal expected.",
  },
  NUMBER_WITH_EXPONENT: {
    of: "row",
    meaning: 'A number is written with an exponent, such as "1e6".',
    fix: plainDecimal,
    message: "{value} is written with an exponent: plain decimal expected.",
  },
  NUMBER_NOT_PLAIN: {
    of: "row",
    meaning: "The text is not a number.",
    fix: plainDecimal,
    message: "{value} is not a number: plain decimal expected.",
  },
  NUMBER_TOO_LARGE: {
    of: "row",
    meaning: "The number has more than 14 digits before the point.",
    fix: "Check the number and its unit; 14 whole digits are the most.",
    message: "{value} is too large: at most 14 digits before the point.",
  },
  NUMBER_DECIMALS: {
    of: "row",
    meaning:
      "The number has more decimals than its currency, or than the 12 that unit prices, quantities and percents may have.",
    fix: "Round it at the source to the decimals that the message names.",
    message: "{value} has too many decimals: at most {=other}.",
  },
  NUMBER_NEGATIVE: {
    of: "row",
    meaning: "A price or discount is below zero.",
    fix: "Send zero or more. A discount is positive: it is subtracted by us.",
    message: "{value} is negative: zero or more expected.",
  },
  QUANTITY_NOT_POSITIVE: {
    of: "row",
    meaning: "The quantity is zero or below.",
    fix: "Send a quantity above zero; end a line with until_on.",
    message: "{value} is not above zero.",
  },
  RANK_NOT_INTEGER: {
    of: "row",
    meaning: "The rank is not a whole number from 0 to 1,000,000.",
    fix: "Number the product's plans from small to large: 1, 2, 3.",
    message: "{value} is not a whole number from 0 to 1,000,000.",
  },
  PERCENT_OVER_100: {
    of: "row",
    meaning: "A discount is more than 100 percent.",
    fix: "Send a percentage from 0 to 100.",
    message: "{value} is more than 100 percent.",
  },
  DISCOUNTS_BOTH: {
    of: "row",
    meaning: "The row has a discount in percent and one as an amount.",
    fix: "Send one of the two.",
    message: "A line has either discount_percent or discount_amount.",
  },
  ARR_TOO_LARGE: {
    of: "row",
    meaning: "Quantity times yearly price has more than 14 digits before the point.",
    fix: "Check the quantity, the unit price and the billing interval.",
    message: "Quantity times yearly price is too large: at most 14 digits before the point.",
  },
  CURRENCY_UNKNOWN: {
    of: "row",
    meaning: "The currency is not an ISO 4217 code of money, such as USD; XXX and precious metals are none.",
    fix: "Send the three-letter code of the currency.",
    message: "{value} is not the ISO 4217 code of a currency.",
  },
  DATE_FORM: {
    of: "row",
    meaning: "A date is written in another form.",
    fix: "Use YYYY-MM-DD.",
    message: "{value} is not a date in our form: use YYYY-MM-DD.",
  },
  DATE_IMPOSSIBLE: {
    of: "row",
    meaning: "The date is not in the calendar.",
    fix: "Send a day that exists.",
    message: "{value} is not in the calendar.",
  },
  DATE_OUT_OF_RANGE: {
    of: "row",
    meaning: "The date is outside 1990 to 2100.",
    fix: "Send a date from 1990-01-01 to 2100-12-31; leave until_on empty for a line without an end.",
    message: "{value} is outside 1990 to 2100.",
  },
  END_BEFORE_START: {
    of: "row",
    meaning: "The version ends before it starts.",
    fix: "Send an until_on after from_on.",
    message: "{value} is before the start {other}.",
  },
  TERM_EMPTY: {
    of: "row",
    meaning: "The version ends on the day it starts; until_on is the first day after it.",
    fix: "Send an until_on after from_on, or leave the row out.",
    message: "The version starts and ends on {=value}: it holds no day.",
  },
  BOOLEAN_EXPECTED: {
    of: "row",
    meaning: "A yes-or-no field holds something else.",
    fix: "Send true or false.",
    message: "{value} is neither true nor false.",
  },
  WORD_UNKNOWN: {
    of: "row",
    meaning: "A field with a closed list of words holds another one.",
    fix: "Send one of the words that the message lists.",
    message: "{value} is none of {=other}.",
  },
  PRODUCT_MISSING: {
    of: "row",
    meaning: "A plan is named without its product.",
    fix: "Fill product_id too.",
    message: "The plan {value} is named without its product.",
  },
  AMOUNT_ZERO: {
    of: "row",
    meaning: "A movement of zero moves nothing.",
    fix: "Leave the row out.",
    message: "The amount is zero.",
  },
  SIGN_NOT_OF_TYPE: {
    of: "row",
    meaning: "NEW, REACTIVATION and EXPANSION are positive, CONTRACTION and CHURN negative.",
    fix: "Correct the sign or the type.",
    message: "The amount {value} has the wrong sign for {=other}.",
  },
  DRIVER_MISSING: {
    of: "row",
    meaning: "An EXPANSION or a CONTRACTION names no driver.",
    fix: "Say what moved; OTHER where the source does not know.",
    message: "{=value} needs a driver.",
  },
  DRIVER_NOT_ALLOWED: {
    of: "row",
    meaning: "Only EXPANSION and CONTRACTION have a driver.",
    fix: "Leave the driver empty.",
    message: "{=other} has no driver, the row says {value}.",
  },
} as const satisfies Record<string, FaultEntry>;
