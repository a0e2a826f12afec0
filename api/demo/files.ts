// The demo's three import files as CSV, in the bytes that the import reads and that `accrete demo --out` writes.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { type DemoKind, demoKinds, demoRows } from "./rows.ts";

/** Each kind's file as text, with its header row; the same at every call. */
export function demoFiles(): Readonly<Record<DemoKind, string>> {
  const rows = demoRows();
  return {
    catalog: stringify([...rows.catalog], { header: true }),
    accounts: stringify([...rows.accounts], { header: true }),
    "contract-lines": stringify([...rows["contract-lines"]], { header: true }),
  };
}

/** Writes `catalog.csv`, `accounts.csv` and `contract-lines.csv` into a folder, made if missing; gives their paths in that order. */
export async function writeDemoFiles(directory: string): Promise<string[]> {
  const files = demoFiles();
  await mkdir(directory, { recursive: true });
  return Promise.all(
    demoKinds.map(async (kind) => {
      const path = join(directory, `${kind}.csv`);
      await writeFile(path, files[kind]);
      return path;
    }),
  );
}
