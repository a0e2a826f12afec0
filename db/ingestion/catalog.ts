// A catalog file against the books: products and plans that are new or stated otherwise, and those that cannot be.

import { createIncomingCatalog, writeCatalog } from "../catalog/store.ts";
import { listHolders } from "../contracts/versions.ts";
import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { LedgerWrite } from "../movements/append.ts";
import { rebookMerged } from "../movements/rebook.ts";
import { deriveAccounts, type LedgerChange } from "../movements/store.ts";
import { catalogRows } from "./catalog-row.ts";
import type { FileCheck, KindImport } from "./kind-import.ts";
import { refuseUnranked } from "./ranks.ts";
import { nameCatalog } from "./references.ts";
import { refuse } from "./refusals.ts";

export const catalogImport: KindImport = { rule: catalogRows, check, book, lateRows };

async function check(tx: Tx, { refusals }: FileCheck): Promise<void> {
  await refuseUnlikeProducts(tx);
  await nameCatalog(tx, catalogRows, "create");
  await dropUnchanged(tx);
  await refuseUnranked(tx, catalogRows, { rankColumn: "rank", plans: "all" }, refusals);
}

/** One product has a row for each of its plans; all must say the same of it. */
async function refuseUnlikeProducts(tx: Tx): Promise<void> {
  await refuse(
    tx,
    catalogRows,
    tx.sql`
      select s.row_number, s.line_number, 'product_id', 'KEY_REPEATED', s.product_key, null::text,
        (select min(o.line_number) from staged_catalog o
          where o.product_key = s.product_key and (o.product_name, o.family) <> (s.product_name, s.family))
      from staged_catalog s
      join (
        select product_key from staged_catalog group by product_key having count(distinct (product_name, family)) > 1
      ) unlike on unlike.product_key = s.product_key`,
  );
}

/** Rows whose product and plan are known as they say leave the staging. */
async function dropUnchanged({ sql, workspaceId }: Tx): Promise<void> {
  await sql`
    delete from staged_catalog s using named_products p, product_versions pv, named_plans l, plan_versions lv
    where p.product_key = s.product_key and pv.workspace_id = ${workspaceId} and pv.product_id = p.product_id
      and pv.superseded_version = ${liveVersion} and (pv.name, pv.family) = (s.product_name, s.family)
      and l.plan_key = s.plan_key and lv.workspace_id = ${workspaceId} and lv.plan_id = l.plan_id
      and lv.superseded_version = ${liveVersion} and (lv.name, lv.rank) is not distinct from (s.plan_name, s.rank)`;
}

async function book(tx: Tx, write: LedgerWrite): Promise<LedgerChange> {
  const { sql } = tx;
  await createIncomingCatalog(tx);
  await sql`
    insert into incoming_products
    select distinct p.product_id, s.product_key, s.product_name, s.family
    from staged_catalog s join named_products p on p.product_key = s.product_key`;
  await sql`
    insert into incoming_plans
    select l.plan_id, s.plan_key, p.product_id, s.plan_name, s.rank
    from staged_catalog s
    join named_products p on p.product_key = s.product_key
    join named_plans l on l.plan_key = s.plan_key`;
  const reclassified = await writeCatalog(tx, write.commit);
  // Rank and family decide between drivers: what was derived from lines of these products may read otherwise now.
  const holders = reclassified.length === 0 ? [] : await listHolders(tx, reclassified);
  const derived = await deriveAccounts(tx, write, holders);
  if (reclassified.length === 0) return derived;
  const rebooked = await rebookMerged(tx, write);
  return { appended: derived.appended + rebooked.appended, reversed: derived.reversed + rebooked.reversed };
}

/** What a product's rows say decides for everyone who holds it. */
function lateRows({ sql, workspaceId }: Tx): Fragment {
  return sql`
    select distinct s.row_number, v.account_id from staged_catalog s
    join named_products p on p.product_key = s.product_key
    join contract_line_versions v on v.workspace_id = ${workspaceId} and v.product_id = p.product_id
      and v.superseded_version = ${liveVersion}`;
}
