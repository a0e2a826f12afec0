// Transfers: ARR that goes from one row to another without any movement, because the value it stands under changed. Out of the old row
// and into the new one; nothing where both are the same row.

import { allOf, anyOf, type Fragment, listed } from "../kernel/fragments.ts";
import { lineConditions } from "../movements/filter.ts";
import { cohortOn, withCohort } from "./cohorts.ts";
import { type Key, type KeyExpressions, keyColumns } from "./keys.ts";
import { boundary, hasBalanceConditions, hasValues, type Level, lineKeys, periodOf, type Reading } from "./reading.ts";
import { bandOrLowest, bandPasses } from "./segments.ts";
import { valueKeys, valuesOn, valuesPass } from "./values.ts";

/** `transfer_sides`: period, account, amount in and amount out under the keys of a row. Empty where nothing can move. */
export function transferRelations(reading: Reading, level: Level): Fragment[] {
  const bandsMove = reading.hasSegments && reading.segmentAt === "CLOSING";
  const canMove = hasValues(reading) || reading.hasLines || bandsMove;
  if (!canMove || (level.keys.length === 0 && !hasBalanceConditions(reading))) return [];
  const changes = hasValues(reading) ? [valueChanges(reading, level)] : [];
  if (reading.interval !== "NONE") return [...changes, restOf(reading, level)];
  const legs = [
    ...(hasValues(reading) ? [valueLegs(reading, level)] : []),
    ...(reading.hasLines ? lineLegs(reading, level) : []),
    ...(bandsMove ? [bandLegs(reading, level)] : []),
  ];
  return [
    ...changes,
    reading.sql`legs as (${legs.map((leg, index) => (index === 0 ? leg : reading.sql`union all ${leg}`))})`,
    legSides(reading, level),
  ];
}

/**
 * Netted, only the ends of the period are read: what the flows of an account's row do not explain went in or out. A cell without any
 * entry in the period, whose keys stayed, explains itself.
 */
function restOf(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const columns = listed(sql, [sql`p`, sql`account_id`, ...level.keys.map(({ column }) => sql`${sql(column)}`)]);
  const mayMove = hasValues(reading)
    ? sql`may_move or (account_id, p) in (select account_id, ${periodOf(reading, level, sql`on_day`)} from value_changes)`
    : sql`may_move`;
  return sql`transfer_sides as (
    select ${columns}, greatest(sum(amount_minor), 0)::bigint as in_minor, greatest(-sum(amount_minor), 0)::bigint as out_minor
    from (
      select ${columns}, closing_minor as amount_minor from closing_side where ${mayMove}
      union all select ${columns}, -opening_minor from opening_side where ${mayMove}
      union all select ${columns}, -amount_minor from flows
    ) r group by ${columns} having sum(amount_minor) <> 0)`;
}

/** The days of the window on which what is said of an account changed, with both sides. */
function valueChanges(reading: Reading, level: Level): Fragment {
  const { sql, window } = reading;
  const keys = valueKeys(level.keys).map(({ column }) => column);
  const sides = [...keys, "passes"].map(
    (column) => sql`lag(${sql(column)}) over w as ${sql(`from_${column}`)}, ${sql(column)} as ${sql(`to_${column}`)}`,
  );
  const differs = [...keys, "passes"].map(
    (column) => sql`${sql(`from_${column}`)} is distinct from ${sql(`to_${column}`)}`,
  );
  return sql`value_changes as (
    select * from (
      select account_id, from_on as on_day, ${listed(sql, sides)}
      from account_values window w as (partition by account_id order by from_on)
    ) v where on_day >= ${window.fromOn}::date and on_day < ${window.untilOn}::date and ${anyOf(sql, differs)})`;
}

/** A leg: period, account, amount, whether the filter takes each side, and the keys of both sides. */
type LegColumns = {
  readonly period: Fragment;
  readonly accountId: Fragment;
  readonly amountMinor: Fragment;
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
    sql`${leg.accountId} as account_id`,
    sql`${leg.amountMinor} as amount_minor`,
    sql`${leg.fromPasses} as from_passes`,
    sql`${leg.toPasses} as to_passes`,
    ...keys,
  ]);
}

/** Accounts and cohorts never change, so both sides share them. */
function movingKeys(level: Level): readonly Key[] {
  return level.keys.filter(({ source }) => source !== "ACCOUNT" && source !== "COHORT");
}

