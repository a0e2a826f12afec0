// Policies saved under a name and the workspace's default: what a question gets, now and as it was known then.

import type { AsOf } from "@accrete/db/kernel/knowledge.ts";
import type { AskedPolicy } from "@accrete/db/policies/policy.ts";
import { getPolicy, savePolicy } from "@accrete/db/policies/store.ts";
import { getCommitAsOf, getSettings } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerOf } from "../schema/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { change } from "../workspaces/writing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** What a question gets. */
const asked = (books: World, policy: AskedPolicy, asOf: AsOf | null = null) =>
  books.read(async (tx) => {
    const { version: ledgerVersion } = await getCommitAsOf(tx, asOf);
    return getPolicy(tx, policy, { settings: await getSettings(tx, ledgerVersion), ledgerVersion, asOf });
  });

const author = { actor: "test", action: "save policy" };
const badInput = (field: string) => ({ code: "BAD_USER_INPUT", field });

test("a question by a saved name gets its keys over the workspace's default, under its own keys", async () => {
  const books = await world(db);
  await change(books, "mutation { setPolicy(policy: { netting: DAY, usage: EXCLUDE, segmentAt: CLOSING }) { id } }");
  await change(books, `mutation { savePolicy(name: " Board ", policy: { netting: NONE, usage: COMMITTED }) { name } }`);
  expect(await asked(books, { name: "Board", usage: "BILLED_RECURRING" })).toMatchObject({
    netting: "NONE",
    usage: "BILLED_RECURRING",
    segmentAt: "CLOSING",
    preset: null,
  });
  expect(await asked(books, { preset: "GITLAB" })).toMatchObject({
    accountLevel: "ULTIMATE_PARENT",
    segmentAt: "OPENING",
    usage: "COMMITTED",
    preset: "GITLAB",
  });
});

test("a saved policy is listed with its keys, what it resolves to, its hash, who saved it and its history", async () => {
  const books = await world(db);
  const keys = "keys { key value }";
  await change(books, `mutation { savePolicy(name: "Board", policy: { netting: MONTH }) { name } }`);
  await change(
    books,
    `mutation { savePolicy(name: "Board", policy: { netting: MONTH, reactivationWindowDays: null, method: EVENT }) { name } }`,
  );
  const { policies } = await answerOf<{ policies: unknown }>(
    books,
    `{ policies { name ${keys} policyHash resolved { netting preset } setBy ledgerVersion history { ledgerVersion setBy ${keys} } } }`,
  );
  const netting = { key: "NETTING", value: "MONTH" };
  const latest = [{ key: "METHOD", value: "EVENT" }, { key: "REACTIVATION_WINDOW_DAYS", value: null }, netting];
  const setBy = expect.stringMatching(/^key_/);
  expect(policies).toEqual([
    {
      name: "Board",
      keys: latest,
      policyHash: "a6024da0e06d51f148809d71ea0bbe267222aa7f53c2fef1163d72a17284f9d3",
      resolved: { netting: "MONTH", preset: "DBT_MRR_PLAYBOOK" },
      setBy,
      ledgerVersion: "3",
      history: [
        { ledgerVersion: "3", setBy, keys: latest },
        { ledgerVersion: "2", setBy, keys: [netting] },
      ],
    },
  ]);
});

test("what a name and the default meant is read as it was known then", async () => {
  const books = await world(db);
  await change(books, `mutation { savePolicy(name: "Board", policy: { netting: MONTH }) { name } }`);
  await change(books, `mutation { savePolicy(name: "Board", policy: { netting: DAY }) { name } }`);
  await change(books, "mutation { setPolicy(policy: { method: SNAPSHOT }) { id } }");
  await change(books, `mutation { deletePolicy(name: "Board") { name } }`);
  const at = (ledgerVersion: bigint) => asked(books, { name: "Board" }, { ledgerVersion });
  expect(await at(2n)).toMatchObject({ netting: "MONTH", method: "EVENT", asOf: "2" });
  expect(await at(3n)).toMatchObject({ netting: "DAY", method: "EVENT" });
  expect(await at(4n)).toMatchObject({ netting: "DAY", method: "SNAPSHOT" });
  await expect(at(5n)).rejects.toMatchObject(badInput("policy.name"));
  await expect(at(1n)).rejects.toMatchObject(badInput("policy.name"));
  const { now, then } = await answerOf<Record<"now" | "then", unknown>>(
    books,
    `{ now: policies { name } then: policies(asOf: { ledgerVersion: "3" }) { name history { ledgerVersion } } }`,
  );
  expect(now).toEqual([]);
  expect(then).toEqual([{ name: "Board", history: [{ ledgerVersion: "3" }, { ledgerVersion: "2" }] }]);
});

test("a name can be saved again after it was deleted, and its whole history stays", async () => {
  const books = await world(db);
  await change(books, `mutation { savePolicy(name: "Board", policy: { netting: MONTH }) { name } }`);
  await change(books, `mutation { deletePolicy(name: "Board") { name } }`);
  const { savePolicy: saved } = await change<{ savePolicy: unknown }>(
    books,
    `mutation { savePolicy(name: "Board", policy: { netting: DAY }) { history { ledgerVersion keys { value } } } }`,
  );
  expect(saved).toEqual({
    history: [
      { ledgerVersion: "4", keys: [{ value: "DAY" }] },
      { ledgerVersion: "3", keys: null },
      { ledgerVersion: "2", keys: [{ value: "MONTH" }] },
    ],
  });
});

