// What an import takes, and what the books then say: forms of files, spellings of values, and texts exactly as they came.

import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import type { ImportFormat } from "@accrete/db/ingestion/reading.ts";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { rowCounts, standing } from "./books.ts";
import { importSamples, rowsOf, sample } from "./rows.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  books = await world(db);
});
afterAll(() => db.drop());

const kinds = ["catalog", "accounts", "contract-lines", "movements"] as const;

const nameOf = (externalId: string) =>
  books.read(async (tx) => {
    const [row] = await tx.sql<{ name: string }[]>`
      select v.name from accounts a join account_versions v on v.workspace_id = a.workspace_id and v.account_id = a.id
      where a.workspace_id = ${tx.workspaceId} and a.external_id = ${externalId}`;
    return row?.name;
  });

it("books the samples of the docs, whose movements are known by hand", async () => {
  for (const kind of kinds) expect(await books.importText(kind, sample(kind))).toMatchObject({ outcome: "BOOKED" });
  expect(await standing(books)).toEqual([
    // 40 × 25 × 12; then a rank up: 40 × 45 × 12 × 0.9 = 19,440; then 15 more at 45 × 12 × 0.9, and a family not held before.
    ["globex", "2024-01-01", "NEW", null, 1_200_000n],
    ["globex", "2025-01-01", "EXPANSION", "TIER", 744_000n],
    ["globex", "2025-10-01", "EXPANSION", "CROSS_SELL", 1_200_000n],
    ["globex", "2025-10-01", "EXPANSION", "SEAT", 729_000n],
    // 1,000,000 × 0.0015 × 12.
    ["globex-fr", "2025-04-01", "NEW", null, 1_800_000n],
    // (10 × 25 − 50) × 12.
    ["initech", "2025-02-01", "NEW", null, 240_000n],
    ["initech", "2025-11-01", "CHURN", null, -240_000n],
    ["umbrella", "2024-03-01", "NEW", null, 2_400_000n],
    ["umbrella", "2025-03-01", "EXPANSION", "SEAT", 600_000n],
    ["umbrella", "2025-03-01", "CONTRACTION", "DISCOUNT", -150_000n],
    ["umbrella", "2025-09-01", "EXPANSION", "CROSS_SELL", 900_000n],
    ["umbrella", "2025-12-01", "CHURN", null, -3_750_000n],
  ]);
});

const disguises: readonly (readonly [string, (text: string) => string])[] = [
  ["a byte order mark", (text) => `\uFEFF${text}`],
  ["CRLF line ends", (text) => text.replaceAll("\n", "\r\n")],
  ["lone CR line ends", (text) => text.replaceAll("\n", "\r")],
  ["no line end after the last row", (text) => text.trimEnd()],
  ["blank lines", (text) => text.replaceAll("\n", "\n\n")],
  [
    "every cell quoted",
    (text) =>
      text.replace(/^.+$/gm, (line) =>
        line
          .split(",")
          .map((cell) => `"${cell}"`)
          .join(),
      ),
  ],
  [
    "columns in another order and case",
    (text) =>
      text
        .split("\n")
        .map((line) => line.split(",").reverse().join())
        .join("\n")
        .toUpperCase(),
  ],
];

it.each(disguises)("reads a file with %s as the same facts", async (_, disguise) => {
  const catalog = sample("catalog").toUpperCase();
  await books.importText("catalog", catalog);
  const before = await rowCounts(books);
  expect(await books.importText("catalog", disguise(catalog))).toMatchObject({
    outcome: "UNCHANGED",
    rowsUnchanged: 5,
  });
  expect(await rowCounts(books)).toEqual(before);
});

it("reads NDJSON as the same facts as CSV", async () => {
  for (const kind of kinds) await books.importText(kind, sample(kind));
  for (const kind of kinds) {
    expect(await books.importText(kind, sample(kind, "ndjson"), "ndjson")).toMatchObject({
      outcome: "UNCHANGED",
      rowsChanged: 0,
    });
  }
});

it("takes JSON integers and booleans for what they say", async () => {
  await books.importText(
    "catalog",
    '{"product_id":"p","product_name":"P","family":"F","plan_id":"q","plan_name":"Q","rank":3}\n',
    "ndjson",
  );
  await books.importText("accounts", '{"account_id":17,"name":"Seventeen","region":null}\n', "ndjson");
  const line =
    '{"line_id":"l","contract_id":"c","account_id":17,"product_id":"p","plan_id":"q","is_add_on":true,"from_on":"2025-01-01",' +
    '"quantity":2,"unit_price":10,"billing_interval":"YEAR","currency":"USD"}\n';
  await books.importText("contract-lines", line, "ndjson");
  expect(await standing(books)).toEqual([["17", "2025-01-01", "NEW", null, 2_000n]]);
});

