// So many at once, the others in line.

import { createTurnstile } from "@accrete/api/turnstile.ts";
import { describe, expect, it } from "vitest";

/** Work that ends when told. */
function job() {
  let isRunning = false;
  let finish: () => void = () => {};
  const work = () =>
    new Promise<void>((resolve) => {
      isRunning = true;
      finish = resolve;
    });
  return { work, finish: () => finish(), isRunning: () => isRunning };
}

const still = new AbortController().signal;

describe("a turnstile", () => {
  it("lets in who waits, in order, when one leaves", async () => {
    const turnstile = createTurnstile({ atOnceMax: 1, waitMs: 60_000 });
    const [first, second, third] = [job(), job(), job()];
    const passes = [first, second, third].map(({ work }) => turnstile.pass(still, work));
    await Promise.resolve();
    expect([first, second, third].map(({ isRunning }) => isRunning())).toEqual([true, false, false]);
    first.finish();
    await passes[0];
    expect([second.isRunning(), third.isRunning()]).toEqual([true, false]);
    second.finish();
    await passes[1];
    third.finish();
    await passes[2];
    await turnstile.pass(still, async () => {});
  });

  it("turns away who has waited too long, and lets the next one in all the same", async () => {
    const turnstile = createTurnstile({ atOnceMax: 1, waitMs: 1 });
    const first = job();
    const pass = turnstile.pass(still, first.work);
    await expect(turnstile.pass(still, async () => {})).rejects.toMatchObject({ code: "UNAVAILABLE" });
    first.finish();
    await pass;
    await turnstile.pass(still, async () => {});
  });

  it("forgets who leaves the line", async () => {
    const turnstile = createTurnstile({ atOnceMax: 1, waitMs: 60_000 });
    const first = job();
    const pass = turnstile.pass(still, first.work);
    const leaving = new AbortController();
    const second = turnstile.pass(leaving.signal, async () => {});
    leaving.abort(new Error("hung up"));
    await expect(second).rejects.toThrow("hung up");
    first.finish();
    await pass;
    await turnstile.pass(still, async () => {});
  });

  it("frees its place when the work fails", async () => {
    const turnstile = createTurnstile({ atOnceMax: 1, waitMs: 60_000 });
    const failing = turnstile.pass(still, () => Promise.reject(new Error("work failed")));
    await expect(failing).rejects.toThrow("work failed");
    await turnstile.pass(still, async () => {});
  });
});
