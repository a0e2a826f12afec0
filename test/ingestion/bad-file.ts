// A bad file and what it is answered with, for the tables of bad-shapes, bad-fields and bad-facts.

import type { FaultCode } from "@accrete/db/ingestion/faults.ts";
import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import type { ImportFormat } from "@accrete/db/ingestion/reading.ts";
import { type Fields, rowsOf } from "./rows.ts";

export type BadFile = {
  /** Completes "refuses …". */
  readonly what: string;
  readonly kind: ImportKind;
  readonly format?: ImportFormat;
  readonly content: string | Uint8Array;
  /** Of the first fault. */
  readonly code: FaultCode;
  readonly field: string | null;
  readonly line: number | null;
  readonly message: RegExp;
};

export const line = (what: string, changed: Fields, fault: FaultTold): BadFile =>
  row("contract-lines", what, [changed], fault);
export const movement = (what: string, changed: Fields, fault: FaultTold): BadFile =>
  row("movements", what, [changed], fault);

export type FaultTold = readonly [code: FaultCode, field: string | null, message: RegExp];

/** A file of the kind's good row with changed fields; the fault is on its last line. */
export function row(
  kind: ImportKind,
  what: string,
  changes: readonly Fields[],
  [code, field, message]: FaultTold,
): BadFile {
  return { what, kind, content: rowsOf(kind, ...changes), code, field, line: changes.length + 1, message };
}

export function file(
  what: string,
  content: string | Uint8Array,
  [code, field, message]: FaultTold,
  at: number | null,
): BadFile {
  return { what, kind: "accounts", content, code, field, line: at, message };
}

export function ndjson(what: string, content: string, [code, field, message]: FaultTold): BadFile {
  return { what, kind: "accounts", format: "ndjson", content, code, field, line: 1, message };
}
