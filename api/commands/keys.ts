// `accrete keys`: makes, lists and revokes the API keys of a workspace.

import { type KeyScope, keyScopes } from "@accrete/db/identity/scopes.ts";
import { type ApiKeyRow, createApiKey, listApiKeys, revokeApiKey } from "@accrete/db/identity/store.ts";
import { inWorkspace, type Tx, type TxMode } from "@accrete/db/kernel/database.ts";
import { parsePublicId, publicId } from "@accrete/db/kernel/ids.ts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { readSettings } from "../settings.ts";
import { openBooks, resolveWorkspace, workspaceOption } from "./books.ts";

type WorkspaceOptions = { readonly workspace?: string };
type CreateOptions = WorkspaceOptions & {
  readonly name: string;
  readonly scope: KeyScope;
  readonly expiresAt?: string;
};

export function registerKeys(program: Command): void {
  const keys = program.command("keys").description("Make, list and revoke API keys.");
  keys
    .command("create")
    .description("Make a key. It is shown once and not kept.")
    .requiredOption("--name <text>", "what it is for, such as dashboard")
    .addOption(
      new Option("--scope <scope>", "what it may do; each scope includes the ones before it")
        .choices(keyScopes)
        .default("read"),
    )
    .option("--expires-at <instant>", "when it ends, such as 2027-01-01T00:00:00Z; never unless told", readInstant)
    .option(...workspaceOption)
    .addHelpText("after", "\nExample:\n  accrete keys create --name nightly-import --scope write --workspace wsp_…")
    .action(async (options: CreateOptions) => {
      const { name, scope, expiresAt = null } = options;
      const key = await inMeantWorkspace(options, "write", (tx) =>
        createApiKey(tx, { name, scope, environment: "live", expiresAt }),
      );
      console.log(`Id   ${publicId("apiKey", key.keyId)}\nKey  ${key.text}\n\nThe key is not shown again.`);
    });
  keys
    .command("list")
    .description("List the keys, the newest first: their ids, never their text.")
    .option(...workspaceOption)
    .action(async (options: WorkspaceOptions) => {
      for (const key of await inMeantWorkspace(options, "read", listApiKeys)) console.log(lineOf(key));
    });
  keys
    .command("revoke")
    .description("End a key, within five seconds on every server.")
    .argument("<id>", "the key's id, as key_…", readKeyId)
    .option(...workspaceOption)
    .action(async (keyId: string, options: WorkspaceOptions) => {
      await inMeantWorkspace(options, "write", (tx) => revokeApiKey(tx, keyId));
      console.log(`Revoked ${publicId("apiKey", keyId)}.`);
    });
}

async function inMeantWorkspace<T>(options: WorkspaceOptions, mode: TxMode, work: (tx: Tx) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env);
  const books = await openBooks(settings);
  try {
    const workspaceId = await resolveWorkspace(books.database, settings, options.workspace);
    return await inWorkspace(books.database, workspaceId, mode, work);
  } finally {
    await books.close();
  }
}

function lineOf(key: ApiKeyRow): string {
  const state = key.revokedAt ? `revoked ${key.revokedAt}` : key.expiresAt ? `until ${key.expiresAt}` : "";
  return [publicId("apiKey", key.id), key.scope.padEnd(5), key.createdAt, key.name, state].join("  ").trimEnd();
}

function readInstant(text: string): string {
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!isInstant || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError("It must be an instant such as 2027-01-01T00:00:00Z.");
  }
  return text;
}

function readKeyId(text: string): string {
  const keyId = parsePublicId("apiKey", text);
  if (keyId === null) throw new InvalidArgumentError("It must be an id such as key_….");
  return keyId;
}
