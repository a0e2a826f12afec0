// From a file's bytes to its text: the byte order mark goes, other formats under our name and bytes that are not UTF-8 are refused.

import { isUtf8 } from "node:buffer";
import { FileRefused } from "./faults.ts";

/** First bytes by which formats are known that come under the name of a text file. */
const signatures: readonly { readonly name: string; readonly bytes: readonly number[] }[] = [
  { name: "a spreadsheet (XLSX) or ZIP archive", bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: "an empty ZIP archive", bytes: [0x50, 0x4b, 0x05, 0x06] },
  { name: "an old spreadsheet (XLS)", bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: "a gzip archive", bytes: [0x1f, 0x8b] },
  { name: "a bzip2 archive", bytes: [0x42, 0x5a, 0x68] },
  { name: "an xz archive", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { name: "a zstd archive", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: "a PNG picture", bytes: [0x89, 0x50, 0x4e, 0x47] },
  { name: "a JPEG picture", bytes: [0xff, 0xd8, 0xff] },
  { name: "a PDF document", bytes: [0x25, 0x50, 0x44, 0x46] },
  { name: "a Parquet file", bytes: [0x50, 0x41, 0x52, 0x31] },
  { name: "UTF-16 text", bytes: [0xff, 0xfe] },
  { name: "UTF-16 text", bytes: [0xfe, 0xff] },
];

const byteOrderMark = [0xef, 0xbb, 0xbf];
const headBytes = 5;

/** Decodes a file piece by piece; a character may lie across two pieces. Throws FileRefused: NOT_CSV, NOT_UTF8. */
export class Utf8Decoder {
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of the file before `#held`. */
  #bytesDone = 0;
  #headSeen = false;

  decode(piece: Uint8Array): string {
    const bytes = this.#held.length === 0 ? asBuffer(piece) : Buffer.concat([this.#held, piece]);
    if (!this.#headSeen && bytes.length < headBytes) return this.#hold(bytes, 0);
    const start = this.#skipHead(bytes);
    return this.#hold(bytes, start, wholeCharacters(bytes));
  }

  /** What is left at the end of the file; throws NOT_UTF8 when the last character is cut off. */
  end(): string {
    const bytes = this.#held;
    return this.#text(bytes, this.#skipHead(bytes), bytes.length);
  }

  #hold(bytes: Buffer, start: number, end = start): string {
    const text = this.#text(bytes, start, end);
    this.#held = bytes.subarray(end);
    this.#bytesDone += end;
    return text;
  }

  #skipHead(bytes: Buffer): number {
    if (this.#headSeen) return 0;
    this.#headSeen = true;
    const format = signatures.find((signature) => startsWith(bytes, signature.bytes));
    if (format) throw new FileRefused({ code: "NOT_CSV", field: null, value: format.name });
    return startsWith(bytes, byteOrderMark) ? byteOrderMark.length : 0;
  }

  #text(bytes: Buffer, start: number, end: number): string {
    const whole = bytes.subarray(start, end);
    if (isUtf8(whole)) return whole.toString("utf8");
    const position = this.#bytesDone + start + firstInvalidByte(whole) + 1;
    throw new FileRefused({ code: "NOT_UTF8", field: null, value: String(position) });
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function startsWith(bytes: Buffer, first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte);
}

/** Where the last character begins when the piece cuts it off; otherwise the piece's length. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return back < characterBytes(byte) ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function characterBytes(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/** The longest valid prefix is found by halving: a prefix that ends inside a character counts as valid up to that character. */
function firstInvalidByte(bytes: Buffer): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    const end = wholeCharacters(bytes.subarray(0, middle));
    if (end > valid && isUtf8(bytes.subarray(valid, end))) valid = end;
    else if (end <= valid) break;
    else invalid = middle;
  }
  for (let at = valid; at < bytes.length; at += 1) {
    const end = at + ((bytes[at] ?? 0) < 0x80 ? 1 : characterBytes(bytes[at] ?? 0));
    if (!isUtf8(bytes.subarray(at, end)) || end > bytes.length) return at;
    at = end - 1;
  }
  return bytes.length - 1;
}
