// Says who is above whom, from a day until another: a list of statements that is booked as a whole or not at all.

import { wordArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { admitSpans, type Span } from "../workspaces/closings.ts";
import { type Commit, type CommitAuthor, lockForCommit, writeCommit } from "../workspaces/store.ts";
import { Hierarchy, type HierarchyFault, levelsMax, type ParentLink } from "./hierarchy.ts";
import { listParentLinks, loadSurvivors } from "./merges.ts";
import { createIncomingParents, createParentTimelines, writeParents } from "./parents.ts";
import { type AccountReference, findNamedAccounts, type NamedAccount, nameOfReference } from "./reference.ts";
import { type Refusal, refusal } from "./refusals.ts";

/** From `fromOn` up to, not including, `untilOn` (null = open) the account is directly below the parent; null = below nobody. */
export type ParentStatement = {
  readonly account: AccountReference;
  readonly parent: AccountReference | null;
  readonly fromOn: PlainDate;
  readonly untilOn: PlainDate | null;
};

export type ParentsResult = {
  /** Empty when the list was booked. */
  readonly refusals: readonly Refusal[];
  /** How many statements said what was not recorded yet; 0 when refused. */
  readonly changed: number;
  /** How many statements change a day in a closed period, where the workspace books late facts. */
  readonly restatements: number;
  /** Null when nothing changed. */
  readonly commit: Commit | null;
};

/**
 * Books the statements; the days that they leave out stay as they are. Refused as a whole when one of them is. PERIOD_CLOSED when an account
 * would have another parent on a day in a closed period, whenever it began, and the workspace refuses late facts.
 */
export async function setAccountParents(
  tx: Tx,
  statements: readonly ParentStatement[],
  author: CommitAuthor,
): Promise<ParentsResult> {
  const commit = await lockForCommit(tx);
  const [named, links, survivors] = await Promise.all([
    nameStatements(tx, statements),
    listParentLinks(tx),
    loadSurvivors(tx),
  ]);
  const unfit = named.flatMap((statement, index) => refuseAlone(statement, index, survivors));
  if (unfit.length > 0) return refused(unfit);
  const said = resolvedLinks(named);
  const twice = refuseRepeats(said);
  if (twice.length > 0) return refused(twice);
  const changes = said.filter((one) => spansOfChange(one, links).length > 0);
  if (changes.length === 0) return { refusals: [], changed: 0, restatements: 0, commit: null };
  await stageParents(tx, changes);
  const after = await linksAfter(tx, links, changes);
  const impossible = refuseFaults(new Hierarchy(after, survivors), changes);
  if (impossible.length > 0) {
    await dropStaged(tx);
    return refused(impossible);
  }
  const late = await admitSpans(
    tx,
    changes.flatMap((one) => spansOfChange(one, links)),
  );
  const restatements = new Set(late.map(({ index }) => index)).size;
  await writeParents(tx, commit);
  await dropStaged(tx);
  await writeCommit(tx, commit, author);
  return { refusals: [], changed: changes.length, restatements, commit };
}

function refused(refusals: readonly Refusal[]): ParentsResult {
  return { refusals, changed: 0, restatements: 0, commit: null };
}

type NamedStatement = ParentStatement & {
  readonly child: NamedAccount | null;
  /** Null when the statement names none, or one that does not exist. */
  readonly above: NamedAccount | null;
};

async function nameStatements(tx: Tx, statements: readonly ParentStatement[]): Promise<readonly NamedStatement[]> {
  const parents = statements.flatMap(({ parent }) => parent ?? []);
  const children = await findNamedAccounts(
    tx,
    statements.map(({ account }) => account),
  );
  const found = (await findNamedAccounts(tx, parents)).values();
  return statements.map((statement, index) => ({
    ...statement,
    child: children[index] ?? null,
    above: statement.parent === null ? null : (found.next().value ?? null),
  }));
}

function refuseAlone(
  { account, parent, fromOn, untilOn, child, above }: NamedStatement,
  index: number,
  survivors: ReadonlyMap<string, string>,
): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (child === null) {
    refusals.push(refusal(index, "account", "ACCOUNT_UNKNOWN", `There is no account ${nameOfReference(account)}.`));
  } else if (survivors.has(child.id)) {
    refusals.push(
      refusal(index, "account", "ACCOUNT_MERGED", `The account '${child.externalId}' is merged into another.`),
    );
  }
  if (parent !== null && above === null) {
    refusals.push(
      refusal(index, "parent", "PARENT_UNKNOWN", `There is no account ${nameOfReference(parent)} to be the parent.`),
    );
  }
  if (child !== null && above !== null && child.id === (survivors.get(above.id) ?? above.id)) {
    refusals.push(
      refusal(index, "parent", "PARENT_IS_ITSELF", `The account '${child.externalId}' cannot be its own parent.`),
    );
  }
  if (untilOn !== null && untilOn <= fromOn) {
    refusals.push(refusal(index, "untilOn", "TERM_EMPTY", `From ${fromOn} until ${untilOn} there is no day.`));
  }
  return refusals;
}

