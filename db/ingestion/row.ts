// What a rule for rows is: cells in the order of the kind's columns in, values of the staged columns out.

import type { RowFaults } from "./fields.ts";

/** One row of a file: text per column of the kind, in its order ("" where there is none), and the attributes of an account. */
export type Row = {
  readonly values: readonly string[];
  readonly attributes: readonly (readonly [name: string, text: string])[];
};

/** The value of a staged column; null is SQL's. */
export type StagedValue = string | number | boolean | null;

/** How rows of one kind are read and where they are staged. */
export type RowRule = {
  /** The temporary table that holds the rows. */
  readonly table: string;
  /** Its columns and their types, after the place, id and faults that every staged row has; in the order of the values. */
  readonly columns: Readonly<Record<string, string>>;
  /** The columns by which a row is known: two rows of equal key state the same thing. */
  readonly key: readonly string[];
  /** The field that a fault of the key names. */
  readonly keyField: string;
  /** The staged column by which rows belong together: the account's or the line's key. */
  readonly groupKey: string;
  /** The values of those columns; of a row with faults only its keys matter. */
  readonly read: (row: Row, faults: RowFaults) => readonly StagedValue[];
};
