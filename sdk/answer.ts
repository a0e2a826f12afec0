// Reads what the server sent: the result of a document, or the error that it stands for.

import {
  type AccreteErrorCode,
  type AccreteErrorOptions,
  classOfCode,
  classOfStatus,
  type ErrorDetail,
  UnexpectedAnswerError,
} from "./errors.ts";

/** An HTTP answer that has arrived whole. */
export type HttpAnswer = {
  readonly status: number;
  readonly contentType: string | null;
  readonly requestId: string | null;
  /** The Retry-After header as it came. */
  readonly retryAfter: string | null;
  readonly body: string;
};

/** No server means longer than a day. */
const retryAfterSecondsMax = 86_400;

/** The document's result; throws an AccreteError when the answer holds errors or is none of this API. `nowMs` reads a dated Retry-After. */
export function readAnswer(answer: HttpAnswer, endpoint: string, nowMs: number): unknown {
  const body = parseObject(answer.body);
  const errors = Array.isArray(body?.errors) ? body.errors.filter(isObject) : [];
  const [first] = errors;
  const common: Omit<AccreteErrorOptions, "code"> = {
    status: answer.status,
    requestId: textOf(objectOf(first?.extensions)?.requestId) ?? answer.requestId,
    retryAfterSeconds: parseRetryAfter(answer.retryAfter, nowMs),
    data: body?.data,
  };
  if (first) throw errorOf(errors, first, answer.status, common);
  if (answer.status >= 200 && answer.status < 300 && isObject(body?.data)) return body.data;

  const [Class, code, retryable] = classOfStatus(answer.status);
  const what = body ? "JSON without data" : (answer.contentType ?? "no content type");
  throw new Class(
    Class === UnexpectedAnswerError
      ? `${endpoint} answered ${answer.status} with ${what}: this is not an Accrete endpoint.`
      : `${endpoint} answered ${answer.status}.`,
    { ...common, code, retryable },
  );
}

function errorOf(
  errors: readonly Record<string, unknown>[],
  first: Record<string, unknown>,
  status: number,
  common: Omit<AccreteErrorOptions, "code">,
): Error {
  const extensions = objectOf(first.extensions);
  const code = textOf(extensions?.code);
  const [StatusClass, statusCode, statusRetryable] = classOfStatus(status);
  const Class = (code === null ? null : classOfCode(code)) ?? StatusClass;
  return new Class(textOf(first.message) ?? `The server answered ${status}.`, {
    ...common,
    code: code ?? statusCode,
    field: textOf(extensions?.field),
    docs: textOf(extensions?.docs),
    // A later try helps only if it can mend every error of the answer.
    retryable: statusRetryable || errors.every((error) => objectOf(error.extensions)?.retryable === true),
    details: errors.map(detailOf),
  });
}

function detailOf(error: Record<string, unknown>): ErrorDetail {
  return {
    message: textOf(error.message) ?? "",
    path: Array.isArray(error.path) ? error.path : null,
    code: textOf(objectOf(error.extensions)?.code) as AccreteErrorCode | null,
  };
}

/** Seconds, or an HTTP date, as whole seconds from now; null when it is neither. */
export function parseRetryAfter(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((parseHttpDateMs(text) - nowMs) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), retryAfterSecondsMax);
}

/** Date.parse alone would read "-5" and "1.5" as days of the year 2001. */
function parseHttpDateMs(text: string): number {
  return /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return isObject(value) ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