/** A statement that names what exists, at its place in the list. */
type Said = Omit<ParentLink, "parentId"> & {
  readonly index: number;
  readonly externalId: string;
  readonly parentId: string | null;
};

function resolvedLinks(statements: readonly NamedStatement[]): readonly Said[] {
  return statements.flatMap(({ child, above, fromOn, untilOn }, index) =>
    child === null
      ? []
      : [{ index, accountId: child.id, externalId: child.externalId, parentId: above?.id ?? null, fromOn, untilOn }],
  );
}

type Days = Pick<Said, "accountId" | "fromOn" | "untilOn">;

function overlap(a: Days, b: Days): boolean {
  return (
    a.accountId === b.accountId &&
    (a.untilOn === null || b.fromOn < a.untilOn) &&
    (b.untilOn === null || a.fromOn < b.untilOn)
  );
}

function refuseRepeats(said: readonly Said[]): readonly Refusal[] {
  return said.flatMap((one) => {
    const other = said.find((earlier) => earlier.index < one.index && overlap(earlier, one));
    if (!other) return [];
    const message = `The parent of '${one.externalId}' on the same days is stated at ${other.index} already.`;
    return [refusal(one.index, "fromOn", "STATED_TWICE", message)];
  });
}

/** The days of a statement, span by span, on which the books say otherwise. */
function spansOfChange(said: Said, links: readonly ParentLink[]): readonly (Span & Pick<Said, "index">)[] {
  const held = links.filter((link) => overlap(link, said));
  const edges = held
    .flatMap(({ fromOn, untilOn }) => (untilOn === null ? [fromOn] : [fromOn, untilOn]))
    .filter((day) => day > said.fromOn && (said.untilOn === null || day < said.untilOn));
  const days = [...new Set([said.fromOn, ...edges])].sort();
  return days.flatMap((fromOn, place) => {
    const link = held.find((one) => one.fromOn <= fromOn && (one.untilOn === null || fromOn < one.untilOn));
    if ((link?.parentId ?? null) === said.parentId) return [];
    return [{ index: said.index, fromOn, untilOn: days[place + 1] ?? said.untilOn }];
  });
}

async function stageParents(tx: Tx, changes: readonly Said[]): Promise<void> {
  await createIncomingParents(tx);
  await tx.sql`
    insert into incoming_parents
    select * from unnest(${wordArray(changes.map(({ accountId }) => accountId))}::uuid[],
      ${wordArray(changes.map(({ parentId }) => parentId))}::uuid[], ${wordArray(changes.map(({ fromOn }) => fromOn))}::date[],
      ${wordArray(changes.map(({ untilOn }) => untilOn))}::date[])`;
  await createParentTimelines(tx);
}

/** So that another list of the same transaction can be staged. */
async function dropStaged({ sql }: Tx): Promise<void> {
  await sql`drop table incoming_parents, parent_timelines, known_links`;
}

async function linksAfter(
  tx: Tx,
  links: readonly ParentLink[],
  changes: readonly Said[],
): Promise<readonly ParentLink[]> {
  const said = new Set(changes.map(({ accountId }) => accountId));
  const changed = await tx.sql<ParentLink[]>`
    select account_id as "accountId", parent_id as "parentId", from_on as "fromOn", until_on as "untilOn"
    from parent_timelines`;
  return [...links.filter(({ accountId }) => !said.has(accountId)), ...changed];
}

/** Every statement that has a part in a ring or in a group of too many levels, with the first day of it. */
function refuseFaults(hierarchy: Hierarchy, changes: readonly Said[]): readonly Refusal[] {
  const faults = hierarchy.listFaults();
  if (faults.length === 0) return [];
  const refusals = changes.flatMap((said) => {
    const { accountId, fromOn, untilOn } = said;
    const fault = faults.find(
      ({ pathIds, on }) => pathIds.includes(accountId) && fromOn <= on && (untilOn === null || on < untilOn),
    );
    return fault ? [refuseFault(said, fault)] : [];
  });
  const [first] = changes;
  const [fault] = faults;
  // A fault that no statement has a part in was recorded before: nothing is added to it.
  return refusals.length > 0 || !first || !fault ? refusals : [refuseFault(first, fault)];
}

function refuseFault({ index, externalId }: Said, { kind, on }: HierarchyFault): Refusal {
  if (kind === "CYCLE") {
    return refusal(
      index,
      "parent",
      "PARENT_CYCLE",
      `From ${on} on, the parents of '${externalId}' would lead back to it.`,
    );
  }
  const message = `From ${on} on, the group of '${externalId}' would have more than ${levelsMax} levels.`;
  return refusal(index, "parent", "HIERARCHY_TOO_DEEP", message);
}
