// A file of rates against the books: rates that are new or stated otherwise, and those that their set cannot take.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { LedgerWrite } from "../movements/append.ts";
import type { LedgerChange } from "../movements/store.ts";
import { createRateSets, daysOfRates, writeRates } from "../rates/write.ts";
import type { KindImport } from "./kind-import.ts";
import { refuseLateRows } from "./late-facts.ts";
import { rateRows } from "./rate-row.ts";
import { refuse } from "./refusals.ts";
import { dropUnchanged } from "./unchanged.ts";

export const ratesImport: KindImport = { rule: rateRows, check, book, datedRows };

async function check(tx: Tx): Promise<void> {
  await nameRateSets(tx);
  await refuseOtherKind(tx);
  await dropKnown(tx);
  await refuseLateRows(tx, rateRows, datedRows);
}

/** Makes named_rate_sets: every set that the rows name; a new one is of the kind, and takes the id, of its first row. */
async function nameRateSets({ sql, workspaceId }: Tx): Promise<void> {
  await sql`create temporary table named_rate_sets
    (set_key text, rate_set_id uuid, kind text, is_new boolean) on commit drop`;
  await sql`
    insert into named_rate_sets
    select named.set_key, coalesce(r.id, s.id), coalesce(r.kind, s.kind), r.id is null
    from (select set_key, min(row_number) as first_row from staged_rates group by set_key) named
    join staged_rates s on s.row_number = named.first_row
    left join lateral (
      select id, kind from rate_sets where workspace_id = ${workspaceId} and name = named.set_key limit 1
    ) r on true`;
  await sql`analyze named_rate_sets`;
}

async function refuseOtherKind(tx: Tx): Promise<void> {
  await refuse(
    tx,
    rateRows,
    tx.sql`
      select s.row_number, s.line_number, 'kind', 'RATE_SET_OF_OTHER_KIND', s.set_key, r.kind, null::integer
      from staged_rates s join named_rate_sets r on r.set_key = s.set_key and r.kind <> s.kind`,
  );
}

async function dropKnown(tx: Tx): Promise<void> {
  const { sql, workspaceId } = tx;
  await dropUnchanged(
    tx,
    rateRows,
    sql`
      select s.row_number from staged_rates s
      join named_rate_sets n on n.set_key = s.set_key and not n.is_new
      cross join lateral (
        select rate from exchange_rates
        where workspace_id = ${workspaceId} and rate_set_id = n.rate_set_id and from_currency = s.from_currency
          and to_currency = s.to_currency and from_on = s.from_on and superseded_version = ${liveVersion} limit 1
      ) r
      where r.rate = s.rate`,
  );
}

async function book(tx: Tx, { commit, batchId }: LedgerWrite): Promise<LedgerChange> {
  await createRateSets(
    tx,
    tx.sql`
      select n.rate_set_id, n.set_key, n.kind from named_rate_sets n
      where n.is_new and exists (select from staged_rates s where s.set_key = n.set_key)`,
  );
  await writeRates(tx, { commit, batchId }, stagedRates(tx));
  return { appended: 0, reversed: 0 };
}

/** A CONSTANT set's rates are of no day: they are versioned, and never late. */
function datedRows(tx: Tx): Fragment {
  return daysOfRates(tx, tx.sql`${stagedRates(tx)} where n.kind = 'DATED'`);
}

function stagedRates({ sql }: Tx): Fragment {
  return sql`
    select s.row_number, s.line_number, n.rate_set_id, s.from_currency, s.to_currency, s.from_on, s.rate
    from staged_rates s join named_rate_sets n on n.set_key = s.set_key`;
}
