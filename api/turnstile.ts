// So many at once, the others in line: work that holds a connection for long must not hold all of them.

import { AccreteError } from "@accrete/db/kernel/errors.ts";

export type Turnstile = {
  /** Runs `work` when its turn comes; throws UNAVAILABLE after waiting too long, or the signal's reason when that comes first. */
  pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
};

export type TurnstileOptions = { readonly atOnceMax: number; readonly waitMs: number };

export function createTurnstile({ atOnceMax, waitMs }: TurnstileOptions): Turnstile {
  let running = 0;
  const line = new Set<() => void>();
  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const leave = (settle: () => void) => {
        line.delete(enter);
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        settle();
      };
      const enter = () => leave(resolve);
      const onAbort = () => leave(() => reject(signal.reason));
      const busy = new AccreteError("UNAVAILABLE", `${atOnceMax} imports are running; try again when one has ended.`);
      const timer = setTimeout(() => leave(() => reject(busy)), waitMs);
      signal.addEventListener("abort", onAbort, { once: true });
      line.add(enter);
    });
  return {
    async pass(signal, work) {
      signal.throwIfAborted();
      // Who waits is let in by who leaves, and takes over that place.
      if (running >= atOnceMax) await wait(signal);
      else running += 1;
      try {
        return await work();
      } finally {
        const [next] = line;
        if (next) next();
        else running -= 1;
      }
    },
  };
}
