// Mutations asked of the schema itself, without the server: one transaction, as the server would open it, kept when nothing went wrong.

import { newId } from "@accrete/db/kernel/ids.ts";
import { createContext } from "@accrete/schema/context.ts";
import { schema } from "@accrete/schema/index.ts";
import { type ExecutionResult, graphql } from "graphql";
import { todayOn } from "../schema/books.ts";
import type { World } from "../support/world.ts";

class Refused extends Error {
  readonly result: ExecutionResult;

  constructor(result: ExecutionResult) {
    super("refused");
    this.result = result;
  }
}

/** The answer as plain JSON, in the shape that the test names. The operation is undone, and its first error thrown, when there is one. */
export async function change<Shape = Record<string, unknown>>(
  books: World,
  source: string,
  variableValues: Readonly<Record<string, unknown>> = {},
): Promise<Shape> {
  try {
    const { data } = await books.write(async (tx) => {
      const asker = { keyId: newId(), scope: "admin", requestId: "test", todayOn } as const;
      const result = await graphql({ schema, source, variableValues, contextValue: createContext(tx, asker) });
      if (result.errors) throw new Refused(result);
      return result;
    });
    return JSON.parse(JSON.stringify(data));
  } catch (error) {
    if (error instanceof Refused) throw error.result.errors?.[0]?.originalError ?? error.result.errors?.[0];
    throw error;
  }
}
