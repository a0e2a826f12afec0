// The model's facts as files that can be imported: the same rows as CSV or as NDJSON.

import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import { always } from "../model/books.ts";
import { type Day, textOf } from "../model/calendar.ts";
import {
  type AccountFact,
  decimalsOf,
  type LineFact,
  type PlanFact,
  type ReadyMovement,
  type UsageFact,
} from "../model/facts.ts";
import { Fraction } from "../model/fraction.ts";

export type Format = "csv" | "ndjson";

export type FactFile = { readonly kind: ImportKind; readonly format: Format; readonly text: string };

/** One row by column; null is an empty field. */
export type Row = Readonly<Record<string, string | null>>;

const day = (value: Day | null) => (value === null ? null : textOf(value));

export function catalogRow({ productId, family, planId, rank }: PlanFact): Row {
  return {
    product_id: productId,
    product_name: `Product ${productId}`,
    family,
    plan_id: planId,
    plan_name: `Plan ${planId}`,
    rank: rank === null ? null : String(rank),
  };
}

export function accountRow(fact: AccountFact): Row {
  return {
    account_id: fact.accountId,
    name: fact.name,
    parent_id: fact.parentId,
    channel: fact.channel,
    region: fact.region,
    industry: fact.industry,
    owner: fact.owner,
    effective_on: fact.from === always ? null : textOf(fact.from),
    "attribute.tier": fact.attributes.tier ?? null,
    "attribute.size": fact.attributes.size ?? null,
  };
}

export function lineRow(line: LineFact): Row {
  return {
    line_id: line.lineId,
    contract_id: `contract of ${line.accountId}`,
    account_id: line.accountId,
    product_id: line.plan.productId,
    plan_id: line.plan.planId,
    kind: line.kind,
    is_add_on: String(line.isAddOn),
    from_on: textOf(line.from),
    until_on: day(line.until),
    quantity: line.quantity,
    unit_price: line.unitPrice,
    discount_percent: line.discountPercent,
    discount_amount: line.discountAmount,
    billing_interval: line.interval,
    currency: line.currency,
    booked_on: day(line.bookedOn),
    motion: line.motion,
    campaign: line.campaign,
  };
}

export function movementRow(movement: ReadyMovement): Row {
  return {
    movement_id: movement.movementId,
    account_id: movement.accountId,
    effective_on: textOf(movement.on),
    type: movement.type,
    driver: movement.driver,
    amount: inMajor(movement.amount, movement.currency),
    currency: movement.currency,
    product_id: movement.plan?.productId ?? null,
    plan_id: movement.plan?.planId ?? null,
    kind: movement.kind,
    is_add_on: String(movement.isAddOn),
    motion: movement.motion,
    campaign: movement.campaign,
    booked_on: day(movement.bookedOn),
  };
}

export function usageRow({ lineId, from, until, amount }: UsageFact): Row {
  return { line_id: lineId, from_on: textOf(from), until_on: textOf(until), amount };
}

function inMajor(amount: bigint, currency: string): string {
  const decimals = decimalsOf[currency] ?? 2;
  return new Fraction(amount, 10n ** BigInt(decimals)).toDecimals(decimals);
}

/** The rows as one file; without rows there is none. */
export function fileOf(kind: ImportKind, format: Format, rows: readonly Row[]): FactFile[] {
  const [first] = rows;
  if (!first) return [];
  if (format === "ndjson") {
    // A file says nothing of a field that none of its objects names; in the others, what is empty may be left out.
    const stated = (row: Row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
    const objects = rows.map((row, index) => (index === 0 ? row : stated(row)));
    return [{ kind, format, text: objects.map((object) => `${JSON.stringify(object)}\n`).join("") }];
  }
  const columns = Object.keys(first);
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  return [{ kind, format, text: lines.map((fields) => `${fields.map(quoted).join(",")}\n`).join("") }];
}

function quoted(field: string): string {
  return /[",\n ]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
