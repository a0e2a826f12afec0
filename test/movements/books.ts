// Contract lines recorded in a test's database as an import would, and the ledger that comes of it, told in one line per row.

import type { LineVersion } from "@accrete/db/contracts/version.ts";
import type { Tx } from "@accrete/db/kernel/database.ts";
import { newId } from "@accrete/db/kernel/ids.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import { liveVersion } from "@accrete/db/kernel/tenancy.ts";
import { deriveAccounts, type LedgerChange } from "@accrete/db/movements/store.ts";
import { lockForCommit, writeCommit } from "@accrete/db/workspaces/store.ts";
import type { World } from "../support/world.ts";
import { plans } from "./story.ts";

export type Books = {
  /** Records versions in one commit, in place of those of the same line and first day, and derives their accounts. */
  record(...versions: LineVersion[]): Promise<LedgerChange>;
  /** Takes the versions with these ids ("line@from") back as if they had never been sent, and derives their accounts. */
  withdraw(...versions: LineVersion[]): Promise<LedgerChange>;
  /** Derives every account again. */
  deriveAgain(): Promise<LedgerChange>;
  /** Every row of the ledger in the order of writing, such as "v3 2025-07-01 EXPANSION SEAT +500.00 pro seats" or "v4 … reversed". */
  rows(): Promise<string[]>;
};

/** The catalog of story.ts in a workspace of its own. */
export async function openBooks(world: World): Promise<Books> {
  const ids = new Map<string, string>();
  /** One uuid for each name of a thing. */
  const idOf = (name: string) => {
    const id = ids.get(name) ?? newId();
    ids.set(name, id);
    return id;
  };
  await world.write((tx) => writeCatalog(tx, idOf));

  const commit = (change: (tx: Tx, version: bigint) => Promise<Set<string>>) =>
    world.write(async (tx) => {
      const next = await lockForCommit(tx);
      const accounts = await change(tx, next.version);
      const result = await deriveAccounts(
        tx,
        { commit: next, batchId: newId() },
        [...accounts].map((name) => idOf(`account ${name}`)),
      );
      await writeCommit(tx, next, { actor: "test", action: "record" });
      return result;
    });

  return {
    record: (...versions) =>
      commit(async (tx, recordedVersion) => {
        for (const version of versions) {
          await writeNames(tx, version, idOf);
          await supersede(tx, version, idOf, recordedVersion);
          await writeVersion(tx, version, idOf, recordedVersion);
        }
        return new Set(versions.map((version) => version.accountId));
      }),
    withdraw: (...versions) =>
      commit(async (tx, recordedVersion) => {
        for (const version of versions) await supersede(tx, version, idOf, recordedVersion);
        return new Set(versions.map((version) => version.accountId));
      }),
    deriveAgain: () =>
      commit(async (tx) => {
        const rows = await tx.sql<
          { name: string }[]
        >`select external_id as name from accounts where workspace_id = ${tx.workspaceId}`;
        return new Set(rows.map(({ name }) => name));
      }),
    rows: () => world.read(tellLedger),
  };
}

type Naming = (name: string) => string;

async function writeCatalog(tx: Tx, idOf: Naming): Promise<void> {
  const live = { recorded_version: 1n, superseded_version: liveVersion };
  const workspace_id = tx.workspaceId;
  for (const [plan, { product, family, rank }] of Object.entries(plans)) {
    const product_id = idOf(`product ${product}`);
    await tx.sql`insert into products ${tx.sql({ workspace_id, id: product_id, external_id: product })} on conflict do nothing`;
    await tx.sql`insert into product_versions ${tx.sql({ workspace_id, product_id, name: product, family, ...live })} on conflict do nothing`;
    const plan_id = idOf(`plan ${plan}`);
    await tx.sql`insert into plans ${tx.sql({ workspace_id, id: plan_id, product_id, external_id: plan })}`;
    await tx.sql`insert into plan_versions ${tx.sql({ workspace_id, plan_id, name: plan, rank, ...live })}`;
  }
}

async function writeNames(tx: Tx, { accountId, lineExternalId }: LineVersion, idOf: Naming): Promise<void> {
  const workspace_id = tx.workspaceId;
  const account_id = idOf(`account ${accountId}`);
  await tx.sql`insert into accounts ${tx.sql({ workspace_id, id: account_id, external_id: accountId, source: "LINES" })} on conflict do nothing`;
  await tx.sql`insert into contracts ${tx.sql({ workspace_id, id: idOf(`contract ${accountId}`), account_id, external_id: accountId })} on conflict do nothing`;
  await tx.sql`insert into contract_lines ${tx.sql({ workspace_id, id: idOf(`line ${lineExternalId}`), external_id: lineExternalId })} on conflict do nothing`;
}

async function supersede(tx: Tx, version: LineVersion, idOf: Naming, supersededVersion: bigint): Promise<void> {
  await tx.sql`update contract_line_versions set superseded_version = ${supersededVersion}
    where workspace_id = ${tx.workspaceId} and line_id = ${idOf(`line ${version.lineExternalId}`)}
      and from_on = ${version.fromOn} and superseded_version = ${liveVersion}`;
}

async function writeVersion(tx: Tx, version: LineVersion, idOf: Naming, recordedVersion: bigint): Promise<void> {
  const row = {
    workspace_id: tx.workspaceId,
    id: newId(),
    line_id: idOf(`line ${version.lineExternalId}`),
    contract_id: idOf(`contract ${version.accountId}`),
    account_id: idOf(`account ${version.accountId}`),
    product_id: idOf(`product ${version.productId}`),
    plan_id: idOf(`plan ${version.planId}`),
    kind: version.kind,
    is_add_on: version.isAddOn,
    from_on: version.fromOn,
    until_on: version.untilOn,
    quantity: version.quantity,
    unit_price: version.unitPrice,
    discount_percent: version.discountPercent,
    discount_amount: version.discountAmount,
    billing_interval: version.billingInterval,
    currency: version.currency,
    arr_minor: version.arrMinor,
    booked_on: version.bookedOn,
    motion: version.motion,
    campaign: version.campaign,
    recorded_version: recordedVersion,
    superseded_version: liveVersion,
    batch_id: newId(),
    source_row: 1,
  };
  await tx.sql`insert into contract_line_versions ${tx.sql(row)}`;
}

type LedgerRow = {
  readonly version: bigint;
  readonly effectiveOn: string;
  readonly type: string;
  readonly driver: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly plan: string;
  readonly line: string;
  readonly reverses: string | null;
};

async function tellLedger(tx: Tx): Promise<string[]> {
  const rows = await tx.sql<LedgerRow[]>`
    select m.ledger_version as version, m.effective_on as "effectiveOn", m.type, m.driver, m.amount_minor as "amountMinor", m.currency,
      plan.external_id as plan, line.external_id as line, m.reverses
    from movements m
    join plans plan on plan.workspace_id = m.workspace_id and plan.id = m.plan_id
    join contract_lines line on line.workspace_id = m.workspace_id and line.id = m.line_id
    where m.workspace_id = ${tx.workspaceId} order by m.id`;
  return rows.map((row) =>
    [
      `v${row.version}`,
      row.effectiveOn,
      row.type,
      ...(row.driver === null ? [] : [row.driver]),
      `${row.amountMinor > 0n ? "+" : ""}${formatMoney(row.amountMinor, row.currency)}`,
      row.plan,
      row.line,
      ...(row.reverses === null ? [] : ["reversed"]),
    ].join(" "),
  );
}
