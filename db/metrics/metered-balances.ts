// What metered lines with usage are worth on two days, by the periods that were billed: the part of the facts that SQL does not sum.

import { listVersionsKnownAt } from "../contracts/store.ts";
import type { Tx } from "../kernel/database.ts";
import type { Window } from "../kernel/dates.ts";
import { knownAt } from "../kernel/knowledge.ts";

/** Minor units of the currency, at the end of the day before the window and of its last day. */
export type MeteredBalance = {
  readonly accountId: string;
  readonly productId: string;
  readonly planId: string;
  readonly currency: string;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
};

/** Accounts whose lines are in memory at once. */
const accountsMax = 200;

/** The balances of every metered line with usage, by account, product, plan and currency; accounts as the lines name them. */
export async function sumMetered(
  tx: Tx,
  { window, version }: { readonly window: Window; readonly version: bigint },
): Promise<readonly MeteredBalance[]> {
  const { sql, workspaceId } = tx;
  const accounts = await sql<{ accountId: string; lineId: string }[]>`
    select distinct v.account_id as "accountId", v.line_id as "lineId" from contract_line_versions v
    where v.workspace_id = ${workspaceId} and v.kind = 'METERED' and ${knownAt(sql, "v", version)} and exists (
      select from usage_periods u where u.workspace_id = v.workspace_id and u.line_id = v.line_id and ${knownAt(sql, "u", version)})`;
  const lineIds = new Set(accounts.map(({ lineId }) => lineId));
  const accountIds = [...new Set(accounts.map(({ accountId }) => accountId))];
  const balances = new Map<string, MeteredBalance>();
  for (let start = 0; start < accountIds.length; start += accountsMax) {
    const versions = await listVersionsKnownAt(tx, accountIds.slice(start, start + accountsMax), version);
    for (const { lineId, kind, accountId, productId, planId, currency, fromOn, untilOn, arrMinor } of versions) {
      if (!lineIds.has(lineId) || kind !== "METERED") continue;
      const isWorth = (until: string) => fromOn < until && (untilOn === null || untilOn >= until);
      const key = `${accountId} ${planId} ${currency}`;
      const known = balances.get(key) ?? { accountId, productId, planId, currency, openingMinor: 0n, closingMinor: 0n };
      balances.set(key, {
        ...known,
        openingMinor: known.openingMinor + (isWorth(window.fromOn) ? arrMinor : 0n),
        closingMinor: known.closingMinor + (isWorth(window.untilOn) ? arrMinor : 0n),
      });
    }
  }
  return [...balances.values()];
}
