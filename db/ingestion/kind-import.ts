// What each kind of import adds to the common way: its rows, its checks against the books, and its booking.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import type { LedgerWrite } from "../movements/append.ts";
import type { LedgerChange } from "../movements/store.ts";
import type { UnknownNames } from "./references.ts";
import type { RowRule } from "./row.ts";
import type { StagedFile } from "./staging.ts";

/** Whether good rows are booked beside refused ones; if not, rules pass over what a refused row would break. */
export type RefusalManner = "all or nothing" | "partial";

export type FileCheck = { readonly unknownNames: UnknownNames; readonly refusals: RefusalManner };

export type KindImport = {
  readonly rule: RowRule;
  /** Under the commit's lock: rows that say what the books say leave the staging, rows that cannot be booked are refused. */
  readonly check: (tx: Tx, check: FileCheck, file: StagedFile) => Promise<void>;
  /** Writes what is staged. */
  readonly book: (tx: Tx, write: LedgerWrite) => Promise<LedgerChange>;
  /**
   * For rows that are dated facts beside the ledger: a select of row_number, line_number and `on`, the first day of a closed period on
   * which the row makes something different (any other day, or null, for none). The kind's check refuses late ones (`refuseLateRows`).
   */
  readonly datedRows?: (tx: Tx) => Fragment;
  /** For rows that move the ledger: a select of row_number and account_id, a pair for every account whose ledger hangs on the row. */
  readonly lateRows?: (tx: Tx) => Fragment;
};
