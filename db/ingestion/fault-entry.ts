// What the tables of faults say of each code.

export type FaultEntry = {
  /** `file` stops the whole file; `row` refuses one row. */
  readonly of: "file" | "row";
  readonly meaning: string;
  readonly fix: string;
  /** The sentence: {value} and {other} are quoted, {=value} and {=other} stand bare, {line} and {on line} name the other line. */
  readonly message: string;
};
