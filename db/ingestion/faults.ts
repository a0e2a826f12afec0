// The closed list of what can be wrong with a file that is imported. Faults are data, not errors: every one is counted, and
// docs/ingestion.md lists them. The codes themselves are in four tables: of files, of fields, of facts, of rates.

import { rateFaults } from "../rates/faults.ts";
import { factFaults } from "./fact-faults.ts";
import { fieldFaults } from "./field-faults.ts";
import { fileFaults } from "./file-faults.ts";

export const faultCodes = { ...fileFaults, ...fieldFaults, ...factFaults, ...rateFaults };

export type FaultCode = keyof typeof faultCodes;

/** What the sentence of a fault names. */
export type FaultDetail = {
  /** The offending value, as sent. */
  readonly value?: string | undefined;
  /** What it clashes with, or what was expected. */
  readonly other?: string | undefined;
  /** The other line of the file that is concerned. */
  readonly otherLine?: number | undefined;
};

/** One thing that is wrong with one field of a row, before the row's place is known; the field is null for the whole row. */
export type FieldFault = FaultDetail & { readonly code: FaultCode; readonly field: string | null };

/** Where a fault is. */
export type FaultPlace = {
  /** The row's number, without the header, from 1; null when the whole file is at fault. */
  readonly row: number | null;
  /** The line of the file on which the row starts, from 1; null when no line is at fault. */
  readonly line: number | null;
};

/** One thing that is wrong, where, and what to do. */
export type Fault = FaultPlace & {
  /** The column; null when the whole row or file is at fault. */
  readonly field: string | null;
  readonly code: FaultCode;
  readonly message: string;
  readonly fix: string;
};

/** Stops the import: the whole file is refused and nothing of it is booked. */
export class FileRefused extends Error {
  override readonly name = "FileRefused";
  readonly faults: readonly Fault[];

  constructor(fault: FieldFault | readonly FieldFault[], line: number | null = null) {
    const faults = [fault].flat().map((one) => describeFault({ row: null, line }, one));
    super(faults[0]?.message);
    this.faults = faults;
  }
}

/** The fault with its sentence. */
export function describeFault(place: FaultPlace, fault: FieldFault): Fault {
  const { message, fix } = faultCodes[fault.code];
  return { row: place.row, line: place.line, field: fault.field, code: fault.code, message: fill(message, fault), fix };
}

function fill(message: string, { value, other, otherLine }: FaultDetail): string {
  const shown: Record<string, string> = {
    value: quoted(value),
    other: quoted(other),
    "=value": cut(value ?? ""),
    "=other": cut(other ?? ""),
    line: otherLine === undefined ? "?" : String(otherLine),
    "on line": otherLine === undefined ? "" : ` on line ${otherLine}`,
  };
  return message.replace(/\{(=?value|=?other|line|on line)\}/g, (_, name: string) => shown[name] ?? "");
}

const shownCharactersMax = 120;

function cut(value: string): string {
  return value.length > shownCharactersMax ? `${value.slice(0, shownCharactersMax)}…` : value;
}

/** A value as a sentence shows it: cut, in quotes, its control characters spelled out. */
function quoted(value = ""): string {
  return `'${JSON.stringify(cut(value)).slice(1, -1).replaceAll('\\"', '"')}'`;
}
