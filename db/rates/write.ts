// Writing rates, for lists and files alike: what is to be written comes as a select, and what it replaces is superseded.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { firstClosedDay } from "../workspaces/closings.ts";
import type { Commit } from "../workspaces/store.ts";

/**
 * Of rates that are to be written (row_number, line_number, rate_set_id, from_currency, to_currency, from_on, rate), a select of row_number,
 * line_number and `on`: the first day of a closed period on which the rate would hold, else its own first day.
 */
export function daysOfRates(tx: Tx, rates: Fragment): Fragment {
  const { sql, workspaceId } = tx;
  const span = { fromOn: sql`spans.from_on`, untilOn: sql`spans.until_on` };
  return sql`
    select spans.row_number, spans.line_number, coalesce(${firstClosedDay(tx, span)}, spans.from_on) as "on"
    from (
      select days.*, lead(days.from_on, 1, 'infinity'::date)
        over (partition by days.rate_set_id, days.from_currency, days.to_currency order by days.from_on) as until_on
      from (
        select row_number, line_number, rate_set_id, from_currency, to_currency, from_on from (${rates}) stated
        union all
        select null, null, r.rate_set_id, r.from_currency, r.to_currency, r.from_on
        from exchange_rates r
        join (select distinct rate_set_id, from_currency, to_currency from (${rates}) stated) pair
          on (pair.rate_set_id, pair.from_currency, pair.to_currency) = (r.rate_set_id, r.from_currency, r.to_currency)
        where r.workspace_id = ${workspaceId} and r.superseded_version = ${liveVersion} and not exists (
          select from (${rates}) stated where (stated.rate_set_id, stated.from_currency, stated.to_currency, stated.from_on)
            = (r.rate_set_id, r.from_currency, r.to_currency, r.from_on))
      ) days
    ) spans
    where spans.row_number is not null`;
}

/** Makes rate sets; `sets` is a select of id, name and kind. */
export async function createRateSets({ sql, workspaceId }: Tx, sets: Fragment): Promise<void> {
  await sql`insert into rate_sets (workspace_id, id, name, kind) select ${workspaceId}::uuid, new.* from (${sets}) new`;
}

/** Writes rates that differ from the books (the relation of `daysOfRates`): live ones that they replace are superseded. */
export async function writeRates(
  { sql, workspaceId }: Tx,
  { commit, batchId }: { readonly commit: Commit; readonly batchId: string },
  rates: Fragment,
): Promise<void> {
  await sql`
    update exchange_rates r set superseded_version = ${commit.version} from (${rates}) stated
    where r.workspace_id = ${workspaceId} and r.superseded_version = ${liveVersion}
      and (stated.rate_set_id, stated.from_currency, stated.to_currency, stated.from_on)
        = (r.rate_set_id, r.from_currency, r.to_currency, r.from_on)`;
  await sql`
    insert into exchange_rates (workspace_id, rate_set_id, from_currency, to_currency, from_on, rate, recorded_version,
      superseded_version, batch_id)
    select ${workspaceId}::uuid, rate_set_id, from_currency, to_currency, from_on, rate, ${commit.version}::bigint,
      ${liveVersion}::bigint, ${batchId}::uuid
    from (${rates}) stated where rate is not null`;
}
