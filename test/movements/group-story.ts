// Groups told in a few words: whose lines and ready-made movements they are, who belongs to whom on which days, and what comes of it.

import type { LineVersion } from "@accrete/db/contracts/version.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import type { ReadyMade } from "@accrete/db/movements/ready-made.ts";
import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import type { Membership, UnitMovement, UnitTransfer } from "@accrete/db/movements/unit.ts";
import { deriveUnits, type UnitDerivation } from "@accrete/db/movements/units.ts";
import { catalog, type PlanName, plans } from "./story.ts";

const always = "1990-01-01";

/** By product id. */
export const families = new Map(Object.values(plans).map(({ product, family }) => [product, family]));

export type Stated = {
  readonly accountId?: string;
  readonly driver?: Driver;
  /** None unless told. */
  readonly plan?: PlanName;
  /** The plan's unless told. */
  readonly product?: string;
  readonly isAddOn?: boolean;
  readonly kind?: ReadyMade["kind"];
  /** USD unless told. */
  readonly currency?: string;
};

/** A ready-made movement; the amount is in minor units. */
export function stated(id: string, on: string, type: MovementType, amountMinor: number, terms: Stated = {}): ReadyMade {
  return {
    accountId: terms.accountId ?? "acme",
    sourceId: id,
    effectiveOn: on,
    type,
    driver: terms.driver ?? null,
    amountMinor: BigInt(amountMinor),
    currency: terms.currency ?? "USD",
    productId: terms.product ?? (terms.plan ? plans[terms.plan].product : null),
    planId: terms.plan ?? null,
    kind: terms.kind ?? null,
    isAddOn: terms.isAddOn ?? false,
    motion: null,
    campaign: null,
    bookedOn: null,
  };
}

/** Of each account its unit, or its units by the day from which on they hold. */
export type Belonging = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export function membershipsOf(belonging: Belonging): ReadonlyMap<string, readonly Membership[]> {
  return new Map(
    Object.entries(belonging).map(([accountId, units]) => {
      const starts = typeof units === "string" ? [[always, units] as const] : Object.entries(units);
      return [
        accountId,
        starts.map(([fromOn, unitId], index) => ({ unitId, fromOn, untilOn: starts[index + 1]?.[0] ?? null })),
      ];
    }),
  );
}

export type Group = {
  readonly belonging: Belonging;
  readonly lines?: readonly LineVersion[];
  readonly readyMade?: readonly ReadyMade[];
  readonly untilOn?: string;
};

export function deriveGroup({ belonging, lines = [], readyMade = [], untilOn = "2100-01-01" }: Group): UnitDerivation {
  let changes = 0;
  const facts = { versions: lines, readyMade, memberships: membershipsOf(belonging), catalog, families, untilOn };
  return deriveUnits(facts, () => `change ${++changes}`);
}

/** What the group's units moved, such as "2025-07-01 top: EXPANSION SEAT +500.00 pro seats of beta, after 3 days". */
export function movedIn(group: Group): string[] {
  return deriveGroup(group).movements.map(told);
}

function told(movement: UnitMovement): string {
  const { effectiveOn, unitId, type, driver, amountMinor, currency, planId, sourceId, accountId, gapDays } = movement;
  const amount = formatMoney(amountMinor, currency);
  return [
    effectiveOn,
    `${unitId}:`,
    type,
    ...(driver === null ? [] : [driver]),
    amountMinor > 0n ? `+${amount}` : amount,
    ...(currency === "USD" ? [] : [currency]),
    ...(planId === null ? [] : [planId]),
    `${sourceId} of ${accountId}${gapDays === null ? "" : `, after ${gapDays} days`}`,
  ].join(" ");
}

/** What went from unit to unit, or within one, such as "2025-07-01 100.00 a starter of beta in top → a pro of beta in top". */
export function carriedIn(group: Group): string[] {
  return deriveGroup(group).transfers.map(carried);
}

function carried(transfer: UnitTransfer): string {
  const side = (end: "from" | "to") =>
    [
      transfer[`${end}SourceId`],
      transfer[`${end}PlanId`] ?? "no plan",
      "of",
      transfer[`${end}AccountId`],
      "in",
      transfer[`${end}UnitId`],
    ]
      .filter((word) => word !== "")
      .join(" ");
  const amount = formatMoney(transfer.amountMinor, transfer.currency);
  const first = transfer.startsUnit ? ", its first" : "";
  return `${transfer.effectiveOn} ${amount} ${side("from")} → ${side("to")}${first}`;
}
