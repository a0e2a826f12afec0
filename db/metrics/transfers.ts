// Transfers: ARR that goes from one row to another without any movement, because the value it stands under changed. Out of the old row
// and into the new one; nothing where both are the same row.

import { allOf, anyOf, type Fragment, listed } from "../kernel/fragments.ts";
import { accountConditions, lineConditions } from "../movements/filter.ts";
import { cohortOn } from "./cohorts.ts";
import { converts } from "./conversion.ts";
import { type Key, type KeyExpressions, keyColumns } from "./keys.ts";
import { boundary, hasBalanceConditions, hasValues, type Level, lineKeys, periodOf, type Reading } from "./reading.ts";
import { bandOrLowest, bandPasses } from "./segments.ts";
import { standing } from "./standing.ts";
import { valueKeys, valuesOn, valuesPass } from "./values.ts";

/**
 * `transfer_sides`: period, account, amount in and amount out under the keys of a row, and whether they are of a transfer between two rows.
 * Empty where nothing can move.
 */
export function transferRelations(reading: Reading, level: Level): Fragment[] {
  const bandsMove = reading.hasSegments && reading.segmentAt === "CLOSING";
  const leavesRemainders = converts(reading);
  const canMove = hasValues(reading) || reading.hasLines || bandsMove || reading.unitsMove || leavesRemainders;
  const hasRows = level.keys.length > 0 || hasBalanceConditions(reading) || reading.unitsMove || leavesRemainders;
  if (!canMove || !hasRows) return [];
  const changes = hasValues(reading) ? [valueChanges(reading, level)] : [];
  if (reading.interval !== "NONE") {
    const moves = reading.unitsMove
      ? [legsOf(reading, [movedLeg(reading, level, "MOVES")]), legSides(reading, level)]
      : [];
    return [...changes, ...moves, restOf(reading, level)];
  }
  const carriesLines = reading.hasLines || reading.unitsMove || leavesRemainders;
  const legs = [
    ...(hasValues(reading) ? [valueLegs(reading, level)] : []),
    ...(carriesLines ? lineLegs(reading, level) : []),
    ...(bandsMove ? [bandLegs(reading, level)] : []),
  ];
  return [...changes, legsOf(reading, legs), legSides(reading, level), crossings(reading)];
}

function legsOf({ sql }: Reading, legs: readonly Fragment[]): Fragment {
  return sql`legs as (${legs.map((leg, index) => (index === 0 ? leg : sql`union all ${leg}`))})`;
}

/**
 * Netted, only the ends of the period are read: what the flows of an account's row, rates and other units do not explain went in or out. A
 * cell without any entry in the period, whose keys stayed, explains itself.
 */
function restOf(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const columns = listed(sql, [sql`p`, sql`account_id`, ...level.keys.map(({ column }) => sql`${sql(column)}`)]);
  const mayMove = hasValues(reading)
    ? sql`may_move or (account_id, p) in (select account_id, ${periodOf(reading, level, sql`on_day`)} from value_changes)`
    : sql`may_move`;
  const rates = reading.revalues ? sql`union all select ${columns}, -amount_minor from fx_flows` : sql``;
  const units = reading.unitsMove ? sql`union all select ${columns}, out_minor - in_minor from leg_sides` : sql``;
  const crossing = reading.unitsMove
    ? sql`union all select ${columns}, in_minor, out_minor from leg_sides where crosses`
    : sql``;
  return sql`transfer_sides as (
    select ${columns}, greatest(sum(amount_minor), 0)::bigint as in_minor, greatest(-sum(amount_minor), 0)::bigint as out_minor
    from (
      select ${columns}, closing_minor as amount_minor from closing_side where ${mayMove}
      union all select ${columns}, -opening_minor from opening_side where ${mayMove}
      union all select ${columns}, -amount_minor from flows ${rates} ${units}
    ) r group by ${columns} having sum(amount_minor) <> 0 ${crossing})`;
}

