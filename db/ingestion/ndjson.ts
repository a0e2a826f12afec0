// NDJSON text to records: one JSON object a line, the names of its fields being those of the CSV columns. Numbers must be integers that
// every program reads exactly: what has a point or an exponent is to be sent as a string.

import { rowCharactersMax } from "./csv.ts";
import type { FieldFault } from "./faults.ts";

/** Takes one record: text by field name ("" for null), the line, and what is wrong with it. */
export type ObjectSink = (fields: ReadonlyMap<string, string>, line: number, faults: readonly FieldFault[]) => void;

const strings = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const loneSurrogateOrNul = /\0|\p{Surrogate}/u;
const none: ReadonlyMap<string, string> = new Map();

/** Reads text piece by piece; a line may lie across pieces. Blank lines are passed over. */
export class NdjsonReader {
  readonly #sink: ObjectSink;
  #held = "";
  #isTooLong = false;
  #line = 1;

  constructor(sink: ObjectSink) {
    this.#sink = sink;
  }

  read(text: string): void {
    let start = 0;
    for (;;) {
      const end = text.indexOf("\n", start);
      if (end === -1) break;
      this.#hold(text, start, end);
      this.#endLine();
      start = end + 1;
    }
    this.#hold(text, start, text.length);
  }

  end(): void {
    this.#endLine();
  }

  #hold(text: string, start: number, end: number): void {
    this.#isTooLong ||= this.#held.length + end - start > rowCharactersMax;
    if (!this.#isTooLong) this.#held += text.slice(start, end);
  }

  #endLine(): void {
    const line = this.#held.trim();
    if (this.#isTooLong) this.#sink(none, this.#line, [{ code: "ROW_TOO_LARGE", field: null }]);
    else if (line !== "") readLine(line, this.#line, this.#sink);
    this.#held = "";
    this.#isTooLong = false;
    this.#line += 1;
  }
}

function readLine(line: string, number: number, sink: ObjectSink): void {
  const object = parseObject(line);
  if (object === null) {
    sink(none, number, [{ code: "JSON_INVALID", field: null }]);
    return;
  }
  const faults: FieldFault[] = [];
  const fields = new Map<string, string>();
  let numbers = 0;
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === "number") numbers += 1;
    fields.set(name, textOf(name, value, faults));
  }
  const mayHideEscapes = line.includes("\\u");
  if (mayHideEscapes) {
    for (const [name, text] of fields) {
      const isStorable = !loneSurrogateOrNul.test(text) && !loneSurrogateOrNul.test(name);
      if (!isStorable) faults.push({ code: "TEXT_NOT_STORABLE", field: name });
    }
  }
  checkTokens(line, { fields: fields.size, numbers, isFlat: faults.length === 0 }, faults);
  sink(fields, number, faults);
}

function parseObject(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function textOf(field: string, value: unknown, faults: FieldFault[]): string {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return String(value);
    case "number":
      if (!Number.isSafeInteger(value)) faults.push({ code: "JSON_NUMBER_NOT_INTEGER", field, value: String(value) });
      return Object.is(value, -0) ? "0" : String(value);
    default:
      if (value !== null) faults.push({ code: "JSON_VALUE_NESTED", field });
      return "";
  }
}

/** What JSON.parse hides: a field named twice, and a float that it read as an integer (1.00000000000000000001 is 1 to it). */
function checkTokens(
  line: string,
  object: { readonly fields: number; readonly numbers: number; readonly isFlat: boolean },
  faults: FieldFault[],
): void {
  if (!object.isFlat) return;
  const bare = line.replace(strings, "");
  if (bare.split(":").length - 1 !== object.fields) faults.push({ code: "JSON_FIELD_REPEATED", field: null });
  if (object.numbers > 0 && /\d[.eE]/.test(bare)) faults.push({ code: "JSON_NUMBER_NOT_INTEGER", field: null });
}
