// Accounts that callers name: by our id or by the source's.

import type { Tx } from "../kernel/database.ts";

/** One account: by its uuid, or by its id in the source system. */
export type AccountReference = { readonly id: string } | { readonly externalId: string };

/** An account that exists, under both of its names. */
export type NamedAccount = { readonly id: string; readonly externalId: string };

/** The accounts in the references' order; null for a name that no account has. */
export async function findNamedAccounts(
  tx: Tx,
  references: readonly AccountReference[],
): Promise<readonly (NamedAccount | null)[]> {
  const ids = references.flatMap((reference) => ("id" in reference ? [reference.id] : []));
  const externalIds = references.flatMap((reference) => ("externalId" in reference ? [reference.externalId] : []));
  const rows = await tx.sql<NamedAccount[]>`
    select id, external_id as "externalId" from accounts
    where workspace_id = ${tx.workspaceId}
      and (id = any(${ids}::uuid[]) or external_id = any(${externalIds}::text[]))`;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byExternalId = new Map(rows.map((row) => [row.externalId, row]));
  return references.map(
    (reference) => ("id" in reference ? byId.get(reference.id) : byExternalId.get(reference.externalId)) ?? null,
  );
}

/** The reference as a sentence names it. */
export function nameOfReference(reference: AccountReference): string {
  return "externalId" in reference ? `'${reference.externalId}'` : "with this id";
}
