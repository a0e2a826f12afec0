// What is summed into a row, part by part: opening side, closing side, flows, their counts, transfers. A part leaves every column that
// is not its own at 0, so that the rows are the sums of their parts.

import { type Fragment, type FragmentMaker, listed } from "../kernel/fragments.ts";
import { type Driver, drivers } from "../movements/types.ts";
import type { Key } from "./keys.ts";
import type { Reading } from "./reading.ts";

/** The sums of a row, as the statement names them. */
export const sumColumns = [
  "opening",
  "closing",
  "new",
  "reactivation",
  ...drivers.map((driver) => `expansion_${driver}` as const),
  ...drivers.map((driver) => `contraction_${driver}` as const),
  "churned",
  // An account that came back, where the policy counts that as expansion: it has no driver.
  "expansion_returned",
  "price_uplift",
  "discount_change",
  "fx",
  "transfer_in",
  "transfer_out",
  "beyond_first",
  "cohort_closing",
  "cohort_retained",
  // Every flow, whatever the filter says of flows: what the identity is checked with.
  "net_flow",
  "opening_accounts",
  "new_accounts",
  "reactivated_accounts",
  "expanding_accounts",
  "contracting_accounts",
  "churned_accounts",
  "closing_accounts",
  "lost_accounts",
  "movement_count",
] as const;
export type SumColumn = (typeof sumColumns)[number];

type Sums = { readonly [C in SumColumn]?: Fragment };

/** The parts of a level's balances: `select part, p, keys, sums` each, to be joined by `union all`. */
export function balanceParts(reading: Reading, keys: readonly Key[], name: string): Fragment[] {
  const { sql } = reading;
  // A cell is of one account, so accounts are counted by counting cells.
  return [
    part(reading, name, keys, sql`opening_side`, {
      opening: sql`sum(opening_minor)`,
      cohort_closing: sql`sum(cohort_closing_minor)`,
      cohort_retained: sql`sum(cohort_retained_minor)`,
      opening_accounts: sql`count(*) filter (where is_opening)`,
      lost_accounts: sql`count(*) filter (where is_lost)`,
    }),
    part(reading, name, keys, sql`closing_side`, {
      closing: sql`sum(closing_minor)`,
      closing_accounts: sql`count(*) filter (where is_closing)`,
      beyond_first: sql`sum(beyond_first_minor)`,
    }),
    part(reading, name, keys, sql`flows`, { net_flow: sql`sum(amount_minor)` }),
    ...(reading.revalues ? [part(reading, name, keys, sql`fx_flows`, { fx: sql`sum(amount_minor)` })] : []),
  ];
}

/** All zeros, so that the window has a total whatever happened in it. */
export function emptyPart(reading: Reading, name: string): Fragment {
  return part(reading, name, [], reading.sql`(values (1)) empty(p)`, {});
}

export function transferPart(reading: Reading, keys: readonly Key[], name: string): Fragment {
  return part(reading, name, keys, reading.sql`transfer_sides`, {
    transfer_in: reading.sql`sum(in_minor)`,
    transfer_out: reading.sql`sum(out_minor)`,
  });
}

/** The parts of a level's flows: their sums, and what is counted once however often it is divided. */
export function flowParts(reading: Reading, keys: readonly Key[], name: string): Fragment[] {
  const { sql } = reading;
  const keyList = keys.map(({ column }) => sql`, ${sql(column)}`);
  const { separated } = reading;
  const isSeparated = (driver: Driver) => separated.includes(driver);
  const flow = (type: string, sign: Fragment = sql``) => sql`${sign}sum(amount_minor) filter (where type = ${type})`;
  const byDriver = (type: "EXPANSION" | "CONTRACTION", sign: Fragment) =>
    Object.fromEntries(
      drivers
        .filter((driver) => !isSeparated(driver))
        .map((driver) => [
          `${type.toLowerCase()}_${driver}`,
          sql`${sign}sum(amount_minor) filter (where type = ${type} and driver = ${driver})`,
        ]),
    );
  const distinct = (columns: Fragment, taken: Fragment) => sql`(
    select distinct p, account_id, ${columns} ${keyList.length === 0 ? sql`` : keyList}
    from flows where is_counted and (${taken})) d`;
  const counted = (type: string) => sql`count(*) filter (where type = ${type})`;
  const isShown = separated.length === 0 ? sql`` : sql`and coalesce(driver, '') <> all(${[...separated]}::text[])`;
  const groups = listed(sql, [sql`p`, sql`account_id`, ...keys.map(({ column }) => sql`${sql(column)}`)]);
  return [
    part(reading, name, keys, sql`(select * from flows where is_counted) c`, {
      new: flow("NEW"),
      reactivation: flow("REACTIVATION"),
      ...byDriver("EXPANSION", sql``),
      ...byDriver("CONTRACTION", sql`-`),
      churned: flow("CHURN", sql`-`),
      ...(reading.returning.as === "EXPANSION"
        ? { expansion_returned: sql`sum(amount_minor) filter (where type = 'EXPANSION' and driver is null)` }
        : {}),
      ...(isSeparated("PRICE") ? { price_uplift: sql`sum(amount_minor) filter (where driver = 'PRICE')` } : {}),
      ...(isSeparated("DISCOUNT")
        ? { discount_change: sql`sum(amount_minor) filter (where driver = 'DISCOUNT')` }
        : {}),
      movement_count: sql`count(*) filter (where not is_divided)`,
    }),
    // The parts of one change are one movement in every row that they reach.
    part(reading, name, keys, distinct(sql`on_day, driver as of_driver, change_id`, sql`is_divided`), {
      movement_count: sql`count(*)`,
    }),
    part(
      reading,
      name,
      keys,
      distinct(
        sql`on_day, type`,
        sql`type in ('NEW', 'REACTIVATION', 'CHURN') or (type = 'EXPANSION' and driver is null)`,
      ),
      {
        new_accounts: counted("NEW"),
        reactivated_accounts: sql`count(*) filter (where type in ('REACTIVATION', 'EXPANSION'))`,
        churned_accounts: counted("CHURN"),
      },
    ),
    part(
      reading,
      name,
      keys,
      sql`(select ${groups}, bool_or(is_counted and type = 'EXPANSION' ${isShown}) as expands,
        bool_or(is_counted and type = 'CONTRACTION' ${isShown}) as contracts from flows group by ${groups}) a`,
      {
        expanding_accounts: sql`count(*) filter (where expands)`,
        contracting_accounts: sql`count(*) filter (where contracts)`,
      },
    ),
  ];
}

function part(reading: Reading, name: string, own: readonly Key[], from: Fragment, sums: Sums): Fragment {
  const { sql } = reading;
  const keys = [...reading.keys, ...reading.flowKeys].map((key) =>
    own.includes(key) ? sql`${sql(key.column)}` : sql`${emptyKey(sql, key.type)} as ${sql(key.column)}`,
  );
  const columns = sumColumns.map((column) => {
    const sum = sums[column];
    return sum ? sql`coalesce(${sum}, 0)::bigint as ${sql(column)}` : sql`0::bigint as ${sql(column)}`;
  });
  return sql`select ${listed(sql, [sql`${name}::text as part`, sql`p`, ...keys, ...columns])} from ${from}
    group by ${listed(sql, [sql`p`, ...own.map(({ column }) => sql`${sql(column)}`)])}`;
}

function emptyKey(sql: FragmentMaker, type: Key["type"]): Fragment {
  switch (type) {
    case "text":
      return sql`null::text`;
    case "uuid":
      return sql`null::uuid`;
    case "date":
      return sql`null::date`;
  }
}
