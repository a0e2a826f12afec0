// One GraphQL document over one HTTP request. It knows nothing of retries and of time limits: the client composes those.

import { readAnswer } from "./answer.ts";
import { ConnectionError, UnexpectedAnswerError } from "./errors.ts";
import { sdkVersion } from "./version.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type Transport = {
  /** Without user and password; shown in messages without its query. */
  readonly endpoint: URL;
  readonly apiKey: string;
  readonly fetch: Fetch;
};

export type GraphQLRequest = {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: unknown;
};

/** The document's result; throws an AccreteError. An abort of the signal rejects with whatever `fetch` makes of it. */
export async function send(transport: Transport, request: GraphQLRequest, signal: AbortSignal): Promise<unknown> {
  const { endpoint } = transport;
  const shown = `${endpoint.origin}${endpoint.pathname}`;
  const init: RequestInit = {
    method: "POST",
    headers: {
      // The first media type is what makes the server answer with honest HTTP statuses.
      accept: "application/graphql-response+json, application/json;q=0.9",
      authorization: `Bearer ${transport.apiKey}`,
      "content-type": "application/json",
      // Browsers do not let a page set User-Agent.
      "x-accrete-sdk": `typescript/${sdkVersion}`,
    },
    body: JSON.stringify(request),
    // A followed redirect may turn the POST into a GET, or carry the question to another host.
    redirect: "manual",
    signal,
  };
  const response = await connected(shown, signal, () => transport.fetch(endpoint.href, init));
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    throw new UnexpectedAnswerError(`${shown} redirects elsewhere: set the endpoint to the final address.`, {
      code: "UNEXPECTED_ANSWER",
      status: response.status,
    });
  }
  const body = await connected(shown, signal, () => response.text());
  const { status, headers } = response;
  return readAnswer(
    {
      status,
      contentType: headers.get("content-type"),
      requestId: headers.get("x-request-id"),
      retryAfter: headers.get("retry-after"),
      body,
    },
    shown,
    Date.now(),
  );
}

/** Only what touches the network runs in here: a TypeError of any other line must not pose as a network failure. */
async function connected<T>(endpoint: string, signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new ConnectionError(`${endpoint} could not be reached${reasonOf(error)}.`, {
      code: "CONNECTION_FAILED",
      retryable: true,
      cause: error,
    });
  }
}

/** The system's own word for it, where the runtime gives one: " (ECONNREFUSED)". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
  return typeof code === "string" && /^[A-Z_]+$/.test(code) ? ` (${code})` : "";
}
