// The closed table of error codes. GraphQL extensions, HTTP answers, the SDK's classes and docs/errors.md all read it.
// Faults of single import rows are data, not errors: their codes live in db/ingestion/faults.ts.

export type ErrorEntry = {
  readonly status: number;
  readonly retryable: boolean;
  readonly meaning: string;
  readonly fix: string;
};

export const errorCodes = {
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    meaning: "The request carries no valid API key.",
    fix: "Send the header 'Authorization: Bearer <key>' with a key that is neither expired nor revoked.",
  },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    meaning: "The key is valid, but its scope does not allow this.",
    fix: "Use a key with the scope that the message names.",
  },
  NOT_FOUND: {
    status: 404,
    retryable: false,
    meaning: "Nothing with this id exists in the key's workspace.",
    fix: "Check the id, and that the key belongs to the workspace that holds it.",
  },
  BAD_USER_INPUT: {
    status: 400,
    retryable: false,
    meaning: "An argument, a variable or the request body is not valid.",
    fix: "Correct the field that the message names.",
  },
  PARSE_FAILED: {
    status: 400,
    retryable: false,
    meaning: "The GraphQL document is not valid syntax.",
    fix: "Correct the document at the line and column given.",
  },
  VALIDATION_FAILED: {
    status: 400,
    retryable: false,
    meaning: "The GraphQL document does not fit the schema.",
    fix: "Compare the document with schema/schema.graphql.",
  },
  TOO_COMPLEX: {
    status: 400,
    retryable: false,
    meaning: "The question is larger than a stated limit.",
    fix: "Ask for less: fewer periods, smaller pages, less depth. The message names the limit.",
  },
  RATE_MISSING: {
    status: 400,
    retryable: false,
    meaning: "An amount cannot be converted into the reporting currency: no rate is known for that currency and day.",
    fix: "Record the rate in the rate set that the workspace uses for this currency treatment, or choose a set that has it.",
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    retryable: false,
    meaning: "The body is larger than the limit.",
    fix: "Send less at once, or import from the command line, which has no bound.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retryable: false,
    meaning: "The body's content type or encoding is not read here.",
    fix: "Send application/json to /graphql; text/csv or application/x-ndjson to /import; no content encoding.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    meaning: "The address does not answer this HTTP method.",
    fix: "Use a method that the Allow header lists.",
  },
  IMPORT_INVALID: {
    status: 422,
    retryable: false,
    meaning: "The file, or rows of it, were refused; nothing was written.",
    fix: "Correct the rows listed, and import the same file again.",
  },
  MIXED_SOURCES: {
    status: 409,
    retryable: false,
    meaning: "An account is fed by contract lines or by ready-made movements, never by both.",
    fix: "Send the account's facts in the form it already has.",
  },
  PERIOD_CLOSED: {
    status: 409,
    retryable: false,
    meaning: "The fact is about a day of a closed period, and the workspace refuses late facts.",
    fix: "Reopen the period, or let the workspace book late facts as restatements.",
  },
  CONFLICT: {
    status: 409,
    retryable: true,
    meaning: "Another write of the same facts came first.",
    fix: "Read the current state and try again.",
  },
  TIMEOUT: {
    status: 504,
    retryable: true,
    meaning: "The question took longer than the limit.",
    fix: "Ask for fewer periods or groups, or try again when the load is lower.",
  },
  UNAVAILABLE: {
    status: 503,
    retryable: true,
    meaning: "The database cannot be reached just now.",
    fix: "Try again after the time in Retry-After.",
  },
  INTERNAL: {
    status: 500,
    retryable: true,
    meaning: "A fault of ours; its details are in the server's log under the request id.",
    fix: "Try again; if it stays, report the request id.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCodes;

/** A mistake that the caller can mend: the code, the offending field where one is at fault, and what to do. */
export class AccreteError extends Error {
  override readonly name = "AccreteError";
  readonly code: ErrorCode;
  readonly field: string | null;

  constructor(code: ErrorCode, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field ?? null;
  }
}

/** Throws BAD_USER_INPUT for one field. */
export function badInput(field: string, message: string): never {
  throw new AccreteError("BAD_USER_INPUT", message, { field });
}
