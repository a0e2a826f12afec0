// Files for the import tests, as text: one good row of each kind, changed field by field.

import { readFileSync } from "node:fs";
import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import type { ImportFormat } from "@accrete/db/ingestion/reading.ts";
import type { World } from "../support/world.ts";

export type Fields = Readonly<Record<string, string>>;

/** A row of each kind that the books of `sampleBooks` take. */
export const goodRow: Readonly<Record<ImportKind, Fields>> = {
  catalog: {
    product_id: "vault",
    product_name: "Vault",
    family: "Security",
    plan_id: "vault-basic",
    plan_name: "Vault Basic",
    rank: "1",
  },
  accounts: { account_id: "hooli", name: "Hooli", parent_id: "globex", channel: "Direct", effective_on: "2025-01-01" },
  "contract-lines": {
    line_id: "X-1",
    contract_id: "X-C",
    account_id: "initech",
    product_id: "core",
    plan_id: "core-pro",
    from_on: "2025-01-01",
    until_on: "2026-01-01",
    quantity: "10",
    unit_price: "5.00",
    discount_percent: "",
    discount_amount: "",
    billing_interval: "MONTH",
    currency: "USD",
  },
  movements: {
    movement_id: "N-1",
    account_id: "vandelay",
    effective_on: "2025-01-10",
    type: "NEW",
    driver: "",
    amount: "1200.00",
    currency: "USD",
    product_id: "core",
    plan_id: "core-pro",
  },
  rates: {
    rate_set: "ECB",
    kind: "DATED",
    from_currency: "EUR",
    to_currency: "USD",
    from_on: "2025-01-01",
    rate: "1.04",
  },
  usage: { line_id: "L-2002", from_on: "2025-09-01", until_on: "2025-10-01", amount: "250.00" },
};

/** A CSV file of rows with one set of columns. */
export function csv(...rows: readonly Fields[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? "")).join(","));
  return `${columns.join(",")}\n${lines.join("\n")}\n`;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A CSV file of the kind's good row, once for each set of changed fields. */
export function rowsOf(kind: ImportKind, ...changes: readonly Fields[]): string {
  return csv(...changes.map((changed) => ({ ...goodRow[kind], ...changed })));
}

/** The sample of the docs. */
export function sample(kind: ImportKind, format: ImportFormat = "csv"): string {
  return readFileSync(new URL(`../../docs/samples/${kind}.${format}`, import.meta.url), "utf8");
}

/** Books with the samples of the docs in them, and an account without any facts, vandelay. */
export async function importSamples(world: World): Promise<void> {
  for (const kind of ["catalog", "accounts", "contract-lines", "movements"] as const) {
    await world.importText(kind, sample(kind));
  }
  await world.importText("accounts", "account_id,name\nvandelay,Vandelay\n");
}