test("a saved preset keeps every key; a default by preset is echoed as it, and a later change of a name changes no default", async () => {
  const books = await world(db);
  await change(
    books,
    `mutation { savePolicy(name: "Investor", policy: { preset: MAXIO_90D, method: SNAPSHOT }) { name } }`,
  );
  expect((await asked(books, { name: "Investor" })).reactivationWindowDays).toBe(90);
  await change(books, `mutation { setPolicy(policy: { name: "Investor", method: EVENT }) { id } }`);
  await change(books, `mutation { savePolicy(name: "Investor", policy: { netting: DAY }) { name } }`);
  const { workspace } = await answerOf<{ workspace: unknown }>(
    books,
    "{ workspace { defaultPolicy { preset usage netting } } }",
  );
  expect(workspace).toEqual({ defaultPolicy: { preset: "MAXIO_90D", usage: "COMMITTED", netting: "NONE" } });
});

test("saving what a name means, and setting the default to what it is, record nothing", async () => {
  const books = await world(db);
  const save = () => books.write((tx) => savePolicy(tx, "Board", { netting: "MONTH" }, author));
  expect(await save()).toMatchObject({ version: 2n });
  expect(await save()).toBeNull();
  const { setPolicy } = await change<{ setPolicy: unknown }>(
    books,
    "mutation { setPolicy(policy: { netting: NONE, reactivationWindowDays: null }) { ledgerVersion } }",
  );
  expect(setPolicy).toEqual({ ledgerVersion: "2" });
});

test("names that are blank, long or a preset's, both names at once, an unknown name and an asOf that is kept are refused", async () => {
  const books = await world(db);
  const save = (name: string, policy = "{ netting: DAY }") =>
    change(books, `mutation ($name: String!) { savePolicy(name: $name, policy: ${policy}) { name } }`, { name });
  for (const name of ["  ", "x".repeat(101), "gitlab"])
    await expect(save(name)).rejects.toMatchObject(badInput("name"));
  await expect(save("A", '{ name: "none" }')).rejects.toMatchObject(badInput("policy.name"));
  await expect(save("A", '{ asOf: { ledgerVersion: "1" } }')).rejects.toMatchObject(badInput("policy.asOf"));
  await expect(save("A", '{ preset: GITLAB, name: "B" }')).rejects.toMatchObject(badInput("policy.name"));
  await expect(save("A", "{ reactivationWindowDays: -1 }")).rejects.toMatchObject(
    badInput("policy.reactivationWindowDays"),
  );
  await expect(change(books, `mutation { deletePolicy(name: "A") { name } }`)).rejects.toMatchObject(badInput("name"));
  await expect(
    change(books, `mutation { setPolicy(policy: { asOf: { ledgerVersion: "1" } }) { id } }`),
  ).rejects.toMatchObject(badInput("policy.asOf"));
});

test("a workspace saves at most 200 policies", async () => {
  const books = await world(db);
  await books.write(
    (tx) => tx.sql`
      insert into saved_policies (workspace_id, name, recorded_version, recorded_at, set_by, keys)
      select ${tx.workspaceId}::uuid, 'policy ' || i, 1, now(), 'test', '{"netting": "DAY"}' from generate_series(0, 199) i`,
  );
  const save = (name: string) => books.write((tx) => savePolicy(tx, name, { netting: "MONTH" }, author));
  await expect(save("one more")).rejects.toMatchObject(badInput("name"));
  expect(await save("policy 7")).toMatchObject({ version: 2n });
});

test("a metrics question by name, by preset and as of a version tells the policy that it used", async () => {
  const books = await world(db);
  await change(books, `mutation { savePolicy(name: "Board", policy: { netting: MONTH }) { name } }`);
  await change(books, `mutation { savePolicy(name: "Board", policy: { method: SNAPSHOT }) { name } }`);
  const window = `window: { fromOn: "2025-10-01", untilOn: "2026-01-01" }`;
  const echo = "policy { method netting reactivationWindowDays asOf preset } policyHash ledgerVersion";
  const { now, then, preset } = await answerOf<Record<"now" | "then" | "preset", unknown>>(
    books,
    `{ now: expansionMetrics(${window}, policy: { name: "Board", netting: DAY }) { ${echo} }
       then: expansionMetrics(${window}, policy: { name: "Board", asOf: { ledgerVersion: "2" } }) { ${echo} }
       preset: expansionMetrics(${window}, policy: { preset: MAXIO_90D }) { ${echo} } }`,
  );
  const none = { reactivationWindowDays: null, asOf: null, preset: null };
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(now).toEqual({
    policy: { ...none, method: "SNAPSHOT", netting: "DAY" },
    policyHash: hash,
    ledgerVersion: "3",
  });
  expect(then).toEqual({
    policy: { ...none, method: "EVENT", netting: "MONTH", asOf: "2", preset: "DBT_MRR_PLAYBOOK" },
    policyHash: hash,
    ledgerVersion: "2",
  });
  expect(preset).toEqual({
    policy: { method: "EVENT", netting: "NONE", reactivationWindowDays: 90, asOf: null, preset: "MAXIO_90D" },
    policyHash: "13728290385e0989be4b8bee2fda46b1b6d8af53e90036d3ae47de3a13f6b398",
    ledgerVersion: "3",
  });
});
