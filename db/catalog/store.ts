// The catalog in Postgres, for the rules that need it whole.

import type { Tx } from "../kernel/database.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { Catalog, PlanFacts } from "./plans.ts";

/** What is known now of every plan of the workspace, by plan id. */
export async function loadCatalog(tx: Tx): Promise<Catalog> {
  const rows = await tx.sql<({ planId: string } & PlanFacts)[]>`
    select plan.id as "planId", of_plan.rank, of_product.family
    from plans plan
    join plan_versions of_plan on of_plan.workspace_id = plan.workspace_id and of_plan.plan_id = plan.id
      and of_plan.superseded_version = ${liveVersion}
    join product_versions of_product on of_product.workspace_id = plan.workspace_id and of_product.product_id = plan.product_id
      and of_product.superseded_version = ${liveVersion}
    where plan.workspace_id = ${tx.workspaceId}`;
  return new Map(rows.map(({ planId, rank, family }) => [planId, { rank, family }]));
}
