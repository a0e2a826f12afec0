// What a row's group is called, and in which order groups stand.

import { type Driver, drivers } from "../movements/types.ts";
import type { GroupKey } from "./answer.ts";
import type { Key } from "./keys.ts";
import { grainPeriod } from "./periods.ts";
import type { Reading } from "./reading.ts";
import type { SumRow } from "./statement.ts";

/** What a product, a plan or an account is called; only accounts are asked for their names. */
export type Named = { readonly externalId: string; readonly name: string | null };

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
