// From a file's bytes to the rows of its kind: which reader reads them, where each value is, and which rows are refused for their shape.

import {
  attributeName,
  attributePrefix,
  type Column,
  columnsOf,
  type Header,
  readHeader,
  refuseColumns,
} from "./columns.ts";
import { CsvReader } from "./csv.ts";
import { type FieldFault, FileRefused } from "./faults.ts";
import type { ImportKind } from "./kinds.ts";
import { NdjsonReader } from "./ndjson.ts";
import type { Row } from "./row.ts";
import { Utf8Decoder } from "./utf8.ts";

export const importFormats = ["csv", "ndjson"] as const;
export type ImportFormat = (typeof importFormats)[number];

/** Takes the rows of a file, in order. */
export type RowSink = {
  row(line: number, row: Row): void;
  /** A row whose shape is wrong; nothing of it was read. */
  refuse(line: number, faults: readonly FieldFault[]): void;
};

const ignoredMax = 20;
/** Objects of NDJSON may each have attributes of their own; the names of so many are kept. */
const statedMax = 10_000;

/** Reads one file piece by piece into rows. Throws FileRefused for a file that cannot be read as a whole. */
export class FileReader {
  readonly #kind: ImportKind;
  readonly #columns: readonly Column[];
  readonly #sink: RowSink;
  readonly #decoder = new Utf8Decoder();
  readonly #reader: CsvReader | NdjsonReader;
  readonly #ignored = new Set<string>();
  readonly #stated = new Set<string>();
  #header: Header | null = null;
  #rows = 0;
  /** The piece being read holds a NUL character somewhere. */
  #hasNul = false;

  constructor(kind: ImportKind, format: ImportFormat, sink: RowSink) {
    this.#kind = kind;
    this.#columns = columnsOf[kind];
    this.#sink = sink;
    this.#reader =
      format === "csv"
        ? new CsvReader((cells, line, fault) => this.#readCells(cells, line, fault))
        : new NdjsonReader((fields, line, faults) => this.#readFields(fields, line, faults));
  }

  /** Rows met so far, good and bad. */
  get rowsRead(): number {
    return this.#rows;
  }

  /** Columns that this kind of file does not have; the first 20. */
  get ignoredColumns(): readonly string[] {
    return [...this.#ignored];
  }

  /** Columns of this kind that the header, or any object, names: attributes with their prefix. */
  get statedColumns(): ReadonlySet<string> {
    return this.#stated;
  }

  read(piece: Uint8Array): void {
    this.#readText(this.#decoder.decode(piece));
  }

  /** Throws FileRefused also when there was no row. */
  end(): void {
    this.#readText(this.#decoder.end());
    this.#reader.end();
    if (this.#rows === 0) throw new FileRefused({ code: "NO_ROWS", field: null });
  }

  #readText(text: string): void {
    const nulBefore = this.#hasNul;
    this.#hasNul = text.includes("\0");
    // A row that began in the piece before may hold that piece's.
    this.#hasNul ||= nulBefore && text.length > 0;
    this.#reader.read(text);
  }

  #readCells(cells: readonly string[], line: number, fault: FieldFault | null): void {
    const header = this.#header;
    if (header === null) {
      this.#header = readHeader(this.#kind, cells);
      for (const name of this.#header.ignored) this.#ignore(name);
      for (const [index, { name }] of this.#columns.entries()) {
        if (this.#header.positions[index] !== -1) this.#stated.add(name);
      }
      for (const { name } of this.#header.attributes) this.#stated.add(`${attributePrefix}${name}`);
      return;
    }
    this.#rows += 1;
    const shapeFault = fault ?? this.#countFault(cells.length, header.cellCount) ?? this.#nulFault(cells);
    if (shapeFault) this.#sink.refuse(line, [shapeFault]);
    else this.#sink.row(line, rowOf(cells, header));
  }

  #countFault(count: number, expected: number): FieldFault | null {
    if (count === expected) return null;
    const code = count < expected ? "CELLS_TOO_FEW" : "CELLS_TOO_MANY";
    return { code, field: null, value: String(count), other: String(expected) };
  }

  #nulFault(cells: readonly string[]): FieldFault | null {
    if (!this.#hasNul) return null;
    const position = cells.findIndex((cell) => cell.includes("\0"));
    if (position === -1) return null;
    const column = this.#header?.positions.indexOf(position) ?? -1;
    return { code: "TEXT_NOT_STORABLE", field: this.#columns[column]?.name ?? null };
  }

  #readFields(fields: ReadonlyMap<string, string>, line: number, faults: readonly FieldFault[]): void {
    this.#rows += 1;
    if (faults.length > 0) {
      this.#sink.refuse(line, faults);
      return;
    }
    refuseColumns(fields.size, line);
    const attributes: [string, string][] = [];
    for (const [name, text] of fields) {
      const attribute = attributeName(this.#kind, name);
      if (attribute !== null) attributes.push([attribute, text]);
      const isColumn = this.#columns.some((column) => column.name === name);
      if (attribute === null && !isColumn) this.#ignore(name);
      else if (this.#stated.size < statedMax)
        this.#stated.add(attribute === null ? name : `${attributePrefix}${attribute}`);
    }
    this.#sink.row(line, { values: this.#columns.map(({ name }) => fields.get(name) ?? ""), attributes });
  }

  #ignore(name: string): void {
    if (this.#ignored.size < ignoredMax) this.#ignored.add(name);
  }
}

function rowOf(cells: readonly string[], header: Header): Row {
  const values = header.positions.map((position) => (position === -1 ? "" : (cells[position] ?? "")));
  return { values, attributes: header.attributes.map(({ name, position }) => [name, cells[position] ?? ""] as const) };
}
