// What is suspected of the facts: each check with a case that it finds and one beside it that it lets be.

import { chooseRateSets, setRates } from "@accrete/db/rates/store.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { refusalOf, told } from "./asking.ts";
import { catalog, lineColumns } from "./company.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  books = await world(db);
  await books.importText("catalog", catalog.join("\n"));
});
afterAll(() => db.drop());

type Check = {
  code: string;
  count: number;
  meaning: string;
  fix: string;
  findings: { kind: string; subjects: string[]; message: string }[];
};

async function checks(words = ""): Promise<Record<string, Check>> {
  const { dataQuality } = await told<{ dataQuality: Check[] }>(
    books,
    `{ dataQuality${words} { code count meaning fix findings { kind subjects message } } }`,
  );
  return Object.fromEntries(dataQuality.map((check) => [check.code, check]));
}

const line = (id: string, account: string, from: string, until: string, plan = "starter", currency = "USD") =>
  `${id},C-${account},${account},planner,${plan},false,${from},${until},1,10,,MONTH,${currency}`;
const lines = (...rows: string[]) => books.importText("contract-lines", `${[lineColumns, ...rows].join("\n")}\n`);
const accounts = (...rows: string[]) =>
  books.importText("accounts", `account_id,name,parent_id,channel\n${rows.join("\n")}\n`);

