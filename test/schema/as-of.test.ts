// As known then: whatever is recorded later, a question as of an earlier version, or instant, is answered as it was, to the cent.

import { changeSettings, getLedgerVersion } from "@accrete/db/workspaces/store.ts";
import { createContext } from "@accrete/schema/context.ts";
import { schema } from "@accrete/schema/index.ts";
import { type ExecutionResult, graphql } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { change } from "../workspaces/writing.ts";
import { facts, reports } from "./everything.ts";
import { fillSmallBooks } from "./small.ts";

const lineHeader =
  "line_id,contract_id,account_id,product_id,plan_id,from_on,until_on,quantity,unit_price,discount_percent,billing_interval,currency,motion";

type Moment = {
  readonly what: string;
  readonly version: bigint;
  readonly recordedAt: string;
  /** What each document answered then. */
  readonly answers: ReadonlyMap<string, unknown>;
};

let db: TestDatabase;
let books: World;
/** What everything was, after each write. */
const moments: Moment[] = [];

const answer = (source: string, todayOn: string, variableValues: Readonly<Record<string, unknown>> = {}) =>
  books.read((tx) => {
    const asker = { keyId: "key_test", scope: "read", requestId: "test", todayOn } as const;
    return graphql({ schema, source, variableValues, contextValue: createContext(tx, asker) });
  });

/** The answer as it stands on the wire. */
const ask = async (...question: Parameters<typeof answer>): Promise<ExecutionResult> =>
  JSON.parse(JSON.stringify(await answer(...question)));

/** Asks now what is to be asked again later; the reports, which take long, where they are told to. */
async function remember(what: string, documents: readonly string[] = [facts]): Promise<void> {
  const { version, recordedAt } = await books.read(getLedgerVersion);
  const answers = new Map<string, unknown>();
  for (const source of documents) {
    const { data, errors } = await ask(source, recordedAt.slice(0, 10));
    expect(errors).toBeUndefined();
    answers.set(source, data);
  }
  moments.push({ what, version, recordedAt: recordedAt.replace(" ", "T").replace(/\+00$/, "Z"), answers });
}

beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
  const write = (kind: Parameters<World["importText"]>[0], ...lines: string[]) =>
    books.importText(kind, `${lines.join("\n")}\n`);
  await fillSmallBooks(db.api, books);
  await remember("the books as they began");
  await write(
    "accounts",
    "account_id,name,parent_id,region,effective_on,attribute.tier,attribute.country",
    "mid,Middle,top,Americas,,silver,DE",
  );
  await remember("another region and attributes, from the start");
  await write(
    "accounts",
    "account_id,name,parent_id,region,effective_on",
    "mid,Middle & Sons,top,Americas,2025-10-01",
    "top,Top Group,,EMEA,",
  );
  await remember("other names");
  await write("accounts", "account_id,name,parent_id,effective_on", "low,Lower,top,2025-06-01");
  await remember("another parent", [facts, reports]);
  await write("contract-lines", lineHeader, "m1,c1,mid,p,one,2025-07-01,,9,100,25,MONTH,USD,product-led");
  await remember("fewer seats than were known");
  await write(
    "catalog",
    "product_id,product_name,family,plan_id,plan_name,rank",
    "p,Planner 2,Planning,one,Basic,1",
    "p,Planner 2,Planning,two,Two,2",
    "q,Quarry,Mining,only,Only,",
  );
  await remember("a renamed product and a second one");
  await write("accounts", "account_id,name,region", "newcomer,Newcomer,EMEA");
  await write("contract-lines", lineHeader, "n1,c2,newcomer,q,only,2025-03-01,,1,500,,MONTH,USD,");
  await remember("an account that was not known");
  await books.write((tx) =>
    changeSettings(
      tx,
      {
        segmentBands: [
          { name: "Large", fromMinor: "500000" },
          { name: "Little", fromMinor: "0" },
        ],
        defaultPolicy: { segmentAt: "CLOSING" },
      },
      { actor: "test", action: "change settings" },
    ),
  );
  await remember("other bands and another policy");
  await write("contract-lines", lineHeader, "m1,c1,mid,p,one,2025-01-01,2025-07-01,20,100,,MONTH,USD,sales-led");
  await remember("more seats from the start", [facts, reports]);
  await changeByMutations();
});

afterAll(() => db?.drop());

/** The same again, for what is written by mutations. */
async function changeByMutations(): Promise<void> {
  const mutate = async (what: string, mutation: string) => {
    await change(books, `mutation { ${mutation} }`);
    await remember(what);
  };
  const rate = (fromOn: string, of: string) => `{ fromCurrency: "EUR", toCurrency: "USD", rate: "${of}"${fromOn} }`;
  await mutate(
    "rates, and the choice of them",
    `constant: setFxRates(rateSet: "Plan", kind: CONSTANT, rates: [${rate("", "1.1")}]) { changed }
     dated: setFxRates(rateSet: "Days", kind: DATED, rates: [${rate(', fromOn: "2025-01-01"', "1.2")}]) { changed }
     setRateSets(constant: "Plan", reported: "Days") { name }`,
  );
  await books.importText("contract-lines", `${lineHeader}\ne1,c3,low,q,only,2025-04-01,,1,100,,MONTH,EUR,\n`);
  await remember("a line in another currency", [facts, reports]);
  await mutate(
    "other rates",
    `constant: setFxRates(rateSet: "Plan", rates: [${rate("", "1.3")}]) { changed }
     dated: setFxRates(rateSet: "Days", rates: [${rate(', fromOn: "2025-09-01"', "1.05")}]) { changed }`,
  );
  await mutate(
    "a parent from a day on",
    `setAccountParents(parents: [{ account: { externalId: "newcomer" }, parent: { externalId: "top" }, fromOn: "2025-08-01" }]) { changed }`,
  );
  await mutate(
    "an account that is another",
    `mergeAccounts(from: { externalId: "newcomer" }, into: { externalId: "low" }) { restatements }`,
  );
  await mutate("and is not, after all", `unmergeAccounts(from: { externalId: "newcomer" }) { restatements }`);
  await mutate(
    "a saved policy, and a default",
    `savePolicy(name: "board", policy: { preset: GITLAB }) { name } setPolicy(policy: { reactivationWindowDays: 90 }) { name }`,
  );
  await mutate("a closed period", `closePeriod(fromOn: "2024-01-01", untilOn: "2025-01-01", note: "year") { id }`);
  await mutate(
    "a line that should not have been",
    `deleteContractLines(lines: [{ externalId: "n1" }]) { versionCount }`,
  );
}

