// The names behind the uuids of a result: looked up once per answer, for the groups that are told by them.

import type { Tx } from "../kernel/database.ts";
import { type Named, type Names, textOf } from "./groups.ts";
import type { Reading } from "./reading.ts";
import type { SumRow } from "./statement.ts";

/** Looks up what the rows' products, plans, accounts and parents are called; an account's name is that of the window's last day. */
export async function findNames(tx: Tx, reading: Reading, rows: readonly SumRow[]): Promise<Names> {
  const idsOf = (...columns: string[]) =>
    [
      ...new Set(
        reading.keys
          .filter(({ column }) => columns.includes(column))
          .flatMap((key) => rows.map((row) => textOf(row, key))),
      ),
    ].filter((id) => id !== null);
  const named = async (ids: readonly string[], table: "products" | "plans" | "accounts") => {
    if (ids.length === 0) return new Map<string, Named>();
    const name =
      table === "accounts"
        ? tx.sql`(select v.name from account_versions v where v.workspace_id = t.workspace_id and v.account_id = t.id
            and v.recorded_version <= ${reading.context.ledgerVersion} and v.superseded_version > ${reading.context.ledgerVersion}
            and v.from_on < ${reading.window.untilOn}::date order by v.from_on desc limit 1)`
        : tx.sql`null`;
    const found = await tx.sql<(Named & { id: string })[]>`
      select t.id, t.external_id as "externalId", ${name}::text as name from ${tx.sql(table)} t
      where t.workspace_id = ${tx.workspaceId} and t.id = any(${[...ids]}::uuid[])`;
    return new Map(found.map((row) => [row.id, row]));
  };
  return {
    products: await named(idsOf("product_id"), "products"),
    plans: await named(idsOf("plan_id"), "plans"),
    accounts: await named(idsOf("account_key", "parent_id"), "accounts"),
  };
}
