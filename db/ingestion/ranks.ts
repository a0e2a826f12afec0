// Ranks order the plans of a product: once a product has more than one plan, each of them needs one.

import type { Tx } from "../kernel/database.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { RefusalManner } from "./kind-import.ts";
import { refuse } from "./refusals.ts";
import type { RowRule } from "./row.ts";

/** Which of the plans that rows name they state: all of them (a catalog), or only those that are created. */
export type StatedPlans = { readonly rankColumn: "rank" | "plan_rank"; readonly plans: "all" | "new" };

/** Refuses the rows that state a plan without a rank, or a plan beside one without a rank, when the product has several. */
export async function refuseUnranked(
  tx: Tx,
  rule: RowRule,
  stated: StatedPlans,
  refusals: RefusalManner,
): Promise<void> {
  // A row that is refused may have been the one that gave a stored plan its rank.
  while ((await refuseOnce(tx, rule, stated)) > 0 && refusals === "partial");
}

async function refuseOnce(tx: Tx, rule: RowRule, { rankColumn, plans }: StatedPlans): Promise<number> {
  const { sql, workspaceId } = tx;
  const rank = sql`s.${sql(rankColumn)}`;
  const isStated = plans === "all" ? sql`true` : sql`l.is_new`;
  return refuse(
    tx,
    rule,
    sql`
      with stated as (
        select s.product_key, s.plan_key, (array_agg(${rank} order by s.row_number) filter (where ${rank} is not null))[1] as rank
        from ${sql(rule.table)} s join named_plans l on l.plan_key = s.plan_key
        where ${isStated}
        group by s.product_key, s.plan_key
      ), stored as (
        select p.product_key, l.external_id as plan_key, v.rank
        from (select distinct product_key from stated) has_stated
        join named_products p on p.product_key = has_stated.product_key
        join plans l on l.workspace_id = ${workspaceId} and l.product_id = p.product_id
        join plan_versions v on v.workspace_id = ${workspaceId} and v.plan_id = l.id and v.superseded_version = ${liveVersion}
        where not exists (select from stated where stated.plan_key = l.external_id)
      ), of_product as (
        select product_key, count(*) as plans, min(plan_key) filter (where rank is null and is_stored) as stored_unranked
        from (select *, false as is_stored from stated union all select *, true from stored) known
        group by product_key
      )
      select s.row_number, s.line_number, ${rankColumn}, 'RANK_MISSING', s.product_key,
        case when stated.rank is null then s.plan_key else o.stored_unranked end, null::integer
      from ${sql(rule.table)} s
      join stated on stated.plan_key = s.plan_key
      join of_product o on o.product_key = s.product_key
      where o.plans > 1 and (stated.rank is null or o.stored_unranked is not null)`,
  );
}
