// What can go wrong with a call: one class per family of codes. Messages come from the server or name the endpoint; they never hold
// the key or a variable.

import type { ErrorCode, Open } from "./generated/types.ts";

/** The server's codes, and the three that only a client can give. */
export type AccreteErrorCode = Open<ErrorCode | "RATE_LIMITED" | "CONNECTION_FAILED" | "UNEXPECTED_ANSWER">;

/** One entry of the answer's `errors`. */
export type ErrorDetail = {
  readonly message: string;
  /** The field of the result that is missing because of it, such as `["expansionMetrics", "rows", 0]`. */
  readonly path: readonly (string | number)[] | null;
  readonly code: AccreteErrorCode | null;
};

export type AccreteErrorOptions = {
  readonly code: AccreteErrorCode;
  readonly status?: number | null;
  readonly requestId?: string | null;
  readonly field?: string | null;
  readonly docs?: string | null;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number | null;
  readonly data?: unknown;
  readonly details?: readonly ErrorDetail[];
  readonly cause?: unknown;
};

/**
 * The base of every error that a call throws; an aborted `signal` alone throws its own reason.
 *
 * @example
 * try {
 *   await accrete.metrics.expansion({ window: { fromOn: "2025-10-01", untilOn: "2025-10-01" } });
 * } catch (error) {
 *   if (error instanceof InputError) console.error(error.field, error.message, error.requestId);
 *   else throw error;
 * }
 */
export class AccreteError extends Error {
  override readonly name: string = "AccreteError";
  /** From the server's closed table (`ErrorCode`), or CONNECTION_FAILED, UNEXPECTED_ANSWER, RATE_LIMITED of this client. */
  readonly code: AccreteErrorCode;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** The server's name of the request, to be quoted in a report; null when there was no answer. */
  readonly requestId: string | null;
  /** The argument or input field at fault; null when none is. */
  readonly field: string | null;
  /** The page that explains the code; null when the server named none. */
  readonly docs: string | null;
  /** Whether the same call may succeed later. Reads have then been tried again already. */
  readonly retryable: boolean;
  /** How long the server asks to wait; null when it does not say. */
  readonly retryAfterSeconds: number | null;
  /** The part of the result that did arrive, in the shape of the document; null when there is none. */
  readonly data: unknown;
  /** Every entry of the answer's `errors`; this error speaks for the first. */
  readonly details: readonly ErrorDetail[];

  constructor(message: string, options: AccreteErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.status = options.status ?? null;
    this.requestId = options.requestId ?? null;
    this.field = options.field ?? null;
    this.docs = options.docs ?? null;
    this.retryable = options.retryable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.data = options.data ?? null;
    this.details = options.details ?? [];
  }
}

/** The key is missing, malformed, expired or revoked: UNAUTHENTICATED. */
export class AuthenticationError extends AccreteError {
  override readonly name = "AuthenticationError";
}

/** The key is valid, but its scope does not allow this: FORBIDDEN. */
export class PermissionError extends AccreteError {
  override readonly name = "PermissionError";
}

/** The question must be put differently: `field` names the argument at fault. BAD_USER_INPUT, TOO_COMPLEX, RATE_MISSING and the like. */
export class InputError extends AccreteError {
  override readonly name = "InputError";
}

/** Nothing with this id is in the key's workspace: NOT_FOUND. */
export class NotFoundError extends AccreteError {
  override readonly name = "NotFoundError";
}

/** The facts sent do not fit those already there: CONFLICT, MIXED_SOURCES, PERIOD_CLOSED. */
export class ConflictError extends AccreteError {
  override readonly name = "ConflictError";
}

/** Too many requests: wait `retryAfterSeconds`. */
export class RateLimitError extends AccreteError {
  override readonly name = "RateLimitError";
}

/** The service cannot answer just now: UNAVAILABLE, or a proxy's 502, 503 or 504. */
export class UnavailableError extends AccreteError {
  override readonly name = "UnavailableError";
}

/** The answer took longer than the server's limit or than this call's `timeoutMs`: TIMEOUT. */
export class TimeoutError extends AccreteError {
  override readonly name = "TimeoutError";
}

/** No answer came, or it broke off: CONNECTION_FAILED. */
export class ConnectionError extends AccreteError {
  override readonly name = "ConnectionError";
}

/** A fault of the server; its log knows the details under `requestId`: INTERNAL. */
export class InternalError extends AccreteError {
  override readonly name = "InternalError";
}

/** What came is not an answer of this API: UNEXPECTED_ANSWER. The endpoint is most likely another service, or a proxy's page. */
export class UnexpectedAnswerError extends AccreteError {
  override readonly name = "UnexpectedAnswerError";
}

type ErrorClass = new (message: string, options: AccreteErrorOptions) => AccreteError;

const classes: Record<ErrorCode, ErrorClass> = {
  UNAUTHENTICATED: AuthenticationError,
  FORBIDDEN: PermissionError,
  NOT_FOUND: NotFoundError,
  BAD_USER_INPUT: InputError,
  PARSE_FAILED: InputError,
  VALIDATION_FAILED: InputError,
  TOO_COMPLEX: InputError,
  RATE_MISSING: InputError,
  PAYLOAD_TOO_LARGE: InputError,
  UNSUPPORTED_MEDIA_TYPE: InputError,
  METHOD_NOT_ALLOWED: InputError,
  IMPORT_INVALID: InputError,
  MIXED_SOURCES: ConflictError,
  PERIOD_CLOSED: ConflictError,
  CONFLICT: ConflictError,
  TIMEOUT: TimeoutError,
  UNAVAILABLE: UnavailableError,
  INTERNAL: InternalError,
};

/** The class of a code that this version knows; null for a newer server's code, which the HTTP status then decides. */
export function classOfCode(code: string): ErrorClass | null {
  return Object.hasOwn(classes, code) ? classes[code as ErrorCode] : code === "RATE_LIMITED" ? RateLimitError : null;
}

/** Class, code and whether to try again, by HTTP status alone: for answers without a known code, such as those of a proxy. */
export function classOfStatus(status: number): readonly [ErrorClass, AccreteErrorCode, boolean] {
  switch (status) {
    case 401:
      return [AuthenticationError, "UNAUTHENTICATED", false];
    case 403:
      return [PermissionError, "FORBIDDEN", false];
    case 413:
      return [InputError, "PAYLOAD_TOO_LARGE", false];
    case 429:
      return [RateLimitError, "RATE_LIMITED", true];
    case 502:
    case 503:
    case 504:
      return [UnavailableError, "UNAVAILABLE", true];
    default:
      return status >= 500 ? [InternalError, "INTERNAL", false] : [UnexpectedAnswerError, "UNEXPECTED_ANSWER", false];
  }
}
