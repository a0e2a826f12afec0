// The loaders of one operation: what many objects of an answer ask for is read in one statement, whatever the page size.

import { countChildren, findAccounts, findAccountsByExternalId, listChildren } from "@accrete/db/accounts/list.ts";
import { findResolvedParents, loadHierarchyAbove, loadSurvivors } from "@accrete/db/accounts/merges.ts";
import { findPlans, findPlansOfProducts, findProducts, type PlanRow } from "@accrete/db/catalog/list.ts";
import { countContractLines, findContractLines, findContracts, listContractLines } from "@accrete/db/contracts/list.ts";
import { countUsage, listUsage } from "@accrete/db/contracts/usage.ts";
import { findImportBatches } from "@accrete/db/ingestion/list.ts";
import type { Tx } from "@accrete/db/kernel/database.ts";
import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { type Page, type PageArgs, requirePageArgs } from "@accrete/db/kernel/pages.ts";
import { sumCommitted } from "@accrete/db/metrics/bookings.ts";
import { emptyRow } from "@accrete/db/metrics/empty.ts";
import type { MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import {
  type AccountDay,
  type ArrAround,
  accountWorth,
  type Balance,
  type FirstArr,
  findArrAround,
  findFirstArr,
  requireConstantRates,
  sumBalances,
} from "@accrete/db/movements/balances.ts";
import { findRestatements } from "@accrete/db/movements/closings.ts";
import { constantRates } from "@accrete/db/movements/constant.ts";
import {
  countMovementsOfAccounts,
  countMovementsOfQuestions,
  findCorrections,
  findFedAccounts,
  findMovements,
  findReversals,
  listMovementsOfAccounts,
  listMovementsOfQuestions,
  type MovementQuestion,
} from "@accrete/db/movements/list.ts";
import type { RateReading } from "@accrete/db/rates/convert.ts";
import { getCommitAsOf, getSettings } from "@accrete/db/workspaces/store.ts";
import {
  type At,
  grouped,
  type Knowledge,
  keyedLoader,
  LoadersByQuestion,
  ownerLoader,
  pageAt,
  RowLoader,
  rowsAt,
} from "./batching.ts";

export type Loaders = ReturnType<typeof createLoaders>;

/** Loaders over one snapshot, by one knowledge, which all rows carry on; they live as long as the operation. */
export function createLoaders(tx: Tx, known: Knowledge) {
  const settings = once(() => getSettings(tx, known.version));
  const rates = once(async () =>
    constantRates(await settings(), { workspaceId: tx.workspaceId, ledgerVersion: known.version }),
  );
  return {
    settings,
    /** The rates at which other currencies are read, of what is said of single accounts and movements. */
    constantRates: rates,
    /** Throws RATE_MISSING when an account has ARR on the day in a currency without a constant rate. */
    requireConstantRates: async () => requireConstantRates(tx, known.on, await rates()),
    accountWorth: async () => accountWorth(tx, known.on, await rates()),
    ...worthLoaders(tx, rates),
    ...workspaceLoaders(tx, known),
    ...catalogLoaders(tx, known),
    ...accountLoaders(tx, known),
    ...contractLoaders(tx, known),
    ...movementLoaders(tx, known),
    accountMetrics: new LoadersByQuestion((asked: Pick<MetricsQuestion, "window" | "policy" | "asOf" | "todayOn">) =>
      keyedLoader(
        (accountId: string) => accountId,
        (accountIds) => askMetricsOfAccounts(tx, accountIds, asked),
      ),
    ),
  };
}

/** What accounts are worth, in the reporting currency at constant rates. */
function worthLoaders(tx: Tx, rates: () => Promise<RateReading>) {
  return {
    arrAround: ownerLoader<ArrAround | null>(async (ids) => findArrAround(tx, ids, await rates()), null),
    balances: keyedLoader<AccountDay, readonly Balance[]>(nameOfDay, async (asked) => {
      const rows = grouped(await sumBalances(tx, asked, await rates()), nameOfDay);
      return asked.map((day) => rows.get(nameOfDay(day)) ?? []);
    }),
    firstArr: ownerLoader<readonly FirstArr[]>(
      async (accountIds) => grouped(await findFirstArr(tx, accountIds, await rates()), ({ accountId }) => accountId),
      [],
    ),
  };
}

function workspaceLoaders(tx: Tx, known: Knowledge) {
  return {
    /** The last commit that is known. */
    ledger: once(() => getCommitAsOf(tx, known.asOf)),
  };
}

function catalogLoaders(tx: Tx, known: Knowledge) {
  const { version } = known;
  return {
    product: new RowLoader(async (ids) => rowsAt(await findProducts(tx, ids, version), known)),
    plan: new RowLoader(async (ids) => rowsAt(await findPlans(tx, ids, version), known)),
    plansOfProduct: ownerLoader<readonly At<PlanRow>[]>(async (productIds) => {
      const plans = await findPlansOfProducts(tx, productIds, version);
      return grouped(rowsAt(plans, known), ({ productId }) => productId);
    }, []),
  };
}

function accountLoaders(tx: Tx, known: Knowledge) {
  return {
    account: new RowLoader(async (ids) => rowsAt(await findAccounts(tx, ids, known), known)),
    accountByExternalId: keyedLoader(
      (externalId: string) => externalId,
      async (externalIds) => {
        const rows = rowsAt(await findAccountsByExternalId(tx, externalIds, known), known);
        return externalIds.map((externalId) => rows.find((row) => row.externalId === externalId) ?? null);
      },
    ),
    /** The groups above each account, of all days. */
    hierarchyAbove: keyedLoader(
      (accountId: string) => accountId,
      async (accountIds) => {
        const hierarchy = await loadHierarchyAbove(tx, accountIds, known.version);
        return accountIds.map(() => hierarchy);
      },
    ),
    /** Of every merged account the one that it ends up in. */
    survivors: once(() => loadSurvivors(tx, known.version)),
    /** All parent links as merges leave them; null where nothing is merged. */
    resolvedParents: once(() => findResolvedParents(tx, known.version)),
    children: new LoadersByQuestion(({ on, page }: { on: PlainDate; page: PageArgs }) =>
      pageLoader(page, known, (parentIds) => listChildren(tx, { parentIds, known, on }, page)),
    ),
    /** Whether anything had fed the account by then. */
    wasFed: ownerLoader((accountIds) => findFedAccounts(tx, accountIds, known.version), false),
    childrenCount: new LoadersByQuestion((on: PlainDate) =>
      ownerLoader((parentIds) => countChildren(tx, { parentIds, known, on }), 0),
    ),
  };
}

function contractLoaders(tx: Tx, known: Knowledge) {
  const { version } = known;
  return {
    contract: new RowLoader(async (ids) => rowsAt(await findContracts(tx, ids), known)),
    contractLine: new RowLoader(async (ids) => rowsAt(await findContractLines(tx, ids), known)),
    contractLines: new LoadersByQuestion(({ on, page }: { on: PlainDate; page: PageArgs }) =>
      pageLoader(page, known, (accountIds) => listContractLines(tx, { accountIds, inForce: { version, on } }, page)),
    ),
    usage: new LoadersByQuestion((page: PageArgs) =>
      pageLoader(page, known, (lineIds) => listUsage(tx, { lineIds, version }, page)),
    ),
    usageCount: ownerLoader((lineIds) => countUsage(tx, { lineIds, version }), 0),
    contractLinesCount: new LoadersByQuestion((on: PlainDate) =>
      ownerLoader((accountIds) => countContractLines(tx, { accountIds, inForce: { version, on } }), 0),
    ),
  };
}

function movementLoaders(tx: Tx, known: Knowledge) {
  const { version } = known;
  return {
    movement: new RowLoader(async (ids) => rowsAt(await findMovements(tx, ids), known)),
    reversalOf: ownerLoader(async (ids) => {
      const rows = rowsAt(await findReversals(tx, ids, version), known);
      return new Map(rows.map((row) => [row.reverses ?? "", row]));
    }, null),
    correctionOf: ownerLoader(async (ids) => {
      const rows = rowsAt(await findCorrections(tx, ids, version), known);
      return new Map(rows.map((row) => [row.corrects ?? "", row]));
    }, null),
    isRestatement: ownerLoader(async (ids) => {
      const late = await findRestatements(tx, ids);
      return new Map([...late].map((id) => [id, true]));
    }, false),
    committed: keyedLoader<AccountDay, bigint>(nameOfDay, async (asked) => {
      const rows = grouped(await sumCommitted(tx, asked, version), nameOfDay);
      return asked.map((day) => rows.get(nameOfDay(day))?.[0]?.arrMinor ?? 0n);
    }),
    importBatch: new RowLoader((ids) => findImportBatches(tx, ids)),
    movements: new LoadersByQuestion(({ question, page }: { question: MovementQuestion; page: PageArgs }) =>
      pageLoader(page, known, (accountIds) => listMovementsOfAccounts(tx, accountIds, question, page)),
    ),
    movementsCount: new LoadersByQuestion((question: MovementQuestion) =>
      ownerLoader((accountIds) => countMovementsOfAccounts(tx, accountIds, question), 0),
    ),
    /** Pages of questions that differ, such as the rows of a metrics answer; the questions of one loader share their order. */
    movementsOfQuestion: new LoadersByQuestion(({ page }: { page: PageArgs; orderBy: MovementQuestion["orderBy"] }) =>
      keyedLoader(nameOfQuestion, async (questions: readonly MovementQuestion[]) =>
        (await listMovementsOfQuestions(tx, requireRowsMax(questions), page)).map((found) => pageAt(found, known)),
      ),
    ),
    movementsCountOfQuestion: keyedLoader(nameOfQuestion, async (questions: readonly MovementQuestion[]) =>
      countMovementsOfQuestions(tx, requireRowsMax(questions)),
    ),
  };
}

/** Rows of one answer that may be asked for their movements: each adds its conditions to one statement. */
const rowsMax = 200;

function requireRowsMax(questions: readonly MovementQuestion[]): readonly MovementQuestion[] {
  if (questions.length <= rowsMax) return questions;
  throw new AccreteError("TOO_COMPLEX", `movements of ${questions.length} rows, limit ${rowsMax}`, {
    field: "movements",
  });
}

const nameOfDay = ({ accountId, on }: AccountDay) => `${accountId} ${on}`;

/** Each account's own metrics over the window, in one question grouped by account. */
async function askMetricsOfAccounts(
  tx: Tx,
  accountIds: readonly string[],
  asked: Pick<MetricsQuestion, "window" | "policy" | "asOf" | "todayOn">,
) {
  const whole = { ...asked, grain: "WHOLE", groupByAttributes: [], cohortGrain: "MONTH" } as const;
  const answer = await askExpansionMetrics(tx, { ...whole, groupBy: ["ACCOUNT"], filter: { accountIds } });
  const rows = new Map(answer.rows.map((row) => [row.group.accountId, row]));
  const { period, group } = answer.total;
  return accountIds.map((accountId) => {
    const row = rows.get(accountId) ?? emptyRow(period);
    const question: MetricsQuestion = { ...whole, groupBy: [], filter: { accountIds: [accountId] } };
    return { row: { ...row, period, group }, answer, question };
  });
}

function nameOfQuestion(question: MovementQuestion): string {
  return JSON.stringify(question, (_key, value) => (typeof value === "bigint" ? `${value}n` : value));
}

/** A page per owner; what the page asks is checked once, here, and not reported by every owner's read. */
function pageLoader<Row>(
  page: PageArgs,
  known: Knowledge,
  read: (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, Page<Row>>>,
): { load(ownerId: string): Promise<Page<At<Row>>> } {
  requirePageArgs(page);
  return keyedLoader(
    (ownerId: string) => ownerId,
    async (ownerIds) => {
      const pages = await read(ownerIds);
      return ownerIds.map((id) => pageAt(pages.get(id) ?? emptyPage, known));
    },
  );
}

const emptyPage: Page<never> = {
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null;
  return () => {
    value ??= read();
    return value;
  };
}
