// API keys: their text, what of them is kept, whom they stand for, and how fast they end.

import { createDoorkeeper } from "@accrete/api/identity.ts";
import { formatKey, parseKey } from "@accrete/db/identity/keys.ts";
import { authenticate, createApiKey, listApiKeys, revokeApiKey } from "@accrete/db/identity/store.ts";
import { newId } from "@accrete/db/kernel/ids.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

const parts = {
  environment: "live",
  workspaceId: "0190a3c4-7de0-7000-8000-000000000001",
  keyId: "0190a3c4-7de0-7000-8000-000000000002",
  secret: Buffer.from(`${"00".repeat(31)}07`, "hex"),
} as const;

describe("the text of a key", () => {
  it("names its kind, its workspace and itself, and reads back as what it was made of", () => {
    const text = formatKey(parts);
    expect(text).toMatch(/^accr_live_[0-9A-Za-z]{43}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(parseKey(text)).toEqual(parts);
    expect(parseKey(formatKey({ ...parts, environment: "demo" }))?.environment).toBe("demo");
  });

  it("is refused with any one of its characters changed, added or left out", () => {
    const text = formatKey(parts);
    for (let i = 0; i < text.length; i += 1) {
      const other = text[i] === "1" ? "2" : "1";
      expect(parseKey(text.slice(0, i) + other + text.slice(i + 1)), `changed at ${i}`).toBeNull();
      expect(parseKey(text.slice(0, i) + text.slice(i + 1)), `left out at ${i}`).toBeNull();
      expect(parseKey(`${text.slice(0, i)}1${text.slice(i)}`), `added at ${i}`).toBeNull();
    }
  });

  it.each([
    "",
    "accr",
    "accr_live___",
    `${formatKey(parts)}\n`,
    ` ${formatKey(parts)}`,
    formatKey(parts).toUpperCase(),
  ])("is not %j", (text) => {
    expect(parseKey(text)).toBeNull();
  });
});

describe("a key in the books", () => {
  let db: TestDatabase;
  let books: World;

  beforeAll(async () => {
    db = await testDatabase();
    books = await world(db);
  });

  afterAll(() => db?.drop());

  const make = (more: { expiresAt?: string } = {}) =>
    books.write((tx) => createApiKey(tx, { name: "dashboard", scope: "read", environment: "live", ...more }));

  it("stands for its workspace and its scope", async () => {
    const { keyId, text } = await make();
    expect(await authenticate(db.api, text)).toEqual({ workspaceId: books.workspaceId, keyId, scope: "read" });
  });

  it("keeps nothing that its text could be made of", async () => {
    const { text } = await make();
    const secret = text.split("_")[3] ?? "";
    const stored = await books.read((tx) => tx.sql`select api_keys::text as row from api_keys`);
    expect(JSON.stringify(stored)).not.toContain(secret);
    const kept = parseKey(text)?.secret ?? new Uint8Array();
    expect(JSON.stringify(stored)).not.toContain(Buffer.from(kept).toString("hex"));
  });

  it("is not another key's secret, another workspace's id, an unknown id, an expired or a revoked one", async () => {
    const { keyId, text } = await make();
    const own = parseKey(text);
    const others = parseKey((await make()).text);
    const expired = await make({ expiresAt: "2020-01-01T00:00:00Z" });
    const revoked = await make();
    await books.write((tx) => revokeApiKey(tx, revoked.keyId));
    if (!own || !others) throw new Error("no key");
    const wrong = [
      formatKey({ ...own, secret: others.secret }),
      formatKey({ ...own, workspaceId: newId() }),
      formatKey({ ...own, keyId: newId() }),
      formatKey({ ...own, workspaceId: (await world(db)).workspaceId }),
      expired.text,
      revoked.text,
    ];
    for (const one of wrong) expect(await authenticate(db.api, one)).toBeNull();
    expect((await authenticate(db.api, text))?.keyId).toBe(keyId);
  });

  it("counts until it expires", async () => {
    expect(await authenticate(db.api, (await make({ expiresAt: "2099-01-01T00:00:00Z" })).text)).not.toBeNull();
  });

  it("is listed, the newest first, without its secret; revoking it twice is once, and an unknown one is NOT_FOUND", async () => {
    const { keyId } = await make();
    await books.write((tx) => revokeApiKey(tx, keyId));
    const [first] = await books.read(listApiKeys);
    await books.write((tx) => revokeApiKey(tx, keyId));
    const [again] = await books.read(listApiKeys);
    expect(first).toEqual({
      id: keyId,
      name: "dashboard",
      scope: "read",
      createdAt: expect.any(String),
      expiresAt: null,
      revokedAt: expect.any(String),
    });
    expect(again).toEqual(first);
    await expect(books.write((tx) => revokeApiKey(tx, newId()))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  describe("at the door", () => {
    it("is checked against the books once in five seconds, so that a revoked one lives no longer", async () => {
      let nowMs = 1_000;
      const { identify } = createDoorkeeper({ database: db.api, nowMs: () => nowMs });
      const { keyId, text } = await make();
      const header = `Bearer ${text}`;
      expect((await identify(header)).keyId).toBe(keyId);
      await books.write((tx) => revokeApiKey(tx, keyId));
      nowMs += 4_999;
      expect((await identify(header)).keyId).toBe(keyId);
      nowMs += 1;
      await expect(identify(header)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    });

    it("is a bearer token, whatever the case of the word, and nothing else", async () => {
      const { identify } = createDoorkeeper({ database: db.api });
      const { keyId, text } = await make();
      expect((await identify(`bearer ${text}`)).keyId).toBe(keyId);
      for (const header of [
        undefined,
        "",
        "Bearer",
        "Bearer ",
        text,
        `Basic ${text}`,
        `Bearer ${text} x`,
        `Bearer x${text}`,
      ]) {
        await expect(identify(header), String(header)).rejects.toMatchObject({
          code: "UNAUTHENTICATED",
          message: "A valid API key is required: send 'Authorization: Bearer <key>'.",
        });
      }
    });
  });
});
