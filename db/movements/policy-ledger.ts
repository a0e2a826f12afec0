// The ledger under a policy's view of level, hierarchy and usage: only what differs from the stored one is derived anew.

import { Hierarchy } from "../accounts/hierarchy.ts";
import { listParentLinks, loadSurvivors, membersOf } from "../accounts/merges.ts";
import type { Catalog } from "../catalog/plans.ts";
import { loadCatalog, loadFamilies } from "../catalog/store.ts";
import { countVersionsKnownAt, listVersionsKnownAt } from "../contracts/store.ts";
import type { LineKind } from "../contracts/terms.ts";
import type { Tx } from "../kernel/database.ts";
import { AccreteError } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { knownAt } from "../kernel/knowledge.ts";
import { lookingUpByIndex } from "../kernel/planner.ts";
import { bookOnSurvivors, type Merges, wholeAccounts } from "./booking.ts";
import type { Families } from "./held.ts";
import { listStatements } from "./statements.ts";
import type { Membership, UnitMovement, UnitTransfer } from "./unit.ts";
import { deriveUnits, type UnitDerivation, type UnitFacts } from "./units.ts";
import { type Company, companiesOf, type LedgerView } from "./view.ts";

export type PolicyLedger = {
  /** Accounts whose stored rows do not count in this view: the lists below stand instead. */
  readonly replacedAccountIds: readonly string[];
  /** By unit; within a unit by day, and within a day in the ledger's order. */
  readonly movements: readonly UnitMovement[];
  readonly transfers: readonly UnitTransfer[];
};

/** Line versions of the accounts that one answer may derive: what it derives is in memory as a whole. */
const versionsMax = 500_000;
/** Line versions and accounts that are read at once; a company with more is read alone. */
const versionsOfBatchMax = 20_000;
const accountsOfBatchMax = 2_000;

/**
 * What the view derives otherwise than the stored ledger; null when that is the view's for every account, as it is. TOO_COMPLEX when the
 * accounts that are to be derived have more than 500,000 line versions.
 */
export async function readPolicyLedger(tx: Tx, view: LedgerView): Promise<PolicyLedger | null> {
  if (view.accountLevel === "ACCOUNT" && view.usage === "BILLED_RECURRING") return null;
  const survivors = await loadSurvivors(tx, view.ledgerVersion);
  const companies = await listCompanies(tx, view, survivors);
  if (companies.length === 0) return null;
  return lookingUpByIndex(tx, () =>
    deriveCompanies(tx, view, { companies, merges: { survivors, members: membersOf(survivors) } }),
  );
}

/** The kinds of lines and movements that a treatment of usage leaves out. */
const cutKinds: Readonly<Record<LedgerView["usage"], readonly LineKind[]>> = {
  BILLED_RECURRING: [],
  COMMITTED: ["METERED"],
  EXCLUDE: ["METERED", "COMMITMENT"],
};

async function listCompanies(tx: Tx, view: LedgerView, survivors: Merges["survivors"]): Promise<readonly Company[]> {
  const isGrouped = view.accountLevel === "ULTIMATE_PARENT";
  const links = isGrouped ? await listParentLinks(tx, view.ledgerVersion) : [];
  return companiesOf(view, {
    hierarchy: new Hierarchy(links, survivors),
    linkedIds: [...new Set(links.flatMap(({ accountId, parentId }) => [accountId, parentId]))],
    cutIds: await listAccountsWith(tx, cutKinds[view.usage], view),
  });
}

/** The accounts with lines or ready-made movements of the kinds. */
async function listAccountsWith(tx: Tx, kinds: readonly LineKind[], view: LedgerView): Promise<readonly string[]> {
  if (kinds.length === 0) return [];
  const named = [...kinds];
  const rows = await tx.sql<{ accountId: string }[]>`
    select v.account_id as "accountId" from contract_line_versions v
    where v.workspace_id = ${tx.workspaceId} and v.kind = any(${named}::text[]) and ${knownAt(tx.sql, "v", view.ledgerVersion)}
      and v.from_on < ${view.untilOn}::date
    union
    select m.account_id from movements m
    where m.workspace_id = ${tx.workspaceId} and m.kind = any(${named}::text[]) and m.external_id is not null
      and m.ledger_version <= ${view.ledgerVersion} and m.effective_on < ${view.untilOn}::date
    order by 1`;
  return rows.map(({ accountId }) => accountId);
}

