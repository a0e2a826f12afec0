// What a question may not be, and the one clear error that each gets, before anything of it is answered.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { newId, publicId } from "@accrete/db/kernel/ids.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { answerOf, ask, fillBooks } from "./books.ts";

let db: TestDatabase;
let books: World;
let other: World;

beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
  other = await world(db);
  await fillBooks(db.api, books);
  await fillBooks(db.api, other);
});

afterAll(() => db?.drop());

type Refused = { readonly code: string | null; readonly field: string | null; readonly message: string };

async function refusalOf(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Refused> {
  const { errors } = await ask(books, query, variables);
  const error = errors?.[0];
  if (!error) throw new Error(`answered: ${query}`);
  const root = error.originalError;
  return root instanceof AccreteError
    ? { code: root.code, field: root.field, message: root.message }
    : { code: null, field: null, message: error.message };
}

const q4 = '{ fromOn: "2025-10-01", untilOn: "2026-01-01" }';

describe("a metrics question", () => {
  it.each([
    ['window: { fromOn: "2026-01-01", untilOn: "2026-01-01" }', "BAD_USER_INPUT", "window", /holds no day/],
    ['window: { fromOn: "2026-01-02", untilOn: "2026-01-01" }', "BAD_USER_INPUT", "window", /holds no day/],
    ['window: { fromOn: "2020-01-01", untilOn: "2026-01-01" }, grain: DAY', "TOO_COMPLEX", "window", /limit is 400/],
    [`window: ${q4}, groupBy: [SEGMENT, PLAN, SEGMENT]`, "BAD_USER_INPUT", "groupBy", /SEGMENT.*twice/],
    [`window: ${q4}, groupByAttributes: ["tier", "tier"]`, "BAD_USER_INPUT", "groupByAttributes", /tier.*twice/],
    [`window: ${q4}, filter: { effectiveFromOn: "2025-11-01" }`, "BAD_USER_INPUT", "filter.effectiveFromOn", /window/],
    [`window: ${q4}, filter: { accountIds: ["account-01"] }`, "BAD_USER_INPUT", "filter.accountIds", /not a valid id/],
  ])("%s is %s at %s", async (args, code, field, message) => {
    const refused = await refusalOf(`{ expansionMetrics(${args}) { total { expansionArr } } }`);
    expect(refused).toEqual({ code, field, message: expect.stringMatching(message) });
  });

  it("takes a name of an attribute that no account has: one group without a value", async () => {
    type Row = { group: unknown; expansionArr: string };
    const { expansionMetrics } = await answerOf<{ expansionMetrics: { rows: Row[]; total: Row } }>(
      books,
      `{ expansionMetrics(window: ${q4}, groupByAttributes: ["no such name"]) {
        rows { group { attributes { name value } } expansionArr } total { expansionArr } } }`,
    );
    const { rows, total } = expansionMetrics;
    expect(rows).toEqual([
      { group: { attributes: [{ name: "no such name", value: null }] }, expansionArr: total.expansionArr },
    ]);
  });

  it.each([0, -1, 201])("rows(first: %i) is refused", async (first) => {
    const refused = await refusalOf(`{ expansionMetrics(window: ${q4}) { rows(first: ${first}) { expansionArr } } }`);
    expect(refused).toEqual({ code: "BAD_USER_INPUT", field: "first", message: "first must be 1 to 200" });
  });

  it("asks for the movements of at most 200 rows", async () => {
    const refused = await refusalOf(
      `{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, grain: DAY, groupBy: [ACCOUNT]) {
        rows { movements(first: 1) { nodes { id } } } } }`,
    );
    expect(refused).toMatchObject({ code: "TOO_COMPLEX", message: expect.stringMatching(/rows, limit 200/) });
  }, 60_000);
});

describe("an id", () => {
  const absent = { account: publicId("account", newId()), movement: publicId("movement", newId()) };

  it.each(["account-01", "acc_", "acc_01h455vb4pex5vsknk084sn02", "acc_ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "1", ""])(
    "that is malformed (%j) is BAD_USER_INPUT wherever it stands",
    async (id) => {
      const text = JSON.stringify(id);
      expect((await refusalOf(`{ node(id: ${text}) { id } }`)).code).toBe("BAD_USER_INPUT");
      expect((await refusalOf(`{ nodes(ids: [${text}]) { id } }`)).code).toBe("BAD_USER_INPUT");
      expect(await refusalOf(`{ account(by: { id: ${text} }) { id } }`)).toMatchObject({ field: "by.id" });
      expect(await refusalOf(`{ accounts(filter: { parentId: ${text} }) { nodes { id } } }`)).toMatchObject({
        code: "BAD_USER_INPUT",
        field: "filter.parentId",
      });
    },
  );

  it("of another type is BAD_USER_INPUT where only accounts are meant", async () => {
    expect(await refusalOf(`{ account(by: { id: "${absent.movement}" }) { id } }`)).toMatchObject({
      code: "BAD_USER_INPUT",
      field: "by.id",
    });
  });

  it("that is absent, or another workspace's, answers null", async () => {
    const { data: theirs } = await ask(
      other,
      '{ account(by: { externalId: "account-01" }) { id movements(first: 1) { nodes { id } } } }',
    );
    const foreign = theirs?.account as { id: string; movements: { nodes: { id: string }[] } };
    const foreignMovement = foreign.movements.nodes[0]?.id;
    const { data, errors } = await ask(
      books,
      `{ a: account(by: { id: "${absent.account}" }) { id } b: account(by: { id: "${foreign.id}" }) { id }
         c: account(by: { externalId: "no such account" }) { id } d: node(id: "${foreign.id}") { id }
         nodes(ids: ["${absent.movement}", "${foreignMovement}"]) { id }
         accounts(filter: { parentId: "${foreign.id}" }) { totalCount } }`,
    );
    expect(errors).toBeUndefined();
    expect({ ...data }).toEqual({
      a: null,
      b: null,
      c: null,
      d: null,
      nodes: [null, null],
      accounts: { totalCount: 0 },
    });
  });

  it("is answered by node and nodes for every type that has one", async () => {
    const { data } = await ask(
      books,
      `{ account(by: { externalId: "account-13" }) { id
         contractLines(on: "2025-11-25", first: 1) { nodes { id contract { id } product { id plans { id } } } }
         movements(first: 1) { nodes { id } } } }`,
    );
    const found = JSON.stringify(data).match(/"id":"(\w+)"/g) ?? [];
    const ids = [...new Set(found.map((text) => text.slice(6, -1)))];
    expect(new Set(ids.map((id) => id.slice(0, 4)))).toEqual(new Set(["acc_", "lnv_", "con_", "prd_", "pln_", "mov_"]));
    const again = await answerOf(books, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids });
    expect(again).toEqual({ nodes: ids.map((id) => ({ id })) });
  });

  it("can be asked for at most 200 at once", async () => {
    const ids = Array.from({ length: 201 }, () => absent.account);
    expect(await refusalOf("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids })).toMatchObject({
      code: "BAD_USER_INPUT",
      field: "ids",
    });
  });
});

describe("an order", () => {
  it.each([
    "accounts(orderBy: [{ field: NAME }, { field: NAME, direction: DESC }])",
    "movements(orderBy: [{ field: AMOUNT }, { field: AMOUNT }])",
  ])("that names a field twice is refused: %s", async (list) => {
    expect(await refusalOf(`{ ${list} { nodes { id } } }`)).toMatchObject({ code: "BAD_USER_INPUT", field: "orderBy" });
  });
});

describe("a scalar", () => {
  it.each([
    ['window: { fromOn: "2025-02-29", untilOn: "2026-01-01" }', /Date expects an existing day/],
    ['window: { fromOn: "2025-2-1", untilOn: "2026-01-01" }', /Date expects/],
    ['window: { fromOn: "1899-01-01", untilOn: "2026-01-01" }', /Date expects/],
    ['window: { fromOn: 20250101, untilOn: "2026-01-01" }', /Date expects/],
    [`window: ${q4}, filter: { currency: ["US$"] }`, /CurrencyCode expects/],
    [`window: ${q4}, filter: { currency: ["XXX"] }`, /CurrencyCode expects/],
    [`window: ${q4}, grain: FORTNIGHT`, /FORTNIGHT/],
  ])("refuses %s", async (args, message) => {
    const { message: told } = await refusalOf(`{ expansionMetrics(${args}) { total { expansionArr } } }`);
    expect(told).toMatch(message);
  });

  it("reads a currency in small letters as the code that it is", async () => {
    const all = await answerOf(books, "{ movements { totalCount } }");
    expect(await answerOf(books, '{ movements(filter: { currency: ["usd"] }) { totalCount } }')).toEqual(all);
  });
});

it("an account reference takes exactly one id", async () => {
  const both = '{ account(by: { id: "acc_01h455vb4pex5vsknk084sn02q", externalId: "account-01" }) { id } }';
  expect((await refusalOf(both)).message).toMatch(/exactly one/i);
  expect((await refusalOf("{ account(by: {}) { id } }")).message).toMatch(/exactly one/i);
});
