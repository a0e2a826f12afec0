// What every resolver is given: one workspace's transaction, who asks, and the loaders that batch what is nested.

import { allows, type KeyScope } from "@accrete/db/identity/scopes.ts";
import type { Tx } from "@accrete/db/kernel/database.ts";
import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import type { AsOf } from "@accrete/db/kernel/knowledge.ts";
import { newestKnown } from "@accrete/db/kernel/knowledge.ts";
import { type CommitAuthor, getCommitAsOf } from "@accrete/db/workspaces/store.ts";
import { type Knowledge, LoadersByQuestion } from "./batching.ts";
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
  /** Of the newest knowledge. */
  readonly loaders: Loaders;
  /** They remember what they read, until a mutation writes. */
  readonly memory: Memory;
};

/** The context of one operation: a question reads the one snapshot of `tx`, a mutation writes in it. */
export function createContext(tx: Tx, asker: Asker): Context {
  const memory = newMemory(tx);
  return { ...asker, tx, memory, loaders: memory.loaders.of(newest(asker)) };
}

/** What an operation has read: one set of loaders per knowledge that it asks. */
type Memory = {
  readonly loaders: LoadersByQuestion<Knowledge, Loaders>;
  readonly knowledge: LoadersByQuestion<AsOf, Promise<Knowledge>>;
};

function newMemory(tx: Tx): Memory {
  return {
    loaders: new LoadersByQuestion((known) => createLoaders(tx, known)),
    knowledge: new LoadersByQuestion((asOf) => findKnowledge(tx, asOf)),
  };
}

const newest = ({ todayOn }: Pick<Asker, "todayOn">): Knowledge => ({ asOf: null, version: newestKnown, on: todayOn });

async function findKnowledge(tx: Tx, asOf: AsOf): Promise<Knowledge> {
  const { version, recordedAt } = await getCommitAsOf(tx, asOf);
  const instant = "at" in asOf ? asOf.at : recordedAt;
  return { asOf, version, on: instant.slice(0, 10) };
}

/** Whose knowledge is meant: `on` is what "today" means in it, the UTC day of the instant or of the version's commit. */
export function knownAs({ memory, todayOn }: Context, asOf: AsOf | null): Promise<Knowledge> {
  return asOf === null ? Promise.resolve(newest({ todayOn })) : memory.knowledge.of(asOf);
}

/** The loaders that read by an object's knowledge: equal knowledge shares one set. */
export function loadersAt({ memory }: Context, known: Knowledge): Loaders {
  return memory.loaders.of(known);
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
  const memory = newMemory(context.tx);
  Object.assign(context, { memory, loaders: memory.loaders.of(newest(context)) });
  return result;
}
