// Policies in Postgres: the one that a question means, those saved under a name, and the workspace's default. Each is versioned, so that
// a question asked as of an earlier version reads what the name meant then.

import { and, asc, desc, eq, gt, inArray, lte } from "drizzle-orm";
import type { Tx } from "../kernel/database.ts";
import { badInput } from "../kernel/errors.ts";
import { type AsOf, newestKnown } from "../kernel/knowledge.ts";
import {
  type Commit,
  type CommitAuthor,
  changeSettings,
  lockForCommit,
  type WorkspaceSettings,
  writeCommit,
} from "../workspaces/store.ts";
import {
  type AskedPolicy,
  builtInPolicy,
  type Policy,
  requireSettable,
  type SettablePolicy,
  settableKeys,
} from "./policy.ts";
import { presets } from "./presets.ts";
import { resolvePolicy } from "./resolve.ts";
import { requirePolicyName, requireRoomForPolicy } from "./saved.ts";
import { savedPolicies } from "./table.ts";

/** A policy saved under a name, as of one ledger version. */
export type SavedPolicy = {
  readonly name: string;
  /** The keys that it sets; the workspace's default sets the rest. */
  readonly keys: Partial<SettablePolicy>;
  /** Who saved it, and when. */
  readonly setBy: string;
  readonly recordedAt: string;
  readonly recordedVersion: bigint;
};

/** What a name meant from one commit to the next; `keys` is null where it was deleted. */
export type SavedPolicyChange = Omit<SavedPolicy, "keys"> & { readonly keys: Partial<SettablePolicy> | null };

/** What is known when a question is answered. */
export type Knowledge = {
  readonly settings: Pick<WorkspaceSettings, "defaultPolicy">;
  readonly ledgerVersion: bigint;
  /** As the question says it: it is echoed. */
  readonly asOf: AsOf | null;
};

/**
 * The resolved policy of a question: built-in defaults < the workspace's < the preset or saved policy named < the question's own keys,
 * settings and saved policies as known at the ledger version. BAD_USER_INPUT for a key or value that cannot be, a name that nothing was
 * saved under, and a question that names both a preset and a saved policy.
 */
export async function getPolicy(tx: Tx, question: AskedPolicy, known: Knowledge): Promise<Policy> {
  const { preset, name, ...asked } = question;
  const named = await namedKeys(tx, { preset, name }, known.ledgerVersion);
  return resolvePolicy({ workspaceDefault: known.settings.defaultPolicy, named, asked, asOf: known.asOf });
}

/** The keys of what is named; empty when nothing is. */
async function namedKeys(
  tx: Tx,
  { preset, name }: Pick<AskedPolicy, "preset" | "name">,
  version: bigint,
): Promise<Partial<SettablePolicy>> {
  const isNamed = name !== undefined && name !== null;
  if (preset !== undefined && preset !== null) {
    if (isNamed) badInput("policy.name", "A policy is over a preset or over a saved policy: name one of the two.");
    return presets[preset] ?? badInput("policy.preset", `'${preset}' is not a preset.`);
  }
  if (!isNamed) return {};
  const saved = await findSavedPolicy(tx, name, version);
  return saved?.keys ?? badInput("policy.name", `No policy is saved under the name '${name}'.`);
}

/** The policy saved under the name, as known at a ledger version, the newest unless told; null when there is none. */
export async function findSavedPolicy(
  tx: Tx,
  name: string,
  version: bigint = newestKnown,
): Promise<SavedPolicy | null> {
  const [row] = await tx.orm
    .select()
    .from(savedPolicies)
    .where(and(eq(savedPolicies.name, name.trim()), isKnownAt(tx, version)));
  return row ? savedOf(row) : null;
}

/** Every saved policy as known at a ledger version, the newest unless told, by name. */
export async function listSavedPolicies(tx: Tx, version: bigint = newestKnown): Promise<readonly SavedPolicy[]> {
  const rows = await tx.orm.select().from(savedPolicies).where(isKnownAt(tx, version)).orderBy(asc(savedPolicies.name));
  return rows.flatMap((row) => savedOf(row) ?? []);
}

/** What each of the names meant up to a ledger version, the newest change first. */
export async function listSavedPolicyChanges(
  tx: Tx,
  names: readonly string[],
  version: bigint = newestKnown,
): Promise<readonly SavedPolicyChange[]> {
  const rows = await tx.orm
    .select()
    .from(savedPolicies)
    .where(
      and(
        eq(savedPolicies.workspaceId, tx.workspaceId),
        inArray(savedPolicies.name, [...names]),
        lte(savedPolicies.recordedVersion, version),
      ),
    )
    .orderBy(desc(savedPolicies.recordedVersion));
  return rows.map(({ keys, ...row }) => ({ ...row, keys: keys === null ? null : keysOf(keys) }));
}

