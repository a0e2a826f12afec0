// Every mutation of the schema, whichever there are: it says which scope it needs, and refuses a key without it before it writes.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { newId, publicId } from "@accrete/db/kernel/ids.ts";
import { getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import { createContext } from "@accrete/schema/context.ts";
import { schema } from "@accrete/schema/index.ts";
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  graphql,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredInputField,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
});

afterAll(() => db?.drop());

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

/** Some value that the type takes; an id is one of its kind, of nothing that exists. */
function sample(type: GraphQLInputType, name: string): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [sample(bare.ofType, name)];
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields());
    const given = bare.isOneOf
      ? fields.filter((field) => field.name === "externalId")
      : fields.filter(isRequiredInputField);
    return Object.fromEntries(given.map((field) => [field.name, sample(field.type, field.name)]));
  }
  const texts: Readonly<Record<string, unknown>> = {
    ID: publicId(/movement/i.test(name) ? "movement" : "account", newId()),
    Date: "2025-10-01",
    Decimal: "0",
    CurrencyCode: "EUR",
    BigInt: "1",
    Int: 1,
    Boolean: false,
  };
  return texts[bare.name] ?? "sample";
}

/** The mutation with every argument that it requires, and one leaf of its answer. */
function operationOf({ name, args, type }: GraphQLField<unknown, unknown>) {
  const required = args.filter((arg) => String(arg.type).endsWith("!") && arg.defaultValue === undefined);
  const given = required.length === 0 ? "" : `(${required.map((arg) => `${arg.name}: $${arg.name}`).join(", ")})`;
  const declared = required.length === 0 ? "" : `(${required.map((arg) => `$${arg.name}: ${arg.type}`).join(", ")})`;
  const selection = isLeafType(getNamedType(type)) ? "" : "{ __typename }";
  return {
    source: `mutation ${declared} { ${name}${given} ${selection} }`,
    variableValues: Object.fromEntries(required.map((arg) => [arg.name, sample(arg.type, arg.name)])),
  };
}

describe.each(mutations.map((field) => [field.name, field] as const))("%s", (_name, field) => {
  const needed = /Needs a key of the scope `(write|admin)`\.$/.exec(field.description ?? "")?.[1];

  it("says last which scope it needs", () => {
    expect(needed).toBeDefined();
  });

  it.each((["read", "write"] as const).filter((scope) => scope !== needed))(
    "refuses a key of the scope %s, and writes nothing",
    async (scope) => {
      const before = await books.read(getLedgerVersion);
      const { data, errors } = await books.write((tx) => {
        const asker = { keyId: newId(), scope, requestId: "test", todayOn: "2026-01-01" };
        return graphql({ schema, ...operationOf(field), contextValue: createContext(tx, asker) });
      });
      expect({ data: data ?? null, message: errors?.[0]?.message }).toEqual({
        data: null,
        message: `This needs a key of the scope '${needed}'; this key's scope is '${scope}'.`,
      });
      expect(errors?.[0]?.originalError).toBeInstanceOf(AccreteError);
      expect(await books.read(getLedgerVersion)).toEqual(before);
    },
  );
});

it("there are mutations", () => {
  expect(mutations.length).toBeGreaterThan(3);
});
