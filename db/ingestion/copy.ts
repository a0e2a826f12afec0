// COPY: rows as the lines that Postgres reads, and the stream that carries them.

import type { Writable } from "node:stream";
import type { Tx } from "../kernel/database.ts";
import { newId } from "../kernel/ids.ts";
import type { FieldFault } from "./faults.ts";
import { RowFaults } from "./fields.ts";
import type { RowSink } from "./reading.ts";
import type { Row, RowRule, StagedValue } from "./row.ts";

const mustEscape = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** Rows of one kind as COPY's text format, piled up until taken: number, line, fresh id, faults, values. */
export class CopyLines implements RowSink {
  readonly #rule: RowRule;
  readonly #noValues: string;
  #text = "";
  #rows = 0;

  constructor(rule: RowRule) {
    this.#rule = rule;
    this.#noValues = "\t\\N".repeat(Object.keys(rule.columns).length);
  }

  get length(): number {
    return this.#text.length;
  }

  row(line: number, row: Row): void {
    const faults = new RowFaults();
    const values = this.#rule.read(row, faults);
    let text = "";
    for (const value of values) text += `\t${copyValue(value)}`;
    this.#append(line, faults.list, text);
  }

  refuse(line: number, faults: readonly FieldFault[]): void {
    this.#append(line, faults, this.#noValues);
  }

  /** The lines since the last time. */
  take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }

  #append(line: number, faults: readonly FieldFault[], values: string): void {
    this.#rows += 1;
    const noted = faults.length === 0 ? "\\N" : copyValue(JSON.stringify(faults.map(shorten)));
    this.#text += `${this.#rows}\t${line}\t${newId()}\t${noted}${values}\n`;
  }
}

function copyValue(value: StagedValue): string {
  if (value === null) return "\\N";
  if (typeof value !== "string") return String(value);
  return mustEscape.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? "") : value;
}

const keptCharactersMax = 200;

/** A value of 64 KiB is not carried through the database for the sake of its first words. */
function shorten(fault: FieldFault): FieldFault {
  return { ...fault, field: storable(fault.field ?? undefined) ?? null, value: storable(fault.value) };
}

/** A NUL cannot be kept, and a cut must not leave half a character. */
function storable(text: string | undefined): string | undefined {
  return text?.slice(0, keptCharactersMax).replace(/\0|\p{Surrogate}/gu, "\u{fffd}");
}

/** A COPY under way. Each piece waits for the one before it, so that no more than two are in memory. */
export class CopyStream {
  readonly #tx: Tx;
  readonly #stream: Writable;
  #sent: Promise<void> = Promise.resolve();

  private constructor(tx: Tx, stream: Writable) {
    this.#tx = tx;
    this.#stream = stream;
    // Every failure also reaches the piece or the query that waits; without a listener Node would end the process.
    stream.on("error", () => {});
  }

  static async into(tx: Tx, table: string): Promise<CopyStream> {
    return new CopyStream(tx, await tx.sql.unsafe(`copy ${table} from stdin`).writable());
  }

  /** Hands over a piece; resolves when the piece before it is with the server. */
  async write(text: string): Promise<void> {
    await this.#sent;
    this.#sent = new Promise((resolve, reject) => {
      this.#stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
    // It is awaited by the next write or by end; a failure in between is not an unhandled one.
    this.#sent.catch(() => {});
  }

  /** Resolves when the server has all rows; throws what it says against them. */
  async end(): Promise<void> {
    await this.#sent;
    const finished = new Promise<void>((resolve, reject) => this.#stream.once("finish", resolve).once("error", reject));
    finished.catch(() => {});
    this.#stream.end();
    await new Promise(setImmediate);
    // The driver forgets its callback when the server refuses the last rows; a query after it then fails instead of nothing ever coming.
    await Promise.all([this.#tx.sql`select`, Promise.race([finished, this.#tx.sql`select`])]);
  }

  /** Gives up; the transaction can only be rolled back after it. */
  abandon(): void {
    this.#stream.destroy(new Error("the import was given up"));
  }
}