/** The whole balance before the day goes from what was said of the account to what is said now. */
function valueLegs(reading: Reading, level: Level): Fragment {
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
      accountId: sql`c.account_id`,
      amountMinor: sql`c.amount_minor`,
      fromPasses: allOf(sql, [sql`c.passes and c.from_passes`, segmentPasses(reading)]),
      toPasses: allOf(sql, [sql`c.passes and c.to_passes`, segmentPasses(reading)]),
      from: sides("from"),
      to: sides("to"),
    })}
    from (
      select ${columns}, ${periodOf(reading, level, sql`c.on_day`)} as p, sum(l.amount_minor)::bigint as amount_minor
      from value_changes c join line_entries l on l.account_id = c.account_id and l.effective_on < c.on_day
      group by ${columns}, p
    ) c ${withBands(reading)}`;
}

/** A plan's or product's balance goes to another; on a day on which the account's values change too, straight to the new ones. */
function lineLegs(reading: Reading, level: Level): Fragment[] {
  const { sql, filter, context, window } = reading;
  const passes = (line: string, value: string) =>
    allOf(sql, [...lineConditions(sql, filter, context, line), valuesPass(reading, value), segmentPasses(reading)]);
  const side = (line: string, value: string): KeyExpressions => ({
    SEGMENT: () => segmentOn(reading),
    LINE: ({ column }) => sql`${sql(line)}.${sql(column)}`,
    VALUE: ({ column }) => sql`${sql(value)}.${sql(column)}`,
  });
  const source = sql`
    from (select t.*, ${periodOf(reading, level, sql`t.effective_on`)} as p from line_transfers t
      where t.effective_on >= ${window.fromOn}::date) c
    cross join lateral (select c.from_product_id as product_id, c.from_plan_id as plan_id, c.currency) f
    cross join lateral (select c.to_product_id as product_id, c.to_plan_id as plan_id, c.currency) t
    ${valuesOn(reading, "o", sql`c.account_id`, sql`c.effective_on - 1`)}
    ${valuesOn(reading, "n", sql`c.account_id`, sql`c.effective_on`)} ${withBands(reading)}`;
  const leg = (to: string, amountMinor: Fragment) => sql`
    select ${legColumns(reading, level, {
      period: sql`c.p`,
      accountId: sql`c.account_id`,
      amountMinor,
      fromPasses: passes("f", "o"),
      toPasses: passes(to, "n"),
      from: side("f", "o"),
      to: side(to, "n"),
    })} ${source}`;
  const moved = leg("t", sql`c.amount_minor`);
  // The leg of the values' change carries the whole balance before the day: what a plan change took along is taken off it again.
  return hasValues(reading) ? [moved, leg("f", sql`-c.amount_minor`)] : [moved];
}

/** Under CLOSING the opening balance goes, at the period's start, from the band of the opening to the band of the closing. */
function bandLegs(reading: Reading, level: Level): Fragment {
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
      accountId: sql`b.account_id`,
      amountMinor: sql`b.opening_minor`,
      fromPasses: passes("opening_band"),
      toPasses: passes("band"),
      from: side("opening_band"),
      to: side("band"),
    })}
    from cells b ${valuesOn(reading, "v", sql`b.account_id`, sql`${boundary(reading, level, sql`b.p`)} - 1`)}
    where b.opening_minor <> 0 and b.opening_band is distinct from b.band`;
}

function legSides({ sql, ...reading }: Reading, level: Level): Fragment {
  const moving = movingKeys(level);
  const row = (side: "from" | "to") =>
    sql`row(${listed(
      sql,
      moving.map(({ column }) => sql`l.${sql(`${side}_${column}`)}`),
    )})`;
  const crosses = moving.length === 0 ? sql`false` : sql`${row("from")} is distinct from ${row("to")}`;
  const side = (name: "from" | "to", other: "from" | "to", amounts: Fragment) => sql`
    select l.p, l.account_id, ${listed(sql, [
      amounts,
      ...keyColumns(sql, level.keys, {
        SEGMENT: ({ column }) => sql`l.${sql(`${name}_${column}`)}`,
        LINE: ({ column }) => sql`l.${sql(`${name}_${column}`)}`,
        VALUE: ({ column }) => sql`l.${sql(`${name}_${column}`)}`,
        ACCOUNT: () => sql`l.account_id`,
        COHORT: () => cohortOn({ sql, ...reading }, sql`f.first_on`),
      }),
    ])}
    from legs l ${withCohort({ sql, ...reading }, level, sql`l.account_id`)}
    where l.${sql(`${name}_passes`)} and (not l.${sql(`${other}_passes`)} or ${crosses})`;
  return sql`transfer_sides as (
    ${side("from", "to", sql`0::bigint as in_minor, l.amount_minor as out_minor`)}
    union all
    ${side("to", "from", sql`l.amount_minor as in_minor, 0::bigint as out_minor`)})`;
}

function segmentOn(reading: Reading): Fragment {
  return bandOrLowest(reading, reading.sql`b.band`);
}

function segmentPasses(reading: Reading): Fragment {
  return reading.filter.segment ? bandPasses(reading, segmentOn(reading)) : reading.sql`true`;
}

/** The band in which the account `c` stands in the period `c.p`, as `b`. */
function withBands({ sql, hasSegments }: Reading): Fragment {
  return hasSegments ? sql`left join account_cells b on b.account_id = c.account_id and b.p = c.p` : sql``;
}
