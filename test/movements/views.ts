// Small companies in a test's database, and the ledger of a policy's view of them told in one line per row.

import { newestKnown } from "@accrete/db/kernel/knowledge.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import { type PolicyLedger, readPolicyLedger } from "@accrete/db/movements/policy-ledger.ts";
import type { LedgerView } from "@accrete/db/movements/view.ts";
import type { TestDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";

export const stored: LedgerView = {
  accountLevel: "ACCOUNT",
  hierarchyAt: "LIVE",
  usage: "BILLED_RECURRING",
  ledgerVersion: newestKnown,
  hierarchyOn: "2025-12-31",
  untilOn: "2026-01-01",
};
export const live: LedgerView = { ...stored, accountLevel: "ULTIMATE_PARENT" };
export const asOfEvent: LedgerView = { ...live, hierarchyAt: "AS_OF_EVENT" };

export const catalog = `product_id,product_name,family,plan_id,plan_name,rank
crm,CRM,sales,pro,Pro,
desk,Desk,support,help,Help,
api,API,platform,calls,Calls,
`;

const lineColumns =
  "line_id,contract_id,account_id,product_id,plan_id,kind,from_on,until_on,quantity,unit_price,billing_interval,currency";

/** Each row: line, account, product/plan, kind, from, until, yearly price. */
export function linesFile(...rows: readonly string[]): string {
  const full = rows.map((row) => {
    const [line, account, plan, kind, from, until, price] = row.split(" ");
    return `${line},of-${account},${account},${plan?.replace("/", ",")},${kind},${from},${until === "-" ? "" : until},1,${price},YEAR,USD`;
  });
  return [lineColumns, ...full].join("\n");
}

export async function company(database: TestDatabase): Promise<World> {
  const books = await world(database);
  await books.importText("catalog", catalog);
  return books;
}

export function versionOf(books: World): Promise<bigint> {
  return books.read(async ({ sql, workspaceId }) => {
    const [row] = await sql<{ version: bigint }[]>`
      select version from ledger_versions where workspace_id = ${workspaceId}`;
    return row?.version ?? 0n;
  });
}

export const author = { actor: "test", action: "merge" };

export const accountsFile = (...rows: readonly string[]) =>
  ["account_id,name,parent_id,effective_on", ...rows].join("\n");

type Told = {
  readonly replaced: readonly string[];
  readonly movements: readonly string[];
  readonly transfers: readonly string[];
};

/** The answer with the sources' ids; null as it comes. */
export async function ask(books: World, view: LedgerView): Promise<Told | null> {
  return books.read(async (tx) => {
    const ledger = await readPolicyLedger(tx, view);
    if (!ledger) return null;
    const rows = await tx.sql<{ id: string; name: string }[]>`
      select id, external_id as name from accounts where workspace_id = ${tx.workspaceId}`;
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    return tell(ledger, (id) => names.get(id) ?? id);
  });
}

function tell(ledger: PolicyLedger, nameOf: (id: string) => string): Told {
  return {
    replaced: ledger.replacedAccountIds.map(nameOf).sort(),
    movements: ledger.movements.map(
      ({ effectiveOn, unitId, accountId, type, driver, amountMinor, currency, sourceId }) => {
        const what = driver === null ? type : `${type} ${driver}`;
        return `${effectiveOn} ${nameOf(unitId)}: ${what} ${formatMoney(amountMinor, currency)} ${sourceId} of ${nameOf(accountId)}`;
      },
    ),
    transfers: ledger.transfers.map(
      ({ effectiveOn, amountMinor, currency, fromUnitId, toUnitId, toSourceId, startsUnit }) =>
        `${effectiveOn} ${formatMoney(amountMinor, currency)} ${toSourceId} ${nameOf(fromUnitId)} → ${nameOf(toUnitId)}${startsUnit ? " first" : ""}`,
    ),
  };
}
