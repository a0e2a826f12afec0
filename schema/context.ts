// What every resolver is given: one workspace's transaction, who asks, and the loaders that batch what is nested.

import { allows, type KeyScope } from "@accrete/db/identity/scopes.ts";
import type { Tx } from "@accrete/db/kernel/database.ts";
import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import type { CommitAuthor } from "@accrete/db/workspaces/store.ts";
import { createLoaders, type Loaders } from "./loaders.ts";

/** Who asks: the API key's id and scope, and the id under which the server logs this request. */
export type Asker = {
  readonly keyId: string;
  readonly scope: KeyScope;
  readonly requestId: string;
  /** What "today" means in defaults such as `arr(on:)`; UTC. */
  readonly todayOn: PlainDate;
};

export type Context = Asker & {
  readonly tx: Tx;
  /** They remember what they read, until a mutation writes. */
  readonly loaders: Loaders;
};

/** The context of one operation: a question reads the one snapshot of `tx`, a mutation writes in it. */
export function createContext(tx: Tx, asker: Asker): Context {
  return { ...asker, tx, loaders: createLoaders(tx, asker.todayOn) };
}

/**
 * What a mutation does: `work` writes, and what is read afterwards is read anew. Facts need the scope `write`, choices of the workspace
 * `admin`; FORBIDDEN otherwise.
 */
export async function writing<T>(
  context: Context,
  { needs, action }: { readonly needs: KeyScope; readonly action: string },
  work: (tx: Tx, author: CommitAuthor) => Promise<T>,
): Promise<T> {
  if (!allows(context.scope, needs)) {
    throw new AccreteError(
      "FORBIDDEN",
      `This needs a key of the scope '${needs}'; this key's scope is '${context.scope}'.`,
    );
  }
  const result = await work(context.tx, { actor: publicId("apiKey", context.keyId), action });
  Object.assign(context, { loaders: createLoaders(context.tx, context.todayOn) });
  return result;
}
