// Reads of accounts for the API: by id, by external id, page by page, and along the hierarchy. What an account is worth is not known
// here: movements/balances.ts hands in the SQL of it.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { badInput } from "../kernel/errors.ts";
import { allOf, type Fragment, unprepared } from "../kernel/fragments.ts";
import { type Known, knownAt } from "../kernel/knowledge.ts";
import {
  type Listing,
  type Page,
  type PageArgs,
  pageQuery,
  type SortDirection,
  type SortedRow,
  type SortKey,
  toPage,
  toPages,
} from "../kernel/pages.ts";
import { loadHierarchyAbove, loadSurvivors } from "./merges.ts";
import type { AccountSource } from "./table.ts";

/** An account with its attributes of one day. */
export type AccountRow = {
  readonly id: string;
  readonly externalId: string;
  /** Null until the first fact that feeds its ARR. */
  readonly source: AccountSource | null;
  readonly name: string;
  readonly channel: string | null;
  readonly region: string | null;
  readonly industry: string | null;
  readonly owner: string | null;
  readonly attributes: Readonly<Record<string, string>>;
};

export const accountOrderFields = ["NAME", "EXTERNAL_ID", "ARR"] as const;
export type AccountOrderField = (typeof accountOrderFields)[number];

/** Conditions of several fields must all hold, of several values any; null and undefined hold for every account. */
export type AccountFilter = {
  readonly externalIds?: readonly string[] | null | undefined;
  readonly channel?: readonly string[] | null | undefined;
  readonly region?: readonly string[] | null | undefined;
  readonly industry?: readonly string[] | null | undefined;
  readonly owner?: readonly string[] | null | undefined;
  /** A uuid: accounts directly below it. */
  readonly parentId?: string | null | undefined;
  readonly active?: boolean | null | undefined;
  readonly nameContains?: string | null | undefined;
};

export type AccountQuestion = {
  readonly filter: AccountFilter;
  readonly orderBy: readonly { readonly field: AccountOrderField; readonly direction: SortDirection }[];
  /** The day whose attributes, parents and balances count, and the version that knew them. */
  readonly known: Known;
  readonly worth: AccountWorth;
};

/** SQL about the ARR of `a`, a row of accounts, on a day. The expressions hold where the join stands. */
export type AccountWorth = {
  readonly join: Fragment;
  /** A numeric, in minor units of the reporting currency. */
  readonly arr: Fragment;
  /** Whether it has ARR, in any currency. */
  readonly isActive: Fragment;
};

/** A page of accounts. BAD_USER_INPUT for a page that cannot be answered and for an order that names a key twice. */
export async function listAccounts(tx: Tx, question: AccountQuestion, args: PageArgs): Promise<Page<AccountRow>> {
  const { sql } = tx;
  const listing: Listing = { workspaceId: tx.workspaceId, name: "accounts", keys: sortKeys(tx, question) };
  const page = pageQuery(sql, listing, args);
  const below = await linksOfFilter(tx, question);
  const rows = await unprepared(sql<StoredAccount<SortedRow>[]>`
    select ${accountColumns(tx)}, ${page.sortedBy} as "sortedBy"
    from accounts a ${attributesOn(tx, question.known)} ${worthJoin(tx, question)}
    where ${conditions(tx, question, below)} and ${page.where}
    order by ${page.orderBy} limit ${page.limit}`);
  return toPage(listing, args, rows.map(readAccount));
}

/** How many accounts the question's filter chooses. */
export async function countAccounts(tx: Tx, question: AccountQuestion): Promise<number> {
  const below = await linksOfFilter(tx, question);
  const [row] = await unprepared(tx.sql<{ count: bigint }[]>`
    select count(*) as count from accounts a ${attributesOn(tx, question.known)} ${worthJoin(tx, question)}
    where ${conditions(tx, question, below)}`);
  return Number(row?.count ?? 0n);
}

/** Accounts by id, in any order, with the attributes of the day; ids that do not exist are left out. */
export async function findAccounts(tx: Tx, ids: readonly string[], known: Known): Promise<readonly AccountRow[]> {
  const rows = await tx.sql<StoredAccount[]>`
    select ${accountColumns(tx)} from accounts a ${attributesOn(tx, known)}
    where a.workspace_id = ${tx.workspaceId} and a.id = any(${[...ids]}::uuid[])`;
  return rows.map(readAccount);
}

