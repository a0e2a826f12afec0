// Rows that say what the books say already: they leave the staging, and count as unchanged.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import type { RowRule } from "./row.ts";

/** Takes the rows out of the staging; `rows` is a select of their row_number. */
export async function dropUnchanged(tx: Tx, rule: RowRule, rows: Fragment): Promise<void> {
  const { sql } = tx;
  // A table of their own: the planner counts it, where it could only guess what the select gives.
  await sql`create temporary table unchanged_rows (row_number integer) on commit drop`;
  const found = await sql`insert into unchanged_rows (row_number) ${rows}`;
  if (found.count === 0) return;
  await sql`analyze unchanged_rows`;
  await sql`delete from ${sql(rule.table)} s using unchanged_rows u where u.row_number = s.row_number`;
}
