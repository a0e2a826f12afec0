// `accrete workspace create`: a new tenant, with a first key to reach it.

import { createApiKey } from "@accrete/db/identity/store.ts";
import { inWorkspace } from "@accrete/db/kernel/database.ts";
import { newId, publicId } from "@accrete/db/kernel/ids.ts";
import { parseCurrency } from "@accrete/db/kernel/money.ts";
import { createWorkspace } from "@accrete/db/workspaces/store.ts";
import { type Command, InvalidArgumentError } from "commander";
import { readSettings } from "../settings.ts";
import { openBooks } from "./books.ts";

type CreateOptions = { readonly name: string; readonly currency: string; readonly fiscalYearStart: number };

export function registerWorkspace(program: Command): void {
  const workspace = program.command("workspace").description("Make the workspaces that hold your books.");
  workspace
    .command("create")
    .description("Make a workspace, and a first key for it with the scope admin.")
    .requiredOption("--name <text>", "what it is called")
    .requiredOption("--currency <code>", "the currency of its reports, ISO 4217", readCurrency)
    .option("--fiscal-year-start <month>", "the month that its fiscal year begins with, 1 to 12", readMonth, 1)
    .addHelpText(
      "after",
      `
The key is shown once and not kept. The reporting currency and the fiscal year decide how questions are answered.

Example:
  accrete workspace create --name "Acme" --currency EUR --fiscal-year-start 4`,
    )
    .action(async (options: CreateOptions) => {
      const { id, key } = await create(options);
      console.log(`Workspace  ${id}\nKey        ${key}\n\nThe key has the scope admin and is not shown again.`);
    });
}

async function create(options: CreateOptions): Promise<{ readonly id: string; readonly key: string }> {
  const books = await openBooks(readSettings(process.env));
  try {
    const workspaceId = newId();
    const key = await inWorkspace(books.database, workspaceId, "write", async (tx) => {
      const { name, currency, fiscalYearStart } = options;
      const workspace = { name, reportingCurrency: currency, fiscalYearStartMonth: fiscalYearStart };
      await createWorkspace(tx, workspace, { actor: "command", action: "create workspace" });
      return createApiKey(tx, { name: "first key", scope: "admin", environment: "live" });
    });
    return { id: publicId("workspace", workspaceId), key: key.text };
  } finally {
    await books.close();
  }
}

function readCurrency(text: string): string {
  const currency = parseCurrency(text);
  if (currency === null) throw new InvalidArgumentError("It must be an ISO 4217 code such as USD.");
  return currency;
}

function readMonth(text: string): number {
  if (!/^([1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError("It must be a month from 1 to 12.");
  return Number(text);
}
