// Rows of one file with one key: equal ones count once; different ones are refused, all of them, because none can be trusted.

import type { Tx } from "../kernel/database.ts";
import { type Fragment, listed } from "../kernel/fragments.ts";
import { refuse } from "./refusals.ts";
import type { RowRule } from "./row.ts";

/** Returns how many rows repeat an earlier one; they are no longer staged. */
export async function settleRepeats(tx: Tx, rule: RowRule): Promise<number> {
  const { sql } = tx;
  const content = Object.keys(rule.columns).filter((column) => !rule.key.includes(column));
  const of = (alias: string, columns: readonly string[]): Fragment =>
    listed(
      sql,
      columns.map((column) => sql`${sql(`${alias}.${column}`)}`),
    );
  // Hashes first: they are counted several times faster than keys of a million rows, and nearly always all differ.
  const hash = (alias: string) => sql`hash_record_extended(row(${of(alias, rule.key)}), 0)`;
  await sql`create temporary table suspects (hash bigint) on commit drop`;
  const suspects = await sql`
    insert into suspects select hash from (select ${hash("s")} as hash from ${sql(rule.table)} s) h group by hash having count(*) > 1`;
  if (suspects.count === 0) return 0;
  await sql`create temporary table repeats
    (row_number integer, line_number integer, key text, first_row integer, first_line integer, differs boolean) on commit drop`;
  const found = await sql`
    insert into repeats
    select s.row_number, s.line_number, concat_ws(' from ', ${of("s", rule.key)}), f.row_number, f.line_number,
      (${of("s", content)}) is distinct from (${of("f", content)})
    from (
      select min(row_number) as row_number from ${sql(rule.table)} g
      where ${hash("g")} in (select hash from suspects)
      group by ${of("g", rule.key)} having count(*) > 1
    ) first
    join ${sql(rule.table)} f on f.row_number = first.row_number
    join ${sql(rule.table)} s on (${of("s", rule.key)}) = (${of("f", rule.key)})`;
  if (found.count === 0) return 0;
  await refuse(
    tx,
    rule,
    sql`
      select row_number, line_number, ${rule.keyField}, 'KEY_REPEATED', key, null, case when differs then first_line else other_line end
      from (
        select *, min(line_number) filter (where differs) over (partition by first_row) as other_line from repeats
      ) r where other_line is not null`,
  );
  const dropped = await sql`
    delete from ${sql(rule.table)} s using repeats r where r.row_number = s.row_number and r.row_number <> r.first_row`;
  return dropped.count;
}
