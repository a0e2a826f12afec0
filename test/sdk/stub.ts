// A GraphQL endpoint that answers what a test tells it to, one answer after the other, and remembers what it was asked.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Accrete, type AccreteOptions } from "@accrete/sdk";

export const apiKey = "accr_live_testsecret";

export type Asked = {
  readonly headers: IncomingMessage["headers"];
  readonly body: { readonly query: string; readonly variables?: Record<string, unknown> };
};

/** One answer: a status with a body and headers, or a function that treats the socket badly. */
export type Answer =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }
  | ((response: ServerResponse) => void);

export type Stub = {
  readonly endpoint: string;
  /** Every request so far, in order. */
  readonly asked: readonly Asked[];
  /** The delays that the clients of this stub were told to wait, none of which they waited. */
  readonly delaysMs: readonly number[];
  client(options?: Partial<AccreteOptions>): Accrete;
  close(): Promise<void>;
};

/** Answers in the order given; the last answer repeats. */
export async function stub(...answers: readonly Answer[]): Promise<Stub> {
  const asked: Asked[] = [];
  const delaysMs: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (typeof answer === "function") return answer(response);
      const text = typeof answer?.body === "string" ? answer.body : JSON.stringify(answer?.body);
      response.writeHead(answer?.status ?? 200, { "content-type": "application/json", ...answer?.headers });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  return {
    endpoint,
    asked,
    delaysMs,
    client: (options) =>
      new Accrete({ endpoint, apiKey, delay: async (delayMs) => void delaysMs.push(delayMs), ...options }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A whole answer with one error. */
export function refusal(code: string, extensions: Record<string, unknown> = {}): { errors: unknown[] } {
  return { errors: [{ message: `refused with ${code}`, extensions: { code, ...extensions } }] };
}

/** Runs `work` with a stub and closes it whatever happens. */
export async function withStub<T>(answers: readonly Answer[], work: (stub: Stub) => Promise<T>): Promise<T> {
  const server = await stub(...answers);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}
