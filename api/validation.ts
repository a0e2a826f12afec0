// Validation against the schema, with the code that each error has: a value that does not fit its argument is the caller's input,
// everything else is a document that does not fit the schema.

import { pageSizeMax } from "@accrete/db/kernel/pages.ts";
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  validate,
} from "graphql";

/** The errors of a document, each with `extensions.code`; none when it is valid. */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  return validate(schema, document, rules, { maxErrors: 20 }).map((error) =>
    error.extensions.code ? error : withExtensions(error, error.message, { code: "VALIDATION_FAILED", field: null }),
  );
}

const rules: readonly ValidationRule[] = specifiedRules.map((rule) =>
  rule === ValuesOfCorrectTypeRule ? valuesOfCorrectType : rule,
);

/** graphql-js' rule, naming the argument at fault. */
function valuesOfCorrectType(context: ValidationContext): ReturnType<ValidationRule> {
  const reporting: ValidationContext = Object.create(context, {
    reportError: {
      value: (error: GraphQLError) => {
        const field = context.getArgument()?.name ?? null;
        const isPageSize = field === "first" || field === "last";
        const message = isPageSize ? `${field} must be 1 to ${pageSizeMax}` : error.message;
        context.reportError(withExtensions(error, message, { code: "BAD_USER_INPUT", field }));
      },
    },
  });
  return ValuesOfCorrectTypeRule(reporting);
}

function withExtensions(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  return new GraphQLError(message, { ...(error.nodes ? { nodes: error.nodes } : {}), extensions });
}
