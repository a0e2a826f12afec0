// Which failures are tried again, and after how long. Only reads come here: a write is never sent twice.

import type { Deadline } from "./deadline.ts";
import { AccreteError } from "./errors.ts";

/** Waits, or rejects as soon as the signal aborts. */
export type Delay = (delayMs: number, signal: AbortSignal) => Promise<void>;

export type RetryPolicy = {
  /** Further tries after the first. */
  readonly retriesMax: number;
  readonly delay: Delay;
  /** At least 0, below 1. */
  readonly random: () => number;
};

const backoffMsMax = 5_000;
const backoffMsFirst = 1_000;

/** Tries until an attempt succeeds, fails for good, or the next one could not begin before the deadline; throws the last failure. */
export async function retried<T>(attempt: () => Promise<T>, policy: RetryPolicy, deadline: Deadline): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AccreteError) || !error.retryable || retries >= policy.retriesMax) throw error;
      const delayMs = delayBeforeRetryMs(retries, error.retryAfterSeconds, policy.random());
      // Waiting beyond the deadline would only turn a telling error into a timeout.
      if (delayMs >= deadline.remainingMs()) throw error;
      await policy.delay(delayMs, deadline.signal);
    }
  }
}

/**
 * 0.5–1 s before the first retry, doubling up to 2.5–5 s: half of it is random, so that clients which failed together do not come back
 * together. Never earlier than the server's Retry-After.
 */
export function delayBeforeRetryMs(retries: number, retryAfterSeconds: number | null, random: number): number {
  const backoffMs = Math.min(backoffMsFirst * 2 ** retries, backoffMsMax);
  return Math.max((backoffMs * (1 + random)) / 2, (retryAfterSeconds ?? 0) * 1000);
}

/** The usual delay: a timer that an abort ends. */
export const timerDelay: Delay = (delayMs, signal) =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
