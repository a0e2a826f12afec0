// The days on which an account's lines change, and which lines change on each: the derivation's input, day by day.

import { byLine, type LineVersion } from "../contracts/version.ts";
import type { PlainDate } from "../kernel/dates.ts";

/** One line on one day: its version at the end of the day before and at the end of the day; null where it is not in force. */
export type LineChange = { readonly before: LineVersion | null; readonly after: LineVersion | null };

export type DayOfChange = {
  readonly on: PlainDate;
  /** Every line that has another version, or none, at the end of this day, in the order of line ids; all others stay as they were. */
  readonly changes: readonly LineChange[];
};

/** The days on which a version of some line starts or ends, oldest first. The versions of one line must not overlap. */
export function daysOfChange(versions: readonly LineVersion[]): DayOfChange[] {
  const days = new Map<PlainDate, Map<string, { before: LineVersion | null; after: LineVersion | null }>>();
  const changeOf = (on: PlainDate, lineId: string) => {
    let lines = days.get(on);
    if (!lines) {
      lines = new Map();
      days.set(on, lines);
    }
    let change = lines.get(lineId);
    if (!change) {
      change = { before: null, after: null };
      lines.set(lineId, change);
    }
    return change;
  };
  for (const version of versions) {
    changeOf(version.fromOn, version.lineId).after = version;
    if (version.untilOn !== null) changeOf(version.untilOn, version.lineId).before = version;
  }
  return [...days]
    .map(([on, lines]) => ({ on, changes: [...lines.values()].sort(byLineOfChange) }))
    .sort((a, b) => (a.on < b.on ? -1 : 1));
}

function byLineOfChange(a: LineChange, b: LineChange): number {
  const lineA = a.after ?? a.before;
  const lineB = b.after ?? b.before;
  return lineA && lineB ? byLine(lineA, lineB) : 0;
}