it.each([
  ["spaces around a number", { unit_price: " 5.00 " }, 60_000n],
  ["a currency in small letters", { currency: "usd" }, 60_000n],
  ["a price of minus zero, which is zero", { unit_price: "-0" }, null],
  ["leading zeros", { unit_price: "005.00" }, 60_000n],
  ["twelve decimals", { unit_price: "0.000000000001", quantity: "1000000000000" }, 1_200n],
  [
    "fourteen whole digits",
    { quantity: "1", unit_price: "10000000000000", billing_interval: "YEAR" },
    1_000_000_000_000_000n,
  ],
  ["a discount of everything, which leaves nothing", { discount_percent: "100" }, null],
  ["a discount larger than the price, which leaves nothing", { discount_amount: "999.00" }, null],
  ["yen, which have no decimals", { currency: "JPY", unit_price: "0.5" }, 60n],
  ["dinars, which have three", { currency: "KWD", unit_price: "5.125" }, 615_000n],
  [
    "a third of a price that lasts three years, half-even",
    { quantity: "1", unit_price: "0.05", billing_interval: "THREE_YEARS" },
    2n,
  ],
  ["the word of a list in small letters", { billing_interval: "month" }, 60_000n],
])("takes %s", async (_, changed, arrMinor) => {
  await importSamples(books);
  await books.importText(
    "contract-lines",
    rowsOf("contract-lines", { account_id: "vandelay", contract_id: "V-C", ...changed }),
  );
  const movements = (await standing(books)).filter(([account, , type]) => account === "vandelay" && type === "NEW");
  expect(movements.map(([, , , , amount]) => amount)).toEqual(arrMinor === null ? [] : [arrMinor]);
});

it.each([
  ["quotes", `O'Brien "Bob"`],
  ["an injection", `'; DROP TABLE accounts; --`],
  ["wildcards", "100%_sure"],
  ["a formula", '=HYPERLINK("http://x")'],
  ["a backslash, a tab and line ends", "a\\N\tb\r\nc\rd"],
  ["right-to-left marks and zero-width spaces", "\u202Eabc\u200B"],
  ["emoji", "👩‍👩‍👧‍👦 Family"],
  ["spaces at the edges", "  padded  "],
  ["a thousand letters", "x".repeat(1_000)],
  ["the name of a prototype", "__proto__"],
])("keeps a text exactly: %s", async (_, text) => {
  const forms: readonly (readonly [ImportFormat, string])[] = [
    ["csv", `account_id,name\nc1,"${text.replaceAll('"', '""')}"\n`],
    ["ndjson", `${JSON.stringify({ account_id: "n1", name: text })}\n`],
  ];
  for (const [format, content] of forms) await books.importText("accounts", content, format);
  expect(await nameOf("c1")).toBe(text);
  expect(await nameOf("n1")).toBe(text);
});

it("keeps the workspace's own attributes, whatever their names", async () => {
  await books.importText(
    "accounts",
    'account_id,name,attribute.tier,attribute.__proto__,attribute.empty\na,A,"gold, really",x,\n',
  );
  const attributes = await books.read(async (tx) => {
    const [row] = await tx.sql<{ attributes: string }[]>`
      select attributes from account_versions where workspace_id = ${tx.workspaceId}`;
    return row?.attributes;
  });
  expect(attributes).toBe('{"tier": "gold, really", "__proto__": "x"}');
});

it("takes children before their parents", async () => {
  await books.importText(
    "accounts",
    "account_id,name,parent_id\nchild,Child,mother\nmother,Mother,grandmother\ngrandmother,Grandmother,\n",
  );
  expect(await rowCounts(books)).toMatchObject({ accounts: 3, account_parents: 2 });
});

it("counts equal rows of one file once, and says so", async () => {
  const kind: ImportKind = "accounts";
  const result = await books.importText(kind, "account_id,name\na,A\nb,B\na,A\na,A\n");
  expect(result).toMatchObject({ rowsRead: 4, rowsChanged: 2, rowsUnchanged: 2 });
  expect(result.notices).toEqual(["2 rows repeat an earlier one and count once."]);
});
