// Questions: yoga parses and validates within the limits, each operation reads one snapshot, and every error is put in the table's words.

import { type Database, inWorkspace } from "@accrete/db/kernel/database.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { type Asker, createContext } from "@accrete/schema/context.ts";
import { schema } from "@accrete/schema/index.ts";
import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import type { Log } from "./errors.ts";
import { completeErrors, presentError } from "./graphql-errors.ts";
import { parseWithinLimits, requireDocumentWithinLimits, requireStorableVariables } from "./limits.ts";
import { validateDocument } from "./validation.ts";

/** Who asks: the key's workspace, and what the schema's context holds of the asker. */
export type Caller = Asker & { readonly workspaceId: string };

export type GraphqlOptions = {
  readonly database: Database;
  readonly log: Log;
  /** A statement that runs longer is stopped: TIMEOUT. */
  readonly statementTimeoutMs: number;
  /** Another schema than the product's, for tests of the wire. */
  readonly schema?: GraphQLSchema;
};

export type GraphqlRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, of a POST. */
  readonly body?: string;
};

export type GraphqlAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type ServerContext = { readonly caller: Caller };

/** Answers GraphQL requests of callers that are already identified. */
export function createGraphql(
  options: GraphqlOptions,
): (request: GraphqlRequest, caller: Caller) => Promise<GraphqlAnswer> {
  const yoga = createYoga<ServerContext>({
    schema: options.schema ?? schema,
    graphqlEndpoint: "/graphql",
    // All of these are the server's own, before yoga is asked.
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    logging: false,
    maskedErrors: { isDev: false, maskError: presentError },
    plugins: [withinLimits, inOneTransaction(options), inOurWords(options.log)],
  });
  return async ({ url, ...request }, caller) => {
    const response = await yoga.fetch(new yoga.fetchAPI.Request(new URL(url, "http://localhost").href, request), {
      caller,
    });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  };
}

/** Sizes are checked before validation, whose cost grows with them. */
const withinLimits: Plugin<ServerContext, ServerContext> = {
  onParams({ params }) {
    requireStorableVariables(params.variables, "variables");
  },
  onParse({ setParseFn }) {
    setParseFn(parseWithinLimits);
  },
  onValidate({ setValidationFn }) {
    setValidationFn((schemaOf: GraphQLSchema, document) => {
      requireDocumentWithinLimits(document);
      return validateDocument(schemaOf, document);
    });
  },
};

/** One transaction around each operation: a question's whole answer is of one ledger version, a mutation is booked as a whole or not. */
function inOneTransaction({ database, statementTimeoutMs }: GraphqlOptions): Plugin<ServerContext, ServerContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { caller } = args.contextValue;
      setExecuteFn(async (executionArgs: ExecutionArgs) => {
        const isMutation =
          getOperationAST(executionArgs.document, executionArgs.operationName)?.operation === "mutation";
        const answer: { result: ExecutionResult | null } = { result: null };
        try {
          await inWorkspace(database, caller.workspaceId, isMutation ? "write" : "read", async (tx) => {
            await tx.sql`select set_config('statement_timeout', ${String(statementTimeoutMs)}, true)`;
            answer.result = await executeFn({ ...executionArgs, contextValue: createContext(tx, caller) });
            if (isMutation && hasErrors(answer.result)) throw new NotKept();
          });
        } catch (error) {
          // A question's statement that failed fails its transaction too, after the answer has said what could not be read. A mutation
          // whose commit failed has nothing to say but that.
          if (!answer.result || (isMutation && !hasErrors(answer.result))) throw error;
        }
        // Nothing of a mutation with an error is kept, so nothing of it may be told as done.
        return isMutation && hasErrors(answer.result) ? { ...answer.result, data: null } : answer.result;
      });
    },
  };
}

const hasErrors = (result: ExecutionResult | null): boolean => (result?.errors?.length ?? 0) > 0;

/** Leaves a mutation's transaction without keeping anything. */
class NotKept extends Error {}

function inOurWords(log: Log): Plugin<ServerContext, ServerContext> {
  return {
    onResultProcess({ result, setResult, serverContext }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) {
        throw new AccreteError("BAD_USER_INPUT", "batching is off: send one operation at a time");
      }
      const { errors, ...rest } = result as ExecutionResult & { errors?: readonly GraphQLError[] };
      if (errors)
        setResult({ ...rest, errors: completeErrors(errors, rest.data, serverContext.caller.requestId, log) });
    },
  };
}
