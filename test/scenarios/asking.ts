// Asks and writes through the schema as the server does: one operation, one transaction, all of it or, after an error, none.

import type { Tx } from "@accrete/db/kernel/database.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { createContext } from "@accrete/schema/context.ts";
import { schema } from "@accrete/schema/index.ts";
import { type GraphQLError, graphql } from "graphql";
import type { World } from "../support/world.ts";

export type Variables = Readonly<Record<string, unknown>>;

/** The answer of a query or a mutation as plain JSON, in the shape that the test names; throws the first error's cause. */
export async function told<Shape = Record<string, unknown>>(
  books: World,
  source: string,
  variables: Variables = {},
): Promise<Shape> {
  const run = source.trimStart().startsWith("mutation") ? books.write : books.read;
  return run((tx) => execute<Shape>(tx, source, variables));
}

/** The code, the field and the message of the refusal that an operation meets; fails when it meets none. */
export async function refusalOf(books: World, source: string, variables: Variables = {}) {
  const error = await told(books, source, variables).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AccreteError)) throw error ?? new Error("the operation was not refused");
  return { code: error.code, field: error.field, message: error.message };
}

async function execute<Shape>(tx: Tx, source: string, variableValues: Variables): Promise<Shape> {
  const asker = { keyId: keyId, scope: "admin", requestId: "test", todayOn: "2026-01-01" } as const;
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue: createContext(tx, asker) });
  const first = errors?.[0];
  if (first) throw causeOf(first);
  return JSON.parse(JSON.stringify(data));
}

const causeOf = (error: GraphQLError) => error.originalError ?? error;

const keyId = "0188bac7-4afa-78aa-bc3b-bd1eef28d881";
