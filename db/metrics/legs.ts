// The legs of transfers: what goes from where to where, line by line and account by account, with the keys and the filter's word on both sides.

import { allOf, type Fragment, listed } from "../kernel/fragments.ts";
import { accountConditions, lineConditions } from "../movements/filter.ts";
import type { Key, KeyExpressions } from "./keys.ts";
import { boundary, hasValues, type Level, lineKeys, periodOf, type Reading } from "./reading.ts";
import { bandOrLowest, bandPasses } from "./segments.ts";
import { standing } from "./standing.ts";
import { valueKeys, valuesOn, valuesPass } from "./values.ts";

/** A leg: period, both accounts and amounts, whether the filter takes each side, and the keys of both sides. */
type LegColumns = {
  readonly period: Fragment;
  readonly fromAccountId: Fragment;
  readonly toAccountId: Fragment;
  readonly outMinor: Fragment;
  readonly inMinor: Fragment;
  readonly fromPasses: Fragment;
  readonly toPasses: Fragment;
  readonly from: KeyExpressions;
  readonly to: KeyExpressions;
};

function legColumns({ sql }: Reading, level: Level, leg: LegColumns): Fragment {
  const keys = movingKeys(level).map((key) => {
    const from = leg.from[key.source];
    const to = leg.to[key.source];
    if (!from || !to) throw new TypeError(`a leg has no ${key.source} value for the key ${key.column}`);
    return sql`${from(key)} as ${sql(`from_${key.column}`)}, ${to(key)} as ${sql(`to_${key.column}`)}`;
  });
  return listed(sql, [
    sql`${leg.period} as p`,
    sql`${leg.fromAccountId} as from_account_id`,
    sql`${leg.toAccountId} as to_account_id`,
    sql`${leg.outMinor} as out_minor`,
    sql`${leg.inMinor} as in_minor`,
    sql`${leg.fromPasses} as from_passes`,
    sql`${leg.toPasses} as to_passes`,
    ...keys,
  ]);
}

/** Accounts and their cohorts are read off the leg's two accounts. */
export function movingKeys(level: Level): readonly Key[] {
  return level.keys.filter(({ source }) => source !== "ACCOUNT" && source !== "COHORT");
}

/** The whole balance before the day goes from what was said of the account to what is said now. */
export function valueLegs(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const lines = lineKeys(level.keys).map(({ column }) => sql`l.${sql(column)}`);
  const changes = ["passes", ...valueKeys(level.keys).map(({ column }) => column)];
  const columns = listed(sql, [
    sql`c.account_id`,
    sql`c.on_day`,
    ...changes.flatMap((column) => [sql`c.${sql(`from_${column}`)}`, sql`c.${sql(`to_${column}`)}`]),
    ...lines,
    sql`l.passes`,
  ]);
  const sides = (side: "from" | "to"): KeyExpressions => ({
    SEGMENT: () => segmentOn(reading),
    LINE: ({ column }) => sql`c.${sql(column)}`,
    VALUE: ({ column }) => sql`c.${sql(`${side}_${column}`)}`,
  });
  return sql`
    select ${legColumns(reading, level, {
      period: sql`c.p`,
      fromAccountId: sql`c.account_id`,
      toAccountId: sql`c.account_id`,
      outMinor: sql`c.amount_minor`,
      inMinor: sql`c.amount_minor`,
      fromPasses: allOf(sql, [sql`c.passes and c.from_passes`, segmentPasses(reading)]),
      toPasses: allOf(sql, [sql`c.passes and c.to_passes`, segmentPasses(reading)]),
      from: sides("from"),
      to: sides("to"),
    })}
    from (
      select ${columns}, ${periodOf(reading, level, sql`c.on_day`)} as p, sum(l.amount_minor)::bigint as amount_minor
      from value_changes c join ${standing(reading)} l on l.account_id = c.account_id and l.effective_on < c.on_day
      group by ${columns}, p
    ) c ${withBands(reading, "b", sql`c.account_id`)}`;
}

/** A line's balance goes to another line, plan or unit; on a day on which the account's values change too, straight to the new ones. */
export function lineLegs(reading: Reading, level: Level): Fragment[] {
  const moved = movedLeg(reading, level, "ALL");
  // The leg of the values' change carries the whole balance before the day: what went elsewhere is taken off it again.
  return hasValues(reading) ? [moved, staysLeg(reading, level)] : [moved];
}

/** @param which all transfers of lines and units, or only those from unit to unit. */
export function movedLeg(reading: Reading, level: Level, which: "ALL" | "MOVES"): Fragment {
  const { sql } = reading;
  return sql`
    select ${legColumns(reading, level, {
      period: sql`c.p`,
      fromAccountId: sql`c.from_account_id`,
      toAccountId: sql`c.to_account_id`,
      outMinor: sql`c.out_minor`,
      inMinor: sql`c.in_minor`,
      fromPasses: linePasses(reading, { account: "from", line: "f", values: "o", band: "b" }),
      toPasses: linePasses(reading, { account: "to", line: "t", values: "n", band: toBand(reading) }),
      from: lineKeysOn(reading, { line: "f", values: "o", band: "b" }),
      to: lineKeysOn(reading, { line: "t", values: "n", band: toBand(reading) }),
    })} ${transfersOf(reading, level)}
    ${valuesOn(reading, "o", sql`c.from_account_id`, sql`c.effective_on - 1`)}
    ${valuesOn(reading, "n", sql`c.to_account_id`, sql`c.effective_on`)}
    ${which === "MOVES" ? sql`where c.is_move` : sql``}`;
}

