// How long a call may take as a whole, and how its caller stops it earlier.

import { TimeoutError } from "./errors.ts";

/** One call's end: `signal` aborts at the latest when no milliseconds remain. */
export type Deadline = { readonly signal: AbortSignal; remainingMs(): number };

/**
 * Runs `work` until it settles, the time is over (TimeoutError) or the caller's signal aborts (its reason). One controller and one
 * timer do both: edge runtimes lack `AbortSignal.any`. The race holds even when `work` does not listen to the signal.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  callerSignal: AbortSignal | undefined,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  callerSignal?.throwIfAborted();
  const controller = new AbortController();
  const endsAtMs = performance.now() + timeoutMs;
  const timer = setTimeout(() => controller.abort(timeoutError(timeoutMs)), timeoutMs);
  const follow = () => controller.abort(callerSignal?.reason);
  callerSignal?.addEventListener("abort", follow, { once: true });
  const { signal } = controller;
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([work({ signal, remainingMs: () => endsAtMs - performance.now() }), stopped]);
  } catch (error) {
    // What failed because of the abort is reported as the abort.
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    callerSignal?.removeEventListener("abort", follow);
  }
}

function timeoutError(timeoutMs: number): TimeoutError {
  return new TimeoutError(`No answer came within ${timeoutMs} ms.`, { code: "TIMEOUT", retryable: true });
}
