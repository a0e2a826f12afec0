// What balances stand on from day to day: everything of which they are made, in the reporting currency, as it stood valued that day.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { converts } from "./conversion.ts";
import { lineKeys, type Reading } from "./reading.ts";

/** All that balances stand on as the days go by, in the reporting currency: for a level's own view of single days. */
export function standingRelations(reading: Reading): Fragment[] {
  if (!converts(reading)) return [];
  const { sql } = reading;
  const columns = listed(sql, [
    sql`account_id`,
    ...lineKeys(reading.keys).map(({ column }) => sql`${sql(column)}`),
    sql`effective_on`,
    sql`passes`,
    sql`amount_minor`,
  ]);
  return [
    sql`standing_entries as not materialized (
      select ${columns} from line_entries union all select ${columns} from foreign_entries
      ${reading.revalues ? sql`union all select ${columns} from fx_entries` : sql``})`,
  ];
}

/** The relation of what balances stand on. */
export function standing(reading: Reading): Fragment {
  return converts(reading) ? reading.sql`standing_entries` : reading.sql`line_entries`;
}
