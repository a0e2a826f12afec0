// How often one operation may ask the books again: what a row is made of, and what it would be otherwise, are questions of their own.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import type { Context } from "./context.ts";

const asksMax = 64;

const asked = new WeakMap<Context["memory"], number>();

/** Counts so many more questions of the operation; TOO_COMPLEX (with the field) when they are more than `asksMax`. */
export function countAsks({ memory }: Context, asks: number, field: string): void {
  const sum = (asked.get(memory) ?? 0) + asks;
  if (sum > asksMax) {
    throw new AccreteError(
      "TOO_COMPLEX",
      `One operation asks the books again at most ${asksMax} times; with '${field}' on this many rows it would be more.`,
      { field },
    );
  }
  asked.set(memory, sum);
}
