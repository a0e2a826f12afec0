// Small books written straight into the ledger's tables, for tests of the metrics: what an import or a derivation would leave there.

import { accountParents, accounts, accountVersions } from "@accrete/db/accounts/table.ts";
import { plans, products, productVersions } from "@accrete/db/catalog/table.ts";
import { newId } from "@accrete/db/kernel/ids.ts";
import type { ExpansionMetricsAnswer, MetricsRow } from "@accrete/db/metrics/answer.ts";
import { contractionMinor, expansionMinor } from "@accrete/db/metrics/formulas.ts";
import type { MetricsQuestion } from "@accrete/db/metrics/question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import { movements, transfers } from "@accrete/db/movements/table.ts";
import type { Driver, MovementType } from "@accrete/db/movements/types.ts";
import type { RateSetKind } from "@accrete/db/rates/kinds.ts";
import { chooseRateSets, setRates } from "@accrete/db/rates/store.ts";
import { type Commit, getSettings, lockForCommit, writeCommit } from "@accrete/db/workspaces/store.ts";
import type { World } from "../support/world.ts";

type Version = {
  readonly channel?: string;
  readonly region?: string;
  readonly industry?: string;
  readonly owner?: string;
  readonly parent?: string;
  readonly attributes?: Record<string, string>;
};

/** `[type or type/driver, day, amount in whole units, more]`: the sign of the amount is the movement's. */
type Entry = {
  readonly on: string;
  readonly what: MovementType | `EXPANSION/${Driver}` | `CONTRACTION/${Driver}`;
  readonly amount: number | bigint;
  readonly product?: string;
  readonly plan?: string;
  readonly currency?: string;
  /** A contract line, by a name of the test's own. */
  readonly line?: string;
  readonly motion?: string;
  readonly campaign?: string;
  /** Movements with the same word are one change. */
  readonly change?: string;
};

type Transfer = {
  readonly on: string;
  readonly amount: number;
  readonly from: readonly [product: string, plan: string];
  readonly to: readonly [product: string, plan: string];
  readonly currency?: string;
  /** Contract lines, by names of the test's own. */
  readonly lines?: readonly [from: string, to: string];
};

export type Books = ReturnType<typeof booksOf>;

