// Facts of a mutation's list, taken by the very rules of a file of their kind, within the operation's transaction.

import type { Tx } from "../kernel/database.ts";
import { type Fault, FileRefused } from "./faults.ts";
import type { ImportKind } from "./kinds.ts";
import { type ImportResult, runImport } from "./store.ts";

export type RecordRequest = {
  readonly kind: ImportKind;
  /** By column; at least one. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** An API key's public id. */
  readonly actor: string;
};

export type RecordResult = {
  /** Empty when the rows were booked, or recorded already. */
  readonly faults: readonly Fault[];
  /** Null when the rows were refused. */
  readonly result: ImportResult | null;
};

/** Books the rows as one commit, all or nothing, or says why not; nothing is written then. Call it as often as a transaction needs. */
export async function recordRows(tx: Tx, { kind, rows, actor }: RecordRequest): Promise<RecordResult> {
  const { sql } = tx;
  const before = await listTemporary(tx);
  await sql`savepoint before_rows`;
  try {
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const result = await runImport(tx, {
      kind,
      format: "ndjson",
      source: [new TextEncoder().encode(text)],
      effect: "write",
      refusals: "all or nothing",
      unknownNames: "refuse",
      fileName: null,
      actor,
    });
    if (result.outcome !== "BOOKED") {
      await sql`rollback to savepoint before_rows`;
      return { faults: result.faults, result: result.outcome === "REFUSED" ? null : result };
    }
    // The next list of the same transaction stages anew.
    for (const name of await listTemporary(tx)) if (!before.includes(name)) await sql`drop table ${sql(name)}`;
    return { faults: [], result };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    await sql`rollback to savepoint before_rows`;
    return { faults: error.faults, result: null };
  }
}

async function listTemporary({ sql }: Tx): Promise<readonly string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = pg_my_temp_schema() and relkind = 'r'`;
  return rows.map(({ name }) => name);
}
