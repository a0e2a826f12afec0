// Versions of one line never overlap: on each day at most one of them is in force, and one without an end never ends.

import type { Tx } from "../kernel/database.ts";
import { contractLineRows } from "./contract-line-row.ts";
import type { RefusalManner } from "./kind-import.ts";
import { refuse } from "./refusals.ts";

/**
 * Refuses both rows of an overlap within the file, and the row of the file in an overlap with a stored version. In a partial import again
 * and again: a refused row no longer replaces the stored version of its day.
 */
export async function refuseOverlaps(tx: Tx, refusals: RefusalManner): Promise<void> {
  const { sql } = tx;
  await sql`create temporary table checked_lines (line_key text) on commit drop`;
  // Without its refused rows a line's other versions would look wrong too.
  const isLeftOut =
    refusals === "partial" ? sql`false` : sql`exists (select from refused_keys r where r.key = l.line_key)`;
  await sql`
    insert into checked_lines
    select l.line_key from named_lines l
    where not ${isLeftOut} and exists (select from staged_lines s where s.line_key = l.line_key)`;
  await sql`analyze checked_lines`;
  while ((await refuseOnce(tx)) > 0 && refusals === "partial");
}

/** Each version is held against the one before it that lasts longest: where these two do not overlap, no other does. */
async function refuseOnce(tx: Tx): Promise<number> {
  const { sql } = tx;
  return refuse(
    tx,
    contractLineRows,
    sql`
      with versions as (
        select c.line_key, s.from_on, coalesce(s.until_on, 'infinity') as until_on, s.row_number, s.line_number
        from staged_lines s join checked_lines c on c.line_key = s.line_key
        union all
        select c.line_key, v.from_on, coalesce(v.until_on, 'infinity'), null, null
        from checked_lines c join known_versions v on v.line_key = c.line_key
        where not exists (select from staged_lines s where s.line_key = v.line_key and s.from_on = v.from_on)
      ), beside as (
        -- As text, so that one window gives the longest one whole; "infinity" sorts after every date.
        select *, string_to_array(max((until_on || ',' || from_on || ',' || coalesce(row_number, 0) || ',' || coalesce(line_number, 0))
          collate "C") over (partition by line_key order by from_on rows between unbounded preceding and 1 preceding), ',') as longest
        from versions
      ), pairs as (
        select row_number, line_number, from_on || ' to ' || until_on as term, longest[3]::integer as other_row,
          longest[4]::integer as other_line, longest[2] || ' to ' || longest[1] as other_term
        from beside where longest[1]::date > from_on
      ), told as (
        select row_number, line_number, term, nullif(other_line, 0) as other_line, other_term from pairs where row_number is not null
        union all
        select other_row, other_line, other_term, line_number, term from pairs where other_row <> 0
      )
      select distinct on (row_number) row_number, line_number, 'from_on',
        case when other_line is null then 'VERSION_OVERLAPS_STORED' else 'VERSIONS_OVERLAP' end,
        replace(term, 'infinity', '(open)'), replace(other_term, 'infinity', '(open)'), other_line
      from told order by row_number, other_line`,
  );
}
