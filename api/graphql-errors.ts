// GraphQL's errors in the table's words: which code an error of parsing, validation, variables or execution has, and its HTTP status.

import { type ErrorCode, errorCodes } from "@accrete/db/kernel/errors.ts";
import { GraphQLError, type GraphQLErrorOptions } from "graphql";
import { extensionsOf, headersOf, isAftermath, type Log, logFault, type Refusal, refusalOf, rootOf } from "./errors.ts";

/** What an error was before it was put in words. */
const origins = new WeakMap<GraphQLError, unknown>();

/** The error as a caller may see it, still without what belongs to the request. Anything not foreseen is masked. */
export function presentError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError && origins.has(error)) return error;
  const { message, code, field } = classify(error);
  const http = httpOf(error);
  const presented = new GraphQLError(message, {
    ...placeOf(error),
    extensions: { code, field, ...(http ? { http } : {}) },
  });
  origins.set(presented, error);
  return presented;
}

/** The errors of one answer, complete; faults of ours are logged. `answered` is the answer's data. */
export function completeErrors(
  errors: readonly unknown[],
  answered: unknown,
  requestId: string,
  log: Log,
): readonly GraphQLError[] {
  const presented = errors.map(presentError);
  const cause = presented.find((error) => isFault(error) && !isAftermath(origins.get(error)));
  return presented.map((error) => {
    const isConsequence = isAftermath(origins.get(error)) && cause !== undefined;
    if (isFault(error) && !isConsequence) logFault(log, origins.get(error), requestId);
    const source = isConsequence ? cause : error;
    const code = ownCode(source) ?? "INTERNAL";
    return new GraphQLError(source.message, {
      ...placeOf(error),
      extensions: {
        ...extensionsOf({ code, message: source.message, field: fieldOf(source) }, requestId),
        http: answered == null ? (source.extensions.http ?? httpOfCode(code)) : { spec: true, status: 200 },
      },
    });
  });
}

function classify(error: unknown): Refusal {
  const root = rootOf(error);
  if (!(root instanceof GraphQLError)) return refusalOf(root);
  // The outer one names the variable, the inner one only its value.
  const told = error instanceof GraphQLError ? error : root;
  const code = ownCode(root) ?? codeOfText(told);
  if (code === "INTERNAL") return refusalOf(root);
  return { code, message: told.message.slice(0, 300), field: fieldOf(told) };
}

/** The code of an error that graphql-js or yoga made. */
function codeOfText(error: GraphQLError): ErrorCode {
  const { message, path } = error;
  if (message.startsWith("Syntax Error")) return "PARSE_FAILED";
  if (message.startsWith("Schema is not configured")) return "VALIDATION_FAILED";
  if (httpOf(error)?.status === errorCodes.METHOD_NOT_ALLOWED.status) return "METHOD_NOT_ALLOWED";
  // Within a field only its arguments are the caller's; a value that does not serialise is ours.
  return path !== undefined && !message.startsWith("Argument ") ? "INTERNAL" : "BAD_USER_INPUT";
}

function ownCode({ extensions }: GraphQLError): ErrorCode | null {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  return codes.find((code) => code === extensions.code) ?? null;
}

/** The argument or variable at fault, as the extensions or graphql-js' own words name it. */
function fieldOf({ extensions, message }: GraphQLError): string | null {
  if (typeof extensions.field === "string") return extensions.field;
  const named = /^Variable "\$(\w+)"(?:.* at "([\w.[\]]+)")?|^Argument "(\w+)"/.exec(message);
  return named?.[2] ?? named?.[1] ?? named?.[3] ?? null;
}

function isFault(error: GraphQLError): boolean {
  const origin = rootOf(origins.get(error));
  return origin instanceof Error && origin.name !== "AccreteError" && !isOfCaller(error);
}

function isOfCaller(error: GraphQLError): boolean {
  return /^(BAD_USER_INPUT|PARSE_FAILED|VALIDATION_FAILED|METHOD_NOT_ALLOWED)$/.test(String(error.extensions.code));
}

function placeOf(error: unknown): GraphQLErrorOptions {
  if (!(error instanceof GraphQLError)) return {};
  const { nodes, source, positions, path } = error;
  return {
    ...(nodes ? { nodes } : {}),
    ...(source ? { source } : {}),
    ...(positions ? { positions } : {}),
    ...(path ? { path } : {}),
  };
}

type Http = { readonly status: number; readonly spec?: boolean; readonly headers?: Readonly<Record<string, string>> };

/** The status that yoga gave to a request that held no question. */
function httpOf(error: unknown): Http | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  const { http, code } = error.extensions;
  const isHttp = typeof http === "object" && http !== null && "status" in http;
  return isHttp && (code === "BAD_REQUEST" || http.status === 405) ? (http as Http) : undefined;
}

/** Sent where the Accept type has statuses; application/json answers 200. */
function httpOfCode(code: ErrorCode): Http {
  return { spec: true, status: errorCodes[code].status, headers: headersOf(code) };
}
