// Rule 2: which lines of a day are one changed line. A line is itself; lines that ended and lines that started are paired as groups.

import { type Catalog, factsOfPlan } from "../catalog/plans.ts";
import { byLine, type LineVersion } from "../contracts/version.ts";
import type { LineChange } from "./days.ts";

/** One changed line: one version on each side when it is itself, any number of versions when lines were paired as a group. */
export type Pair = {
  readonly how: "ITSELF" | "GROUP";
  /** At least one, in the order of line ids. */
  readonly before: readonly LineVersion[];
  /** At least one, in the order of line ids. */
  readonly after: readonly LineVersion[];
};

export type PairedDay = {
  readonly pairs: readonly Pair[];
  readonly ended: readonly LineVersion[];
  readonly started: readonly LineVersion[];
};

/** Sorts a day's changed lines into pairs, and what stays unpaired. */
export function pairLines(changes: readonly LineChange[], catalog: Catalog): PairedDay {
  const pairs: Pair[] = [];
  let ended: LineVersion[] = [];
  let started: LineVersion[] = [];
  for (const { before, after } of changes) {
    if (before && after && isItself(before, after)) {
      pairs.push({ how: "ITSELF", before: [before], after: [after] });
      continue;
    }
    if (before) ended.push(before);
    if (after) started.push(after);
  }
  for (const likeness of likenesses(catalog)) {
    if (ended.length === 0 || started.length === 0) break;
    const groups = groupBoth(ended, started, likeness);
    ended = [];
    started = [];
    for (const { before, after } of groups) {
      if (before.length > 0 && after.length > 0) {
        pairs.push({ how: "GROUP", before: before.sort(byLine), after: after.sort(byLine) });
        continue;
      }
      ended.push(...before);
      started.push(...after);
    }
  }
  return { pairs, ended, started };
}

// A plan, a product, a contract or the add-on mark may change on the line that keeps its id: a correction of the mark moves no ARR.
function isItself(before: LineVersion, after: LineVersion): boolean {
  return before.kind === after.kind && before.currency === after.currency;
}

type Likeness = (line: LineVersion) => string;

/** From the narrowest likeness to the widest; what the first leaves is offered to the next. */
function likenesses(catalog: Catalog): readonly Likeness[] {
  return [(line) => line.planId, (line) => line.productId, (line) => factsOfPlan(catalog, line.planId).family];
}

type Group = { readonly before: LineVersion[]; readonly after: LineVersion[] };

/** The lines of both sides that are alike; never across currencies, kinds, or the line between add-ons and others. */
function groupBoth(
  ended: readonly LineVersion[],
  started: readonly LineVersion[],
  likeness: Likeness,
): Iterable<Group> {
  const groups = new Map<string, Group>();
  const groupOf = (line: LineVersion) => {
    const key = `${line.currency} ${line.kind} ${line.isAddOn} ${likeness(line)}`;
    let group = groups.get(key);
    if (!group) {
      group = { before: [], after: [] };
      groups.set(key, group);
    }
    return group;
  };
  for (const line of ended) groupOf(line).before.push(line);
  for (const line of started) groupOf(line).after.push(line);
  return groups.values();
}
