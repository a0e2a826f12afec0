// The scalars of the schema, strict in both directions: what cannot be represented exactly is refused, never rounded.

import { type PlainDate, parseDate } from "@accrete/db/kernel/dates.ts";
import { errorCodes } from "@accrete/db/kernel/errors.ts";
import { parseCurrency } from "@accrete/db/kernel/money.ts";
import { GraphQLError, Kind, type ValueNode } from "graphql";
import { builder, wordsEnum } from "./builder.ts";

/** A scalar written as a string on the wire, whose text `parse` accepts or refuses with null. */
function textScalar(name: "Date" | "DateTime" | "Decimal" | "Ratio" | "CurrencyCode", scalar: TextScalar): void {
  const read = (value: unknown): string => {
    const parsed = typeof value === "string" ? scalar.parse(value) : null;
    if (parsed === null) throw new GraphQLError(`${name} expects ${scalar.expects}`);
    return parsed;
  };
  builder.scalarType(name, {
    description: scalar.description,
    serialize: (value) => read(value),
    parseValue: read,
    parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : null),
  });
}

type TextScalar = {
  readonly description: string;
  readonly expects: string;
  readonly parse: (text: string) => string | null;
};

/** Of any length: a rate that is compounded day by day has hundreds of digits. */
const decimal = (text: string): string | null => (/^-?\d+(\.\d+)?$/.test(text) ? text : null);

textScalar("Date", {
  description:
    'A day, without time or zone: "2025-10-01". Only days that exist, from 1990-01-01 to 2100-12-31. Windows are half-open: they hold `fromOn` and stop before `untilOn`.',
  expects: 'an existing day as a string "YYYY-MM-DD", from 1990 to 2100',
  parse: (text): PlainDate | null => parseDate(text),
});

textScalar("DateTime", {
  description: 'An instant in UTC, RFC 3339, to the microsecond: "2025-12-31T23:59:59.123456Z".',
  expects: 'an instant as a string such as "2025-12-31T23:59:59Z"',
  parse: parseInstant,
});

textScalar("Decimal", {
  description:
    'An exact decimal number as a string, never a float. Money is in major units with all of its currency\'s decimals: "600000.00" in USD, "600000" in JPY.',
  expects: 'a plain decimal as a string such as "600000.00"',
  parse: decimal,
});

textScalar("Ratio", {
  description:
    'A ratio as a string with six decimals, rounded half-even once from exact integers: "0.142857" is 14.2857 %. Not clamped: an NRR of 112.29 % is "1.122857".',
  expects: 'a plain decimal as a string such as "0.142857"',
  parse: decimal,
});

textScalar("CurrencyCode", {
  description: 'An ISO 4217 currency code in capitals: "USD".',
  expects: 'an ISO 4217 code as a string such as "USD"',
  parse: parseCurrency,
});

builder.scalarType("BigInt", {
  description:
    'An integer as a string, because JSON numbers lose digits beyond 2^53: "1042". Ledger versions are of this kind.',
  serialize: (value) => {
    if (typeof value !== "bigint") throw new GraphQLError("BigInt expects an integer");
    return value.toString();
  },
  parseValue: (value) => readBigInt(typeof value === "string" ? value : null),
  parseLiteral: (node) => readBigInt(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : null),
});

function readBigInt(text: string | null): bigint {
  if (text === null || !/^-?\d{1,19}$/.test(text))
    throw new GraphQLError('BigInt expects an integer as a string such as "1042"');
  return BigInt(text);
}

/** Postgres' text of a timestamptz ("2025-12-31 23:59:59.123456+00") or RFC 3339, as RFC 3339 in UTC; null for anything else. */
function parseInstant(text: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d{1,6})?(?:Z|\+00(?::?00)?)$/.exec(text);
  if (!match) return null;
  const [, day = "", time = "", fraction = ""] = match;
  const canonical = `${day}T${time}${fraction}Z`;
  return parseDate(day) === null || Number.isNaN(Date.parse(canonical)) ? null : canonical;
}

/** The closed list of error codes, in `extensions.code` of every error. */
export const ErrorCodeEnum = wordsEnum("ErrorCode", Object.keys(errorCodes) as (keyof typeof errorCodes)[], {
  description:
    "Every code that `extensions.code` of an error can hold. Beside it stand `field` (the argument at fault, or null), `docs` (where the code is explained), `requestId` (under which the server logged it) and `retryable`.",
  values: Object.fromEntries(
    Object.entries(errorCodes).map(([code, entry]) => [code, `${entry.meaning} ${entry.fix}`]),
  ) as Record<keyof typeof errorCodes, string>,
});
