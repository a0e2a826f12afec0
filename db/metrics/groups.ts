// What a row's group is called, and in which order groups stand.

import type { Tx } from "../kernel/database.ts";
import { type Driver, drivers } from "../movements/types.ts";
import type { GroupKey } from "./answer.ts";
import type { Key } from "./keys.ts";
import { grainPeriod } from "./periods.ts";
import type { Reading } from "./reading.ts";
import type { SumRow } from "./statement.ts";

type Named = { readonly externalId: string; readonly name: string | null };

/** The names behind the uuids of a result's keys. */
export type Names = {
  readonly products: Map<string, Named>;
  readonly plans: Map<string, Named>;
  readonly accounts: Map<string, Named>;
};

export const emptyGroup: GroupKey = {
  segment: null,
  product: null,
  productId: null,
  plan: null,
  planId: null,
  channel: null,
  region: null,
  industry: null,
  owner: null,
  cohort: null,
  cohortWindow: null,
  account: null,
  accountId: null,
  accountName: null,
  parent: null,
  parentId: null,
  currency: null,
  driver: null,
  motion: null,
  campaign: null,
  attributes: [],
};

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

/** The group of a row of the result. */
export function groupOf({ order, cohortGrain, settings }: Reading, row: SumRow, names: Names): GroupKey {
  let group = emptyGroup;
  for (const key of order) {
    const value = textOf(row, key);
    if (key.attribute !== null) {
      group = { ...group, attributes: [...group.attributes, { name: key.attribute, value }] };
    } else if (value !== null) {
      group = { ...group, ...leaf(key, value) };
    }
  }
  return group;

  function leaf(key: Key, value: string): Partial<GroupKey> {
    switch (key.dimension) {
      case "PRODUCT":
        return { productId: value, product: names.products.get(value)?.externalId ?? null };
      case "PLAN":
        return { planId: value, plan: names.plans.get(value)?.externalId ?? null };
      case "ACCOUNT":
        return {
          accountId: value,
          account: names.accounts.get(value)?.externalId ?? null,
          accountName: names.accounts.get(value)?.name ?? null,
        };
      case "PARENT":
        return { parentId: value, parent: names.accounts.get(value)?.externalId ?? null };
      case "COHORT": {
        const { label, fromOn, untilOn } = grainPeriod(value, cohortGrain, settings.fiscalYearStartMonth);
        return { cohort: label, cohortWindow: { fromOn, untilOn } };
      }
      case "DRIVER":
        return { driver: drivers.find((driver) => driver === value) ?? null };
      default:
        return key.leaf === null ? {} : { [key.leaf]: value };
    }
  }
}

/** Segments from the highest band down, drivers in their order, everything else by text; null last. */
export function compareGroups({ order, settings }: Reading): (a: GroupKey, b: GroupKey) => number {
  const bandNames = settings.segmentBands.map(({ name }) => name);
  return (a, b) => {
    for (const key of order) {
      const difference =
        key.dimension === "SEGMENT"
          ? placeOf(bandNames, a.segment) - placeOf(bandNames, b.segment)
          : key.dimension === "DRIVER"
            ? placeOf<Driver>(drivers, a.driver) - placeOf<Driver>(drivers, b.driver)
            : compareText(leafOf(a, key), leafOf(b, key));
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

/** A key's value in a row of the result. */
export function textOf(row: SumRow, { column }: Key): string | null {
  const value = row[column];
  return typeof value === "string" ? value : null;
}

function placeOf<T>(order: readonly T[], value: T | null): number {
  return value === null ? order.length : order.indexOf(value);
}

function compareText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

function leafOf(group: GroupKey, key: Key): string | null {
  if (key.leaf !== null) return group[key.leaf];
  return group.attributes.find(({ name }) => name === key.attribute)?.value ?? null;
}
