// Transfers: ARR that goes from one row to another without any movement, because the value it stands under changed. Out of the old row
// and into the new one; nothing where both are the same row.

import { anyOf, type Fragment, listed } from "../kernel/fragments.ts";
import { cohortOn } from "./cohorts.ts";
import { converts } from "./conversion.ts";
import { type Key, keyColumns } from "./keys.ts";
import { bandLegs, lineLegs, movedLeg, movingKeys, valueLegs } from "./legs.ts";
import { hasBalanceConditions, hasValues, type Level, periodOf, type Reading } from "./reading.ts";
import { valueKeys } from "./values.ts";

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
