// Reads of contracts and their lines for the API: by id, and the line versions in force on a day.

import { loadSurvivors } from "../accounts/merges.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { type Known, knownAt } from "../kernel/knowledge.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPages } from "../kernel/pages.ts";
import type { BillingInterval, LineKind } from "./terms.ts";

export type ContractRow = { readonly id: string; readonly accountId: string; readonly externalId: string };

/** One version of a contract line. Money is in major units of its currency unless it says minor. */
export type ContractLineRow = {
  readonly id: string;
  readonly lineId: string;
  readonly externalId: string;
  readonly contractId: string;
  readonly accountId: string;
  readonly productId: string;
  readonly planId: string;
  readonly kind: LineKind;
  readonly isAddOn: boolean;
  readonly fromOn: PlainDate;
  /** Null while open. */
  readonly untilOn: PlainDate | null;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discountPercent: string | null;
  readonly discountAmount: string | null;
  readonly billingInterval: BillingInterval;
  readonly currency: string;
  readonly arrMinor: bigint;
  readonly termEndsOn: PlainDate | null;
  readonly bookedOn: PlainDate | null;
  readonly motion: string | null;
  readonly campaign: string | null;
  readonly batchId: string;
  readonly sourceRow: number;
};

/** Contracts by id, in any order; ids that do not exist are left out. */
export async function findContracts(tx: Tx, ids: readonly string[]): Promise<readonly ContractRow[]> {
  return tx.sql<ContractRow[]>`
    select id, account_id as "accountId", external_id as "externalId" from contracts
    where workspace_id = ${tx.workspaceId} and id = any(${[...ids]}::uuid[])`;
}

/** Line versions by id, in any order, superseded ones too; ids that do not exist are left out. */
export async function findContractLines(tx: Tx, ids: readonly string[]): Promise<readonly ContractLineRow[]> {
  return tx.sql<ContractLineRow[]>`
    select ${columns(tx)} from ${source(tx)}
    where v.workspace_id = ${tx.workspaceId} and v.id = any(${[...ids]}::uuid[])`;
}

/** A page, per account, of its line versions (and those of accounts merged into it) in force at the end of the day, as known at the version, by first day. */
export async function listContractLines(
  tx: Tx,
  question: { readonly accountIds: readonly string[]; readonly inForce: Known },
  args: PageArgs,
): Promise<ReadonlyMap<string, Page<ContractLineRow>>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: "contractLines",
    keys: [
      { name: "FROM_ON", direction: "ASC", type: "date", expression: sql`v.from_on` },
      { name: "ID", direction: "ASC", type: "uuid", expression: sql`v.id` },
    ],
  };
  const page = pageQuery(sql, listing, args);
  const survivors = await loadSurvivors(tx, question.inForce.version);
  const rows = await sql<(ContractLineRow & SortedRow & { readonly ownerId: string })[]>`
    select a.id as "ownerId", line.* from accounts a cross join lateral (
      select ${columns(tx)}, ${page.sortedBy} as "sortedBy", row_number() over (order by ${page.orderBy}) as place
      from ${source(tx)}
      where v.workspace_id = a.workspace_id and ${isOwned(tx, survivors)} and ${inForce(tx, question.inForce)} and ${page.where}
      order by ${page.orderBy} limit ${page.limit}
    ) line
    where a.workspace_id = ${tx.workspaceId} and a.id = any(${[...question.accountIds]}::uuid[])
    order by line.place`;
  return toPages(listing, args, question.accountIds, rows, (row) => row.ownerId);
}

/** How many line versions of each account are in force on the day; accounts without any are left out. */
export async function countContractLines(
  tx: Tx,
  question: { readonly accountIds: readonly string[]; readonly inForce: Known },
): Promise<ReadonlyMap<string, number>> {
  const survivors = await loadSurvivors(tx, question.inForce.version);
  const rows = await tx.sql<{ accountId: string; count: bigint }[]>`
    select a.id as "accountId", count(*) as count from accounts a
    join contract_line_versions v on v.workspace_id = a.workspace_id and ${isOwned(tx, survivors)} and ${inForce(tx, question.inForce)}
    where a.workspace_id = ${tx.workspaceId} and a.id = any(${[...question.accountIds]}::uuid[])
    group by a.id`;
  return new Map(rows.map((row) => [row.accountId, Number(row.count)]));
}

/** Whether the version `v` is of the account `a`, or of one that is merged into it. A merged account's lines are its own too. */
function isOwned({ sql }: Tx, survivors: ReadonlyMap<string, string>): Fragment {
  if (survivors.size === 0) return sql`v.account_id = a.id`;
  return sql`v.account_id = any(array(select a.id union all
    select merged.account_id from unnest(${[...survivors.keys()]}::uuid[], ${[...survivors.values()]}::uuid[])
      as merged (account_id, survivor_id) where merged.survivor_id = a.id))`;
}

const columns = ({ sql }: Tx) => sql`v.id, v.line_id as "lineId", l.external_id as "externalId",
  v.contract_id as "contractId", v.account_id as "accountId", v.product_id as "productId", v.plan_id as "planId", v.kind,
  v.is_add_on as "isAddOn", v.from_on as "fromOn", v.until_on as "untilOn", v.quantity::text, v.unit_price::text as "unitPrice",
  v.discount_percent::text as "discountPercent", v.discount_amount::text as "discountAmount",
  v.billing_interval as "billingInterval", v.currency, v.arr_minor as "arrMinor", v.term_ends_on as "termEndsOn",
  v.booked_on as "bookedOn", v.motion, v.campaign, v.batch_id as "batchId", v.source_row as "sourceRow"`;

const source = ({ sql }: Tx) => sql`contract_line_versions v
  join contract_lines l on l.workspace_id = v.workspace_id and l.id = v.line_id`;

const inForce = ({ sql }: Tx, { version, on }: Known) => sql`${knownAt(sql, "v", version)}
  and v.from_on <= ${on}::date and (v.until_on is null or v.until_on > ${on}::date)`;

/** The source's ids of contract lines by their uuid; lines that do not exist are left out. */
export async function findLineKeys(tx: Tx, lineIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql<{ id: string; externalId: string }[]>`
    select id, external_id as "externalId" from contract_lines
    where workspace_id = ${tx.workspaceId} and id = any(${[...lineIds]}::uuid[])`;
  return new Map(rows.map(({ id, externalId }) => [id, externalId]));
}