describe("the quality of the facts", () => {
  it("is told check by check, with 0 and what it would mean where nothing is suspected", async () => {
    const all = await checks();
    expect(Object.keys(all)).toEqual([
      "DUPLICATE_ACCOUNTS",
      "PARENTS_MISSING",
      "ATTRIBUTES_MISSING",
      "LINES_OVERLAP",
      "RANKS_MISSING",
      "DRIVERS_OTHER",
      "RATES_MISSING",
      "RATES_STALE",
    ]);
    for (const { count, findings, meaning, fix } of Object.values(all)) {
      expect({ count, findings }).toEqual({ count: 0, findings: [] });
      expect([meaning, fix].every((text) => text.endsWith("."))).toBe(true);
    }
  });

  it("suspects accounts of one name but for case, punctuation and legal form, until they are merged", async () => {
    await accounts("a1,Globex Inc.,,", "a2,GLOBEX,,", "a3,Globexia,,", "a4,Initech,,");
    const { DUPLICATE_ACCOUNTS } = await checks();
    expect(DUPLICATE_ACCOUNTS).toMatchObject({ count: 1, findings: [{ kind: "ACCOUNT", subjects: ["a1", "a2"] }] });
    await told(
      books,
      `mutation { mergeAccounts(from: { externalId: "a2" }, into: { externalId: "a1" }) { ledgerVersion } }`,
    );
    expect((await checks()).DUPLICATE_ACCOUNTS).toMatchObject({ count: 0 });
  });

  it("suspects an account named after another of being its subsidiary, unless it has a parent", async () => {
    await accounts(
      "top,Globex,,",
      "fr,Globex France,,",
      "de,Globex Germany GmbH,top,",
      "x,Globexia Labs,,",
      "y,The Lab,,",
      "z,The,,",
    );
    expect((await checks()).PARENTS_MISSING).toMatchObject({
      count: 1,
      findings: [{ subjects: ["fr", "top"], message: "'Globex France' may belong to 'Globex', and has no parent." }],
    });
  });

  it("finds accounts with ARR of which nothing is known, and not those without ARR", async () => {
    await accounts("a1,One,,", "a2,Two,,Partner", "a3,Three,,");
    await lines(line("L1", "a1", "2025-01-01", ""), line("L2", "a2", "2025-01-01", ""));
    expect((await checks()).ATTRIBUTES_MISSING).toMatchObject({ count: 1, findings: [{ subjects: ["a1"] }] });
  });

  it("suspects two lines of one plan on the same days, and not one that follows the other", async () => {
    await accounts("a1,One,,", "a2,Two,,");
    await lines(
      line("L1", "a1", "2025-01-01", "2025-07-01"),
      line("L2", "a1", "2025-06-30", ""),
      line("L3", "a2", "2025-01-01", "2025-07-01"),
      line("L4", "a2", "2025-07-01", ""),
      line("L5", "a2", "2025-07-01", "", "pro"),
    );
    expect((await checks()).LINES_OVERLAP).toMatchObject({
      count: 1,
      findings: [{ kind: "CONTRACT_LINE", subjects: ["L1", "L2"], message: /^a1 has several lines of starter/ }],
    });
  });

  it("tells the share of OTHER in the days asked for, by number and by amount", async () => {
    await accounts("a1,One,,");
    await books.importText(
      "movements",
      [
        "movement_id,account_id,effective_on,type,driver,amount,currency",
        "M1,a1,2025-01-01,NEW,,1000.00,USD",
        "M2,a1,2025-02-01,EXPANSION,OTHER,200.00,USD",
        "M3,a1,2025-03-01,CONTRACTION,SEAT,-50.00,USD",
        "M4,a1,2025-04-01,EXPANSION,OTHER,1.00,USD\n",
      ].join("\n"),
    );
    const q1 = `(window: { fromOn: "2025-01-01", untilOn: "2025-04-01" })`;
    expect((await checks(q1)).DRIVERS_OTHER).toMatchObject({
      count: 1,
      findings: [
        {
          kind: "MOVEMENT",
          subjects: ["M2"],
          message: "1 of 2 expansions and contractions have the driver OTHER, 200.00 of 250.00 USD.",
        },
      ],
    });
    // The last 365 days of today, 2026-01-01, when no days are asked for.
    expect((await checks()).DRIVERS_OTHER).toMatchObject({ count: 2 });
    const empty = `{ dataQuality(window: { fromOn: "2025-01-01", untilOn: "2025-01-01" }) { code } }`;
    expect(await refusalOf(books, empty)).toMatchObject({ code: "BAD_USER_INPUT", field: "window" });
  });

  it("names currencies with ARR and without a constant rate, and dated rates of more than 45 days", async () => {
    await accounts("a1,One,,");
    await lines(line("L1", "a1", "2025-01-01", "", "starter", "EUR"), line("L2", "a1", "2025-01-01", "", "pro", "GBP"));
    expect((await checks()).RATES_MISSING).toMatchObject({
      count: 2,
      findings: [{ kind: "CURRENCY", subjects: ["EUR"] }, { subjects: ["GBP"] }],
    });
    const author = { actor: "test", action: "rates" };
    await books.write(async (tx) => {
      const eur = { fromCurrency: "EUR", toCurrency: "USD", rate: "1.1" };
      await setRates(tx, { rateSet: "plan", kind: "CONSTANT", rates: [{ ...eur, fromOn: null }] }, author);
      // 2025-11-17 is 45 days before 2026-01-01.
      const gbp = { fromCurrency: "GBP", toCurrency: "USD", rate: "1.3", fromOn: "2025-11-16" };
      await setRates(tx, { rateSet: "bank", kind: "DATED", rates: [{ ...eur, fromOn: "2025-11-17" }, gbp] }, author);
      await chooseRateSets(tx, { constant: "plan", reported: "bank" }, author);
    });
    const { RATES_MISSING, RATES_STALE } = await checks();
    expect(RATES_MISSING).toMatchObject({ count: 1, findings: [{ subjects: ["GBP"] }] });
    expect(RATES_STALE).toMatchObject({
      count: 1,
      findings: [{ subjects: ["GBP"], message: "The last dated rate from GBP to USD is of 2025-11-16." }],
    });
  });

  it("finds a plan without a rank beside others, as books from before that rule may have one", async () => {
    await books.write(async ({ sql, workspaceId }) => {
      await sql`update plan_versions v set superseded_version = 2 from plans p
        where v.workspace_id = ${workspaceId} and p.workspace_id = v.workspace_id and p.id = v.plan_id and p.external_id = 'pro'`;
      await sql`insert into plan_versions (workspace_id, plan_id, recorded_version, superseded_version, name, rank)
        select workspace_id, id, 1, 9223372036854775807, 'Pro', null from plans where workspace_id = ${workspaceId} and external_id = 'pro'`;
    });
    expect((await checks()).RANKS_MISSING).toMatchObject({ count: 1, findings: [{ kind: "PLAN", subjects: ["pro"] }] });
  });
});