/** Amounts are whole units of a currency with two decimals, or, as bigint, minor units. */
export function booksOf(world: World) {
  const accountIds = new Map<string, string>();
  const productIds = new Map<string, string>();
  const planIds = new Map<string, string>();
  const changeIds = new Map<string, string>();
  const movementIds = new Map<string, string>();
  const lineIds = new Map<string, string>();

  /** Each call is one commit of the ledger. */
  const commit = <T>(work: (tx: Parameters<Parameters<World["write"]>[0]>[0], commit: Commit) => Promise<T>) =>
    world.write(async (tx) => {
      const next = await lockForCommit(tx);
      const result = await work(tx, next);
      await writeCommit(tx, next, { actor: "test", action: "write books" });
      return result;
    });

  const idOf = (ids: Map<string, string>, name: string): string => {
    const id = ids.get(name);
    if (!id) throw new Error(`the books have no '${name}'`);
    return id;
  };

  const lineId = (name: string | undefined): string | null => {
    if (name === undefined) return null;
    const id = lineIds.get(name) ?? newId();
    lineIds.set(name, id);
    return id;
  };

  return {
    accountId: (name: string) => idOf(accountIds, name),
    productId: (name: string) => idOf(productIds, name),
    planId: (name: string) => idOf(planIds, name),
    movementId: (key: string) => idOf(movementIds, key),

    /** Plans as "product/plan". */
    async catalog(...names: readonly `${string}/${string}`[]): Promise<void> {
      await commit(async (tx, { version: recordedVersion }) => {
        for (const name of names) {
          const [product = "", plan = ""] = name.split("/");
          if (!productIds.has(product)) {
            const productId = newId();
            productIds.set(product, productId);
            const { workspaceId } = tx;
            await tx.orm.insert(products).values({ workspaceId, id: productId, externalId: product });
            // Each product is a family of its own.
            const named = { name: product, family: product };
            await tx.orm.insert(productVersions).values({ workspaceId, productId, recordedVersion, ...named });
          }
          planIds.set(plan, newId());
          await tx.orm.insert(plans).values({
            workspaceId: tx.workspaceId,
            id: idOf(planIds, plan),
            productId: idOf(productIds, product),
            externalId: plan,
          });
        }
      });
    },

    /** What was said of the account from each day on; a parent must be there before. */
    async account(name: string, versions: Record<string, Version> = { "1990-01-01": {} }): Promise<void> {
      await commit(async (tx, { version: recordedVersion }) => {
        const id = newId();
        accountIds.set(name, id);
        const { workspaceId } = tx;
        await tx.orm.insert(accounts).values({ workspaceId, id, externalId: name, source: "MOVEMENTS" });
        const days = Object.keys(versions);
        for (const [index, fromOn] of days.entries()) {
          const { parent, attributes = {}, ...rest } = versions[fromOn] ?? {};
          const span = { workspaceId, accountId: id, fromOn, untilOn: days[index + 1] ?? null, recordedVersion };
          await tx.orm.insert(accountVersions).values({ ...span, name: `${name} Inc.`, attributes, ...rest });
          if (parent) await tx.orm.insert(accountParents).values({ ...span, parentId: idOf(accountIds, parent) });
        }
      });
    },

    async move(account: string, ...entries: readonly Entry[]): Promise<void> {
      await commit(async (tx, { version, recordedAt }) => {
        for (const entry of entries) {
          const [type, driver = null] = entry.what.split("/") as [MovementType, Driver?];
          const id = newId();
          movementIds.set(`${account} ${entry.on} ${entry.what}`, id);
          if (entry.change && !changeIds.has(entry.change)) changeIds.set(entry.change, id);
          await tx.orm.insert(movements).values({
            workspaceId: tx.workspaceId,
            id,
            accountId: idOf(accountIds, account),
            effectiveOn: entry.on,
            type,
            driver,
            amountMinor: minor(entry.amount),
            currency: entry.currency ?? "USD",
            lineId: lineId(entry.line),
            productId: entry.product ? idOf(productIds, entry.product) : null,
            planId: entry.plan ? idOf(planIds, entry.plan) : null,
            isAddOn: false,
            motion: entry.motion ?? null,
            campaign: entry.campaign ?? null,
            changeId: entry.change ? idOf(changeIds, entry.change) : id,
            rule: "SOURCE",
            // Ready-made: the source has an id for it.
            externalId: id,
            batchId: newId(),
            recordedAt,
            ledgerVersion: version,
          });
        }
      });
    },

    async transfer(account: string, ...legs: readonly Transfer[]): Promise<void> {
      await commit(async (tx, { version, recordedAt }) => {
        for (const { on, amount, from, to, currency = "USD", lines } of legs) {
          await tx.orm.insert(transfers).values({
            workspaceId: tx.workspaceId,
            id: newId(),
            accountId: idOf(accountIds, account),
            effectiveOn: on,
            amountMinor: minor(amount),
            currency,
            fromLineId: lineId(lines?.[0]),
            toLineId: lineId(lines?.[1]),
            fromProductId: idOf(productIds, from[0]),
            fromPlanId: idOf(planIds, from[1]),
            toProductId: idOf(productIds, to[0]),
            toPlanId: idOf(planIds, to[1]),
            batchId: newId(),
            recordedAt,
            ledgerVersion: version,
          });
        }
      });
    },

    /** A rate set into the reporting currency, chosen at once: of a CONSTANT one each currency's rate, of a DATED one the rates by first day. */
    async rates(kind: RateSetKind, byCurrency: Record<string, string | Record<string, string>>): Promise<void> {
      const author = { actor: "test", action: "state rates" };
      await world.write(async (tx) => {
        const { reportingCurrency } = await getSettings(tx);
        const rates = Object.entries(byCurrency).flatMap(([fromCurrency, stated]) =>
          typeof stated === "string"
            ? [{ fromCurrency, toCurrency: reportingCurrency, rate: stated }]
            : Object.entries(stated).map(([fromOn, rate]) => ({
                fromCurrency,
                toCurrency: reportingCurrency,
                fromOn,
                rate,
              })),
        );
        const { refusals } = await setRates(tx, { rateSet: `test ${kind}`, kind, rates }, author);
        if (refusals.length > 0) throw new Error(JSON.stringify(refusals));
        const chosen = kind === "CONSTANT" ? { constant: `test ${kind}` } : { reported: `test ${kind}` };
        await chooseRateSets(tx, chosen, author);
      });
    },

    /** Takes a movement back, by "account day what". */
    async reverse(key: string): Promise<void> {
      await commit(async (tx, { version, recordedAt }) => {
        await tx.sql`
          insert into movements (workspace_id, id, account_id, effective_on, type, driver, amount_minor, currency, product_id, plan_id,
            is_add_on, motion, campaign, external_id, change_id, reverses, rule, batch_id, recorded_at, ledger_version)
          select workspace_id, ${newId()}::uuid, account_id, effective_on, type, driver, -amount_minor, currency, product_id, plan_id,
            is_add_on, motion, campaign, external_id, change_id, id, rule, batch_id, ${recordedAt}::timestamptz, ${version}
          from movements where workspace_id = ${tx.workspaceId} and id = ${idOf(movementIds, key)}`;
      });
    },

    ask(question: Partial<MetricsQuestion> & Pick<MetricsQuestion, "window">): Promise<ExpansionMetricsAnswer> {
      return world.read((tx) => askExpansionMetrics(tx, wholeQuestion(question)));
    },
  };
}

