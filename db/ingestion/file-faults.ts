// What can be wrong with a file and with the shape of its rows, before any field is read.

import type { FaultEntry } from "./fault-entry.ts";

export const fileFaults = {
  NO_ROWS: {
    of: "file",
    meaning: "The file has no rows: it is empty, or holds nothing but the header.",
    fix: "Send a file with at least one row.",
    message: "There are no rows.",
  },
  NOT_UTF8: {
    of: "file",
    meaning: "The file's bytes are not UTF-8 text.",
    fix: "Save the file as UTF-8, then import it again.",
    message: "The file is not UTF-8 at byte {=value}.",
  },
  NOT_CSV: {
    of: "file",
    meaning: "The file is of another kind under a name of ours: a spreadsheet, an archive, a picture.",
    fix: "Export the sheet as CSV, or unpack the archive, and import the text file.",
    message: "The file is not CSV: its first bytes are those of {=value}.",
  },
  SEPARATOR_NOT_COMMA: {
    of: "file",
    meaning: "The header's cells are separated by something other than a comma.",
    fix: "Export the file with commas between the cells.",
    message: "The header is separated by {=value}: expected a comma.",
  },
  QUOTE_NOT_CLOSED: {
    of: "file",
    meaning: "A quoted cell opens and the file ends before the quote closes.",
    fix: 'Close the quote on the line named. A quote inside a quoted cell is written twice: "".',
    message: "The quote that opens on line {line} is never closed.",
  },
  COLUMN_MISSING: {
    of: "file",
    meaning: "The header lacks a column that this kind of file needs.",
    fix: "Add the column. 'accrete import --template <kind>' prints a sample of the file.",
    message: "The column '{=value}' is missing.",
  },
  COLUMNS_TOO_MANY: {
    of: "file",
    meaning: "The header, or an object of NDJSON, has more than 500 columns.",
    fix: "Leave out what is not needed.",
    message: "There are {=value} columns; at most 500 are read.",
  },
  COLUMN_REPEATED: {
    of: "file",
    meaning: "The header names one column twice.",
    fix: "Remove or rename one of the two columns.",
    message: "The column '{=value}' is there twice.",
  },
  CELLS_TOO_FEW: {
    of: "row",
    meaning: "The row has fewer cells than the header.",
    fix: "Give the row one cell per column; a cell may be empty.",
    message: "The row has {=value} cells, the header has {=other}.",
  },
  CELLS_TOO_MANY: {
    of: "row",
    meaning: "The row has more cells than the header; often a comma that is not quoted.",
    fix: "Put cells that hold a comma in double quotes.",
    message: "The row has {=value} cells, the header has {=other}.",
  },
  CELL_TOO_LARGE: {
    of: "row",
    meaning: "One cell of the row is longer than 65,536 characters.",
    fix: "Shorten the cell, and check that the quotes around it are closed.",
    message: "A cell is longer than 65,536 characters.",
  },
  ROW_TOO_LARGE: {
    of: "row",
    meaning: "The row is longer than 1,048,576 characters.",
    fix: "Shorten the row, and check that its quotes are closed and its line ends.",
    message: "The row is longer than 1,048,576 characters.",
  },
  QUOTE_MISPLACED: {
    of: "row",
    meaning: "A double quote stands inside a cell that is not quoted, or text follows a closing quote.",
    fix: 'Quote the whole cell, and write a quote inside it twice: "".',
    message: "A double quote is not at the edge of its cell.",
  },
  JSON_INVALID: {
    of: "row",
    meaning: "The line is not one JSON object.",
    fix: "Write one JSON object per line.",
    message: "The line is not one JSON object.",
  },
  JSON_VALUE_NESTED: {
    of: "row",
    meaning: "A field holds an object or a list.",
    fix: "Send a string, an integer, true, false or null.",
    message: "A string, an integer, true, false or null is expected.",
  },
  JSON_NUMBER_NOT_INTEGER: {
    of: "row",
    meaning: "A number is written as a JSON float, or is too large to be read exactly as a JSON number.",
    fix: 'Send a string, such as "0.30": a JSON number is not read exactly by every program.',
    message: "The number {value} is not a plain integer: send a string.",
  },
  JSON_FIELD_REPEATED: {
    of: "row",
    meaning: "The object names one field twice.",
    fix: "Name each field once.",
    message: "The object names a field twice.",
  },
} as const satisfies Record<string, FaultEntry>;
