// The columns of a row's key: one per dimension asked for, where its value comes from, and how SQL reads it there.

import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import type { GroupKey } from "./answer.ts";
import type { Dimension } from "./question.ts";

/** LINE values are of the line, VALUE ones of the account on a day, SEGMENT of the account in a period, FLOW ones of the movement. */
export type KeySource = "SEGMENT" | "LINE" | "VALUE" | "ACCOUNT" | "COHORT" | "FLOW";

export type Key = {
  /** The column's name in every relation of the statement. */
  readonly column: string;
  readonly source: KeySource;
  readonly type: "text" | "uuid" | "date";
  /** Null for one of the workspace's own attributes. */
  readonly dimension: Dimension | null;
  /** The field of the group that rows are sorted by; null for an attribute. */
  readonly leaf: Exclude<keyof GroupKey, "attributes" | "cohortWindow"> | null;
  readonly attribute: string | null;
};

const dimensionKeys: Readonly<Record<Dimension, Pick<Key, "column" | "source" | "type" | "leaf">>> = {
  SEGMENT: { column: "segment", source: "SEGMENT", type: "text", leaf: "segment" },
  PRODUCT: { column: "product_id", source: "LINE", type: "uuid", leaf: "product" },
  PLAN: { column: "plan_id", source: "LINE", type: "uuid", leaf: "plan" },
  CHANNEL: { column: "channel", source: "VALUE", type: "text", leaf: "channel" },
  REGION: { column: "region", source: "VALUE", type: "text", leaf: "region" },
  INDUSTRY: { column: "industry", source: "VALUE", type: "text", leaf: "industry" },
  OWNER: { column: "owner", source: "VALUE", type: "text", leaf: "owner" },
  COHORT: { column: "cohort_on", source: "COHORT", type: "date", leaf: "cohort" },
  ACCOUNT: { column: "account_key", source: "ACCOUNT", type: "uuid", leaf: "account" },
  PARENT: { column: "parent_id", source: "VALUE", type: "uuid", leaf: "parent" },
  CURRENCY: { column: "currency", source: "LINE", type: "text", leaf: "currency" },
  DRIVER: { column: "driver", source: "FLOW", type: "text", leaf: "driver" },
  MOTION: { column: "motion", source: "FLOW", type: "text", leaf: "motion" },
  CAMPAIGN: { column: "campaign", source: "FLOW", type: "text", leaf: "campaign" },
};

/** The keys in the order in which rows are sorted: dimensions as asked, then attributes. */
export function keysOf(groupBy: readonly Dimension[], attributes: readonly string[]): readonly Key[] {
  return [
    ...groupBy.map((dimension) => ({ ...dimensionKeys[dimension], dimension, attribute: null })),
    ...attributes.map((attribute, index) => ({
      column: `attribute_${index}`,
      source: "VALUE" as const,
      type: "text" as const,
      dimension: null,
      leaf: null,
      attribute,
    })),
  ];
}

/** The SQL that gives a key's value in one select; a source that the select does not have is left out. */
export type KeyExpressions = { readonly [S in KeySource]?: (key: Key) => Fragment };

/** `value as column` for each key. */
export function keyColumns(sql: FragmentMaker, keys: readonly Key[], from: KeyExpressions): Fragment[] {
  return keys.map((key) => {
    const expression = from[key.source];
    if (!expression) throw new TypeError(`no ${key.source} value here for the key ${key.column}`);
    return sql`${expression(key)} as ${sql(key.column)}`;
  });
}

/** The column of the key's own name in a relation. */
export function columnIn(sql: FragmentMaker, alias: string): (key: Key) => Fragment {
  return (key) => sql`${sql(alias)}.${sql(key.column)}`;
}
