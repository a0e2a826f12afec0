// Reads of import batches for the API.

import type { Tx } from "../kernel/database.ts";
import type { ImportKind } from "./kinds.ts";

export type ImportBatchRow = { readonly id: string; readonly kind: ImportKind; readonly fileName: string | null };

/** Import batches by id, in any order; ids that do not exist are left out. */
export async function findImportBatches(tx: Tx, ids: readonly string[]): Promise<readonly ImportBatchRow[]> {
  return tx.sql<ImportBatchRow[]>`
    select id, kind, file_name as "fileName" from import_batches
    where workspace_id = ${tx.workspaceId} and id = any(${[...ids]}::uuid[])`;
}
