// The model's facts put into the product's words, and the product's answers into the model's, so that the two can be compared whole.

import type { Catalog } from "@accrete/db/catalog/plans.ts";
import type { LineVersion } from "@accrete/db/contracts/version.ts";
import type { ReadyMade } from "@accrete/db/movements/ready-made.ts";
import type { Membership, UnitMovement, UnitTransfer } from "@accrete/db/movements/unit.ts";
import { deriveUnits } from "@accrete/db/movements/units.ts";
import { always } from "../model/books.ts";
import { dayOf, textOf } from "../model/calendar.ts";
import {
  byText,
  type LineFact,
  lineKey,
  type ModelMovement,
  type ModelTransfer,
  type PlanFact,
  type ReadyMovement,
  type UnitMove,
} from "../model/facts.ts";
import type { ModelLedger } from "../model/ledger.ts";
import type { Scene } from "../model/scene.ts";
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

/** The product's derivation of a scene, in the model's words. */
export function deriveByProduct(plans: readonly PlanFact[], scene: Scene): ModelLedger {
  const sourceIds = new Map(scene.lines.map((line) => [innerId(line.lineId), line.lineId]));
  const accountIds = [...new Set([...scene.lines, ...scene.ready].map(({ accountId }) => accountId))].sort(byText);
  let changes = 0;
  const facts = {
    versions: scene.lines.map(versionOf),
    readyMade: scene.ready.map(readyMadeOf),
    memberships: new Map(accountIds.map((accountId) => [accountId, membershipsOf(accountId, scene)])),
    catalog: catalogOf(plans),
    families: new Map(plans.map(({ productId, family }) => [productId, family])),
    untilOn: "2100-01-01",
  };
  const derived = deriveUnits(facts, () => `change ${++changes}`);
  const isMove = ({ fromUnitId, toUnitId }: UnitTransfer) => fromUnitId !== toUnitId;
  return {
    movements: derived.movements
      .map((draft) => movementOf(draft, sourceIds))
      .sort((a, b) => byText(a.unitId, b.unitId)),
    transfers: derived.transfers.filter((transfer) => !isMove(transfer)).map(transferOf),
    moves: derived.transfers.filter(isMove).map((transfer) => moveOf(transfer, sourceIds)),
  };
}

/** An account's units by day, the first from before everything. */
function membershipsOf(accountId: string, { unitOn, linkDays }: Scene): Membership[] {
  const days = [always, ...[...new Set(linkDays)].filter((day) => day > always).sort((a, b) => a - b)];
  const starts = days.filter((day) => day === always || unitOn(accountId, day) !== unitOn(accountId, day - 1));
  return starts.map((day, place) => {
    const next = starts[place + 1];
    const untilOn = next === undefined ? null : textOf(next);
    return { unitId: unitOn(accountId, day), fromOn: textOf(day), untilOn };
  });
}

function readyMadeOf({ movementId, plan, on, amount, bookedOn, ...rest }: ReadyMovement): ReadyMade {
  return {
    ...rest,
    sourceId: movementId,
    effectiveOn: textOf(on),
    amountMinor: amount,
    productId: plan?.productId ?? null,
    planId: plan?.planId ?? null,
    bookedOn: bookedOn === null ? null : textOf(bookedOn),
  };
}

function movementOf(draft: UnitMovement, sourceIds: ReadonlyMap<string, string>): ModelMovement {
  const { unitId, accountId, type, driver, currency, productId, planId, kind, isAddOn, motion, campaign } = draft;
  return {
    unitId,
    accountId,
    on: dayOf(draft.effectiveOn),
    type,
    driver,
    amount: draft.amountMinor,
    currency,
    lineId: draft.lineId === null ? null : (sourceIds.get(draft.lineId) ?? `unknown line ${draft.lineId}`),
    sourceId: draft.sourceId,
    key: "",
    productId,
    planId,
    kind,
    isAddOn,
    motion,
    campaign,
    bookedOn: draft.bookedOn === null ? null : dayOf(draft.bookedOn),
    change: draft.changeId,
  };
}

function transferOf(draft: UnitTransfer): ModelTransfer {
  const { currency, fromProductId, fromPlanId, toProductId, toPlanId } = draft;
  return {
    unitId: draft.toUnitId,
    on: dayOf(draft.effectiveOn),
    amount: draft.amountMinor,
    currency,
    fromLineId: draft.fromSourceId,
    toLineId: draft.toSourceId,
    fromProductId: fromProductId ?? "",
    fromPlanId: fromPlanId ?? "",
    toProductId: toProductId ?? "",
    toPlanId: toPlanId ?? "",
  };
}

function moveOf(draft: UnitTransfer, sourceIds: ReadonlyMap<string, string>): UnitMove {
  const { currency, fromProductId: productId, fromPlanId: planId, fromAccountId, kind, isAddOn, fromLineId } = draft;
  const named = [productId, planId, kind ?? "RECURRING", isAddOn, currency];
  return {
    on: dayOf(draft.effectiveOn),
    fromUnit: draft.fromUnitId,
    toUnit: draft.toUnitId,
    amount: draft.amountMinor,
    productId,
    planId,
    currency,
    key:
      fromLineId === null
        ? JSON.stringify(["ready", fromAccountId, ...named])
        : lineKey({ lineId: sourceIds.get(fromLineId) ?? `unknown line ${fromLineId}`, currency }),
  };
}

/** A ledger as plain text, one entry a line: the model's and the product's are the same where every line is. */
export function asText({ movements, transfers, moves }: ModelLedger): string[] {
  const sorted = (texts: readonly string[]) => [...texts].sort(byText);
  return [
    ...movements.map((movement) => movementText(movement, movements)),
    ...sorted(transfers.map((transfer) => `TRANSFER ${wordsOf(transfer)}`)),
    ...sorted(
      moves.map(({ on, fromUnit, toUnit, key, amount }) => `MOVE ${wordsOf({ on, fromUnit, toUnit, key, amount })}`),
    ),
  ];
}

function wordsOf({ on, ...rest }: { readonly on: number; readonly [word: string]: unknown }): string {
  const words = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return [textOf(on), ...words.sort(byText)].join(" ");
}

function movementText(movement: ModelMovement, all: readonly ModelMovement[]): string {
  const { bookedOn, change, key, ...rest } = movement;
  const together = all
    .filter((other) => other.change === change && other !== movement)
    .map((other) => other.lineId ?? "")
    .sort(byText);
  const booked = `bookedOn=${bookedOn === null ? null : textOf(bookedOn)}`;
  return [wordsOf(rest), booked, `with=[${together}]`].join(" ");
}
