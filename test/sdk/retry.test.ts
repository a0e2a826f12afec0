// Which failures are tried again, how often, and after which delay.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "../../sdk/answer.ts";
import { InputError, UnavailableError } from "../../sdk/errors.ts";
import * as documents from "../../sdk/generated/documents.ts";
import { isRead } from "../../sdk/operation.ts";
import { delayBeforeRetryMs, retried, timerDelay } from "../../sdk/retry.ts";

const never = { signal: new AbortController().signal, remainingMs: () => Number.POSITIVE_INFINITY };

/** Fails with the given errors one after the other, then gives "done"; counts its attempts. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  const attempts = { count: 0 };
  const attempt = async () => {
    attempts.count++;
    const error = left.shift();
    if (error) throw error;
    return "done";
  };
  return { attempt, attempts };
}

const busy = new UnavailableError("busy", { code: "UNAVAILABLE", retryable: true });

function policy(retriesMax: number) {
  const delaysMs: number[] = [];
  return { retriesMax, random: () => 0.5, delaysMs, delay: async (delayMs: number) => void delaysMs.push(delayMs) };
}

describe("a read", () => {
  it("is tried again until it succeeds, waiting longer each time", async () => {
    const { attempt, attempts } = failing(busy, busy, busy, busy);
    const patient = policy(4);
    await expect(retried(attempt, patient, never)).resolves.toBe("done");
    expect(attempts.count).toBe(5);
    expect(patient.delaysMs).toEqual([750, 1500, 3000, 3750]);
  });

  it("throws the last failure when its tries are used up", async () => {
    const { attempt, attempts } = failing(busy, busy, busy);
    await expect(retried(attempt, policy(2), never)).rejects.toBe(busy);
    expect(attempts.count).toBe(3);
  });

  it("is not tried again after a mistake of the caller or of this package", async () => {
    const mistake = new InputError("bad", { code: "BAD_USER_INPUT" });
    for (const error of [mistake, new TypeError("x is not a function")]) {
      const { attempt, attempts } = failing(error);
      await expect(retried(attempt, policy(2), never)).rejects.toBe(error);
      expect(attempts.count).toBe(1);
    }
  });

  it("throws at once when the server asks for more patience than the call has left", async () => {
    const later = new UnavailableError("busy", { code: "UNAVAILABLE", retryable: true, retryAfterSeconds: 60 });
    const { attempt, attempts } = failing(later);
    const hasty = policy(2);
    await expect(retried(attempt, hasty, { ...never, remainingMs: () => 20_000 })).rejects.toBe(later);
    expect([attempts.count, hasty.delaysMs]).toEqual([1, []]);
  });
});

describe("the delay before a retry", () => {
  it("is 0.5 to 5 s, and never before the server's Retry-After", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.option(fc.nat(3600)),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retries, retryAfterSeconds, random) => {
          const delayMs = delayBeforeRetryMs(retries, retryAfterSeconds, random);
          expect(delayMs).toBeGreaterThanOrEqual(Math.max(500, (retryAfterSeconds ?? 0) * 1000));
          expect(delayMs).toBeLessThanOrEqual(Math.max(5000, (retryAfterSeconds ?? 0) * 1000));
        },
      ),
    );
  });

  it("ends when the call is aborted", async () => {
    const controller = new AbortController();
    const waiting = timerDelay(60_000, controller.signal);
    controller.abort(new Error("left"));
    await expect(waiting).rejects.toThrow("left");
    await expect(timerDelay(60_000, controller.signal)).rejects.toThrow("left");
  });
});

describe("Retry-After", () => {
  const now = Date.UTC(2025, 9, 1, 12, 0, 0);
  it.each([
    ["0", 0],
    ["120", 120],
    ["999999999", 86_400],
    ["Wed, 01 Oct 2025 12:01:30 GMT", 90],
    ["Wed, 01 Oct 2025 11:00:00 GMT", 0],
    ["soon", null],
    ["-5", null],
    ["1.5", null],
    [null, null],
  ])("%s is read as %s seconds", (text, seconds) => {
    expect(parseRetryAfter(text, now)).toBe(seconds);
  });
});

describe("a document", () => {
  it.each([
    ["{ workspace { name } }", true],
    ["query Q($a: In = {mutation: 1}) { mutation { id } }", true],
    ['query Q { note(text: "} mutation {") }', true],
    ['query Q { note(text: """ } mutation M { """) }', true],
    ["# mutation\nquery Q { a }", true],
    ["fragment F on Query { a } query Q { ...F }", true],
    ["mutation M { forget }", false],
    ["fragment F on Query { a }\nmutation { forget { ...F } }", false],
    ["query Q { a } mutation M { forget }", false],
    ["subscription S { ledgerChanged { version } }", false],
  ])("%s: may be sent twice is %s", (text, expected) => {
    expect(isRead(text)).toBe(expected);
  });

  it("of this package may be sent twice when it asks, and never when it writes", () => {
    const texts = Object.values(documents).map(String);
    const writes = texts.filter((text) => /\bmutation [A-Z]/.test(text));
    expect(writes.length).toBeGreaterThan(10);
    expect(writes.filter(isRead)).toEqual([]);
    expect(texts.filter(isRead).length).toBe(texts.length - writes.length);
  });
});
