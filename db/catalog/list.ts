// Reads of the catalog for the API: products and plans as a ledger version knows them, by id, by product, and page by page.

import type { Tx } from "../kernel/database.ts";
import { knownAt } from "../kernel/knowledge.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPage } from "../kernel/pages.ts";

export type ProductRow = {
  readonly id: string;
  readonly externalId: string;
  readonly name: string;
  readonly family: string;
};

export type PlanRow = {
  readonly id: string;
  readonly productId: string;
  readonly externalId: string;
  readonly name: string;
  /** Null while the product has only this plan. */
  readonly rank: number | null;
};

/** The catalog's products by external id. BAD_USER_INPUT for a page that cannot be answered. */
export async function listProducts(tx: Tx, version: bigint, args: PageArgs): Promise<Page<ProductRow>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: "products",
    keys: [
      { name: "EXTERNAL_ID", direction: "ASC", type: "text", expression: sql`p.external_id collate "C"` },
      { name: "ID", direction: "ASC", type: "uuid", expression: sql`p.id` },
    ],
  };
  const page = pageQuery(sql, listing, args);
  const rows = await sql<(ProductRow & SortedRow)[]>`
    select ${productColumns(tx)}, ${page.sortedBy} as "sortedBy"
    from ${productSource(tx, version)}
    where p.workspace_id = ${tx.workspaceId} and ${page.where}
    order by ${page.orderBy} limit ${page.limit}`;
  return toPage(listing, args, rows);
}

/** How many products the catalog has. */
export async function countProducts(tx: Tx, version: bigint): Promise<number> {
  const [row] = await tx.sql<{ count: bigint }[]>`
    select count(*) as count from ${productSource(tx, version)} where p.workspace_id = ${tx.workspaceId}`;
  return Number(row?.count ?? 0n);
}

/** Products by id, in any order; ids that do not exist, or did not yet, are left out. */
export async function findProducts(tx: Tx, ids: readonly string[], version: bigint): Promise<readonly ProductRow[]> {
  return tx.sql<ProductRow[]>`
    select ${productColumns(tx)} from ${productSource(tx, version)}
    where p.workspace_id = ${tx.workspaceId} and p.id = any(${[...ids]}::uuid[])`;
}

/** Plans by id, in any order; ids that do not exist, or did not yet, are left out. */
export async function findPlans(tx: Tx, ids: readonly string[], version: bigint): Promise<readonly PlanRow[]> {
  return tx.sql<PlanRow[]>`
    select ${planColumns(tx)} from ${planSource(tx, version)}
    where p.workspace_id = ${tx.workspaceId} and p.id = any(${[...ids]}::uuid[])`;
}

/** The plans of several products: by rank, plans without one last, then by external id. */
export async function findPlansOfProducts(
  tx: Tx,
  productIds: readonly string[],
  version: bigint,
): Promise<readonly PlanRow[]> {
  return tx.sql<PlanRow[]>`
    select ${planColumns(tx)} from ${planSource(tx, version)}
    where p.workspace_id = ${tx.workspaceId} and p.product_id = any(${[...productIds]}::uuid[])
    order by v.rank asc nulls last, p.external_id collate "C"`;
}

const productColumns = ({ sql }: Tx) => sql`p.id, p.external_id as "externalId", v.name, v.family`;

const productSource = ({ sql }: Tx, version: bigint) => sql`products p join product_versions v
  on v.workspace_id = p.workspace_id and v.product_id = p.id and ${knownAt(sql, "v", version)}`;

const planColumns = ({ sql }: Tx) =>
  sql`p.id, p.product_id as "productId", p.external_id as "externalId", v.name, v.rank`;

const planSource = ({ sql }: Tx, version: bigint) => sql`plans p join plan_versions v
  on v.workspace_id = p.workspace_id and v.plan_id = p.id and ${knownAt(sql, "v", version)}`;
