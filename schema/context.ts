// What every resolver is given: one workspace's read transaction, who asks, and the loaders that batch what is nested.

import type { KeyScope } from "@accrete/db/identity/scopes.ts";
import type { Tx } from "@accrete/db/kernel/database.ts";
import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import { createLoaders, type Loaders } from "./loaders.ts";

/** Who asks: the API key's id and scope, and the id under which the server logs this request. */
export type Asker = {
  readonly keyId: string;
  readonly scope: KeyScope;
  readonly requestId: string;
  /** What "today" means in defaults such as `arr(on:)`; UTC. */
  readonly todayOn: PlainDate;
};

export type Context = Asker & { readonly tx: Tx; readonly loaders: Loaders };

/** The context of one operation: everything in it reads the one snapshot of `tx`. */
export function createContext(tx: Tx, asker: Asker): Context {
  return { ...asker, tx, loaders: createLoaders(tx, asker.todayOn) };
}
