// The loaders of one operation: what many objects of an answer ask for is read in one statement, whatever the page size.

import {
  countChildren,
  findAccounts,
  findAccountsByExternalId,
  findParentIds,
  findUltimateParentIds,
  listChildren,
} from "@accrete/db/accounts/list.ts";
import { findPlans, findPlansOfProducts, findProducts, type PlanRow } from "@accrete/db/catalog/list.ts";
import { countContractLines, findContractLines, findContracts, listContractLines } from "@accrete/db/contracts/list.ts";
import { findImportBatches } from "@accrete/db/ingestion/list.ts";
import type { Tx } from "@accrete/db/kernel/database.ts";
import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { type Page, type PageArgs, requirePageArgs } from "@accrete/db/kernel/pages.ts";
import { emptyRow } from "@accrete/db/metrics/empty.ts";
import type { MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import {
  type AccountDay,
  accountWorth,
  type Balance,
  type FirstArr,
  findFirstArr,
  requireOneCurrency,
  sumArrAfter,
  sumBalances,
} from "@accrete/db/movements/balances.ts";
import {
  countMovementsOfAccounts,
  countMovementsOfQuestions,
  findMovements,
  findReversals,
  listMovementsOfAccounts,
  listMovementsOfQuestions,
  type MovementQuestion,
} from "@accrete/db/movements/list.ts";
import { getLedgerVersion, getSettings } from "@accrete/db/workspaces/store.ts";
import { grouped, keyedLoader, LoadersByQuestion, ownerLoader, RowLoader } from "./batching.ts";

export type Loaders = ReturnType<typeof createLoaders>;

/** Loaders over one snapshot; they live as long as the operation. */
export function createLoaders(tx: Tx, todayOn: PlainDate) {
  return {
    ...workspaceLoaders(tx),
    ...catalogLoaders(tx),
    ...accountLoaders(tx, todayOn),
    ...contractLoaders(tx),
    ...movementLoaders(tx),
    accountMetrics: new LoadersByQuestion((asked: Pick<MetricsQuestion, "window" | "policy">) =>
      keyedLoader(
        (accountId: string) => accountId,
        (accountIds) => askMetricsOfAccounts(tx, accountIds, { ...asked, todayOn }),
      ),
    ),
  };
}

function workspaceLoaders(tx: Tx) {
  const settings = once(() => getSettings(tx));
  return {
    settings,
    ledger: once(() => getLedgerVersion(tx)),
    /** Throws RATE_MISSING when ARR of several currencies would be summed or compared on the day. */
    requireOneCurrency: async (on: PlainDate) => requireOneCurrency(tx, (await settings()).reportingCurrency, on),
  };
}

function catalogLoaders(tx: Tx) {
  return {
    product: new RowLoader((ids) => findProducts(tx, ids)),
    plan: new RowLoader((ids) => findPlans(tx, ids)),
    plansOfProduct: ownerLoader<readonly PlanRow[]>(async (productIds) => {
      return grouped(await findPlansOfProducts(tx, productIds), ({ productId }) => productId);
    }, []),
  };
}

function accountLoaders(tx: Tx, todayOn: PlainDate) {
  return {
    account: new RowLoader((ids) => findAccounts(tx, ids, todayOn)),
    accountByExternalId: keyedLoader(
      (externalId: string) => externalId,
      async (externalIds) => {
        const rows = await findAccountsByExternalId(tx, externalIds, todayOn);
        return externalIds.map((externalId) => rows.find((row) => row.externalId === externalId) ?? null);
      },
    ),
    parentOf: ownerLoader<string | null>((ids) => findParentIds(tx, ids, todayOn), null),
    ultimateParentOf: ownerLoader<string | null>((ids) => findUltimateParentIds(tx, ids, todayOn), null),
    children: new LoadersByQuestion((page: PageArgs) =>
      pageLoader(page, (parentIds) => listChildren(tx, { parentIds, on: todayOn }, page)),
    ),
    accountWorth: (on: PlainDate) => accountWorth(tx, on),
    childrenCount: ownerLoader((parentIds) => countChildren(tx, parentIds, todayOn), 0),
  };
}

function contractLoaders(tx: Tx) {
  return {
    contract: new RowLoader((ids) => findContracts(tx, ids)),
    contractLine: new RowLoader((ids) => findContractLines(tx, ids)),
    contractLines: new LoadersByQuestion(({ on, page }: { on: PlainDate; page: PageArgs }) =>
      pageLoader(page, (accountIds) => listContractLines(tx, { accountIds, on }, page)),
    ),
    contractLinesCount: new LoadersByQuestion((on: PlainDate) =>
      ownerLoader((accountIds) => countContractLines(tx, accountIds, on), 0),
    ),
  };
}

function movementLoaders(tx: Tx) {
  return {
    movement: new RowLoader((ids) => findMovements(tx, ids)),
    reversalOf: ownerLoader(async (ids) => {
      const rows = await findReversals(tx, ids);
      return new Map(rows.map((row) => [row.reverses ?? "", row]));
    }, null),
    arrAfter: ownerLoader<bigint | null>((ids) => sumArrAfter(tx, ids), null),
    balances: keyedLoader<AccountDay, readonly Balance[]>(nameOfDay, async (asked) => {
      const rows = grouped(await sumBalances(tx, asked), nameOfDay);
      return asked.map((day) => rows.get(nameOfDay(day)) ?? []);
    }),
    firstArr: ownerLoader<readonly FirstArr[]>(
      async (accountIds) => grouped(await findFirstArr(tx, accountIds), ({ accountId }) => accountId),
      [],
    ),
    importBatch: new RowLoader((ids) => findImportBatches(tx, ids)),
    movements: new LoadersByQuestion(({ question, page }: { question: MovementQuestion; page: PageArgs }) =>
      pageLoader(page, (accountIds) => listMovementsOfAccounts(tx, accountIds, question, page)),
    ),
    movementsCount: new LoadersByQuestion((question: MovementQuestion) =>
      ownerLoader((accountIds) => countMovementsOfAccounts(tx, accountIds, question), 0),
    ),
    /** Pages of questions that differ, such as the rows of a metrics answer; the questions of one loader share their order. */
    movementsOfQuestion: new LoadersByQuestion(({ page }: { page: PageArgs; orderBy: MovementQuestion["orderBy"] }) =>
      keyedLoader(nameOfQuestion, async (questions: readonly MovementQuestion[]) =>
        listMovementsOfQuestions(tx, requireRowsMax(questions), page),
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
  asked: Pick<MetricsQuestion, "window" | "policy" | "todayOn">,
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
  read: (ownerIds: readonly string[]) => Promise<ReadonlyMap<string, Page<Row>>>,
): { load(ownerId: string): Promise<Page<Row>> } {
  requirePageArgs(page);
  return keyedLoader(
    (ownerId: string) => ownerId,
    async (ownerIds) => {
      const pages = await read(ownerIds);
      return ownerIds.map((id) => pages.get(id) ?? emptyPage);
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
