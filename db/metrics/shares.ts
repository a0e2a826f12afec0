// Dividing whole minor units in proportion to weights, in SQL: largest remainder, ties in a stated order. The parts sum to the whole.

import { type Fragment, type FragmentMaker, listed } from "../kernel/fragments.ts";

/**
 * The rows of `from` with a column `part_minor`: its share of `total_minor` within the rows that agree in `by`, in proportion to
 * `weight_minor` (both above 0, the total the same in all of them). Products of two amounts outgrow a bigint, so they are numeric.
 */
export function dividedParts(
  sql: FragmentMaker,
  { from, by, ties }: { readonly from: Fragment; readonly by: readonly Fragment[]; readonly ties: readonly Fragment[] },
): Fragment {
  const group = listed(sql, by);
  return sql`
    select q.*, (whole_part + case
        when row_number() over (partition by ${group} order by remainder desc, ${listed(sql, ties)})
          <= total_minor - sum(whole_part) over (partition by ${group}) then 1 else 0 end)::bigint as part_minor
    from (
      select w.*, div(total_minor::numeric * weight_minor, weights) as whole_part,
        (total_minor::numeric * weight_minor) % weights as remainder
      from (select f.*, sum(weight_minor) over (partition by ${group}) as weights from (${from}) f) w
    ) q`;
}
