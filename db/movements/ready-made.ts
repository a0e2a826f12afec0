// Ready-made movements: what a source says of an account that has no lines. Decides how one is typed where more than its own account counts.

import type { LineKind } from "../contracts/terms.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { driverOfReadyMade, typeOfChange, type UnitDayType } from "./classify.ts";
import type { Holding } from "./held.ts";
import type { Driver, MovementType } from "./types.ts";

/** Where ARR of ready-made movements stands: one balance of its own, also across currencies' conversion. */
export type ReadyMadeValue = {
  readonly accountId: string;
  readonly productId: string | null;
  readonly planId: string | null;
  readonly kind: LineKind | null;
  readonly isAddOn: boolean;
  readonly currency: string;
};

/** A movement as its source states it. */
export type ReadyMade = ReadyMadeValue & {
  /** The source's id of it: what ties are broken by. */
  readonly sourceId: string;
  readonly effectiveOn: PlainDate;
  readonly type: MovementType;
  readonly driver: Driver | null;
  /** Signed, minor units of the currency. */
  readonly amountMinor: bigint;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly bookedOn: PlainDate | null;
};

/** A ready-made movement with the type and the driver that it has where it counts. */
export type TypedReadyMade<T extends ReadyMade = ReadyMade> = {
  readonly source: T;
  readonly type: MovementType;
  readonly driver: Driver | null;
};

/** What is held at the end of the day before and at the end of the day. */
export type HoldingDay = { readonly before: Holding; readonly after: Holding };

/**
 * On a day on which the ARR of all that counts leaves 0 or falls to 0, that is the type, whatever the source said; the amount stays, also
 * where its sign is the other one. On any other day the sign decides, and the source's driver stays: where it gave none, because the
 * account had nothing else, the driver says whether the family was held, or still is.
 */
export function typeReadyMade<T extends ReadyMade>(
  source: T,
  dayType: UnitDayType | null,
  { before, after }: HoldingDay,
): TypedReadyMade<T> {
  if (dayType) return { source, type: dayType, driver: null };
  const type = typeOfChange(source.amountMinor);
  return { source, type, driver: source.driver ?? driverOfReadyMade(source, type === "EXPANSION" ? before : after) };
}
