// API keys in Postgres: making, checking, revoking and listing them. The secret is shown once and never kept.

import { randomBytes } from "node:crypto";
import { type Database, inWorkspace, type Tx } from "../kernel/database.ts";
import { AccreteError } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { equalHashes, formatKey, hashSecret, type KeyEnvironment, parseKey } from "./keys.ts";
import type { KeyScope } from "./scopes.ts";

export type NewApiKey = {
  /** What it is for, such as "dashboard". */
  readonly name: string;
  readonly scope: KeyScope;
  readonly environment: KeyEnvironment;
  /** An instant, RFC 3339; null or left out: it does not expire. */
  readonly expiresAt?: string | null;
};

/** Who a valid key stands for. */
export type Identity = { readonly workspaceId: string; readonly keyId: string; readonly scope: KeyScope };

export type ApiKeyRow = {
  readonly id: string;
  readonly name: string;
  readonly scope: KeyScope;
  readonly createdAt: string;
  /** Null: it does not expire. */
  readonly expiresAt: string | null;
  /** Null while it is not revoked. */
  readonly revokedAt: string | null;
};

/** Makes a key of the transaction's workspace. `text` is the only copy of its secret there will ever be. */
export async function createApiKey(tx: Tx, key: NewApiKey): Promise<{ readonly keyId: string; readonly text: string }> {
  const keyId = newId();
  const secret = randomBytes(32);
  await tx.sql`
    insert into api_keys (workspace_id, id, name, scope, secret_hash, created_at, expires_at)
    values (${tx.workspaceId}, ${keyId}, ${key.name}, ${key.scope}, ${hashSecret(secret)}, clock_timestamp(),
      ${key.expiresAt ?? null}::timestamptz)`;
  const { workspaceId } = tx;
  return { keyId, text: formatKey({ environment: key.environment, workspaceId, keyId, secret }) };
}

/** Whom the key's text stands for; null when it is malformed, unknown, revoked or expired, without saying which. */
export async function authenticate(database: Database, text: string): Promise<Identity | null> {
  const parts = parseKey(text);
  if (!parts) return null;
  const { workspaceId, keyId } = parts;
  const [row] = await inWorkspace(
    database,
    workspaceId,
    "read",
    (tx) => tx.sql<{ scope: KeyScope; secretHash: string }[]>`
      select scope, secret_hash as "secretHash" from api_keys
      where workspace_id = ${workspaceId} and id = ${keyId} and revoked_at is null
        and (expires_at is null or expires_at > clock_timestamp())`,
  );
  // An unknown key is compared too: the answer's time must not tell which ids exist.
  const isRight = equalHashes(row?.secretHash ?? "0".repeat(64), hashSecret(parts.secret));
  return row && isRight ? { workspaceId, keyId, scope: row.scope } : null;
}

/** Ends a key, at once here and within five seconds on every server. Throws NOT_FOUND; revoking it again changes nothing. */
export async function revokeApiKey(tx: Tx, keyId: string): Promise<void> {
  const rows = await tx.sql`
    update api_keys set revoked_at = coalesce(revoked_at, ${await now(tx)}::timestamptz)
    where workspace_id = ${tx.workspaceId} and id = ${keyId} returning id`;
  if (rows.length === 0) throw new AccreteError("NOT_FOUND", "There is no such API key.");
}

/** The workspace's keys, revoked and expired ones too, the newest first. */
export async function listApiKeys(tx: Tx): Promise<readonly ApiKeyRow[]> {
  return tx.sql<ApiKeyRow[]>`
    select id, name, scope, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"
    from api_keys where workspace_id = ${tx.workspaceId} order by created_at desc, id desc`;
}

/** The database's time, as a parameter: a volatile function inside an UPDATE does not survive distribution. */
async function now(tx: Tx): Promise<string> {
  const [row] = await tx.sql<{ now: string }[]>`select clock_timestamp()::text as now`;
  return row?.now ?? "";
}