/** Accounts by external id, in any order, with the attributes of the day; ids that do not exist are left out. */
export async function findAccountsByExternalId(
  tx: Tx,
  externalIds: readonly string[],
  known: Known,
): Promise<readonly AccountRow[]> {
  const rows = await tx.sql<StoredAccount[]>`
    select ${accountColumns(tx)} from accounts a ${attributesOn(tx, known)}
    where a.workspace_id = ${tx.workspaceId} and a.external_id = any(${[...externalIds]}::text[])`;
  return rows.map(readAccount);
}

/** Who is directly below each parent on a day: the accounts' attributes are those of `known`. */
export type ChildrenQuestion = {
  readonly parentIds: readonly string[];
  readonly known: Known;
  readonly on: PlainDate;
};

/** A page of the accounts directly below each parent on the day, by external id; a merged account is its survivor. */
export async function listChildren(
  tx: Tx,
  question: ChildrenQuestion,
  args: PageArgs,
): Promise<ReadonlyMap<string, Page<AccountRow>>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: "children",
    keys: [
      { name: "EXTERNAL_ID", direction: "ASC", type: "text", expression: sql`a.external_id collate "C"` },
      { name: "ID", direction: "ASC", type: "uuid", expression: sql`a.id` },
    ],
  };
  const page = pageQuery(sql, listing, args);
  const { links } = await findLinksBelow(tx, question);
  const rows = await sql<StoredAccount<SortedRow & { readonly parentId: string }>[]>`
    select parents.id as "parentId", child.*
    from accounts parents cross join lateral (
      select ${accountColumns(tx)}, ${page.sortedBy} as "sortedBy", row_number() over (order by ${page.orderBy}) as place
      from ${links} link
      join accounts a on a.workspace_id = parents.workspace_id and a.id = link.account_id
      ${attributesOn(tx, question.known)}
      where link.parent_id = parents.id and ${page.where}
      order by ${page.orderBy} limit ${page.limit}
    ) child
    where parents.workspace_id = ${tx.workspaceId} and parents.id = any(${[...question.parentIds]}::uuid[])
    order by child.place`;
  return toPages(listing, args, question.parentIds, rows.map(readAccount), (row) => row.parentId);
}

/** How many accounts are directly below each parent on the day; parents without any are left out. */
export async function countChildren(tx: Tx, question: ChildrenQuestion): Promise<ReadonlyMap<string, number>> {
  const { links } = await findLinksBelow(tx, question);
  const rows = await tx.sql<{ parentId: string; count: bigint }[]>`
    select link.parent_id as "parentId", count(*) as count from ${links} link
    where link.parent_id = any(${[...question.parentIds]}::uuid[])
    group by link.parent_id`;
  return new Map(rows.map((row) => [row.parentId, Number(row.count)]));
}

/** A relation of account_id and parent_id; not bare, since a piece of SQL that is awaited is sent. */
type LinksBelow = { readonly links: Fragment };

/** The links that hold on the day and lead to the parents, as merges leave them. */
async function findLinksBelow(tx: Tx, { parentIds, known, on }: ChildrenQuestion): Promise<LinksBelow> {
  const { sql } = tx;
  const survivors = await loadSurvivors(tx, known.version);
  const holding = sql`select link.account_id, link.parent_id from account_parents link
    where link.workspace_id = ${tx.workspaceId} and ${linkHolds(tx, { version: known.version, on })}`;
  if (survivors.size === 0) return { links: sql`(${holding})` };
  const asked = new Set(parentIds);
  const faces = [...parentIds, ...[...survivors].flatMap(([id, into]) => (asked.has(into) ? [id] : []))];
  const found = await sql<{ accountId: string }[]>`
    select below.account_id as "accountId" from (${holding}) below where below.parent_id = any(${faces}::uuid[])`;
  const childIds = [...new Set(found.map(({ accountId }) => survivors.get(accountId) ?? accountId))];
  const hierarchy = await loadHierarchyAbove(tx, childIds, known.version);
  // Of a merged account's parents the survivor's own wins: some of what was found does not hold.
  const pairs = childIds
    .map((id) => [id, hierarchy.parentOn(id, on)] as const)
    .filter(([, parentId]) => parentId !== null);
  return {
    links: sql`(select * from unnest(${pairs.map(([id]) => id)}::uuid[], ${pairs.map(([, parentId]) => parentId)}::uuid[])
    as pair (account_id, parent_id))`,
  };
}