/** What goes from one row to another; within a row, only what rounding left between the two sides. */
function crossings(reading: Reading): Fragment {
  const { sql } = reading;
  if (!converts(reading)) return sql`transfer_sides as (select * from leg_sides where crosses)`;
  return sql`transfer_sides as (
    select * from leg_sides where crosses
    union all
    select * from remainders)`;
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
function lineLegs(reading: Reading, level: Level): Fragment[] {
  const moved = movedLeg(reading, level, "ALL");
  // The leg of the values' change carries the whole balance before the day: what went elsewhere is taken off it again.
  return hasValues(reading) ? [moved, staysLeg(reading, level)] : [moved];
}

/** @param which all transfers of lines and units, or only those from unit to unit. */
function movedLeg(reading: Reading, level: Level, which: "ALL" | "MOVES"): Fragment {
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

/** `leg_sides`: both sides of each leg as far as the filter takes them, and whether the other side is elsewhere. */
function legSides(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const sides = legSide(reading, level, "from", "to", sql`0::bigint as in_minor, l.out_minor`);
  const others = legSide(reading, level, "to", "from", sql`l.in_minor, 0::bigint as out_minor`);
  const remainders = converts(reading) ? sql`, ${remaindersOf(reading, level)}` : sql``;
  return sql`leg_sides as (${sides} union all ${others}) ${reading.interval === "NONE" ? remainders : sql``}`;
}

type Side = "from" | "to";

function legSide(reading: Reading, level: Level, name: Side, other: Side, amounts: Fragment): Fragment {
  const { sql } = reading;
  return sql`
    select ${sideColumns(reading, level, name, amounts)}, not l.${sql(`${other}_passes`)} or ${crossesRows(reading, level)} as crosses
    from legs l ${joinCohorts(reading, level)}
    where l.${sql(`${name}_passes`)}`;
}

/** `remainders`: within one row, what its two sides differ by once each was rounded. */
function remaindersOf(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const amounts = sql`greatest(l.in_minor - l.out_minor, 0) as in_minor, greatest(l.out_minor - l.in_minor, 0) as out_minor`;
  return sql`remainders as (
    select ${sideColumns(reading, level, "to", amounts)}, false as crosses
    from legs l ${joinCohorts(reading, level)}
    where l.from_passes and l.to_passes and l.in_minor <> l.out_minor and not (${crossesRows(reading, level)}))`;
}

function sideColumns(reading: Reading, level: Level, name: Side, amounts: Fragment): Fragment {
  const { sql } = reading;
  const accountId = sql`l.${sql(`${name}_account_id`)}`;
  const moving = ({ column }: Key) => sql`l.${sql(`${name}_${column}`)}`;
  return listed(sql, [
    sql`l.p`,
    sql`${accountId} as account_id`,
    amounts,
    ...keyColumns(sql, level.keys, {
      SEGMENT: moving,
      LINE: moving,
      VALUE: moving,
      ACCOUNT: () => accountId,
      COHORT: () => cohortOn(reading, sql`${sql(cohortAlias(reading, name))}.first_on`),
    }),
  ]);
}

/** The two sides of the leg `l` stand in different rows. */
function crossesRows(reading: Reading, level: Level): Fragment {
  const { sql } = reading;
  const differs = movingKeys(level).map(
    ({ column }) => sql`l.${sql(`from_${column}`)} is distinct from l.${sql(`to_${column}`)}`,
  );
  if (reading.unitsMove) {
    if (level.keys.some(({ source }) => source === "ACCOUNT")) differs.push(sql`l.from_account_id <> l.to_account_id`);
    if (hasCohort(level)) {
      differs.push(sql`${cohortOn(reading, sql`f.first_on`)} is distinct from ${cohortOn(reading, sql`g.first_on`)}`);
    }
  }
  return anyOf(sql, differs);
}

function hasCohort(level: Level): boolean {
  return level.keys.some(({ source }) => source === "COHORT");
}

function cohortAlias({ unitsMove }: Reading, name: Side): string {
  return unitsMove && name === "to" ? "g" : "f";
}

function joinCohorts({ sql, unitsMove }: Reading, level: Level): Fragment {
  if (!hasCohort(level)) return sql``;
  const other = unitsMove ? sql`left join firsts g on g.account_id = l.to_account_id` : sql``;
  return sql`left join firsts f on f.account_id = l.from_account_id ${other}`;
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
