// What is said of accounts one by one, of a ledger of any size: accounts are asked about in parts, in the order of their external ids,
// so that memory holds one part at a time and no answer outgrows the limit on its rows.

import type { Tx } from "../kernel/database.ts";
import { allOf } from "../kernel/fragments.ts";
import { type Page, type PageArgs, type Placing, pageBounds, toPage } from "../kernel/pages.ts";
import type { MovementFilter } from "../movements/condition.ts";
import { accountConditions } from "../movements/filter.ts";

/** Below the rows that an answer may have: over one period, an answer by account has at most one row per account. */
const accountsPerPart = 10_000;

/** A row about one account, by the account's external id. */
export type AccountRow = { readonly account: string };

/** The rows about the accounts named (all, when null), in any order. */
export type ReadRows<Row extends AccountRow> = (accountIds: readonly string[] | null) => Promise<readonly Row[]>;

/** Rows about all the accounts that a filter may choose; each part is read when it is needed, and the last one read is remembered. */
export type RowsByAccount<Row extends AccountRow> = {
  /** Every row, part by part. */
  each(take: (row: Row) => void): Promise<void>;
  /** How many rows `isMeant` takes. */
  count(isMeant: (row: Row) => boolean): Promise<number>;
  /** A page of the rows that `isMeant` takes, by external id. */
  page(args: PageArgs, isMeant: (row: Row) => boolean): Promise<Page<Row>>;
};

/**
 * Cuts the accounts that the filter may choose into parts. BAD_USER_INPUT of a page for sizes and cursors that cannot be.
 *
 * @param name the list's name: a cursor of one list is not one of another.
 */
export async function rowsByAccount<Row extends AccountRow>(
  tx: Tx,
  { name, filter, perPart = accountsPerPart }: { name: string; filter: MovementFilter; perPart?: number | undefined },
  read: ReadRows<Row>,
): Promise<RowsByAccount<Row>> {
  const placing: Placing = {
    workspaceId: tx.workspaceId,
    name,
    keys: [{ name: "EXTERNAL_ID", direction: "ASC", type: "text" }],
  };
  const starts = await partStarts(tx, filter, perPart);
  let last: { readonly index: number; readonly rows: Promise<readonly Row[]> } | null = null;
  const readPart = async (index: number) => {
    const ids =
      starts.length <= 1 ? null : await accountsOf(tx, filter, [starts[index] ?? "", starts[index + 1] ?? null]);
    return [...(await read(ids))].sort((a, b) => compareIds(a.account, b.account));
  };
  const part = (index: number) => {
    if (last?.index !== index) last = { index, rows: readPart(index) };
    return last.rows;
  };
  return {
    async each(take) {
      for (const index of starts.keys()) for (const row of await part(index)) take(row);
    },
    async count(isMeant) {
      let count = 0;
      for (const index of starts.keys()) count += (await part(index)).filter(isMeant).length;
      return count;
    },
    async page(args, isMeant) {
      const { after, before, end, limit } = pageBounds(placing, args);
      const [afterId = null] = after ?? [];
      const [beforeId = null] = before ?? [];
      const isBetween = ({ account }: Row) =>
        (afterId === null || compareIds(account, afterId) > 0) &&
        (beforeId === null || compareIds(account, beforeId) < 0);
      const order = end === "START" ? [...starts.keys()] : [...starts.keys()].reverse();
      const found: (Row & { readonly sortedBy: readonly string[] })[] = [];
      for (const index of order) {
        const next = starts[index + 1];
        if (afterId !== null && next !== undefined && compareIds(next, afterId) <= 0) continue;
        if (beforeId !== null && compareIds(starts[index] ?? "", beforeId) >= 0) continue;
        const rows = (await part(index)).filter((row) => isBetween(row) && isMeant(row));
        if (end === "END") rows.reverse();
        found.push(...rows.slice(0, limit - found.length).map((row) => ({ ...row, sortedBy: [row.account] })));
        if (found.length === limit) break;
      }
      return toPage(placing, args, found);
    },
  };
}

/** The external id with which each part starts; none when the filter chooses no account. */
async function partStarts(tx: Tx, filter: MovementFilter, perPart: number): Promise<readonly string[]> {
  const rows = await tx.sql<{ externalId: string }[]>`
    select external_id as "externalId" from (
      select a.external_id, row_number() over (order by a.external_id collate "C") - 1 as place from accounts a
      where ${named(tx, filter)}
    ) ranked where place % ${perPart}::int = 0 order by place`;
  return rows.map(({ externalId }) => externalId);
}

async function accountsOf(
  tx: Tx,
  filter: MovementFilter,
  [fromId, untilId]: readonly [string, string | null],
): Promise<readonly string[]> {
  const rows = await tx.sql<{ id: string }[]>`
    select a.id from accounts a
    where ${named(tx, filter)} and a.external_id collate "C" >= ${fromId}
      and (${untilId}::text is null or a.external_id collate "C" < ${untilId})`;
  return rows.map(({ id }) => id);
}

function named({ sql, workspaceId }: Tx, { accountIds, accountExternalIds }: MovementFilter) {
  // Only what names accounts: the other conditions are the question's own, and change with the day.
  const context = { workspaceId, ledgerVersion: 0n };
  return allOf(sql, [
    sql`a.workspace_id = ${workspaceId}`,
    ...accountConditions(sql, { accountIds, accountExternalIds }, context, sql`a.id`),
  ]);
}

/** As Postgres orders texts by their bytes. */
function compareIds(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