/** EVENT, over the window as one period, without groups or conditions, unless told otherwise. */
export function wholeQuestion(question: Partial<MetricsQuestion> & Pick<MetricsQuestion, "window">): MetricsQuestion {
  return {
    grain: "WHOLE",
    groupBy: [],
    groupByAttributes: [],
    cohortGrain: "MONTH",
    filter: {},
    policy: {},
    todayOn: "2026-01-01",
    ...question,
  };
}

function minor(amount: number | bigint): bigint {
  return typeof amount === "bigint" ? amount : BigInt(Math.round(amount * 100));
}

/** From the first day of one month or day to the first of another: "2025-10" is "2025-10-01". */
export function windowOf(fromOn: string, untilOn: string): { fromOn: string; untilOn: string } {
  const day = (text: string) => (text.length === 7 ? `${text}-01` : text);
  return { fromOn: day(fromOn), untilOn: day(untilOn) };
}

/**
 * The money of a row in whole units, zeros and nulls left out: opening, new, reactivation, expansion, contraction, churned, in, out, fx,
 * closing. Contraction and churn are positive, as the fields are.
 */
export function told(row: MetricsRow): Record<string, number> {
  const { money } = row;
  const amounts: Record<string, bigint | null> = {
    opening: money.openingMinor,
    new: money.newMinor,
    reactivation: money.reactivationMinor,
    expansion: expansionMinor(row),
    contraction: contractionMinor(row),
    churned: money.churnedMinor,
    in: money.transferInMinor,
    out: money.transferOutMinor,
    fx: money.fxMinor,
    closing: money.closingMinor,
  };
  return Object.fromEntries(
    Object.entries(amounts)
      .filter(([, amount]) => amount)
      .map(([name, amount]) => [name, Number(amount) / 100]),
  );
}

/** A breakdown by driver in whole units, zeros left out. */
export function drivenBy(byDriver: Readonly<Record<Driver, bigint>>): Partial<Record<Driver, number>> {
  return Object.fromEntries(
    Object.entries(byDriver)
      .filter(([, amount]) => amount !== 0n)
      .map(([driver, amount]) => [driver, Number(amount) / 100]),
  );
}

/** Counts that are not 0. */
export function counted(row: MetricsRow): Record<string, number> {
  return Object.fromEntries(Object.entries(row.counts).filter(([, count]) => count)) as Record<string, number>;
}

/** Every row of an answer under the text of its group's leaves: "Enterprise", "app/pro"; "-" for null. */
export function byGroup(
  answer: ExpansionMetricsAnswer,
  leaf: (row: MetricsRow) => string | null,
): Record<string, Record<string, number>> {
  return Object.fromEntries(answer.rows.map((row) => [leaf(row) ?? "-", told(row)]));
}
