// Files that are bad before any field is read: bytes, header, quotes, cells, JSON.

import { type BadFile, file, ndjson } from "./bad-file.ts";

const header = "account_id,name\n";

export const badShapes: readonly BadFile[] = [
  file("an empty file", "", ["NO_ROWS", null, /^There are no rows/], null),
  file("a file of nothing but a byte order mark", "\uFEFF", ["NO_ROWS", null, /no rows/], null),
  file("a header without rows", header, ["NO_ROWS", null, /no rows/], null),
  file("blank lines for rows", `${header}\n\r\n\n`, ["NO_ROWS", null, /no rows/], null),
  file("a missing column", "account_id\na1\n", ["COLUMN_MISSING", "name", /'name' is missing/], 1),
  file(
    "a column that is there twice",
    "account_id,name,Name\na1,A,B\n",
    ["COLUMN_REPEATED", "name", /'name' is there twice/],
    1,
  ),
  file(
    "more columns than are read",
    `${header.trim()}${",x".repeat(600)}\n`,
    ["COLUMNS_TOO_MANY", null, /602 columns; at most 500/],
    1,
  ),
  file("semicolons", "account_id;name\na1;A\n", ["SEPARATOR_NOT_COMMA", null, /semicolons: expected a comma/], 1),
  file("tabs", "account_id\tname\na1\tA\n", ["SEPARATOR_NOT_COMMA", null, /tabs: expected a comma/], 1),
  file(
    "a quote that never closes",
    `${header}a1,A\na2,"B\na3,C\n`,
    ["QUOTE_NOT_CLOSED", null, /line 3 is never closed/],
    3,
  ),
  file(
    "Latin-1 bytes",
    Buffer.from(`${header}a1,Caf\xe9 Noir\n`, "latin1"),
    ["NOT_UTF8", null, /not UTF-8 at byte 23\./],
    null,
  ),
  file(
    "a character cut off at the end",
    Buffer.from(`${header}a1,é`).subarray(0, -1),
    ["NOT_UTF8", null, /at byte 20\./],
    null,
  ),
  file("UTF-16", Buffer.from(`\uFEFF${header}`, "utf16le"), ["NOT_CSV", null, /UTF-16/], null),
  file(
    "a spreadsheet under our name",
    Buffer.from("504b0304140006000800", "hex"),
    ["NOT_CSV", null, /not CSV.*XLSX/],
    null,
  ),
  file("a gzip bomb", Buffer.from("1f8b0800000000000003", "hex"), ["NOT_CSV", null, /not CSV.*gzip/], null),
  file("a picture", Buffer.from("89504e470d0a1a0a0000", "hex"), ["NOT_CSV", null, /not CSV.*PNG/], null),
  file("too few cells", "account_id,name,region\na1,A\n", ["CELLS_TOO_FEW", null, /has 2 cells, the header has 3/], 2),
  file("too many cells", `${header}a1,A,B\n`, ["CELLS_TOO_MANY", null, /has 3 cells, the header has 2/], 2),
  file("a cell of 64 KiB and more", `${header}a1,${"x".repeat(65_537)}\n`, ["CELL_TOO_LARGE", null, /65,536/], 2),
  file("a quoted cell of 50 MB", `${header}a1,"${"x".repeat(50_000_000)}"\n`, ["ROW_TOO_LARGE", null, /1,048,576/], 2),
  file("a quote inside a bare cell", `${header}a1,5" pipe\n`, ["QUOTE_MISPLACED", null, /quote is not at the edge/], 2),
  file("text after a closing quote", `${header}a1,"A"B\n`, ["QUOTE_MISPLACED", null, /quote/], 2),
  file("a NUL character", `${header}a1,A\0B\n`, ["TEXT_NOT_STORABLE", "name", /NUL/], 2),
  ndjson("a line that is no JSON", "{account_id:1}\n", ["JSON_INVALID", null, /not one JSON object/]),
  ndjson("a list for an object", '["a1"]\n', ["JSON_INVALID", null, /not one JSON object/]),
  ndjson("a nested value", '{"account_id":"a1","name":{"first":"A"}}\n', ["JSON_VALUE_NESTED", "name", /string/]),
  ndjson("a JSON float", '{"account_id":"a1","name":0.30000000000000004}\n', [
    "JSON_NUMBER_NOT_INTEGER",
    "name",
    /send a string/,
  ]),
  ndjson("an integer that is not exact", '{"account_id":9007199254740993,"name":"A"}\n', [
    "JSON_NUMBER_NOT_INTEGER",
    "account_id",
    /send a string/,
  ]),
  ndjson("a float that reads as an integer", '{"account_id":1.00000000000000000001,"name":"A"}\n', [
    "JSON_NUMBER_NOT_INTEGER",
    null,
    /send a string/,
  ]),
  ndjson("a field named twice", '{"account_id":"a1","name":"A","name":"B"}\n', ["JSON_FIELD_REPEATED", null, /twice/]),
  ndjson("half a surrogate pair", '{"account_id":"a1","name":"\\ud800"}\n', ["TEXT_NOT_STORABLE", "name", /surrogate/]),
  ndjson("a NUL escape", '{"account_id":"a1","name":"\\u0000"}\n', ["TEXT_NOT_STORABLE", "name", /NUL/]),
  ndjson("a missing field", '{"account_id":"a1"}\n', ["REQUIRED", "name", /required/]),
  ndjson("a line of 2 MB", `{"account_id":"a1","name":"${"x".repeat(2_000_000)}"}\n`, [
    "ROW_TOO_LARGE",
    null,
    /1,048,576/,
  ]),
];