type StoredAccount<More = unknown> = Omit<AccountRow, "attributes"> & { readonly attributes: string } & More;

function readAccount<More>(row: StoredAccount<More>): AccountRow & More {
  return { ...row, attributes: JSON.parse(row.attributes) };
}

const accountColumns = ({ sql }: Tx) => sql`a.id, a.external_id as "externalId", a.source, v.name, v.channel,
  v.region, v.industry, v.owner, v.attributes`;

/** `v`: the attributes in force on the day, or the first later ones of an account that only begins then. */
const attributesOn = ({ sql }: Tx, known: Known) => sql`cross join lateral (
    select version.* from account_versions version
    where version.workspace_id = a.workspace_id and version.account_id = a.id and ${knownAt(sql, "version", known.version)}
    order by (version.from_on <= ${known.on}::date) desc,
      case when version.from_on <= ${known.on}::date then version.from_on end desc, version.from_on
    limit 1
  ) v`;

const linkHolds = ({ sql }: Tx, { version, on }: Known) => sql`${knownAt(sql, "link", version)}
  and link.from_on <= ${on}::date and (link.until_on is null or link.until_on > ${on}::date)`;

/** The balances are summed only where an order or a condition reads them. */
function worthJoin({ sql }: Tx, { filter, orderBy, worth }: AccountQuestion): Fragment {
  const isRead = filter.active != null || orderBy.some(({ field }) => field === "ARR");
  return isRead ? worth.join : sql``;
}

function conditions(tx: Tx, { filter, worth }: AccountQuestion, below: LinksBelow | null): Fragment {
  const { sql } = tx;
  const found: Fragment[] = [sql`a.workspace_id = ${tx.workspaceId}`];
  if (filter.externalIds) found.push(sql`a.external_id = any(${[...filter.externalIds]}::text[])`);
  if (filter.channel) found.push(sql`v.channel = any(${[...filter.channel]}::text[])`);
  if (filter.region) found.push(sql`v.region = any(${[...filter.region]}::text[])`);
  if (filter.industry) found.push(sql`v.industry = any(${[...filter.industry]}::text[])`);
  if (filter.owner) found.push(sql`v.owner = any(${[...filter.owner]}::text[])`);
  if (below !== null) {
    found.push(
      sql`exists (select from ${below.links} link where link.account_id = a.id and link.parent_id = ${filter.parentId ?? null})`,
    );
  }
  if (filter.active != null) found.push(filter.active ? worth.isActive : sql`not ${worth.isActive}`);
  if (filter.nameContains != null) {
    found.push(sql`position(lower(${filter.nameContains}::text) in lower(v.name)) > 0`);
  }
  return allOf(sql, found);
}

async function linksOfFilter(tx: Tx, { filter, known }: AccountQuestion): Promise<LinksBelow | null> {
  return filter.parentId == null ? null : findLinksBelow(tx, { parentIds: [filter.parentId], known, on: known.on });
}

function sortKeys({ sql }: Tx, { orderBy, worth }: AccountQuestion): readonly SortKey[] {
  const asked = orderBy.length === 0 ? [{ field: "EXTERNAL_ID", direction: "ASC" } as const] : orderBy;
  if (new Set(asked.map(({ field }) => field)).size < asked.length) {
    badInput("orderBy", "'orderBy' names a field twice: an order takes each field once.");
  }
  const byField = (field: AccountOrderField): Pick<SortKey, "type" | "expression"> => {
    switch (field) {
      case "NAME":
        return { type: "text", expression: sql`v.name collate "C"` };
      case "EXTERNAL_ID":
        return { type: "text", expression: sql`a.external_id collate "C"` };
      case "ARR":
        return { type: "numeric", expression: worth.arr };
    }
  };
  return [
    ...asked.map(({ field, direction }) => ({ name: field, direction, ...byField(field) })),
    { name: "ID", direction: "ASC", type: "uuid", expression: sql`a.id` },
  ];
}
