// Puts the model's books straight into the tables, without import or derivation: what metrics answer is then theirs alone.

import { accountParents, accounts, accountVersions } from "@accrete/db/accounts/table.ts";
import { plans, planVersions, products, productVersions } from "@accrete/db/catalog/table.ts";
import type { Tx } from "@accrete/db/kernel/database.ts";
import { newId } from "@accrete/db/kernel/ids.ts";
import { movements, transfers } from "@accrete/db/movements/table.ts";
import type { Books } from "../model/books.ts";
import { textOf } from "../model/calendar.ts";
import { byText, type ModelMovement, type PlanFact } from "../model/facts.ts";

/** The source's ids of everything, and the uuids that they got. */
export type Ids = ReadonlyMap<string, string>;

const recorded = { recordedVersion: 1n };
const batchId = newId();
const stamp = { batchId, recordedAt: "2025-06-01T00:00:00Z", ledgerVersion: 1n };

/** uuids in an order that has nothing to do with the source's ids: by the reversed text. */
export function idsFor(sourceIds: readonly string[]): Ids {
  const reversed = (text: string) => [...text].reverse().join("");
  return new Map([...new Set(sourceIds)].sort((a, b) => byText(reversed(b), reversed(a))).map((id) => [id, newId()]));
}

function idIn(ids: Ids, sourceId: string): string {
  const id = ids.get(sourceId);
  if (id === undefined) throw new RangeError(`no id for ${sourceId}`);
  return id;
}

/** Writes books and catalog into the empty workspace of the transaction; returns the ids of accounts. */
export async function loadBooks(tx: Tx, books: Books, catalog: readonly PlanFact[]): Promise<Ids> {
  const { workspaceId } = tx;
  const planIds = idsFor(catalog.map((plan) => plan.planId));
  const productIds = idsFor(catalog.map((plan) => plan.productId));
  const accountIds = idsFor(books.accounts.map((account) => account.accountId));

  const families = new Map(catalog.map((plan) => [plan.productId, plan.family]));
  await insert(
    tx,
    products,
    [...productIds].map(([externalId, id]) => ({ workspaceId, id, externalId })),
  );
  await insert(
    tx,
    productVersions,
    [...productIds].map(([name, productId]) => ({
      workspaceId,
      productId,
      name,
      family: families.get(name) ?? "",
      ...recorded,
    })),
  );
  await insert(
    tx,
    plans,
    catalog.map((plan) => ({
      workspaceId,
      id: idIn(planIds, plan.planId),
      productId: idIn(productIds, plan.productId),
      externalId: plan.planId,
    })),
  );
  await insert(
    tx,
    planVersions,
    catalog.map((plan) => ({
      workspaceId,
      planId: idIn(planIds, plan.planId),
      name: plan.planId,
      rank: plan.rank,
      ...recorded,
    })),
  );
  await insert(
    tx,
    accounts,
    [...accountIds].map(([externalId, id]) => ({ workspaceId, id, externalId, source: null })),
  );
  const dated = books.accounts.map((fact) => {
    const later = books.accounts
      .filter((other) => other.accountId === fact.accountId && other.from > fact.from)
      .map((other) => other.from);
    return {
      fact,
      when: {
        workspaceId,
        accountId: idIn(accountIds, fact.accountId),
        fromOn: textOf(fact.from),
        untilOn: later.length === 0 ? null : textOf(Math.min(...later)),
        ...recorded,
      },
    };
  });
  await insert(
    tx,
    accountVersions,
    dated.map(({ when, fact: { name, channel, region, industry, owner, attributes } }) => ({
      ...when,
      name,
      channel,
      region,
      industry,
      owner,
      attributes,
    })),
  );
  await insert(
    tx,
    accountParents,
    dated.flatMap(({ when, fact }) =>
      fact.parentId === null ? [] : [{ ...when, parentId: idIn(accountIds, fact.parentId) }],
    ),
  );

  const changeIds = new Map<string, string>();
  const rowOf = (movement: ModelMovement, id: string) => ({
    workspaceId,
    id,
    accountId: idIn(accountIds, movement.accountId),
    effectiveOn: textOf(movement.on),
    type: movement.type,
    driver: movement.driver,
    amountMinor: movement.amount,
    currency: movement.currency,
    lineId: null,
    productId: movement.productId === null ? null : idIn(productIds, movement.productId),
    planId: movement.planId === null ? null : idIn(planIds, movement.planId),
    kind: movement.kind,
    isAddOn: movement.isAddOn,
    motion: movement.motion,
    campaign: movement.campaign,
    bookedOn: movement.bookedOn === null ? null : textOf(movement.bookedOn),
    rule: "SOURCE" as const,
    ...stamp,
  });
  await insert(
    tx,
    movements,
    books.movements.flatMap((movement, index) => {
      const id = newId();
      const changeId = changeIds.get(movement.change) ?? id;
      changeIds.set(movement.change, changeId);
      const row = { ...rowOf(movement, id), changeId };
      if (index % 3 > 0) return [row];
      // Every third movement was first told wrongly, and that was taken back.
      const wrong = { ...rowOf(movement, newId()), amountMinor: movement.amount * 7n };
      const wrongly = { ...wrong, changeId: wrong.id };
      return [wrongly, row, { ...wrongly, id: newId(), amountMinor: -wrong.amountMinor, reverses: wrong.id }];
    }),
  );
  await insert(
    tx,
    transfers,
    books.transfers.flatMap((transfer, index) => {
      const row = {
        workspaceId,
        id: newId(),
        accountId: idIn(accountIds, transfer.accountId),
        effectiveOn: textOf(transfer.on),
        amountMinor: transfer.amount,
        currency: transfer.currency,
        fromProductId: idIn(productIds, transfer.fromProductId),
        fromPlanId: idIn(planIds, transfer.fromPlanId),
        toProductId: idIn(productIds, transfer.toProductId),
        toPlanId: idIn(planIds, transfer.toPlanId),
        ...stamp,
      };
      if (index % 3 > 0) return [row];
      const wrong = { ...row, id: newId(), amountMinor: row.amountMinor * 7n };
      return [wrong, row, { ...wrong, id: newId(), amountMinor: -wrong.amountMinor, reverses: wrong.id }];
    }),
  );
  return accountIds;
}

type Table = Parameters<Tx["orm"]["insert"]>[0];

async function insert<T extends Table>(tx: Tx, table: T, rows: readonly T["$inferInsert"][]): Promise<void> {
  if (rows.length > 0) await tx.orm.insert(table).values([...rows]);
}
