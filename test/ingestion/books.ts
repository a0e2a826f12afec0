// What the books hold, for tests that say what an import changed, or that it changed nothing.

import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import { type ImportRequest, type ImportResult, importFile } from "@accrete/db/ingestion/store.ts";
import type { TestDatabase } from "../support/database.ts";
import type { World } from "../support/world.ts";

const tables = [
  "products",
  "product_versions",
  "plans",
  "plan_versions",
  "accounts",
  "account_versions",
  "account_parents",
  "contracts",
  "contract_lines",
  "contract_line_versions",
  "movements",
  "transfers",
  "rate_sets",
  "exchange_rates",
  "import_batches",
  "commits",
] as const;

/** Rows per table, and the ledger version. */
export async function rowCounts(world: World): Promise<Readonly<Record<string, number>>> {
  return world.read(async (tx) => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const [row] = await tx.sql<{ rows: number }[]>`
        select count(*)::integer as rows from ${tx.sql(table)} where workspace_id = ${tx.workspaceId}`;
      counts[table] = row?.rows ?? 0;
    }
    const [ledger] = await tx.sql<{ version: bigint }[]>`
      select version from ledger_versions where workspace_id = ${tx.workspaceId}`;
    return { ...counts, version: Number(ledger?.version) };
  });
}

export type LedgerRow = {
  readonly account: string;
  readonly on: string;
  readonly type: string;
  readonly driver: string | null;
  readonly amountMinor: bigint;
};

/** The unreversed movements of the ledger, by account and day, as [account, day, type, driver, minor units]. */
export function standing(world: World): Promise<readonly (readonly [string, string, string, string | null, bigint])[]> {
  return world.read(async (tx) => {
    const rows = await tx.sql<LedgerRow[]>`
      select a.external_id as account, m.effective_on as on, m.type, m.driver, m.amount_minor as "amountMinor"
      from movements m join accounts a on a.workspace_id = m.workspace_id and a.id = m.account_id
      where m.workspace_id = ${tx.workspaceId} and m.reverses is null and not exists (
        select from movements r where r.workspace_id = m.workspace_id and r.reverses = m.id)
      order by a.external_id collate "C", m.effective_on, m.amount_minor desc, m.driver`;
    return rows.map((row) => [row.account, row.on, row.type, row.driver, row.amountMinor] as const);
  });
}

/** Imports a CSV as a command would: written, all or nothing, nothing created, unless the request says otherwise. */
export function importText(
  { db, books }: { readonly db: TestDatabase; readonly books: World },
  kind: ImportKind,
  text: string,
  request: Partial<ImportRequest>,
): Promise<ImportResult> {
  return importFile(db.api, books.workspaceId, {
    kind,
    format: "csv",
    source: [Buffer.from(text)],
    effect: "write",
    refusals: "all or nothing",
    unknownNames: "refuse",
    fileName: "C:\\exports\\file.csv",
    actor: "test",
    ...request,
  });
}
