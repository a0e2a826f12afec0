// Files with a field that is bad by itself: numbers, dates, words and texts.

import type { FaultCode } from "@accrete/db/ingestion/faults.ts";
import { type BadFile, line, movement, row } from "./bad-file.ts";

const plain = /plain decimal expected/;
const price = (text: string, code: FaultCode, message = plain): BadFile =>
  line(`a price of ${JSON.stringify(text.slice(0, 20))}`, { unit_price: text }, [code, "unit_price", message]);
const from = (text: string, code: FaultCode, message: RegExp): BadFile =>
  line(`a start of ${JSON.stringify(text)}`, { from_on: text, until_on: "" }, [code, "from_on", message]);

export const badFields: readonly BadFile[] = [
  price("1,234.56", "NUMBER_GROUPED"),
  price("1.234,56", "NUMBER_GROUPED"),
  price("1 234", "NUMBER_GROUPED"),
  price("1'234.56", "NUMBER_GROUPED"),
  price("$5", "NUMBER_WITH_CURRENCY"),
  price("5 USD", "NUMBER_WITH_CURRENCY"),
  price("€ 5,00", "NUMBER_WITH_CURRENCY"),
  price("NaN", "NUMBER_NOT_FINITE"),
  price("-Infinity", "NUMBER_NOT_FINITE"),
  price("1e999", "NUMBER_WITH_EXPONENT"),
  price("five", "NUMBER_NOT_PLAIN"),
  price(".5", "NUMBER_NOT_PLAIN"),
  price("+5", "NUMBER_NOT_PLAIN"),
  price("9".repeat(60_000), "NUMBER_NOT_PLAIN"),
  price(`${"0".repeat(60_000)}x`, "NUMBER_NOT_PLAIN"),
  price("123456789012345", "NUMBER_TOO_LARGE", /too large/),
  price("0.1234567890123", "NUMBER_DECIMALS", /at most 12/),
  price("-1", "NUMBER_NEGATIVE", /negative/),
  price("", "REQUIRED", /required/),
  line("a discount with more decimals than yen has", { currency: "JPY", discount_amount: "1.5" }, [
    "NUMBER_DECIMALS",
    "discount_amount",
    /at most 0/,
  ]),
  line("a negative discount", { discount_percent: "-5" }, ["NUMBER_NEGATIVE", "discount_percent", /negative/]),
  line("a discount of more than everything", { discount_percent: "100.01" }, [
    "PERCENT_OVER_100",
    "discount_percent",
    /more than 100/,
  ]),
  line("two discounts", { discount_percent: "5", discount_amount: "1" }, [
    "DISCOUNTS_BOTH",
    "discount_amount",
    /either/,
  ]),
  line("a quantity of zero", { quantity: "0.0" }, ["QUANTITY_NOT_POSITIVE", "quantity", /not above zero/]),
  line("a negative quantity", { quantity: "-3" }, ["QUANTITY_NOT_POSITIVE", "quantity", /not above zero/]),
  line("more ARR than there is money", { quantity: "99999999", unit_price: "99999999" }, [
    "ARR_TOO_LARGE",
    "unit_price",
    /too large/,
  ]),
  line("an unknown currency", { currency: "ZZZ" }, ["CURRENCY_UNKNOWN", "currency", /'ZZZ'/]),
  line("a currency that is none", { currency: "XXX" }, ["CURRENCY_UNKNOWN", "currency", /'XXX'/]),
  line("a currency sign for a code", { currency: "US$" }, ["CURRENCY_UNKNOWN", "currency", /'US\$'/]),
  from("01/02/2026", "DATE_FORM", /use YYYY-MM-DD/),
  from("2026-1-2", "DATE_FORM", /use YYYY-MM-DD/),
  from("2026-01-02T00:00:00", "DATE_FORM", /use YYYY-MM-DD/),
  from("infinity", "DATE_FORM", /use YYYY-MM-DD/),
  from("2026-02-30", "DATE_IMPOSSIBLE", /not in the calendar/),
  from("2025-02-29", "DATE_IMPOSSIBLE", /not in the calendar/),
  from("0000-00-00", "DATE_IMPOSSIBLE", /not in the calendar/),
  from("1899-12-31", "DATE_OUT_OF_RANGE", /1990 to 2100/),
  from("9999-12-31", "DATE_OUT_OF_RANGE", /1990 to 2100/),
  line("an end before the start", { until_on: "2024-12-31" }, [
    "END_BEFORE_START",
    "until_on",
    /before the start '2025-01-01'/,
  ]),
  line("a version without a day", { until_on: "2025-01-01" }, ["TERM_EMPTY", "until_on", /holds no day/]),
  line("a billing interval of our own", { billing_interval: "FORTNIGHT" }, [
    "WORD_UNKNOWN",
    "billing_interval",
    /DAY, WEEK/,
  ]),
  line("a perhaps", { is_add_on: "maybe" }, ["BOOLEAN_EXPECTED", "is_add_on", /neither true nor false/]),
  line("an id of 256 characters", { line_id: "x".repeat(256) }, ["TEXT_TOO_LONG", "line_id", /256.*at most 255/]),
  line("an id of spaces", { line_id: "   " }, ["REQUIRED", "line_id", /required/]),
  row("catalog", "a rank with a point", [{ rank: "1.5" }], ["RANK_NOT_INTEGER", "rank", /whole number/]),
  movement("an amount with a third decimal", { amount: "1.001" }, ["NUMBER_DECIMALS", "amount", /at most 2/]),
  movement("an amount of minus zero", { amount: "-0.00" }, ["AMOUNT_ZERO", "amount", /zero/]),
  movement("a negative NEW", { amount: "-5" }, ["SIGN_NOT_OF_TYPE", "amount", /wrong sign for NEW/]),
  movement("a positive CHURN", { type: "CHURN" }, ["SIGN_NOT_OF_TYPE", "amount", /wrong sign for CHURN/]),
  movement("an EXPANSION without a driver", { type: "EXPANSION" }, [
    "DRIVER_MISSING",
    "driver",
    /EXPANSION needs a driver/,
  ]),
  movement("a NEW with a driver", { driver: "SEAT" }, ["DRIVER_NOT_ALLOWED", "driver", /NEW has no driver.*SEAT/]),
  row(
    "rates",
    "a rate of a currency into itself",
    [{ to_currency: "EUR" }],
    ["CURRENCIES_EQUAL", "to_currency", /'EUR'/],
  ),
  row(
    "usage",
    "usage of more than a line can have",
    [{ amount: "100000000000" }],
    ["USAGE_TOO_LARGE", "amount", /'100000000000' is too large/],
  ),
  row("rates", "a rate of 0", [{ rate: "0" }], ["RATE_OUT_OF_RANGE", "rate", /'0' is not above 0/]),
  row("rates", "a rate of a thousand million", [{ rate: "1000000000" }], ["RATE_OUT_OF_RANGE", "rate", /below 1,000/]),
  row("rates", "a dated rate without a day", [{ from_on: "" }], ["RATE_DAY_MISSING", "from_on", /first day/]),
  row("rates", "a constant rate with a day", [{ kind: "CONSTANT" }], ["RATE_DAY_NOT_ALLOWED", "from_on", /2025-01-01/]),
  row(
    "rates",
    "two kinds of rates in one set",
    [{}, { kind: "CONSTANT", from_on: "" }],
    ["RATE_SET_OF_OTHER_KIND", "kind", /'ECB' is DATED/],
  ),
  movement("a plan without its product", { product_id: "" }, ["PRODUCT_MISSING", "product_id", /'core-pro'/]),
];