/**
 * Saves a policy under a name: from now on, and for questions asked as of later versions, the name means these keys. A preset among
 * them stands for all keys, under those that are set beside it. Saving what the name means already records nothing and gives null.
 * BAD_USER_INPUT (field `name`) for a name that is blank, long, or a preset's; (field `policy.…`) for a key that cannot be.
 */
export async function savePolicy(
  tx: Tx,
  name: string,
  policy: AskedPolicy,
  author: CommitAuthor,
): Promise<Commit | null> {
  const given = requirePolicyName(name);
  const commit = await lockForCommit(tx);
  const keys = await keysToKeep(tx, policy);
  const before = await listSavedPolicies(tx);
  const current = before.find((saved) => saved.name === given);
  if (current && sameKeys(current.keys, keys)) return null;
  if (!current) requireRoomForPolicy(before.length);
  return writeSaved(tx, { name: given, keys }, commit, author);
}

/** Ends what the name means, from now on. BAD_USER_INPUT (field `name`) when nothing is saved under it. */
export async function deletePolicy(tx: Tx, name: string, author: CommitAuthor): Promise<Commit> {
  const commit = await lockForCommit(tx);
  const saved = await findSavedPolicy(tx, name);
  if (!saved) badInput("name", `No policy is saved under the name '${name}'.`);
  return writeSaved(tx, { name: saved.name, keys: null }, commit, author);
}

/**
 * Sets the workspace's default policy as a whole: a key left out has its built-in value again. A preset or saved policy named stands for
 * the keys that it sets now; a later change of the name does not change the default. Who, when, from and to are kept. Null when the
 * default was so already.
 */
export async function setDefaultPolicy(tx: Tx, policy: AskedPolicy, author: CommitAuthor): Promise<Commit | null> {
  // The lock comes first, so that the keys of a saved policy are read as the commit finds them.
  await lockForCommit(tx);
  const keys = await keysToKeep(tx, policy);
  const differing = settableKeys.filter((key) => keys[key] !== undefined && keys[key] !== builtInPolicy[key]);
  const defaultPolicy = Object.fromEntries(differing.map((key) => [key, keys[key]]));
  return changeSettings(tx, { defaultPolicy }, author);
}

/** What a named policy and the keys beside it set together, in the order of the keys. */
async function keysToKeep(tx: Tx, { preset, name, ...own }: AskedPolicy): Promise<Partial<SettablePolicy>> {
  const named = await namedKeys(tx, { preset, name }, newestKnown);
  return keysOf({ ...named, ...requireSettable(own, "policy") });
}

/** Keys in the order of the built-in policy; Postgres gives a jsonb's in its own. */
function keysOf(stored: Readonly<Record<string, unknown>>): Partial<SettablePolicy> {
  const set = requireSettable(stored, "policy");
  return Object.fromEntries(settableKeys.filter((key) => key in set).map((key) => [key, set[key]]));
}

function sameKeys(a: Partial<SettablePolicy>, b: Partial<SettablePolicy>): boolean {
  return settableKeys.every((key) => a[key] === b[key]);
}

async function writeSaved(
  tx: Tx,
  { name, keys }: { readonly name: string; readonly keys: Partial<SettablePolicy> | null },
  commit: Commit,
  author: CommitAuthor,
): Promise<Commit> {
  await tx.orm
    .update(savedPolicies)
    .set({ supersededVersion: commit.version })
    .where(and(eq(savedPolicies.name, name), isKnownAt(tx, newestKnown)));
  await tx.orm.insert(savedPolicies).values({
    workspaceId: tx.workspaceId,
    name,
    keys,
    recordedVersion: commit.version,
    recordedAt: commit.recordedAt,
    setBy: author.actor,
  });
  await writeCommit(tx, commit, author);
  return commit;
}

function isKnownAt(tx: Tx, version: bigint) {
  return and(
    eq(savedPolicies.workspaceId, tx.workspaceId),
    lte(savedPolicies.recordedVersion, version),
    gt(savedPolicies.supersededVersion, version),
  );
}

function savedOf(row: typeof savedPolicies.$inferSelect): SavedPolicy | null {
  if (row.keys === null) return null;
  const { name, setBy, recordedAt, recordedVersion } = row;
  return { name, keys: keysOf(row.keys), setBy, recordedAt, recordedVersion };
}