function staysLeg(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  return sql`
    select ${legColumns(reading, level, {
      period: sql`c.p`,
      fromAccountId: sql`c.from_account_id`,
      toAccountId: sql`c.from_account_id`,
      outMinor: sql`-c.out_minor`,
      inMinor: sql`-c.out_minor`,
      fromPasses: linePasses(reading, { account: "from", line: "f", values: "o", band: "b" }),
      toPasses: linePasses(reading, { account: "from", line: "f", values: "n", band: "b" }),
      from: lineKeysOn(reading, { line: "f", values: "o", band: "b" }),
      to: lineKeysOn(reading, { line: "f", values: "n", band: "b" }),
    })} ${transfersOf(reading, level)}
    ${valuesOn(reading, "o", sql`c.from_account_id`, sql`c.effective_on - 1`)}
    ${valuesOn(reading, "n", sql`c.from_account_id`, sql`c.effective_on`)}`;
}

/** The window's transfers `c`, with the line values and bands of both sides. */
function transfersOf(reading: Reading, level: Level): Fragment {
  const { sql, window } = reading;
  return sql`
    from (select t.*, ${periodOf(reading, level, sql`t.effective_on`)} as p from line_transfers t
      where t.effective_on >= ${window.fromOn}::date) c
    cross join lateral (select c.from_product_id as product_id, c.from_plan_id as plan_id, c.currency) f
    cross join lateral (select c.to_product_id as product_id, c.to_plan_id as plan_id, c.currency) t
    ${withBands(reading, "b", sql`c.from_account_id`)} ${reading.unitsMove ? withBands(reading, "tb", sql`c.to_account_id`) : sql``}`;
}

type LineSide = {
  readonly account: "from" | "to";
  readonly line: string;
  readonly values: string;
  readonly band: string;
};

function linePasses(reading: Reading, { account, line, values, band }: LineSide): Fragment {
  const { sql, filter, context } = reading;
  return allOf(sql, [
    ...lineConditions(sql, filter, context, line),
    valuesPass(reading, values),
    segmentPasses(reading, band),
    // Only one of the two units may be chosen.
    ...(reading.unitsMove ? accountConditions(sql, filter, context, sql`c.${sql(`${account}_account_id`)}`) : []),
  ]);
}

function lineKeysOn(reading: Reading, { line, values, band }: Omit<LineSide, "account">): KeyExpressions {
  const { sql } = reading;
  return {
    SEGMENT: () => segmentOn(reading, band),
    LINE: ({ column }) => sql`${sql(line)}.${sql(column)}`,
    VALUE: ({ column }) => sql`${sql(values)}.${sql(column)}`,
  };
}

/** The join that holds the band of the account to which a transfer goes. */
function toBand({ unitsMove }: Reading): string {
  return unitsMove ? "tb" : "b";
}

/** Under CLOSING the opening balance goes, at the period's start, from the band of the opening to the band of the closing. */
export function bandLegs(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const side = (name: "opening_band" | "band"): KeyExpressions => ({
    SEGMENT: () => sql`b.${sql(name)}`,
    LINE: ({ column }) => sql`b.${sql(column)}`,
    VALUE: ({ column }) => sql`v.${sql(column)}`,
  });
  const passes = (name: "opening_band" | "band") =>
    allOf(sql, [valuesPass(reading, "v"), bandPasses(reading, sql`b.${sql(name)}`)]);
  return sql`
    select ${legColumns(reading, level, {
      period: sql`b.p`,
      fromAccountId: sql`b.account_id`,
      toAccountId: sql`b.account_id`,
      outMinor: sql`b.opening_minor`,
      inMinor: sql`b.opening_minor`,
      fromPasses: passes("opening_band"),
      toPasses: passes("band"),
      from: side("opening_band"),
      to: side("band"),
    })}
    from cells b ${valuesOn(reading, "v", sql`b.account_id`, sql`${boundary(reading, level, sql`b.p`)} - 1`)}
    where b.opening_minor <> 0 and b.opening_band is distinct from b.band`;
}

function segmentOn(reading: Reading, band = "b"): Fragment {
  return bandOrLowest(reading, reading.sql`${reading.sql(band)}.band`);
}

function segmentPasses(reading: Reading, band = "b"): Fragment {
  return reading.filter.segment ? bandPasses(reading, segmentOn(reading, band)) : reading.sql`true`;
}

/** The band in which an account stands in the period `c.p`. */
function withBands({ sql, hasSegments }: Reading, alias: string, accountId: Fragment): Fragment {
  const b = sql(alias);
  return hasSegments ? sql`left join account_cells ${b} on ${b}.account_id = ${accountId} and ${b}.p = c.p` : sql``;
}
