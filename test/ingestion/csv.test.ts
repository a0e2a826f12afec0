// CSV to records: cells, line ends, quotes and the line each record starts on, whatever the pieces it arrives in.

import { CsvReader } from "@accrete/db/ingestion/csv.ts";
import { FileRefused } from "@accrete/db/ingestion/faults.ts";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

type Record = { readonly cells: readonly string[]; readonly line: number; readonly code: string | null };

function read(...pieces: readonly string[]): readonly Record[] {
  const records: Record[] = [];
  const reader = new CsvReader((cells, line, fault) => records.push({ cells, line, code: fault?.code ?? null }));
  for (const piece of pieces) reader.read(piece);
  reader.end();
  return records;
}

const cellsOf = (...pieces: readonly string[]) => read(...pieces).map(({ cells }) => cells);

describe("a CSV reader", () => {
  it.each([
    ["LF", "a,b\nc,d\n"],
    ["CRLF", "a,b\r\nc,d\r\n"],
    ["a lone CR", "a,b\rc,d\r"],
    ["each in turn", "a,b\r\nc,d"],
    ["a mixture", "a,b\rc,d\n"],
  ])("ends a record with %s", (_, text) => {
    expect(cellsOf(text)).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("keeps commas, quotes and line ends inside quotes", () => {
    expect(cellsOf('"a,1","say ""hi""","two\r\nlines"\n')).toEqual([["a,1", 'say "hi"', "two\r\nlines"]]);
  });

  it("passes over blank lines, and takes a quoted nothing for a cell", () => {
    expect(cellsOf('a\n\n\r\n""\n,\n')).toEqual([["a"], [""], ["", ""]]);
  });

  it("counts lines as an editor does, inside quotes too", () => {
    const text = 'h\n"1\r\n2\r3\n4"\n\nlast\n';
    expect(read(text).map(({ cells, line }) => [cells[0], line])).toEqual([
      ["h", 1],
      ["1\r\n2\r3\n4", 2],
      ["last", 7],
    ]);
  });

  it("goes on with the next record after a misplaced quote", () => {
    expect(read('a"b,c\n"d"e,f\ng,h\n')).toEqual([
      { cells: ['a"b', "c"], line: 1, code: "QUOTE_MISPLACED" },
      { cells: ["de", "f"], line: 2, code: "QUOTE_MISPLACED" },
      { cells: ["g", "h"], line: 3, code: null },
    ]);
  });

  it("names the line on which a quote opened that never closes, however much follows", () => {
    const text = `a\nb,"c\n${"x\n".repeat(700_000)}`;
    const failure = (() => {
      try {
        return read(text);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(FileRefused);
    expect(failure).toMatchObject({ faults: [{ code: "QUOTE_NOT_CLOSED", line: 2 }] });
  });

  it("takes a cell of 65,536 characters, and refuses the record of a longer one alone", () => {
    const full = "x".repeat(65_536);
    expect(read(`${full},1\n${full}y,2\n"${full}y",3\nz,4\n`).map(({ cells, code }) => [cells[1], code])).toEqual([
      ["1", null],
      ["2", "CELL_TOO_LARGE"],
      ["3", "CELL_TOO_LARGE"],
      ["4", null],
    ]);
  });

  it("reads what it wrote, in pieces of any size", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", "😀", ",", '"', "\n", "\r", " ", "0"), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    const end = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(
      fc.property(table, end, fc.array(fc.nat(40), { maxLength: 6 }), (rows, lineEnd, cuts) => {
        const text = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",") + lineEnd)
          .join("");
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
        expect(cellsOf(...pieces)).toEqual(rows);
      }),
    );
  });

  it("agrees with a library of the field on bare and quoted cells", () => {
    const bare = fc.string({ unit: fc.constantFrom("a", "é", " ", "-", "1"), minLength: 1, maxLength: 4 });
    const quoted = fc.string({ unit: fc.constantFrom("a", ",", '""', "\n"), maxLength: 4 }).map((text) => `"${text}"`);
    const table = fc.array(fc.array(fc.oneof(bare, quoted), { minLength: 2, maxLength: 4 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n"), (rows, lineEnd) => {
        const text = rows.map((row) => row.join(",")).join(lineEnd);
        expect(cellsOf(text)).toEqual(parse(text, { relax_column_count: true, record_delimiter: lineEnd }));
      }),
    );
  });
});
