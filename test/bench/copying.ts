// The floor of an import: Postgres' own COPY of the same file, into a table with the file's columns and the books' indexes, and no
// check, no derivation, no row-level security.

import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Database } from "@accrete/db/kernel/database.ts";

export type CopyTable = "bench_lines" | "bench_movements";

const columns: Readonly<Record<CopyTable, string>> = {
  bench_lines: `line_id text not null, contract_id text not null, account_id text not null, product_id text not null,
    plan_id text not null, kind text not null, is_add_on boolean not null, from_on date not null, until_on date,
    quantity numeric not null, unit_price numeric not null, discount_percent numeric, billing_interval text not null,
    currency text not null, motion text`,
  bench_movements: `movement_id text not null, account_id text not null, effective_on date not null, type text not null, driver text,
    amount numeric not null, currency text not null, product_id text, plan_id text, kind text, is_add_on boolean not null, motion text,
    campaign text, booked_on date`,
};

/** As those of contract_line_versions and movements. */
const indexes: Readonly<Record<CopyTable, readonly string[]>> = {
  bench_lines: [
    "primary key (workspace_id, id)",
    "unique (workspace_id, line_id, from_on)",
    "index (workspace_id, account_id, from_on)",
  ],
  bench_movements: [
    "primary key (workspace_id, id)",
    "index (workspace_id, effective_on, id)",
    "index (workspace_id, account_id, effective_on)",
    "index (workspace_id, movement_id)",
  ],
};

/** Makes both tables, as the owner of the database. */
export async function makeCopyTables(owner: Database): Promise<void> {
  for (const name of ["bench_lines", "bench_movements"] as const) {
    const keys = indexes[name].filter((index) => !index.startsWith("index"));
    await owner.sql.unsafe(`create table ${name} (
      workspace_id uuid not null, id bigint generated always as identity, ${columns[name]}, ${keys.join(", ")})`);
    for (const index of indexes[name].filter((each) => each.startsWith("index"))) {
      await owner.sql.unsafe(`create index on ${name} ${index.slice("index ".length)}`);
    }
  }
}

/** Copies the file, as rows of that workspace; they stay, as an import's do. */
export async function copyFile(owner: Database, table: CopyTable, workspaceId: string, path: string): Promise<void> {
  await owner.sql.unsafe(`alter table ${table} alter column workspace_id set default '${workspaceId}'`);
  const names = columns[table].split(",").map((column) => column.trim().split(" ")[0]);
  await owner.sql.begin(async (sql) => {
    const copy = await sql
      .unsafe(`copy ${table} (${names.join(", ")}) from stdin (format csv, header true)`)
      .writable();
    await pipeline(createReadStream(path), copy);
  });
}
