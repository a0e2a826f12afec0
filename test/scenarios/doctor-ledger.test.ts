// `accrete doctor --ledger` as an operator meets it: books that are well, books that were broken by hand, and their repair.

import { inWorkspace } from "@accrete/db/kernel/database.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import { hashState } from "@accrete/db/movements/hash.ts";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { rowCounts } from "../ingestion/books.ts";
import { importSamples } from "../ingestion/rows.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runAccrete } from "../support/program.ts";
import { type World, world } from "../support/world.ts";
import { told } from "./asking.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  books = await world(db);
  await importSamples(books);
});
afterAll(() => db.drop());

async function doctor(...words: readonly string[]) {
  const workspace = publicId("workspace", books.workspaceId);
  const program = runAccrete(["doctor", "--ledger", "--workspace", workspace, ...words], {
    DATABASE_URL: db.url("api"),
  });
  const { code } = await program.end();
  return { code, text: program.text };
}

const hash = () => books.read(hashState);

/** What the API's role cannot do: the owner of the tables, within the workspace. */
const byHand = (statement: string) =>
  inWorkspace(db.owner, books.workspaceId, "write", async (tx) => {
    await tx.sql.unsafe(statement);
  });

it("finds nothing in books that are well, tells their state hash and what is suspected, and changes nothing", async () => {
  const before = await rowCounts(books);
  const { code, text } = await doctor();
  expect(code, text).toBe(0);
  expect(text).toContain("  ok     rebuilt from the facts: the ledger of 5 accounts says the same\n");
  expect(text).toContain(
    "  ok     days: no balance is below 0, and every type fits the ARR before and after its day\n",
  );
  expect(text).toContain("  ok     reversals: each has the values of what it takes back, and the negated amount\n");
  expect(text).toContain(`  state  ${await hash()} at ledger version ${before.version}\n`);
  expect(text).toMatch(/All is well\.\n$/);
  expect(await rowCounts(books)).toEqual(before);
});

it("names the accounts whose ledger says otherwise than their lines, and repairs them by appending", async () => {
  const well = await hash();
  const before = await rowCounts(books);
  // A movement twice, transfers as they were before lines were kept on them, and nothing else.
  await byHand(`insert into movements select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid()))).*
    from movements m where external_id is null and reverses is null order by amount_minor desc limit 1`);
  await byHand("update transfers set from_line_id = null, to_line_id = null");
  const broken = await doctor();
  expect(broken.code).toBe(1);
  expect(broken.text).toMatch(/ {2}WRONG {2}rebuilt from the facts: the ledger of 2 accounts of 5 says otherwise\n/);
  expect(broken.text).toContain("           globex-fr: 1 movement too many; -18000.00 USD in sum\n");
  expect(broken.text).toContain("           globex: 1 transfer missing, 1 transfer too many\n");
  expect(broken.text).toContain("'accrete doctor --ledger --repair' books the differences.");
  const repaired = await doctor("--repair");
  expect(repaired.code, repaired.text).toBe(0);
  expect(repaired.text).toMatch(/^Repaired: 0 movements appended, 1 taken back\.\n/);
  expect(await hash()).toBe(well);
  const after = await rowCounts(books);
  // The one by hand and its reversal; the transfer's reversal and the new one.
  expect(after).toMatchObject({
    movements: Number(before.movements) + 2,
    transfers: Number(before.transfers) + 2,
    version: Number(before.version) + 1,
  });
  expect((await doctor("--repair")).text).toMatch(/^Nothing to repair\.\n/);
  expect(await rowCounts(books)).toEqual(after);
}, 60_000);

it("names the days on which no ledger could be, and reversals that are none", async () => {
  // umbrella is fed by movements: a second NEW in the middle of its history, and a reversal of another amount.
  await byHand(`insert into movements select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'external_id', 'X',
      'effective_on', '2025-06-01', 'type', 'NEW', 'driver', null, 'amount_minor', 100))).*
    from movements m where external_id = 'M-1'`);
  await byHand(`insert into movements select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'reverses', m.id,
      'amount_minor', -99))).*
    from movements m where external_id = 'X'`);
  const { code, text } = await doctor();
  expect(code).toBe(1);
  expect(text).toMatch(/ {2}WRONG {2}days: \d+ days? on which balances or types do not hold\n/);
  expect(text).toMatch(/ {2}WRONG {2}reversals: 1 reversal of other values than what they take back\n/);
});

it("does not repair a closed period behind the workspace's back", async () => {
  await byHand("update transfers set from_line_id = null, to_line_id = null");
  await told(books, `mutation { closePeriod(fromOn: "2020-01-01", untilOn: "2026-01-01") { id } }`);
  const before = await rowCounts(books);
  const { code, text } = await doctor("--repair");
  expect({ code, text }).toMatchObject({
    code: 1,
    text: expect.stringMatching(/a day of the closed period 2020-01-01 to 2025-12-31/),
  });
  expect(await rowCounts(books)).toEqual(before);
});

it("takes --repair and --workspace only with --ledger", async () => {
  const program = runAccrete(["doctor", "--repair"], { DATABASE_URL: db.url("api") });
  expect(await program.end()).toMatchObject({ code: 1 });
  expect(program.errorText).toBe("accrete: --repair and --workspace go with --ledger\n");
});