type Task = { readonly companies: readonly Company[]; readonly merges: Merges };

async function deriveCompanies(tx: Tx, view: LedgerView, { companies, merges }: Task): Promise<PolicyLedger> {
  const [catalog, families] = await Promise.all([
    loadCatalog(tx, view.ledgerVersion),
    loadFamilies(tx, view.ledgerVersion),
  ]);
  const replacedAccountIds: string[] = [];
  const movements: UnitMovement[] = [];
  const transfers: UnitTransfer[] = [];
  const accountsOf = (company: Company) => wholeAccounts(company.keys(), merges).flat();
  const versionsOf = await countVersions(tx, companies.flatMap(accountsOf), view);
  const sizeOf = (company: Company) =>
    accountsOf(company).reduce((sum, accountId) => sum + (versionsOf.get(accountId) ?? 0), 0);
  for (const batch of batchesOf(companies, sizeOf)) {
    const memberships = new Map(batch.flatMap((company) => [...company]));
    const accountIds = batch.flatMap(accountsOf);
    const derived = await deriveBatch(tx, view, { memberships, accountIds, merges, catalog, families });
    for (const movement of inOrderOfUnits(derived.movements)) movements.push(movement);
    for (const transfer of derived.transfers) transfers.push(transfer);
    replacedAccountIds.push(...memberships.keys());
  }
  return { replacedAccountIds, movements, transfers };
}

async function countVersions(tx: Tx, accountIds: readonly string[], view: LedgerView) {
  const versionsOf = await countVersionsKnownAt(tx, accountIds, view.ledgerVersion);
  const versions = [...versionsOf.values()].reduce((sum, own) => sum + own, 0);
  if (versions <= versionsMax) return versionsOf;
  const reason = view.accountLevel === "ULTIMATE_PARENT" ? "are in groups" : "have usage";
  throw new AccreteError(
    "TOO_COMPLEX",
    `The accounts that ${reason} have ${versions} line versions to derive under this policy; the limit is ${versionsMax}.`,
    { field: "policy" },
  );
}

function* batchesOf(companies: readonly Company[], sizeOf: (company: Company) => number): Generator<Company[]> {
  let batch: Company[] = [];
  let accounts = 0;
  let versions = 0;
  for (const company of companies) {
    const size = sizeOf(company);
    const isFull = accounts + company.size > accountsOfBatchMax || versions + size > versionsOfBatchMax;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      accounts = 0;
      versions = 0;
    }
    batch.push(company);
    accounts += company.size;
    versions += size;
  }
  if (batch.length > 0) yield batch;
}

type Batch = {
  readonly memberships: ReadonlyMap<string, readonly Membership[]>;
  /** Those of the memberships and all that are merged into them. */
  readonly accountIds: readonly string[];
  readonly merges: Merges;
  readonly catalog: Catalog;
  readonly families: Families;
};

async function deriveBatch(tx: Tx, view: LedgerView, batch: Batch): Promise<UnitDerivation> {
  const { ledgerVersion, untilOn, usage } = view;
  const [versions, readyMade] = await Promise.all([
    listVersionsKnownAt(tx, batch.accountIds, ledgerVersion),
    listStatements(tx, batch.accountIds, { version: ledgerVersion, untilOn }),
  ]);
  const cut = cutKinds[usage];
  const counts = (fact: { readonly kind: LineKind | null }) => fact.kind === null || !cut.includes(fact.kind);
  const facts: UnitFacts = {
    versions: bookOnSurvivors(versions.filter(counts), batch.merges),
    readyMade: readyMade.filter(counts),
    memberships: batch.memberships,
    catalog: batch.catalog,
    families: batch.families,
    untilOn,
  };
  return deriveUnits(facts, newId);
}

/** Units derived together come day by day; the order within a unit stays. */
function inOrderOfUnits(movements: readonly UnitMovement[]): readonly UnitMovement[] {
  return [...movements].sort((a, b) => (a.unitId === b.unitId ? 0 : a.unitId < b.unitId ? -1 : 1));
}
