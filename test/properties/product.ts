// The model's facts put into the product's words, and the product's answers into the model's, so that the two can be compared whole.

import type { Catalog } from "@accrete/db/catalog/plans.ts";
import type { LineVersion } from "@accrete/db/contracts/version.ts";
import { deriveAccount } from "@accrete/db/movements/derive.ts";
import type { MovementDraft, TransferDraft } from "@accrete/db/movements/types.ts";
import { dayOf, textOf } from "../model/calendar.ts";
import { byText, type LineFact, type ModelMovement, type ModelTransfer, type PlanFact } from "../model/facts.ts";
import type { ModelLedger } from "../model/ledger.ts";
import { arrOfLine } from "../model/value.ts";

/** An id that sorts otherwise than the source's: what ties must not be broken by. */
function innerId(sourceId: string): string {
  return `inner ${[...sourceId].reverse().join("")}`;
}

export function versionOf(line: LineFact): LineVersion {
  return {
    id: `${line.lineId} from ${line.from}`,
    lineId: innerId(line.lineId),
    lineExternalId: line.lineId,
    accountId: line.accountId,
    productId: line.plan.productId,
    planId: line.plan.planId,
    kind: line.kind,
    isAddOn: line.isAddOn,
    fromOn: textOf(line.from),
    untilOn: line.until === null ? null : textOf(line.until),
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    discountPercent: line.discountPercent,
    discountAmount: line.discountAmount,
    billingInterval: line.interval,
    currency: line.currency,
    arrMinor: arrOfLine(line),
    bookedOn: line.bookedOn === null ? null : textOf(line.bookedOn),
    motion: line.motion,
    campaign: line.campaign,
  };
}

export function catalogOf(plans: readonly PlanFact[]): Catalog {
  return new Map(plans.map(({ planId, rank, family }) => [planId, { rank, family }]));
}

/** The product's derivation of all accounts, in the model's words. */
export function deriveByProduct(plans: readonly PlanFact[], lines: readonly LineFact[]): ModelLedger {
  const sourceIds = new Map(lines.map((line) => [innerId(line.lineId), line.lineId]));
  const movements: ModelMovement[] = [];
  const transfers: ModelTransfer[] = [];
  for (const accountId of [...new Set(lines.map((line) => line.accountId))].sort(byText)) {
    const own = lines.filter((line) => line.accountId === accountId).map(versionOf);
    const derived = deriveAccount(own, catalogOf(plans));
    movements.push(...derived.movements.map((draft) => movementOf(draft, sourceIds)));
    transfers.push(...derived.transfers.map(transferOf));
  }
  return { movements, transfers };
}

function movementOf(draft: MovementDraft, sourceIds: ReadonlyMap<string, string>): ModelMovement {
  const { accountId, type, driver, currency, productId, planId, kind, isAddOn, motion, campaign } = draft;
  return {
    accountId,
    on: dayOf(draft.effectiveOn),
    type,
    driver,
    amount: draft.amountMinor,
    currency,
    lineId: draft.lineId === null ? null : (sourceIds.get(draft.lineId) ?? `unknown line ${draft.lineId}`),
    productId,
    planId,
    kind,
    isAddOn,
    motion,
    campaign,
    bookedOn: draft.bookedOn === null ? null : dayOf(draft.bookedOn),
    change: JSON.stringify([accountId, draft.effectiveOn, type, driver, draft.changeKey]),
  };
}

function transferOf(draft: TransferDraft): ModelTransfer {
  const { accountId, currency, fromProductId, fromPlanId, toProductId, toPlanId } = draft;
  return {
    accountId,
    on: dayOf(draft.effectiveOn),
    amount: draft.amountMinor,
    currency,
    fromProductId,
    fromPlanId,
    toProductId,
    toPlanId,
  };
}

/** A ledger as plain text, one entry a line: the model's and the product's are the same where every line is. */
export function asText({ movements, transfers }: ModelLedger): string[] {
  return [...movements.map((movement) => movementText(movement, movements)), ...sumsOfTransfers(transfers)];
}

function movementText(movement: ModelMovement, all: readonly ModelMovement[]): string {
  const { on, bookedOn, change, ...rest } = movement;
  const together = all
    .filter((other) => other.change === change && other !== movement)
    .map((other) => other.lineId ?? "")
    .sort(byText);
  const words = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return [
    textOf(on),
    ...words.sort(byText),
    `bookedOn=${bookedOn === null ? null : textOf(bookedOn)}`,
    `with=[${together}]`,
  ].join(" ");
}

function sumsOfTransfers(transfers: readonly ModelTransfer[]): string[] {
  const sums = new Map<string, bigint>();
  for (const { amount, on, ...rest } of transfers) {
    const way = `${textOf(on)} TRANSFER ${rest.accountId} ${rest.currency} ${rest.fromProductId}/${rest.fromPlanId} -> ${rest.toProductId}/${rest.toPlanId}`;
    sums.set(way, (sums.get(way) ?? 0n) + amount);
  }
  return [...sums].map(([way, sum]) => `${way} ${sum}`).sort(byText);
}