describe("what is recorded later", () => {
  it("changes the newest answer, each time", () => {
    const texts = moments.map(({ answers }) => JSON.stringify(answers.get(facts)));
    expect(new Set(texts).size).toBe(18);
  });

  it("leaves every earlier answer as it was, by its ledger version", async () => {
    for (const { what, version, answers } of moments) {
      for (const [source, then] of answers) {
        const { data, errors } = await ask(source, "2031-05-05", { asOf: { ledgerVersion: String(version) } });
        expect({ what, errors, data }).toEqual({ what, errors: undefined, data: then });
      }
    }
  });

  it("leaves every earlier answer as it was, from the instant of its commit to the last one before the next", async () => {
    const known = "query ($asOf: AsOfInput) { workspace(asOf: $asOf) { ledgerVersion } }";
    for (const { what, version, recordedAt } of moments) {
      for (const at of [recordedAt, ...(await lastInstantOf(version))]) {
        const { data } = await ask(known, "2031-05-05", { asOf: { at } });
        expect({ what, at, data }).toEqual({ what, at, data: { workspace: { ledgerVersion: String(version) } } });
      }
    }
    for (const { what, recordedAt, answers } of moments.filter(({ answers }) => answers.size > 1)) {
      const { data, errors } = await ask(facts, "2031-05-05", { asOf: { at: recordedAt } });
      expect({ what, errors, data }).toEqual({ what, errors: undefined, data: answers.get(facts) });
    }
  });
});

/** The microsecond before the commit after a version; nothing for the newest. */
async function lastInstantOf(version: bigint): Promise<readonly string[]> {
  const rows = await books.read(
    (tx) => tx.sql<{ at: string }[]>`
      select to_char(recorded_at - interval '1 microsecond', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from commits where workspace_id = ${tx.workspaceId} and version = ${version + 1n}`,
  );
  return rows.map(({ at }) => at);
}

describe("an account as of a version", () => {
  const of = async (externalId: string, asOf: object) => {
    const query = `query ($id: String!, $asOf: AsOfInput) {
      account(by: { externalId: $id }, asOf: $asOf) { externalId name arr(on: "2025-12-31") source }
    }`;
    return (await ask(query, "2026-01-01", { id: externalId, asOf })).data?.account;
  };

  it("is null before it was known", async () => {
    expect(await of("newcomer", { ledgerVersion: "3" })).toBeNull();
    expect(await of("newcomer", { ledgerVersion: String(moments[6]?.version) })).toMatchObject({ arr: "6000.00" });
  });

  it("has the ARR and the source that were known: 12 seats less 25 %, then 15, then 9", async () => {
    // 12 × 100 × 12 months × 0.75 = 10,800; 15 seats 13,500; 9 seats 8,100. Versions: 1 made it, 2 catalog, 3 accounts, 4 and 5 lines.
    expect(await of("mid", { ledgerVersion: "3" })).toMatchObject({ arr: "0.00", source: null });
    expect(await of("mid", { ledgerVersion: "4" })).toMatchObject({ arr: "10800.00", source: "LINES" });
    expect(await of("mid", { ledgerVersion: "5" })).toMatchObject({ arr: "13500.00" });
    expect(await of("mid", { ledgerVersion: String(moments[4]?.version) })).toMatchObject({ arr: "8100.00" });
  });
});

describe("asOf is refused", () => {
  it.each([
    ['{ ledgerVersion: "0" }', "asOf", /versions 1 to \d+; 0 is none/],
    ['{ ledgerVersion: "9999" }', "asOf", /versions 1 to \d+; 9999 is none/],
    ['{ at: "2020-01-01T00:00:00Z" }', "asOf", /Nothing was recorded/],
  ])("%s", async (asOf, field, message) => {
    for (const query of [
      `{ workspace(asOf: ${asOf}) { name } }`,
      `{ products(asOf: ${asOf}) { totalCount } }`,
      `{ account(by: { externalId: "mid" }, asOf: ${asOf}) { name } }`,
      `{ accounts(asOf: ${asOf}) { totalCount } }`,
      `{ movements(asOf: ${asOf}) { totalCount } }`,
      `{ expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, policy: { asOf: ${asOf} }) { residual } }`,
    ]) {
      const { errors } = await answer(query, "2026-01-01");
      expect({ query, error: errors?.[0]?.originalError }).toEqual({
        query,
        error: expect.objectContaining({ code: "BAD_USER_INPUT", field, message: expect.stringMatching(message) }),
      });
    }
  });

  it.each([
    "{}",
    '{ ledgerVersion: "1", at: "2026-01-01T00:00:00Z" }',
    '{ at: "yesterday" }',
    '{ ledgerVersion: "x" }',
  ])("%s: it is exactly one of both, as its scalar is written", async (asOf) => {
    const { errors } = await ask(`{ workspace(asOf: ${asOf}) { name } }`, "2026-01-01");
    expect(errors).toHaveLength(1);
  });
});
