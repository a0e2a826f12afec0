// Paged lists: how a page is asked for, its opaque cursors, and the keyset conditions that find its rows in SQL.
// A cursor belongs to one list, order and workspace: read anywhere else, or altered, it is refused.

import { createHash } from "node:crypto";
import { AccreteError, badInput } from "./errors.ts";
import { allOf, anyOf, type Fragment, type FragmentMaker, listed } from "./fragments.ts";

export const pageSizeMax = 200;
const pageSizeDefault = 50;

/** What a caller asks of a list: how many rows from its start or its end, and between which cursors. */
export type PageArgs = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
};

export type SortDirection = "ASC" | "DESC";

/** One key of an order. Its expression is never null; the last key of an order is unique in the list. */
export type SortKey = {
  readonly name: string;
  readonly direction: SortDirection;
  readonly type: SortType;
  readonly expression: Fragment;
};

export type SortType = keyof typeof sortTypes;

/** A list and its order, in one workspace: what a cursor belongs to. */
export type Listing = { readonly workspaceId: string; readonly name: string; readonly keys: readonly SortKey[] };

export type Page<Row> = {
  readonly edges: { readonly node: Row; readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
};

/** The SQL of a page: its rows come in the list's order reversed when counted from the end, and one more than asked tells whether more follow. */
export type PageQuery = {
  /** Select it as "sortedBy": the row's values of the sort keys, as text. */
  readonly sortedBy: Fragment;
  readonly where: Fragment;
  readonly orderBy: Fragment;
  readonly limit: number;
};

export type SortedRow = { readonly sortedBy: readonly string[] };

/** A list by what its cursors are made of: the same as a listing, without its SQL. */
export type Placing = Omit<Listing, "keys"> & { readonly keys: readonly Omit<SortKey, "expression">[] };

/** Which rows a page wants: how many, from which end, and the values of the sort keys that they stand between. */
export type PageBounds = {
  readonly after: readonly string[] | null;
  readonly before: readonly string[] | null;
  readonly end: "START" | "END";
  /** One more than the page holds: it tells whether more follow. */
  readonly limit: number;
};

/** Checks what was asked of a list. BAD_USER_INPUT for sizes outside 1 to 200, both ends at once, and foreign cursors. */
export function pageBounds(listing: Placing, args: PageArgs): PageBounds {
  const { size, end } = sizeOf(args);
  return {
    after: args.after == null ? null : readCursor(listing, args.after, "after"),
    before: args.before == null ? null : readCursor(listing, args.before, "before"),
    end,
    limit: size + 1,
  };
}

/** Checks what was asked, as `pageBounds` does, and writes the SQL of it. */
export function pageQuery(sql: FragmentMaker, listing: Listing, args: PageArgs): PageQuery {
  const { after, before, end, limit } = pageBounds(listing, args);
  const bounds = [
    ...(after ? [beyond(sql, listing.keys, after, "following")] : []),
    ...(before ? [beyond(sql, listing.keys, before, "preceding")] : []),
  ];
  const order = listing.keys.map(({ expression, direction }) =>
    (direction === "ASC") === (end === "START") ? sql`${expression} asc` : sql`${expression} desc`,
  );
  return {
    sortedBy: sql`array[${listed(
      sql,
      listing.keys.map(({ expression }) => sql`(${expression})::text`),
    )}]`,
    where: allOf(sql, bounds),
    orderBy: listed(sql, order),
    limit,
  };
}

/** The page made of the rows that its query gave. */
export function toPage<Row extends SortedRow>(listing: Placing, args: PageArgs, rows: readonly Row[]): Page<Row> {
  const { size, end } = sizeOf(args);
  const shown = rows.slice(0, size);
  if (end === "END") shown.reverse();
  const edges = shown.map((node) => ({ node, cursor: writeCursor(listing, node.sortedBy) }));
  const isCut = rows.length > size;
  return {
    edges,
    pageInfo: {
      hasNextPage: end === "START" ? isCut : args.before != null,
      hasPreviousPage: end === "END" ? isCut : args.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** One page per owner, of rows that one statement gave for all owners; each owner's rows are in their page's order. */
export function toPages<Row extends SortedRow>(
  listing: Listing,
  args: PageArgs,
  ownerIds: readonly string[],
  rows: readonly Row[],
  ownerOf: (row: Row) => string,
): ReadonlyMap<string, Page<Row>> {
  const byOwner = new Map<string, Row[]>(ownerIds.map((id) => [id, []]));
  for (const row of rows) byOwner.get(ownerOf(row))?.push(row);
  return new Map([...byOwner].map(([id, own]) => [id, toPage(listing, args, own)]));
}

/** Refuses a page that could not be answered, before anything is asked of the database. */
export function requirePageArgs(args: PageArgs): void {
  sizeOf(args);
}

/** BAD_USER_INPUT unless the argument is a whole number from 1 to 200. */
export function requirePageSize(field: string, size: number): number {
  if (!Number.isInteger(size) || size < 1 || size > pageSizeMax)
    badInput(field, `${field} must be 1 to ${pageSizeMax}`);
  return size;
}

function sizeOf({ first, last }: PageArgs): { size: number; end: "START" | "END" } {
  if (first != null && last != null) badInput("last", "first and last cannot be asked together: send one of them");
  if (last != null) return { size: requirePageSize("last", last), end: "END" };
  return { size: first == null ? pageSizeDefault : requirePageSize("first", first), end: "START" };
}

/**
 * Rows beyond a cursor: (a > x) or (a = x and b > y) or …, each key by its own direction, and (a >= x) in front of it, which is what an
 * index can start from.
 */
function beyond(
  sql: FragmentMaker,
  keys: readonly SortKey[],
  values: readonly string[],
  side: "following" | "preceding",
): Fragment {
  const steps = keys.map((key, index) => {
    const value = typed(sql, key, values[index] ?? "");
    const rises = (key.direction === "ASC") === (side === "following");
    return {
      equal: sql`${key.expression} = ${value}`,
      beyond: rises ? sql`${key.expression} > ${value}` : sql`${key.expression} < ${value}`,
      atLeast: rises ? sql`${key.expression} >= ${value}` : sql`${key.expression} <= ${value}`,
    };
  });
  const cases = steps.map((step, index) => {
    const equals = steps.slice(0, index).map((earlier) => earlier.equal);
    return allOf(sql, [...equals, step.beyond]);
  });
  const start = steps[0];
  return start ? sql`(${start.atLeast} and (${anyOf(sql, cases)}))` : sql`true`;
}

const sortTypes = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamptz: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00$/,
  bigint: /^-?\d{1,19}$/,
  numeric: /^-?\d{1,40}$/,
  integer: /^-?\d{1,9}$/,
  text: /^[^\0]*$/s,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
} as const;

function typed(sql: FragmentMaker, key: SortKey, value: string): Fragment {
  switch (key.type) {
    case "date":
      return sql`${value}::date`;
    case "timestamptz":
      return sql`${value}::timestamptz`;
    case "bigint":
      return sql`${value}::bigint`;
    case "numeric":
      return sql`${value}::numeric`;
    case "integer":
      return sql`${value}::integer`;
    case "uuid":
      return sql`${value}::uuid`;
    case "text":
      return sql`${value}::text collate "C"`;
  }
}

const sealBytes = 9;

function seal(listing: Placing, values: string): Buffer {
  const order = listing.keys.map(({ name, direction }) => `${name} ${direction}`).join(",");
  return createHash("sha256")
    .update([listing.workspaceId, listing.name, order, values].join("\0"))
    .digest()
    .subarray(0, sealBytes);
}

function writeCursor(listing: Placing, values: readonly string[]): string {
  const text = JSON.stringify(values);
  return Buffer.concat([seal(listing, text), Buffer.from(text)]).toString("base64url");
}

function readCursor(listing: Placing, cursor: string, field: string): readonly string[] {
  const bytes = Buffer.from(cursor, "base64url");
  const text = bytes.subarray(sealBytes).toString();
  if (bytes.toString("base64url") !== cursor || !seal(listing, text).equals(bytes.subarray(0, sealBytes))) {
    throw foreignCursor(field);
  }
  const values: unknown = JSON.parse(text);
  const fits =
    Array.isArray(values) &&
    values.length === listing.keys.length &&
    listing.keys.every(({ type }, i) => typeof values[i] === "string" && sortTypes[type].test(values[i]));
  if (!fits) throw foreignCursor(field);
  return values;
}

function foreignCursor(field: string): AccreteError {
  return new AccreteError("BAD_USER_INPUT", "cursor is not valid here", { field });
}
