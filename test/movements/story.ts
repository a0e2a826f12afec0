// Contract lines told in a few words, and the ledger they give told in one line per movement: what the derivation's tests are written in.

import type { Catalog } from "@accrete/db/catalog/plans.ts";
import type { BillingInterval, LineKind } from "@accrete/db/contracts/terms.ts";
import { lineArrMinor } from "@accrete/db/contracts/value.ts";
import type { LineVersion } from "@accrete/db/contracts/version.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import { type Derivation, deriveAccount } from "@accrete/db/movements/derive.ts";
import type { MovementDraft, TransferDraft } from "@accrete/db/movements/types.ts";

/** product / family / rank of every plan that the stories sell. */
export const plans = {
  starter: { product: "crm", family: "sales", rank: 1 },
  pro: { product: "crm", family: "sales", rank: 2 },
  business: { product: "crm", family: "sales", rank: 2 },
  enterprise: { product: "crm", family: "sales", rank: 3 },
  unranked: { product: "crm", family: "sales", rank: null },
  quotes: { product: "quotes", family: "sales", rank: null },
  "quotes-plus": { product: "quotes", family: "sales", rank: 9 },
  desk: { product: "desk", family: "support", rank: 1 },
  "desk-pro": { product: "desk", family: "support", rank: 2 },
  storage: { product: "storage", family: "platform", rank: null },
} as const;

export type PlanName = keyof typeof plans;

export const catalog: Catalog = new Map(
  Object.entries(plans).map(([plan, { family, rank }]) => [plan, { family, rank }]),
);

export type Terms = {
  readonly from: string;
  /** Open unless told. */
  readonly until?: string;
  /** `pro` unless told. */
  readonly plan?: PlanName;
  /** 1 unless told. */
  readonly quantity?: string | number;
  /** Per unit and billing period. */
  readonly price: string | number;
  readonly percentOff?: string | number;
  readonly amountOff?: string | number;
  /** A year unless told. */
  readonly every?: BillingInterval;
  /** RECURRING unless told. */
  readonly kind?: LineKind;
  readonly isAddOn?: boolean;
  /** USD unless told. */
  readonly currency?: string;
  readonly motion?: string;
  readonly campaign?: string;
  readonly bookedOn?: string;
  readonly accountId?: string;
};

/** One version of the line with this id. */
export function line(lineId: string, terms: Terms): LineVersion {
  const plan = terms.plan ?? "pro";
  const priced = {
    quantity: String(terms.quantity ?? 1),
    unitPrice: String(terms.price),
    discountPercent: terms.percentOff === undefined ? null : String(terms.percentOff),
    discountAmount: terms.amountOff === undefined ? null : String(terms.amountOff),
    billingInterval: terms.every ?? "YEAR",
    currency: terms.currency ?? "USD",
  };
  return {
    ...priced,
    id: `${lineId}@${terms.from}`,
    lineId,
    lineExternalId: lineId,
    accountId: terms.accountId ?? "acme",
    productId: plans[plan].product,
    planId: plan,
    kind: terms.kind ?? "RECURRING",
    isAddOn: terms.isAddOn ?? false,
    fromOn: terms.from,
    untilOn: terms.until ?? null,
    arrMinor: lineArrMinor(priced),
    bookedOn: terms.bookedOn ?? null,
    motion: terms.motion ?? null,
    campaign: terms.campaign ?? null,
  };
}

/** A line that stands from 2024 on and never changes: it keeps the account active, and holds storage, which no story sells. */
export const anchor = line("anchor", { from: "2024-01-01", plan: "storage", price: 1000 });

export function derive(...versions: LineVersion[]): Derivation {
  return deriveAccount(versions, catalog);
}

/** The movements of these lines, in order, such as "2025-07-01 EXPANSION SEAT +500.00 pro seats". */
export function ledgerOf(...versions: LineVersion[]): string[] {
  return derive(...versions).movements.map(told);
}

/** What moved in an account that the anchor keeps active all along, without the anchor's own NEW. */
export function movedBeside(...versions: LineVersion[]): string[] {
  return ledgerOf(anchor, ...versions).slice(1);
}

export function told(movement: MovementDraft): string {
  const amount = formatMoney(movement.amountMinor, movement.currency);
  return [
    movement.effectiveOn,
    movement.type,
    ...(movement.driver === null ? [] : [movement.driver]),
    movement.amountMinor > 0n ? `+${amount}` : amount,
    ...(movement.currency === "USD" ? [] : [movement.currency]),
    movement.planId,
    movement.lineId,
  ].join(" ");
}

/** The transfers of these lines, such as "2025-07-01 1000.00 seats starter → seats pro". */
export function transfersOf(...versions: LineVersion[]): string[] {
  return derive(...versions).transfers.map(carried);
}

function carried(transfer: TransferDraft): string {
  const amount = formatMoney(transfer.amountMinor, transfer.currency);
  const [from, to] = [`${transfer.fromLineId} ${transfer.fromPlanId}`, `${transfer.toLineId} ${transfer.toPlanId}`];
  return `${transfer.effectiveOn} ${amount} ${from} → ${to}`;
}
