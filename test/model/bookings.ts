// What was signed and when it takes effect: committed beside live ARR at both ends of a window, and what went between.

import { type Books, unitsOf } from "./books.ts";
import { type Day, dayOf } from "./calendar.ts";
import type { Span } from "./question.ts";
import { type Convert, walk } from "./walk.ts";

/** Signed changes told apart, both positive. */
export type ModelChanges = { readonly increaseMinor: bigint; readonly decreaseMinor: bigint };

type Entry = {
  readonly effective: Day;
  /** Null: not before it was recorded, which is after everything here. */
  readonly signed: Day | null;
  readonly amount: bigint;
};

const ever: Span = { from: dayOf("1990-01-02"), until: dayOf("2100-01-01") };

function entriesOf(books: Books, convert: Convert): Entry[] {
  return unitsOf(books).flatMap((unitId) =>
    walk(books, unitId, ever, convert).flows.map(({ movement, amount }) => ({
      effective: movement.on,
      signed: movement.bookedOn,
      amount,
    })),
  );
}

function told(entries: readonly Entry[]): ModelChanges {
  let [increaseMinor, decreaseMinor] = [0n, 0n];
  for (const { amount } of entries) {
    if (amount > 0n) increaseMinor += amount;
    else decreaseMinor -= amount;
  }
  return { increaseMinor, decreaseMinor };
}

function net({ increaseMinor, decreaseMinor }: ModelChanges): bigint {
  return increaseMinor - decreaseMinor;
}

export function bookingsOf(books: Books, { from, until }: Span, convert: Convert) {
  const entries = entriesOf(books, convert);
  const isSigned = ({ signed }: Entry, before: Day) => signed !== null && signed < before;
  const at = (day: Day) => ({
    liveMinor: net(told(entries.filter(({ effective }) => effective < day))),
    committedMinor: net(told(entries.filter((entry) => entry.effective < day || isSigned(entry, day)))),
    pending: told(entries.filter((entry) => entry.effective >= day && isSigned(entry, day))),
  });
  const inWindow = entries.filter(({ effective }) => from <= effective && effective < until);
  return {
    opening: at(from),
    closing: at(until),
    wentLive: told(inWindow.filter((entry) => isSigned(entry, from))),
    newlySigned: told(
      entries.filter((entry) => entry.effective >= until && isSigned(entry, until) && !isSigned(entry, from)),
    ),
    immediate: told(inWindow.filter((entry) => !isSigned(entry, from))),
  };
}
