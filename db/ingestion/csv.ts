// CSV text to records: commas, double quotes, and line ends of every kind (LF, CRLF, lone CR). Whole lines where that is safe, one
// character at a time where it is not. A library was tried first: it cannot name the line on which an unclosed quote opened, counts a
// CRLF inside quotes twice, and takes several times as long. A property test holds the records equal to that library's.

import { type FieldFault, FileRefused } from "./faults.ts";

const cellCharactersMax = 65_536;
export const rowCharactersMax = 1_048_576;

/** Takes one record: its cells, the line on which it starts, and what is wrong with its shape. */
export type RecordSink = (cells: readonly string[], line: number, fault: FieldFault | null) => void;

const comma = 44;
const quote = 34;
const lineFeed = 10;
const carriageReturn = 13;

/** Reads text piece by piece; a record may lie across pieces. Blank lines are passed over. Throws FileRefused: QUOTE_NOT_CLOSED. */
export class CsvReader {
  readonly #sink: RecordSink;
  #state: "cell start" | "plain" | "quoted" | "after quote" = "cell start";
  #cells: string[] = [];
  #cell = "";
  #rowCharacters = 0;
  #fault: FieldFault | null = null;
  #line = 1;
  #rowLine = 1;
  /** Where the last quote opened. */
  #quoteLine = 0;
  #lastCode = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  read(text: string): void {
    let at = 0;
    while (at < text.length) at = this.#isBetweenRows() ? this.#wholeLine(text, at) : this.#restOfRow(text, at);
    if (text.length > 0) this.#lastCode = text.charCodeAt(text.length - 1);
  }

  /** Ends the last record, when no line end does. */
  end(): void {
    if (this.#state === "quoted") {
      throw new FileRefused({ code: "QUOTE_NOT_CLOSED", field: null, otherLine: this.#quoteLine }, this.#quoteLine);
    }
    this.#endRow();
  }

  #isBetweenRows(): boolean {
    return this.#state === "cell start" && this.#cells.length === 0;
  }

  /** The quick way: a line that is whole, not long, without a lone CR, and with every quote at its place. */
  #wholeLine(text: string, start: number): number {
    this.#rowLine = this.#line;
    const lineEnd = text.indexOf("\n", start);
    if (lineEnd === -1 || lineEnd - start > cellCharactersMax) return this.#restOfRow(text, start);
    const isReturnBefore = lineEnd > start && text.charCodeAt(lineEnd - 1) === carriageReturn;
    const line = text.slice(start, isReturnBefore ? lineEnd - 1 : lineEnd);
    if (line === "" || line.includes("\r")) return this.#restOfRow(text, start);
    const cells = line.includes('"') ? splitQuoted(line) : line.split(",");
    if (cells === null) return this.#restOfRow(text, start);
    this.#sink(cells, this.#line, null);
    this.#line += 1;
    return lineEnd + 1;
  }

  /** The exact way, until the row or the text ends. */
  #restOfRow(text: string, start: number): number {
    let from = start;
    for (let at = start; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const isLineEnd = code === lineFeed || code === carriageReturn;
      // CR LF is one line end; the end of the text may lie between the two.
      if (isLineEnd && !(code === lineFeed && this.#codeBefore(text, at) === carriageReturn)) this.#line += 1;
      if (this.#state === "quoted") {
        if (code !== quote) continue;
        this.#take(text, from, at);
        this.#state = "after quote";
        from = at + 1;
      } else if (code === quote) {
        from = this.#meetQuote(from, at);
      } else if (code === comma || isLineEnd) {
        this.#take(text, from, at);
        if (isLineEnd) {
          this.#endRow();
          return at + 1;
        }
        this.#endCell();
        from = at + 1;
      } else {
        if (this.#state === "after quote") this.#fault ??= { code: "QUOTE_MISPLACED", field: null };
        this.#state = "plain";
      }
    }
    this.#take(text, from, text.length);
    return text.length;
  }

  #codeBefore(text: string, at: number): number {
    return at === 0 ? this.#lastCode : text.charCodeAt(at - 1);
  }

  /** A quote outside quoted text opens it, is the second of a pair, or is misplaced; gives where the text to take begins. */
  #meetQuote(from: number, at: number): number {
    if (this.#state === "plain") {
      this.#fault ??= { code: "QUOTE_MISPLACED", field: null };
      return from;
    }
    const isPair = this.#state === "after quote";
    this.#state = "quoted";
    if (isPair) return at;
    this.#quoteLine = this.#line;
    return at + 1;
  }

  #take(text: string, from: number, to: number): void {
    if (from === to) return;
    this.#rowCharacters += to - from;
    if (this.#rowCharacters > rowCharactersMax) this.#fault = { code: "ROW_TOO_LARGE", field: null };
    else if (this.#cell.length + to - from > cellCharactersMax) this.#fault = { code: "CELL_TOO_LARGE", field: null };
    else this.#cell += text.slice(from, to);
  }

  #endCell(): void {
    this.#rowCharacters += 1;
    if (this.#rowCharacters <= rowCharactersMax) this.#cells.push(this.#cell);
    this.#cell = "";
    this.#state = "cell start";
  }

  #endRow(): void {
    if (!this.#isBetweenRows()) {
      this.#endCell();
      this.#sink(this.#cells, this.#rowLine, this.#fault);
    }
    this.#cells = [];
    this.#rowCharacters = 0;
    this.#fault = null;
  }
}

/** The cells of a line without line ends inside its quotes; null when a quote is misplaced or open. */
function splitQuoted(line: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; ; at += 1) {
    let end: number;
    if (line.charCodeAt(at) === quote) {
      end = line.indexOf('"', at + 1);
      while (end !== -1 && line.charCodeAt(end + 1) === quote) end = line.indexOf('"', end + 2);
      if (end === -1) return null;
      cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
      end += 1;
      if (end < line.length && line.charCodeAt(end) !== comma) return null;
    } else {
      end = line.indexOf(",", at);
      if (end === -1) end = line.length;
      const cell = line.slice(at, end);
      if (cell.includes('"')) return null;
      cells.push(cell);
    }
    if (end === line.length) return cells;
    at = end;
  }
}
