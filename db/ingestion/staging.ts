// Rows on their way into Postgres: through COPY into a temporary table, in pieces that wait for the server, so that memory stays bounded
// whatever the file's size. Row-level security forbids COPY into the books themselves.

import type { Tx } from "../kernel/database.ts";
import { CopyLines, CopyStream } from "./copy.ts";
import type { ImportKind } from "./kinds.ts";
import { FileReader, type ImportFormat } from "./reading.ts";
import type { RowRule } from "./row.ts";

/** How far an import is. */
export type ImportProgress = {
  readonly phase: "reading" | "checking" | "writing";
  readonly bytesRead: number;
  readonly rowsRead: number;
};

export type FileInput = {
  readonly kind: ImportKind;
  readonly format: ImportFormat;
  readonly source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Stops the import within two seconds; nothing is written then. */
  readonly signal?: AbortSignal | undefined;
};

export type StagedFile = {
  readonly bytesRead: number;
  readonly rowsRead: number;
  /** Columns that the kind does not have. */
  readonly ignoredColumns: readonly string[];
  /** Columns of the kind that the file has, attributes of accounts with their prefix: of the others it says nothing. */
  readonly statedColumns: ReadonlySet<string>;
};

/** A piece of a file that is larger is read in parts. */
const partBytesMax = 262_144;
/** Text that is handed to the server at once, about. */
const copyCharacters = 262_144;

/**
 * Puts every row of the file into the rule's temporary table, which goes with the transaction: its number, its line, a fresh id, its
 * faults (JSON; null for a good row), and its values. Throws FileRefused for a file that cannot be read as a whole.
 */
export async function stageFile(tx: Tx, rule: RowRule, file: FileInput): Promise<StagedFile> {
  const columns = Object.entries(rule.columns).map(([name, type]) => `${name} ${type}`);
  await tx.sql.unsafe(`create temporary table ${rule.table}
    (row_number integer, line_number integer, id uuid, faults jsonb, ${columns.join(", ")}) on commit drop`);
  const lines = new CopyLines(rule);
  const reader = new FileReader(file.kind, file.format, lines);
  const copy = await CopyStream.into(tx, rule.table);
  let bytesRead = 0;
  try {
    for await (const piece of file.source) {
      file.signal?.throwIfAborted();
      for (let start = 0; start < piece.length; start += partBytesMax) {
        reader.read(piece.subarray(start, start + partBytesMax));
        if (lines.length >= copyCharacters) await copy.write(lines.take());
      }
      bytesRead += piece.length;
      file.onProgress?.({ phase: "reading", bytesRead, rowsRead: reader.rowsRead });
    }
    reader.end();
    await copy.write(lines.take());
    await copy.end();
  } catch (error) {
    copy.abandon();
    throw error;
  }
  await tx.sql.unsafe(`analyze ${rule.table}`);
  const { rowsRead, ignoredColumns, statedColumns } = reader;
  return { bytesRead, rowsRead, ignoredColumns, statedColumns };
}
