// Who turned into whom: a day's lines before and after, sorted into changed lines, pairs, lines that ended and lines that started.

import type { LineFact } from "./facts.ts";

/** Lines that are one changed line: one on each side for a line that is itself, several where lines were paired as a group. */
export type Changed = {
  readonly how: "ITSELF" | "PAIRED";
  readonly before: readonly LineFact[];
  readonly after: readonly LineFact[];
};

export type Sorted = {
  readonly changed: readonly Changed[];
  readonly ended: readonly LineFact[];
  readonly started: readonly LineFact[];
};

/** A line stays the line it was unless its kind or its currency becomes another. */
function isItself(old: LineFact, now: LineFact): boolean {
  return now.lineId === old.lineId && now.kind === old.kind && now.currency === old.currency;
}

/** From the narrowest likeness to the widest. */
const likenesses: readonly ((line: LineFact) => string)[] = [
  (line) => line.plan.planId,
  (line) => line.plan.productId,
  (line) => line.plan.family,
];

export function sortLines(before: readonly LineFact[], after: readonly LineFact[]): Sorted {
  const changed: Changed[] = [];
  let ended = [...before];
  let started = [...after];

  for (const old of before) {
    const now = after.find((line) => isItself(old, line));
    if (!now) continue;
    changed.push({ how: "ITSELF", before: [old], after: [now] });
    ended = ended.filter((line) => line !== old);
    started = started.filter((line) => line !== now);
  }

  for (const likeness of likenesses) {
    const label = (line: LineFact) => JSON.stringify([line.currency, line.isAddOn, line.kind, likeness(line)]);
    for (const group of new Set(ended.map(label))) {
      const from = ended.filter((line) => label(line) === group);
      const to = started.filter((line) => label(line) === group);
      if (to.length === 0) continue;
      changed.push({ how: "PAIRED", before: from, after: to });
      ended = ended.filter((line) => !from.includes(line));
      started = started.filter((line) => !to.includes(line));
    }
  }
  return { changed, ended, started };
}
