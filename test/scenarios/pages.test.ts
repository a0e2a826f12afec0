// The pages on corrections, closing and reconciling tell what happens: their files, questions and answers, in order, on the sample files.

import { reportOf } from "@accrete/api/commands/import-report.ts";
import { type ImportKind, importKinds } from "@accrete/db/ingestion/kinds.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import { qualityCodes, qualityTable } from "@accrete/db/metrics/quality-codes.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { textOf } from "../house/tree.ts";
import { importText } from "../ingestion/books.ts";
import { importSamples } from "../ingestion/rows.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runAccrete } from "../support/program.ts";
import { type World, world } from "../support/world.ts";
import { told } from "./asking.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** What a page leaves open, since it is another one each time: "mov_…" stands for any id of movements. */
function open(text: string): unknown {
  return JSON.parse(text, (_key, value) =>
    typeof value === "string" && value.endsWith("…")
      ? expect.stringMatching(new RegExp(`^${value.slice(0, -1).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`))
      : value,
  );
}

/** The ids of the movements that a page writes as "mov_…" and names behind it. */
async function fillIn(books: World, text: string): Promise<string> {
  const { movements } = await told<{ movements: { nodes: { id: string; externalId: string | null }[] } }>(
    books,
    "{ movements { nodes { id externalId } } }",
  );
  const idOf = (name: string) => movements.nodes.find(({ externalId }) => externalId === name)?.id ?? "";
  return text.replace(/"mov_…" # (M-\d)/g, (_, name: string) => `"${idOf(name)}"`);
}

it.each(["docs/corrections.md", "docs/closing.md", "docs/reconcile.md"])("%s answers its examples", async (page) => {
  const books = await world(db);
  await importSamples(books);
  let said: unknown = null;
  let compared = 0;
  for (const [, language = "", text = ""] of textOf(page).matchAll(/^```(.+)\n([\s\S]*?)\n```$/gm)) {
    const kind = importKinds.find((known: ImportKind) => language === `csv ${known}`);
    if (kind) said = reportOf(await importText({ db, books }, kind, `${text}\n`, {}));
    else if (language === "graphql") said = await answerOf(books, await fillIn(books, text));
    else if (language === "json") {
      expect(said).toEqual(open(text));
      compared += 1;
    } else if (language === "text" && text.startsWith("$ accrete doctor")) {
      const words = ["doctor", "--ledger", "--workspace", publicId("workspace", books.workspaceId)];
      const program = runAccrete(words, { DATABASE_URL: db.url("api") });
      await program.end();
      expect(program.text.trimEnd()).toBe(text.split("\n").slice(1).join("\n"));
    } else if (language === "text") {
      expect(said).toBe(text);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(1);
});

it("docs/reconcile.md lists every suspicion as the product has it", () => {
  const rows = qualityCodes.map((code) => `| \`${code}\` | ${qualityTable[code].meaning} ${qualityTable[code].fix} |`);
  expect(
    textOf("docs/reconcile.md")
      .split("\n")
      .filter((line) => /^\| `[A-Z_]+` \|/.test(line)),
  ).toEqual(rows);
});

async function answerOf(books: World, question: string): Promise<unknown> {
  try {
    return { data: await told(books, question) };
  } catch (error) {
    if (!(error instanceof AccreteError)) throw error;
    return { errors: [{ message: error.message, extensions: { code: error.code, field: error.field } }] };
  }
}
