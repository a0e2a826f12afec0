// The demo in Postgres: made through the real import, found again at the next start, and its key renewed.

import { demoWorkspaceId, loadDemo } from "@accrete/api/demo/load.ts";
import { authenticate } from "@accrete/db/identity/store.ts";
import { importFile } from "@accrete/db/ingestion/store.ts";
import { inWorkspace } from "@accrete/db/kernel/database.ts";
import { createWorkspace } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
let firstKey: string;
let asMade: Held | undefined;
beforeAll(async () => {
  db = await testDatabase();
  firstKey = (await loadDemo(db.api, {})).apiKey;
  asMade = await held(db);
});
afterAll(() => db.drop());

type Held = { ledgerVersion: string; accounts: string; versions: string; movements: string; keys: string };

/** What the demo workspace holds, counted. */
function held(database: TestDatabase): Promise<Held | undefined> {
  return inWorkspace(database.api, demoWorkspaceId, "read", async ({ sql, workspaceId }) => {
    const [row] = await sql<Held[]>`
      select (select version::text from ledger_versions where workspace_id = ${workspaceId}) as "ledgerVersion",
        (select count(*)::text from accounts where workspace_id = ${workspaceId}) as accounts,
        (select count(*)::text from contract_line_versions where workspace_id = ${workspaceId}) as versions,
        (select count(*)::text from movements where workspace_id = ${workspaceId}) as movements,
        (select count(*)::text from api_keys where workspace_id = ${workspaceId} and revoked_at is null) as keys`;
    return row;
  });
}

describe("loading the demo", () => {
  it("makes one workspace of 404 accounts, with a key for it", async () => {
    expect(asMade).toMatchObject({ ledgerVersion: "4", accounts: "404", keys: "1" });
    expect(await authenticate(db.api, firstKey)).toMatchObject({ workspaceId: demoWorkspaceId, scope: "admin" });
  });

  it("leaves it as it is at the next start, and only renews the key", async () => {
    const { workspaceId, apiKey } = await loadDemo(db.api, {});
    expect(workspaceId).toBe(demoWorkspaceId);
    expect(await held(db)).toEqual(asMade);
    expect(await authenticate(db.api, apiKey)).toMatchObject({ workspaceId: demoWorkspaceId });
    expect(await authenticate(db.api, firstKey)).toBeNull();
  });

  it("keeps what has been imported into it since", async () => {
    await importFile(db.api, demoWorkspaceId, {
      kind: "accounts",
      format: "csv",
      source: [Buffer.from("account_id,name\nacme,Acme Renamed\n")],
      fileName: null,
      actor: "test",
      effect: "write",
      unknownNames: "refuse",
      refusals: "all or nothing",
    });
    const before = await held(db);
    await loadDemo(db.api, {});
    expect(await held(db)).toEqual(before);
  });

  it("finishes a demo whose making was cut short", async () => {
    const cut = await testDatabase();
    try {
      const workspace = { name: "Demo", reportingCurrency: "USD", fiscalYearStartMonth: 1 };
      await inWorkspace(cut.api, demoWorkspaceId, "write", (tx) =>
        createWorkspace(tx, workspace, { actor: "demo", action: "create workspace" }),
      );
      await loadDemo(cut.api, {});
      expect(await held(cut)).toEqual({ ...asMade, keys: "1" });
    } finally {
      await cut.drop();
    }
  });
});
