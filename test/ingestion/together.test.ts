// Imports at once: they come one after the other, in whatever order, and the facts of the file are there once.

import { importFile } from "@accrete/db/ingestion/store.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { rowCounts, standing } from "./books.ts";
import { importSamples, rowsOf, sample } from "./rows.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

type Text = { readonly kind: "accounts" | "contract-lines" | "movements"; readonly text: string };

const importAll = (books: World, files: readonly Text[]) =>
  Promise.all(
    files.map(({ kind, text }) =>
      importFile(db.api, books.workspaceId, {
        kind,
        format: "csv",
        source: [Buffer.from(text)],
        effect: "write",
        refusals: "all or nothing",
        unknownNames: "create",
        fileName: null,
        actor: "test",
      }),
    ),
  );

const eight = (file: Text) => Array.from({ length: 8 }, () => file);

it("books the same file once, of eight that come at once", async () => {
  for (const kind of ["accounts", "contract-lines", "movements"] as const) {
    const books = await world(db);
    if (kind !== "accounts") {
      await books.importText("catalog", sample("catalog"));
      await books.importText("accounts", sample("accounts"));
    }
    const before = await rowCounts(books);
    const results = await importAll(books, eight({ kind, text: sample(kind) }));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(["BOOKED", ...Array(7).fill("UNCHANGED")]);
    const after = await rowCounts(books);
    expect(after).toMatchObject({
      version: Number(before.version) + 1,
      import_batches: Number(before.import_batches) + 1,
    });
    expect(await books.importText(kind, sample(kind))).toMatchObject({ outcome: "UNCHANGED" });
    expect(await rowCounts(books)).toEqual(after);
  }
}, 60_000);

it("lets the last of two that say otherwise of one line stand, and keeps the ledger whole", async () => {
  const books = await world(db);
  await importSamples(books);
  const seats = (quantity: string) =>
    ({
      kind: "contract-lines",
      text: rowsOf("contract-lines", { account_id: "vandelay", contract_id: "V", quantity }),
    }) as const;
  const results = await importAll(books, [seats("10"), seats("20"), seats("30"), seats("40")]);
  const [last] = [...results.entries()].sort(([, a], [, b]) => Number(b.ledgerVersion - a.ledgerVersion));
  const expected = [60_000n, 120_000n, 180_000n, 240_000n][last?.[0] ?? 0] ?? 0n;
  expect((await standing(books)).filter(([account]) => account === "vandelay")).toEqual([
    ["vandelay", "2025-01-01", "NEW", null, expected],
    ["vandelay", "2026-01-01", "CHURN", null, -expected],
  ]);
});

it("books files of several kinds that come at once, each of them whole", async () => {
  const books = await world(db);
  await importSamples(books);
  const before = await rowCounts(books);
  const files: Text[] = Array.from(
    { length: 4 },
    (_, index) =>
      [
        { kind: "movements", text: rowsOf("movements", { movement_id: `N-${index}`, account_id: `m${index}` }) },
        {
          kind: "contract-lines",
          text: rowsOf("contract-lines", { line_id: `X-${index}`, contract_id: `X-${index}`, account_id: `l${index}` }),
        },
      ] as const,
  ).flat();
  const results = await importAll(books, files);
  expect(results.map(({ outcome }) => outcome)).toEqual(Array(8).fill("BOOKED"));
  expect(new Set(results.map(({ ledgerVersion }) => ledgerVersion)).size).toBe(8);
  expect(await rowCounts(books)).toMatchObject({
    version: Number(before.version) + 8,
    accounts: Number(before.accounts) + 8,
  });
});
