// The catalog in Postgres: whole, for the rules that need it so, and its writing through temporary tables that this file defines.

import type { Tx } from "../kernel/database.ts";
import { knownAt, newestKnown } from "../kernel/knowledge.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { Commit } from "../workspaces/store.ts";
import type { Catalog, PlanFacts } from "./plans.ts";

/** What was known of every plan of the workspace at the ledger version (the newest unless told), by plan id. */
export async function loadCatalog(tx: Tx, version: bigint = newestKnown): Promise<Catalog> {
  const rows = await tx.sql<({ planId: string } & PlanFacts)[]>`
    select plan.id as "planId", of_plan.rank, of_product.family
    from plans plan
    join plan_versions of_plan on of_plan.workspace_id = plan.workspace_id and of_plan.plan_id = plan.id
      and ${knownAt(tx.sql, "of_plan", version)}
    join product_versions of_product on of_product.workspace_id = plan.workspace_id and of_product.product_id = plan.product_id
      and ${knownAt(tx.sql, "of_product", version)}
    where plan.workspace_id = ${tx.workspaceId}`;
  return new Map(rows.map(({ planId, rank, family }) => [planId, { rank, family }]));
}

/** The family of every product that was known at the ledger version (the newest unless told), by product id. */
export async function loadFamilies(tx: Tx, version: bigint = newestKnown): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql<{ productId: string; family: string }[]>`
    select v.product_id as "productId", v.family from product_versions v
    where v.workspace_id = ${tx.workspaceId} and ${knownAt(tx.sql, "v", version)}`;
  return new Map(rows.map(({ productId, family }) => [productId, family]));
}

/**
 * Makes incoming_products and incoming_plans, in which a writer puts what is to be true of products and plans. `product_id` and `plan_id`
 * are their own, or the id for a new one. Both go with the transaction.
 */
export async function createIncomingCatalog({ sql }: Tx): Promise<void> {
  await sql`create temporary table incoming_products
    (product_id uuid, product_key text, name text, family text) on commit drop`;
  await sql`create temporary table incoming_plans
    (plan_id uuid, plan_key text, product_id uuid, name text, rank integer) on commit drop`;
  await sql`create index on incoming_products (product_id)`;
  await sql`create index on incoming_plans (plan_id)`;
}

/**
 * Writes incoming_products and incoming_plans: new identities and versions; live versions that differ are superseded. Gives the ids of the
 * products that existed before and whose family, or a rank of whose plans, is now another: what is derived from their lines may change.
 */
export async function writeCatalog(tx: Tx, commit: Commit): Promise<readonly string[]> {
  const { sql, workspaceId } = tx;
  const reclassified = await sql<{ productId: string }[]>`
    select i.product_id as "productId" from incoming_products i
    join product_versions v on v.workspace_id = ${workspaceId} and v.product_id = i.product_id
      and v.superseded_version = ${liveVersion} and v.family <> i.family
    union
    select i.product_id from incoming_plans i
    join plan_versions v on v.workspace_id = ${workspaceId} and v.plan_id = i.plan_id
      and v.superseded_version = ${liveVersion} and v.rank is distinct from i.rank`;
  await writeProducts(tx, commit);
  await writePlans(tx, commit);
  return reclassified.map(({ productId }) => productId);
}

async function writeProducts({ sql, workspaceId }: Tx, commit: Commit): Promise<void> {
  await sql`
    insert into products (workspace_id, id, external_id)
    select ${workspaceId}::uuid, i.product_id, i.product_key from incoming_products i
    where not exists (select from products p where p.workspace_id = ${workspaceId} and p.id = i.product_id)`;
  await sql`
    update product_versions v set superseded_version = ${commit.version} from incoming_products i
    where v.workspace_id = ${workspaceId} and v.superseded_version = ${liveVersion} and v.product_id = i.product_id
      and (v.name, v.family) is distinct from (i.name, i.family)`;
  await sql`
    insert into product_versions (workspace_id, product_id, recorded_version, superseded_version, name, family)
    select ${workspaceId}::uuid, i.product_id, ${commit.version}::bigint, ${liveVersion}::bigint, i.name, i.family
    from incoming_products i
    where not exists (
      select from product_versions v
      where v.workspace_id = ${workspaceId} and v.product_id = i.product_id and v.superseded_version = ${liveVersion})`;
}

async function writePlans({ sql, workspaceId }: Tx, commit: Commit): Promise<void> {
  await sql`
    insert into plans (workspace_id, id, product_id, external_id)
    select ${workspaceId}::uuid, i.plan_id, i.product_id, i.plan_key from incoming_plans i
    where not exists (select from plans p where p.workspace_id = ${workspaceId} and p.id = i.plan_id)`;
  await sql`
    update plan_versions v set superseded_version = ${commit.version} from incoming_plans i
    where v.workspace_id = ${workspaceId} and v.superseded_version = ${liveVersion} and v.plan_id = i.plan_id
      and (v.name, v.rank) is distinct from (i.name, i.rank)`;
  await sql`
    insert into plan_versions (workspace_id, plan_id, recorded_version, superseded_version, name, rank)
    select ${workspaceId}::uuid, i.plan_id, ${commit.version}::bigint, ${liveVersion}::bigint, i.name, i.rank
    from incoming_plans i
    where not exists (
      select from plan_versions v
      where v.workspace_id = ${workspaceId} and v.plan_id = i.plan_id and v.superseded_version = ${liveVersion})`;
}
