// What was recorded between two ledger versions, commit by commit: who wrote, what, and how many facts of each kind it touched.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPage } from "../kernel/pages.ts";

export const factKinds = [
  "SETTINGS",
  "SAVED_POLICIES",
  "CATALOG",
  "RATES",
  "ATTRIBUTES",
  "PARENTS",
  "MERGES",
  "CONTRACT_LINES",
  "USAGE",
  "CLOSINGS",
  "MOVEMENTS",
  "TRANSFERS",
] as const;
export type FactKind = (typeof factKinds)[number];

/** The versioned tables behind each kind; the ledger's rows have no versions, but what they reverse. */
const versionedTables: readonly (readonly [FactKind, string])[] = [
  ["SETTINGS", "workspace_settings"],
  ["SAVED_POLICIES", "saved_policies"],
  ["CATALOG", "product_versions"],
  ["CATALOG", "plan_versions"],
  ["RATES", "exchange_rates"],
  ["ATTRIBUTES", "account_versions"],
  ["PARENTS", "account_parents"],
  ["MERGES", "account_merges"],
  ["CONTRACT_LINES", "contract_line_versions"],
  ["USAGE", "usage_periods"],
  ["CLOSINGS", "closed_periods"],
];
const ledgerTables: readonly (readonly [FactKind, string])[] = [
  ["MOVEMENTS", "movements"],
  ["TRANSFERS", "transfers"],
];

export type CommitRow = {
  readonly version: bigint;
  readonly recordedAt: string;
  /** An API key's public id, or the operator's command. */
  readonly actor: string;
  readonly action: string;
};

/** Commits after the first version, up to and including the second. */
export type CommitSpan = { readonly sinceVersion: bigint; readonly untilVersion: bigint };

/** A page of the commits, oldest first. */
export async function listCommits(tx: Tx, span: CommitSpan, args: PageArgs): Promise<Page<CommitRow>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: "commits",
    keys: [{ name: "VERSION", direction: "ASC", type: "bigint", expression: sql`c.version` }],
  };
  const page = pageQuery(sql, listing, args);
  const rows = await sql<(CommitRow & SortedRow)[]>`
    select c.version, c.recorded_at::text as "recordedAt", c.actor, c.action, ${page.sortedBy} as "sortedBy"
    from commits c where ${ofSpan(tx, span)} and ${page.where} order by ${page.orderBy} limit ${page.limit}`;
  return toPage(listing, args, rows);
}

/** How many commits there are. */
export async function countCommits(tx: Tx, span: CommitSpan): Promise<number> {
  const [row] = await tx.sql<{ count: bigint }[]>`select count(*) as count from commits c where ${ofSpan(tx, span)}`;
  return Number(row?.count ?? 0n);
}

export type FactCount = {
  readonly version: bigint;
  readonly kind: FactKind;
  /** Facts that the commit recorded; of the ledger: rows that it appended, reversals aside. */
  readonly recorded: number;
  /** Facts that it ended or replaced; of the ledger: rows that it took back. */
  readonly ended: number;
};

/** What each of the commits touched, by version and then in the order of kinds; kinds that it left alone are left out. */
export async function countFacts(tx: Tx, versions: readonly bigint[]): Promise<readonly FactCount[]> {
  const { sql } = tx;
  if (versions.length === 0) return [];
  const asked = sql`${versions.map(String)}::bigint[]`;
  const own = (table: string) => sql`from ${sql(table)} t where t.workspace_id = ${tx.workspaceId}`;
  const parts = [
    ...versionedTables.flatMap(([kind, table]) => [
      sql`select ${kind}::text as kind, t.recorded_version as version, 1 as recorded, 0 as ended ${own(table)}
        and t.recorded_version = any(${asked})`,
      sql`select ${kind}::text, t.superseded_version, 0, 1 ${own(table)} and t.superseded_version = any(${asked})`,
    ]),
    ...ledgerTables.map(
      ([
        kind,
        table,
      ]) => sql`select ${kind}::text, t.ledger_version, (t.reverses is null)::integer, (t.reverses is not null)::integer
        ${own(table)} and t.ledger_version = any(${asked})`,
    ),
  ];
  return sql<FactCount[]>`
    select f.version, f.kind, sum(f.recorded)::integer as recorded, sum(f.ended)::integer as ended
    from (${unionAll(tx, parts)}) f group by f.version, f.kind
    order by f.version, array_position(${[...factKinds]}::text[], f.kind)`;
}

function unionAll({ sql }: Tx, parts: readonly Fragment[]): Fragment {
  return sql`${parts.map((part, index) => (index === 0 ? part : sql` union all ${part}`))}`;
}

function ofSpan({ sql, workspaceId }: Tx, { sinceVersion, untilVersion }: CommitSpan): Fragment {
  return sql`c.workspace_id = ${workspaceId} and c.version > ${sinceVersion}::bigint and c.version <= ${untilVersion}::bigint`;
}
