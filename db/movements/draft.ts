// Writes one derived change down as a movement: whose values it carries, and the reason it keeps.

import type { LineVersion } from "../contracts/version.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { LineChange } from "./days.ts";
import type { Pair } from "./pair.ts";
import type { Driver, MovementDraft, MovementRule, MovementType } from "./types.ts";

/** A derived change of one line's ARR, before it is written down. */
export type Change = {
  readonly type: MovementType;
  readonly driver: Driver | null;
  readonly rule: MovementRule;
  /** Signed, not 0. */
  readonly amountMinor: bigint;
  /** The version whose product, plan and kind the amount belongs to. */
  readonly line: LineVersion;
  /** The source's id of the line. */
  readonly sourceId: string;
  /** The line's own versions on the two sides of the change. */
  readonly own: LineChange;
  /** The group in which the line was paired; null where it was not. */
  readonly group: Pair | null;
  readonly changeKey: string;
};

export function draftOf(effectiveOn: PlainDate, { line, own, group, ...change }: Change): MovementDraft {
  // How a change was won is said by the terms that it brought; an end has only the terms that it took away.
  const { motion, campaign } = own.after ?? line;
  return {
    accountId: line.accountId,
    effectiveOn,
    type: change.type,
    driver: change.driver,
    amountMinor: change.amountMinor,
    currency: line.currency,
    lineId: line.lineId,
    productId: line.productId,
    planId: line.planId,
    kind: line.kind,
    isAddOn: line.isAddOn,
    motion,
    campaign,
    // What ended was booked when it began: nothing says when its end was.
    bookedOn: own.after?.bookedOn ?? null,
    rule: change.rule,
    versionBeforeId: own.before?.id ?? null,
    versionAfterId: own.after?.id ?? null,
    pairBeforeIds: group ? group.before.map((version) => version.id) : [],
    pairAfterIds: group ? group.after.map((version) => version.id) : [],
    changeKey: change.changeKey,
  };
}
