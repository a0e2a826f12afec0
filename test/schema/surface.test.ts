// The surface as a whole: it is printed, described everywhere, and takes its words from the books.

import { readFileSync } from "node:fs";
import { drivers } from "@accrete/db/movements/types.ts";
import { schema } from "@accrete/schema/index.ts";
import { printSdl } from "@accrete/schema/print.ts";
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from "graphql";
import { expect, it } from "vitest";

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

type Described = { readonly name: string; readonly description?: string | null | undefined };

/** Every type, field, argument and enum value, each under its path. */
function partsOf(type: GraphQLNamedType): { path: string; part: Described }[] {
  const parts: { path: string; part: Described }[] = [{ path: type.name, part: type }];
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      parts.push({ path: `${type.name}.${field.name}`, part: field });
      for (const arg of field.args) parts.push({ path: `${type.name}.${field.name}(${arg.name})`, part: arg });
    }
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      parts.push({ path: `${type.name}.${field.name}`, part: field });
  }
  if (isEnumType(type)) {
    for (const value of type.getValues()) parts.push({ path: `${type.name}.${value.name}`, part: value });
  }
  return parts;
}

it("every type, field, argument and enum value is described, in whole sentences", () => {
  const undescribed = types
    .flatMap(partsOf)
    .filter(({ part }) => !/^\S.*[.”"]$/su.test(part.description ?? ""))
    .map(({ path }) => path);
  expect(undescribed).toEqual([]);
});

it("a field that can be null says what null means", () => {
  const silent = types.flatMap((type) => {
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields())
      .filter((field) => !String(field.type).endsWith("!") && !/\bnull\b/i.test(field.description ?? ""))
      .map((field) => `${type.name}.${field.name}`);
  });
  expect(silent).toEqual([]);
});

it("schema/schema.graphql is what the code prints", () => {
  expect(readFileSync(new URL("../../schema/schema.graphql", import.meta.url), "utf8")).toBe(printSdl());
});

it("the drivers keep the order in which ties are broken", () => {
  const type = schema.getType("Driver");
  expect(isEnumType(type) && type.getValues().map(({ name }) => name)).toEqual([...drivers]);
});

it("names are the field's own: inputs end in Input or say what they filter, order or refer to; connections hold what grows", () => {
  const inputs = types.filter(isInputObjectType).map(({ name }) => name);
  expect(inputs.filter((name) => !/(Input|Filter|Order|Reference)$/.test(name))).toEqual([]);
  const connections = types.filter(isObjectType).filter(({ name }) => name.endsWith("Connection"));
  for (const connection of connections) {
    expect(Object.keys(connection.getFields()).sort()).toEqual(["edges", "nodes", "pageInfo", "totalCount"]);
  }
  expect(connections.length).toBeGreaterThanOrEqual(4);
});
