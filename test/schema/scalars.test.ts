// The scalars: what each takes and gives, and what it refuses rather than rounds.

import { schema } from "@accrete/schema/index.ts";
import { GraphQLScalarType, parseValue } from "graphql";
import { describe, expect, it } from "vitest";

function scalar(name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLScalarType)) throw new Error(`${name} is no scalar`);
  return type;
}

/** As an argument that is written into the question. */
const literal = (name: string, text: string) => scalar(name).parseLiteral(parseValue(text), {});

describe.each<[string, readonly string[], readonly unknown[]]>([
  [
    "Date",
    ["2025-10-01", "2024-02-29", "1990-01-01", "2100-12-31"],
    [
      "2025-02-29",
      "2025-02-30",
      "2025-13-01",
      "1989-12-31",
      "2101-01-01",
      "2025-1-1",
      "01/02/2025",
      "2025-10-01T00:00:00Z",
      "infinity",
      "",
      20251001,
      null,
      true,
    ],
  ],
  [
    "DateTime",
    ["2025-12-31T23:59:59Z", "2025-12-31T23:59:59.123456Z"],
    [
      "2025-12-31",
      "2025-12-31T23:59:59",
      "2025-02-30T00:00:00Z",
      "2025-12-31T25:00:00Z",
      "2025-12-31T23:59:60Z",
      "2025-12-31T23:59:59+02:00",
      0,
    ],
  ],
  [
    "Decimal",
    ["0", "-0.5", "600000.00", `${"9".repeat(400)}.5`],
    ["1e3", "1,000", "$5", " 5", "+5", ".5", "5.", "NaN", "", 0.1, 5],
  ],
  ["Ratio", ["0.142857", "-1.000000", `${"9".repeat(400)}.000000`], ["1/7", "14 %", "", 0.5]],
  ["CurrencyCode", ["USD", "JPY"], ["US$", "XXX", "XAU", "DOLLAR", "", 840]],
])("%s", (name, taken, refused) => {
  it.each(taken)("takes and gives %.40s as it is", (text) => {
    expect(scalar(name).parseValue(text)).toBe(text);
    expect(literal(name, JSON.stringify(text))).toBe(text);
    expect(scalar(name).serialize(text)).toBe(text);
  });

  it.each(refused)("refuses %j on every way", (value) => {
    expect(() => scalar(name).parseValue(value)).toThrow(name);
    expect(() => literal(name, JSON.stringify(value))).toThrow(name);
    expect(() => scalar(name).serialize(value)).toThrow(name);
  });
});

it("DateTime gives Postgres' instants as RFC 3339", () => {
  expect(scalar("DateTime").serialize("2025-12-31 23:59:59.123456+00")).toBe("2025-12-31T23:59:59.123456Z");
  expect(scalar("DateTime").serialize("2025-12-31 23:59:59+00")).toBe("2025-12-31T23:59:59Z");
});

it("BigInt gives integers as text, and takes text or a whole literal", () => {
  const type = scalar("BigInt");
  expect(type.serialize(9_007_199_254_740_993n)).toBe("9007199254740993");
  expect(type.parseValue("-9007199254740993")).toBe(-9_007_199_254_740_993n);
  expect(literal("BigInt", "9007199254740993")).toBe(9_007_199_254_740_993n);
  for (const value of [1, 1.5, "1.5", "", "1e3", null]) expect(() => type.parseValue(value)).toThrow("BigInt");
  for (const value of [1, "1"]) expect(() => type.serialize(value)).toThrow("BigInt");
});
