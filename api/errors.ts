// What a caller is told of an error, and what only the log is told. Every error of every wire passes here: codes come from the closed
// table, and nothing of Postgres, of the code or of another workspace is ever answered.

import { AccreteError, type ErrorCode, errorCodes } from "@accrete/db/kernel/errors.ts";
import { GraphQLError } from "graphql";

/** An error as a caller may see it. */
export type Refusal = {
  readonly code: ErrorCode;
  readonly message: string;
  /** The argument, variable or header at fault; null where none is. */
  readonly field: string | null;
};

export type Extensions = {
  readonly code: ErrorCode;
  readonly field: string | null;
  /** Where the code is explained. */
  readonly docs: string;
  readonly requestId: string;
  readonly retryable: boolean;
};

/** One line of the log, as an object; values that callers sent never stand in it. */
export type Log = (entry: Readonly<Record<string, unknown>>) => void;

const messageCharsMax = 300;
export const retryAfterSeconds = 1;

/** The caller's view of anything thrown: its own mistakes in words, everything else masked. */
export function refusalOf(error: unknown): Refusal {
  const root = rootOf(error);
  if (root instanceof AccreteError) {
    return { code: root.code, message: root.message.slice(0, messageCharsMax), field: root.field };
  }
  const code = codeOfFault(root);
  return { code, message: maskedMessages[code], field: null };
}

/** What was thrown under GraphQL's and the ORM's wrappings. */
export function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 5; depth += 1) {
    if (root instanceof GraphQLError && root.originalError) root = root.originalError;
    else if (root instanceof Error && root.name === "DrizzleQueryError" && root.cause) root = root.cause;
    else break;
  }
  return root;
}

export function extensionsOf({ code, field }: Refusal, requestId: string): Extensions {
  return {
    code,
    field,
    docs: `docs/errors.md#${code.toLowerCase()}`,
    requestId,
    retryable: errorCodes[code].retryable,
  };
}

/** The body of an answer that is no GraphQL result: refused before anything was parsed. */
export function refusalBody(refusal: Refusal, requestId: string): string {
  return JSON.stringify({ errors: [{ message: refusal.message, extensions: extensionsOf(refusal, requestId) }] });
}

/** Headers that belong to a code: when to come again, and how to identify oneself. */
export function headersOf(code: ErrorCode): Readonly<Record<string, string>> {
  if (code === "UNAUTHENTICATED") return { "www-authenticate": "Bearer" };
  return code === "UNAVAILABLE" ? { "retry-after": String(retryAfterSeconds) } : {};
}

/** Errors of the language itself, whose messages name code and not values. */
const plainErrors = [TypeError, RangeError, ReferenceError];

/** Logs a fault of ours under its request id. SQL, parameters and every message that may repeat a value are left out. */
export function logFault(log: Log, error: unknown, requestId: string): void {
  const root = rootOf(error);
  if (root instanceof AccreteError) return;
  const fault = root instanceof Error ? root : new Error(typeof root);
  const systemCode = textOf(root, "code");
  log({
    level: "error",
    requestId,
    code: codeOfFault(root),
    name: fault.name,
    ...(systemCode === null ? {} : { systemCode, routine: textOf(root, "routine") }),
    ...(plainErrors.some((plain) => fault instanceof plain) ? { message: fault.message } : {}),
    stack: fault.stack?.split("\n").filter((line) => line.startsWith("    at ")),
  });
}

/** An error of Postgres that only repeats that its transaction failed before. */
export function isAftermath(error: unknown): boolean {
  return textOf(rootOf(error), "code") === "25P02";
}

function codeOfFault(error: unknown): FaultCode {
  const code = textOf(error, "code") ?? "";
  if (code === "57014") return "TIMEOUT";
  if (/^(40001|40P01|55P03)$/.test(code)) return "CONFLICT";
  if (/^(08|53|57P)/.test(code) || connectionCodes.test(code)) return "UNAVAILABLE";
  return "INTERNAL";
}

/** postgres.js' own codes, and the operating system's for a socket that cannot be had. */
const connectionCodes = /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)/;

type FaultCode = "TIMEOUT" | "CONFLICT" | "UNAVAILABLE" | "INTERNAL";

const maskedMessages: Readonly<Record<FaultCode, string>> = {
  TIMEOUT: "The question took longer than the limit.",
  CONFLICT: "Another write of the same facts came first.",
  UNAVAILABLE: "The database cannot be reached just now.",
  INTERNAL: "A fault of ours. Its details are in the server's log under the request id.",
};

function textOf(value: unknown, key: string): string | null {
  if (typeof value !== "object" || value === null) return null;
  const found = Object.entries(Object.getOwnPropertyDescriptors(value)).find(([name]) => name === key)?.[1].value;
  return typeof found === "string" ? found : null;
}
