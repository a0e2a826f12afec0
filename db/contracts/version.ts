// One version of a contract line: its terms from one day until another, as far as its ARR and the ledger's reasons need them.

import type { PlainDate } from "../kernel/dates.ts";
import type { LineKind } from "./terms.ts";
import type { LineTerms } from "./value.ts";

export type LineVersion = LineTerms & {
  /** The version's own id. */
  readonly id: string;
  readonly lineId: string;
  /** The source's id of the line: what ties are broken by, the same in every database. */
  readonly lineExternalId: string;
  readonly accountId: string;
  readonly productId: string;
  readonly planId: string;
  readonly kind: LineKind;
  readonly isAddOn: boolean;
  readonly fromOn: PlainDate;
  /** The first day on which it is no longer in force; null = open. */
  readonly untilOn: PlainDate | null;
  /** `lineArrMinor` of its terms: minor units of its currency, never negative. */
  readonly arrMinor: bigint;
  readonly bookedOn: PlainDate | null;
  readonly motion: string | null;
  readonly campaign: string | null;
};

/** Plain code-unit order of the source's line ids: the order in which ties are broken, whatever order the lines arrived in. */
export function byLine(a: LineVersion, b: LineVersion): number {
  if (a.lineExternalId === b.lineExternalId) return 0;
  return a.lineExternalId < b.lineExternalId ? -1 : 1;
}
