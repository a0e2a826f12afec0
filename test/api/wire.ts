// What the tests of the wire share: raw requests, so that nothing is sent that a test did not write.

import { request as httpRequest } from "node:http";
import { connect as connectSocket } from "node:net";

export type WireAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

export type WireRequest = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

/** One request over a connection of its own. */
export function send(
  url: string,
  { method = "POST", path = "/graphql", headers = {}, body }: WireRequest,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = httpRequest({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Bytes as they are, and everything that comes back until the server closes. */
export function sendBytes(url: string, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connectSocket(Number(port), hostname, () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
    socket.on("error", reject);
  });
}

export type WireError = {
  readonly message: string;
  readonly locations?: unknown;
  readonly path?: unknown;
  readonly extensions: Readonly<Record<string, unknown>>;
};

/** The errors of an answer's body. */
export function errorsOf({ text }: WireAnswer): readonly WireError[] {
  return JSON.parse(text).errors ?? [];
}

/** `{ query }` as the body of a POST. */
export function asking(query: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ query, ...more });
}
