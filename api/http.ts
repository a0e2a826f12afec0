// The wire's own rules, below any question: request ids, origins, bodies within bounds, and answers that say no more than they should.

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AccreteError, errorCodes } from "@accrete/db/kernel/errors.ts";
import { headersOf, type Refusal, refusalBody } from "./errors.ts";

const bodyBytesMax = 256 * 1024;
/** A body that takes longer to arrive is given up on. */
const bodyMsMax = 30_000;

/** The caller's x-request-id when it is plain and short, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** Headers of every answer. */
export function setCommonHeaders(response: ServerResponse, requestId: string): void {
  response.setHeader("x-request-id", requestId);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cache-control", "no-store");
}

/** Lets pages of the listed origins read the answer; no cookies, and for every other origin nothing. */
export function setCorsHeaders(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): void {
  if (origins.length > 0) response.appendHeader("vary", "origin");
  const { origin } = request.headers;
  if (origin === undefined || !origins.includes(origin)) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", "x-request-id, retry-after");
  if (request.method !== "OPTIONS") return;
  response.setHeader("access-control-allow-methods", "GET, POST");
  response.setHeader(
    "access-control-allow-headers",
    "authorization, content-type, accept, x-request-id, x-accrete-sdk",
  );
  response.setHeader("access-control-max-age", "600");
}

/** Answers with a body of JSON, or any other text. */
export function send(
  response: ServerResponse,
  answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string },
): void {
  const body = Buffer.from(answer.body ?? "");
  response.writeHead(answer.status, { "content-length": String(body.length), ...answer.headers });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** Answers with an error, in the form and with the status of its code. */
export function sendRefusal(response: ServerResponse, refusal: Refusal, requestId: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (!response.req.complete) drainBody(response.req);
  const accepts = response.req.headers.accept ?? "";
  const type = accepts.includes("application/graphql-response+json")
    ? "application/graphql-response+json"
    : "application/json";
  send(response, {
    status: errorCodes[refusal.code].status,
    headers: { "content-type": `${type}; charset=utf-8`, ...headersOf(refusal.code) },
    body: refusalBody(refusal, requestId),
  });
}

const drainMsMax = 5_000;

/** Who is still sending reads no answer before it is through, and a connection that is cut takes the answer with it: it may send for a moment. */
function drainBody(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), drainMsMax).unref();
  request.once("close", () => clearTimeout(timer));
  request.resume();
}

/** Throws METHOD_NOT_ALLOWED, and says which methods are. */
export function requireMethod(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): void {
  if (methods.includes(request.method ?? "")) return;
  response.setHeader("allow", methods.join(", "));
  throw new AccreteError("METHOD_NOT_ALLOWED", `This address answers ${methods.join(" and ")} only.`);
}

/**
 * The JSON object that a POST carries, as text that was checked. UNSUPPORTED_MEDIA_TYPE for any other type or encoding,
 * PAYLOAD_TOO_LARGE beyond the bound, BAD_USER_INPUT for anything that is no JSON object. Nothing of the body is repeated.
 */
export async function readJsonBody(request: IncomingMessage): Promise<string> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i.test(type)) {
    throw new AccreteError("UNSUPPORTED_MEDIA_TYPE", "Send 'content-type: application/json', in UTF-8.", {
      field: "content-type",
    });
  }
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new AccreteError("UNSUPPORTED_MEDIA_TYPE", "Send the body without a content encoding.", {
      field: "content-encoding",
    });
  }
  const text = decode(await readBytes(request));
  const value = parseJson(text);
  if (Array.isArray(value)) throw new AccreteError("BAD_USER_INPUT", "batching is off: send one operation at a time");
  if (typeof value !== "object" || value === null) {
    throw new AccreteError("BAD_USER_INPUT", "body must be a JSON object with a 'query'");
  }
  if ("operationName" in value && value.operationName !== null && typeof value.operationName !== "string") {
    throw new AccreteError("BAD_USER_INPUT", "'operationName' must be a string", { field: "operationName" });
  }
  return text;
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new AccreteError("PAYLOAD_TOO_LARGE", `The body is larger than ${bodyBytesMax} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > bodyBytesMax) throw tooLarge;
  const timer = setTimeout(() => request.destroy(), bodyMsMax);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Left open when it is too large, so that the refusal can be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > bodyBytesMax) throw tooLarge;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new AccreteError("BAD_USER_INPUT", "body is not valid UTF-8");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AccreteError("BAD_USER_INPUT", "body is not valid JSON");
  }
}
