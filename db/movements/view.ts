// Which accounts count as one under a view, on which days. Names only accounts whose ledger the view changes: all others stand as stored.

import type { Hierarchy } from "../accounts/hierarchy.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { Membership } from "./unit.ts";

/** Which accounts are one unit, which kinds of lines count, and whose knowledge says so. */
export type LedgerView = {
  readonly accountLevel: "ACCOUNT" | "ULTIMATE_PARENT";
  /** LIVE: the links of `hierarchyOn`, for all history; AS_OF_EVENT: each day's own links. Nothing at the level ACCOUNT. */
  readonly hierarchyAt: "LIVE" | "AS_OF_EVENT";
  /** COMMITTED leaves out METERED facts, EXCLUDE also COMMITMENT ones. */
  readonly usage: "BILLED_RECURRING" | "COMMITTED" | "EXCLUDE";
  readonly ledgerVersion: bigint;
  readonly hierarchyOn: PlainDate;
  /** Only days before it matter: the answer may end there. */
  readonly untilOn: PlainDate;
};

/** Accounts that are to be derived together, each with its units by day. */
export type Company = ReadonlyMap<string, readonly Membership[]>;

export type ViewFacts = {
  readonly hierarchy: Hierarchy;
  /** Accounts that have a link on any day, merged ones included. */
  readonly linkedIds: readonly string[];
  /** Accounts with facts that the view's usage leaves out. */
  readonly cutIds: readonly string[];
};

/** All accounts whose ledger the view changes, in companies: an account is in no unit of another company, on no day. */
export function companiesOf(view: LedgerView, { hierarchy, linkedIds, cutIds }: ViewFacts): readonly Company[] {
  const spansOf = new Map<string, readonly Membership[]>();
  if (view.accountLevel === "ULTIMATE_PARENT") {
    for (const accountId of linkedIds) {
      const ownId = hierarchy.survivorOf(accountId);
      if (!spansOf.has(ownId)) spansOf.set(ownId, unitsOf(view, hierarchy, ownId));
    }
  }
  const groups = companies(spansOf).filter(({ size }) => size > 1);
  const grouped = new Set(groups.flatMap((company) => [...company.keys()]));
  const alone = new Set(cutIds.map((accountId) => hierarchy.survivorOf(accountId)).filter((id) => !grouped.has(id)));
  return [...groups, ...[...alone].map((id): Company => new Map([[id, [always(id)]]]))];
}

const always = (unitId: string): Membership => ({ unitId, fromOn: "0001-01-01", untilOn: null });

function unitsOf(view: LedgerView, hierarchy: Hierarchy, accountId: string): readonly Membership[] {
  if (view.hierarchyAt === "LIVE") return [always(hierarchy.topOn(accountId, view.hierarchyOn))];
  return hierarchy
    .topsOf(accountId)
    .filter(({ fromOn }) => fromOn < view.untilOn)
    .map(({ topId, fromOn, untilOn }) => ({ unitId: topId, fromOn, untilOn }));
}

/** Accounts that are ever in one unit, and units that ever have one account, belong together. */
function companies(spansOf: ReadonlyMap<string, readonly Membership[]>): readonly Company[] {
  const above = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next;
    // The next look-up goes there at once.
    for (let step = id; step !== root; ) {
      const next = above.get(step) ?? root;
      above.set(step, root);
      step = next;
    }
    return root;
  };
  for (const [accountId, spans] of spansOf) {
    for (const { unitId } of spans) {
      const [a, b] = [rootOf(accountId), rootOf(unitId)];
      if (a !== b) above.set(a, b);
    }
  }
  const byRoot = new Map<string, Map<string, readonly Membership[]>>();
  for (const [accountId, spans] of spansOf) {
    const root = rootOf(accountId);
    const company = byRoot.get(root) ?? new Map<string, readonly Membership[]>();
    byRoot.set(root, company.set(accountId, spans));
  }
  return [...byRoot.values()];
}
