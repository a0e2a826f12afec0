// The resources against the real server: what they send is what the schema takes, and what comes back is what their types say.

import { Accrete, InputError, PermissionError, quarter } from "@accrete/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalog, lineColumns } from "../scenarios/company.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let reader: Accrete;
let admin: Accrete;
const q4 = quarter("2025-Q4");

beforeAll(async () => {
  server = await startTestServer({ name: "Seller" });
  const clientOf = (apiKey: string) => new Accrete({ endpoint: server.endpoint, apiKey, retriesMax: 0 });
  reader = clientOf(server.keys.read);
  admin = clientOf(server.keys.admin);
  const write = (kind: Parameters<TestServer["importText"]>[0], ...lines: string[]) =>
    server.importText(kind, `${lines.join("\n")}\n`);
  await write("catalog", ...catalog);
  await write("accounts", "account_id,name", "a,A", "b,B");
  await write(
    "contract-lines",
    lineColumns,
    // A has 1,200 a year; its price rises on the way to 15 seats. B leaves in March and comes back in November.
    "A1,CA,a,planner,starter,false,2025-01-01,2025-11-01,10,10,,MONTH,USD",
    "A1,CA,a,planner,starter,false,2025-11-01,,15,12,,MONTH,USD",
    "B1,CB,b,planner,starter,false,2025-01-01,2025-03-01,5,10,,MONTH,USD",
    "B1,CB,b,planner,starter,false,2025-11-01,,5,10,,MONTH,USD",
  );
});

afterAll(() => server?.close());

describe("a policy on the wire", () => {
  const totalUnder = async (policy: NonNullable<Parameters<typeof reader.metrics.expansion>[0]["policy"]>) => {
    const { total, policy: resolved } = await reader.metrics.expansion({ window: q4, policy });
    return { total, resolved };
  };

  it("takes every key, and echoes it", async () => {
    const policy = {
      method: "SNAPSHOT",
      accountLevel: "ULTIMATE_PARENT",
      hierarchyAt: "AS_OF_EVENT",
      priceIncrease: "SEPARATE",
      discountChange: "SEPARATE",
      reactivation: "EXPANSION",
      reactivationWindowDays: 30,
      usage: "EXCLUDE",
      segmentAt: "CLOSING",
      netting: "DAY",
      currency: "CONSTANT",
    } as const;
    expect((await totalUnder(policy)).resolved).toEqual({ ...policy, asOf: null, preset: null });
  });

  it("can be a preset, with keys over it", async () => {
    expect((await totalUnder({ preset: "DBT_MRR_PLAYBOOK" })).resolved).toMatchObject({
      preset: "DBT_MRR_PLAYBOOK",
      netting: "MONTH",
    });
    // Null is a choice, no limit, and makes Maxio's keys the ones of Stripe.
    expect((await totalUnder({ preset: "MAXIO_90D", reactivationWindowDays: null })).resolved).toMatchObject({
      preset: "STRIPE",
      usage: "COMMITTED",
      reactivationWindowDays: null,
    });
    expect((await totalUnder({ preset: "MAXIO_90D", netting: "DAY" })).resolved).toMatchObject({
      preset: null,
      netting: "DAY",
      reactivationWindowDays: 90,
    });
  });

  it("refuses a window of days that is none, with the key as the field", async () => {
    await expect(totalUnder({ reactivationWindowDays: -1 })).rejects.toMatchObject({
      constructor: InputError,
      field: "policy.reactivationWindowDays",
    });
  });

  it("refuses a name under which nothing is saved", async () => {
    await expect(totalUnder({ name: "no such policy" })).rejects.toBeInstanceOf(InputError);
  });
});

describe("what was known", () => {
  it("is asked for by the ledger version of an earlier answer, everywhere", async () => {
    const before = await reader.metrics.expansion({ window: q4 });
    const asOf = { ledgerVersion: before.ledgerVersion };
    await server.importText(
      "contract-lines",
      `${lineColumns}\nA1,CA,a,planner,starter,false,2025-11-01,,40,12,,MONTH,USD\n`,
    );
    await server.importText("accounts", "account_id,name\na,A renamed\n");
    expect((await reader.metrics.expansion({ window: q4 })).total.expansionArr).not.toBe(before.total.expansionArr);
    const again = await reader.metrics.expansion({ window: q4, asOf });
    expect({ ...again, policy: null, policyHash: null }).toEqual({ ...before, policy: null, policyHash: null });
    expect(again.policy.asOf).toBe(before.ledgerVersion);

    // 15 × 12 × 12 months, and 40 × 12 × 12.
    const account = { externalId: "a" };
    expect(await reader.accounts.get(account, { asOf })).toMatchObject({ name: "A", arr: "2160.00" });
    expect(await reader.accounts.get(account)).toMatchObject({ name: "A renamed", arr: "5760.00" });
    const filter = { accountExternalIds: ["a"] };
    expect((await reader.movements.list(filter, { asOf })).nodes.map(({ amount }) => amount)).toEqual([
      "1200.00",
      "600.00",
      "360.00",
    ]);
    expect((await reader.accounts.list({}, { asOf })).nodes.map(({ name }) => name)).toEqual(["A", "B"]);
    expect((await reader.workspace.get({ asOf })).ledgerVersion).toBe(before.ledgerVersion);
    expect((await reader.catalog.products({ asOf, first: 1 })).totalCount).toBe(3);
  });
});

describe("a write", () => {
  it("answers what it has written, and is refused for a key that may not", async () => {
    const bands = [
      { name: "Large", fromArr: "2000" },
      { name: "Small", fromArr: "0" },
    ];
    const { segmentBands } = await admin.workspace.setSegments(bands);
    expect(segmentBands).toEqual([
      { name: "Large", fromArr: "2000.00" },
      { name: "Small", fromArr: "0.00" },
    ]);
    await expect(reader.workspace.setSegments(bands)).rejects.toMatchObject({
      constructor: PermissionError,
      code: "FORBIDDEN",
      message: expect.stringContaining("'admin'"),
    });
  });
});
