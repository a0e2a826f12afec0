// What merges of accounts mean for a file: whose ledger a row's account is in, and what is not taken for an account that is merged.

import { loadSurvivors } from "../accounts/merges.ts";
import { wordArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { refuse } from "./refusals.ts";
import type { RowRule } from "./row.ts";

/** Makes merged_accounts: every account that is merged, and the one that it ends up in. */
export async function nameMerged(tx: Tx): Promise<void> {
  const { sql } = tx;
  const survivors = await loadSurvivors(tx);
  await sql`create temporary table merged_accounts (account_id uuid, survivor_id uuid) on commit drop`;
  await sql`
    insert into merged_accounts
    select * from unnest(${wordArray([...survivors.keys()])}::uuid[], ${wordArray([...survivors.values()])}::uuid[])`;
  await sql`create index on merged_accounts (account_id)`;
  await sql`create index on merged_accounts (survivor_id)`;
  await sql`analyze merged_accounts`;
}

/** The account that stands for this one, an SQL expression: its survivor when it is merged. */
export function survivorOf({ sql }: Tx, accountId: Fragment): Fragment {
  return sql`coalesce((select m.survivor_id from merged_accounts m where m.account_id = ${accountId}), ${accountId})`;
}

/** Fills merged_source of named_accounts: what feeds any of the accounts that are one with the named one. */
export async function nameMergedSources(tx: Tx): Promise<void> {
  const { sql, workspaceId } = tx;
  await sql`
    update named_accounts n set merged_source = fed.source
    from (
      select whole.survivor_id, min(a.source) as source
      from (select survivor_id, account_id from merged_accounts union select survivor_id, survivor_id from merged_accounts) whole
      join accounts a on a.workspace_id = ${workspaceId} and a.id = whole.account_id
      group by whole.survivor_id
    ) fed
    where fed.survivor_id = ${survivorOf(tx, sql`n.account_id`)}`;
}

/** Refuses rows for accounts that are merged: such a movement's type would be read in the survivor's history. */
export async function refuseMerged(tx: Tx, rule: RowRule): Promise<void> {
  const { sql, workspaceId } = tx;
  await refuse(
    tx,
    rule,
    sql`
      select s.row_number, s.line_number, 'account_id', 'ACCOUNT_MERGED', s.account_key, survivor.external_id, null::integer
      from ${sql(rule.table)} s
      join named_accounts a on a.account_key = s.account_key
      join merged_accounts m on m.account_id = a.account_id
      join accounts survivor on survivor.workspace_id = ${workspaceId} and survivor.id = m.survivor_id`,
  );
}
