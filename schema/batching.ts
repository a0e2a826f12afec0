// What loaders are made of: rows by id, and values of an owner, read for all askers of one answer at once.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import type { AsOf, Known } from "@accrete/db/kernel/knowledge.ts";
import type { Page } from "@accrete/db/kernel/pages.ts";
import DataLoader from "dataloader";

/** Whose knowledge an object was read by, and how that was asked for; null is the newest. */
export type Knowledge = Known & { readonly asOf: AsOf | null };

/** An object with the knowledge that it was read by, and by which everything below it is read. */
export type At<Row> = Row & { readonly known: Knowledge };

/** Rows with the knowledge that they were read by. */
export function rowsAt<Row>(rows: readonly Row[], known: Knowledge): readonly At<Row>[] {
  return rows.map((row) => ({ ...row, known }));
}

/** A page whose rows carry the knowledge that they were read by. */
export function pageAt<Row>(page: Page<Row>, known: Knowledge): Page<At<Row>> {
  return { ...page, edges: page.edges.map((edge) => ({ ...edge, node: { ...edge.node, known } })) };
}

/** Rows by id. `find` is for ids that callers sent, `get` for ids that the database's own keys promise. */
export class RowLoader<Row extends { readonly id: string }> {
  readonly #loader: DataLoader<string, Row | null>;

  constructor(read: (ids: readonly string[]) => Promise<readonly Row[]>) {
    this.#loader = new DataLoader(async (ids) => {
      const rows = new Map((await read(ids)).map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id) ?? null);
    });
  }

  /** The row, or null when there is none in this workspace. */
  find(id: string): Promise<Row | null> {
    return this.#loader.load(id);
  }

  /** Remembers rows that a list has read already; gives the list back. */
  prime<Listed extends { readonly edges: readonly { readonly node: Row }[] }>(list: Listed): Listed {
    for (const { node } of list.edges) this.#loader.prime(node.id, node);
    return list;
  }

  /** The row, or null for no id. */
  async findOptional(id: string | null): Promise<Row | null> {
    return id === null ? null : this.get(id);
  }

  /** The rows in the ids' order, null where there is none. */
  findMany(ids: readonly string[]): Promise<readonly (Row | null)[]> {
    return Promise.all(ids.map((id) => this.find(id)));
  }

  /** The row; throws NOT_FOUND when there is none. */
  async get(id: string): Promise<Row> {
    const row = await this.#loader.load(id);
    if (!row) throw new AccreteError("NOT_FOUND", "Nothing with this id exists in the key's workspace.");
    return row;
  }

  /** The rows in the ids' order. */
  getMany(ids: readonly string[]): Promise<readonly Row[]> {
    return Promise.all(ids.map((id) => this.get(id)));
  }
}

/** One value per owner, from a map that leaves out owners without one. */
export function ownerLoader<Value>(
  read: (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  missing: Value,
): DataLoader<string, Value> {
  return new DataLoader(async (ownerIds) => {
    const values = await read(ownerIds);
    return ownerIds.map((id) => values.get(id) ?? missing);
  });
}

/** One value per key, in the keys' order; equal keys, as `nameOf` sees them, are asked once. */
export function keyedLoader<Key, Value>(
  nameOf: (key: Key) => string,
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
): DataLoader<Key, Value, string> {
  return new DataLoader<Key, Value, string>((keys) => read(keys), { cacheKeyFn: nameOf });
}

/** One loader per question: fields with equal arguments share one, so that all their owners are read in one statement. */
export class LoadersByQuestion<Question, Loader> {
  readonly #loaders = new Map<string, Loader>();
  readonly #make: (question: Question) => Loader;

  constructor(make: (question: Question) => Loader) {
    this.#make = make;
  }

  of(question: Question): Loader {
    const name = JSON.stringify(question, (_key, value) => (typeof value === "bigint" ? `${value}n` : value));
    const loader = this.#loaders.get(name) ?? this.#make(question);
    this.#loaders.set(name, loader);
    return loader;
  }
}

/** Rows under the name of what they belong to, in the order in which they came. */
export function grouped<Row>(rows: readonly Row[], nameOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(nameOf(row));
    if (group) group.push(row);
    else groups.set(nameOf(row), [row]);
  }
  return groups;
}
