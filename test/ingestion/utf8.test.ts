// Bytes to text: characters across pieces, the byte order mark, and the exact place of a byte that is not UTF-8.

import { FileRefused } from "@accrete/db/ingestion/faults.ts";
import { Utf8Decoder } from "@accrete/db/ingestion/utf8.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function decode(...pieces: readonly Uint8Array[]): string {
  const decoder = new Utf8Decoder();
  return pieces.map((piece) => decoder.decode(piece)).join("") + decoder.end();
}

/** The bytes in pieces of one byte each. */
const byteByByte = (bytes: Uint8Array) => [...bytes].map((byte) => Uint8Array.of(byte));

function refusalOf(...pieces: readonly Uint8Array[]): unknown {
  try {
    return decode(...pieces);
  } catch (error) {
    return error instanceof FileRefused ? error.faults[0]?.message : error;
  }
}

describe("a UTF-8 decoder", () => {
  it("joins characters that lie across pieces", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), fc.nat(60), (text, cut) => {
        const bytes = Buffer.from(`a${text}`);
        const whole = bytes.toString();
        expect(decode(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(whole);
        expect(decode(...byteByByte(bytes))).toBe(whole);
      }),
    );
  });

  it("drops a byte order mark at the start, and no other", () => {
    const bytes = Buffer.from("\uFEFFa\uFEFFb");
    expect(decode(bytes)).toBe("a\uFEFFb");
    expect(decode(...byteByByte(bytes))).toBe("a\uFEFFb");
  });

  it.each([
    ["a Latin-1 letter", "6162e963", 3],
    ["a byte that never occurs", "61ff", 2],
    ["an overlong form", "61c0af", 2],
    ["half of a surrogate pair", "61eda080", 2],
    ["a continuation without a start", "e282ac80", 4],
    ["a character cut off by the end", "61e282", 2],
    ["a start after many good characters", `${"e282ac".repeat(300)}e9`, 901],
  ])("names the byte of %s, counted from 1", (_, hex, position) => {
    const bytes = Buffer.from(hex, "hex");
    const message = `The file is not UTF-8 at byte ${position}.`;
    expect(refusalOf(bytes)).toBe(message);
    expect(refusalOf(...byteByByte(bytes))).toBe(message);
  });

  it("knows other formats even by the first byte of many pieces", () => {
    expect(refusalOf(...byteByByte(Buffer.from("504b03041400", "hex")))).toMatch(/not CSV/);
  });
});
