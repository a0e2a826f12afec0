// The one pass over the ledger: everything before the window summed per account and line value, and the window's movements as they are.

import { allOf, anyOf, type Fragment, listed } from "../kernel/fragments.ts";
import { accountConditions, lineConditions } from "../movements/filter.ts";
import { conversionRelations, converts, isDomestic, stages } from "./conversion.ts";
import { monthFirstRelations } from "./first-arr.ts";
import { columnIn } from "./keys.ts";
import { bookedRelations, bookedTransferRelations } from "./ledger.ts";
import { lineKeys, type Reading } from "./reading.ts";
import { looksAtGaps, returnRelations } from "./returns.ts";

/** Whether balances need the transfers: they tell apart line values or units, or K's story is told. */
export function needsTransfers(reading: Reading): boolean {
  return reading.hasLines || converts(reading) || reading.unitsMove;
}

/**
 * Common table expressions, each `name as (…)`:
 * `entries`, the window's movements in the reporting currency, and `divided_changes`, those of several parts; `line_transfers`, what went
 * from one line or unit to another before the window's end; `firsts`, every account's first ARR; `line_entries`, all that balances are
 * made of, by line value; `foreign_entries`, the same of what had to be converted.
 */
export function ledgerRelations(reading: Reading): Fragment[] {
  const { sql, window } = reading;
  const lines = lineKeys(reading.keys).map(columnIn(sql, "m"));
  const isTaken = (alias: string) =>
    allOf(sql, [isDomestic(reading, alias), ofAccounts(reading, sql`${sql(alias)}.account_id`)]);
  const by = listed(sql, [sql`m.account_id`, ...lines, sql`passes`]);

  return [
    ...bookedRelations(reading),
    ...(needsTransfers(reading) ? bookedTransferRelations(reading) : []),
    ...returnRelations(reading),
    ...conversionRelations(reading),
    sql`entries as materialized (${windowMovements(reading, isTaken("m"))})`,
    sql`movements_before as (
      select ${listed(sql, [sql`m.account_id`, ...lines])}, ${linesPass(reading, "m")} as passes, sum(m.amount_minor)::bigint as amount_minor,
        min(m.effective_on) filter (where m.type = 'NEW') as first_on,
        sum(m.amount_minor) filter (where m.type = 'NEW') as first_arr_minor
      from booked m
      where ${isTaken("m")} and m.effective_on < ${window.fromOn}::date
      group by ${by})`,
    sql`divided_changes as (select distinct change_id from entries where is_later_part)`,
    ...(needsTransfers(reading) ? [lineTransfers(reading), lineLegs(reading)] : []),
    firsts(reading),
    ...monthFirstRelations(reading),
    lineEntries(reading),
    ...(converts(reading) ? [foreignEntries(reading)] : []),
  ];
}

function ofAccounts({ sql, filter, context }: Reading, accountId: Fragment): Fragment {
  return allOf(sql, accountConditions(sql, filter, context, accountId));
}

function linesPass({ sql, filter, context }: Reading, alias: string): Fragment {
  return allOf(sql, lineConditions(sql, filter, context, alias));
}

function windowMovements(reading: Reading, isTaken: Fragment): Fragment {
  const { sql, window } = reading;
  const columns = (
    alias: string,
  ) => sql`${sql(alias)}.type, ${sql(alias)}.driver, ${sql(alias)}.product_id, ${sql(alias)}.plan_id,
    ${sql(alias)}.currency, ${sql(alias)}.motion, ${sql(alias)}.campaign, ${sql(alias)}.change_id, ${sql(alias)}.is_later_part`;
  const gap = (alias: string) =>
    looksAtGaps(reading) ? sql`, coalesce(${sql(alias)}.gap_days, g.gap_days) as gap_days` : sql``;
  const returns = (alias: string) =>
    looksAtGaps(reading)
      ? sql`left join returns g on g.account_id = ${sql(alias)}.account_id and g.on_day = ${sql(alias)}.effective_on`
      : sql``;
  const own = sql`
    select m.account_id, m.effective_on, m.amount_minor, ${columns("m")} ${gap("m")} from booked m ${returns("m")}
    where ${isTaken} and m.effective_on >= ${window.fromOn}::date and m.effective_on < ${window.untilOn}::date`;
  if (!converts(reading)) return own;
  return sql`${own} union all
    select c.account_id, c.effective_on, c.reporting_minor, ${columns("c")} ${gap("c")} from converted_rows c ${returns("c")}
    where c.is_taken and c.stage in (${stages.increase}, ${stages.decrease})`;
}

/** Domestic ones of all days, converted ones of the window: what was converted before it stands in `native_openings`. */
function lineTransfers(reading: Reading): Fragment {
  const { sql, window, hasLines } = reading;
  const touches = anyOf(sql, [ofAccounts(reading, sql`t.from_account_id`), ofAccounts(reading, sql`t.to_account_id`)]);
  const moves = sql`t.from_account_id <> t.to_account_id`;
  const domestic = sql`
    select t.effective_on, t.currency, t.from_account_id, t.to_account_id, t.from_product_id, t.from_plan_id, t.to_product_id, t.to_plan_id,
      t.amount_minor as out_minor, t.amount_minor as in_minor, ${moves} as is_move
    from booked_transfers t
    where ${isDomestic(reading, "t")} and t.effective_on < ${window.untilOn}::date and ${touches} and ${hasLines ? sql`true` : moves}`;
  if (!converts(reading)) return sql`line_transfers as materialized (${domestic})`;
  return sql`line_transfers as materialized (${domestic} union all
    select t.effective_on, t.currency, o.account_id, t.account_id, o.product_id, o.plan_id, t.product_id, t.plan_id,
      -o.reporting_minor, t.reporting_minor, t.stage = ${stages.unitIn}::int
    from converted_rows o join converted_rows t on t.transfer_id = o.transfer_id and t.stage = o.stage + 1
    where o.stage in (${stages.unitOut}, ${stages.lineOut}) and (o.is_taken or t.is_taken))`;
}

/** Both sides of each transfer, signed. */
function lineLegs(reading: Reading): Fragment {
  const { sql } = reading;
  const leg = (side: "from" | "to", amount: Fragment) => {
    const column = (name: string) => sql`t.${sql(`${side}_${name}`)}`;
    return sql`select ${column("account_id")} as account_id, t.effective_on, ${column("product_id")} as product_id, ${column("plan_id")} as plan_id,
      t.currency, ${amount} as amount_minor, t.is_move from line_transfers t
      ${reading.unitsMove ? sql`where ${ofAccounts(reading, column("account_id"))}` : sql``}`;
  };
  return sql`line_legs as (${leg("from", sql`-t.out_minor`)} union all ${leg("to", sql`t.in_minor`)})`;
}

/** `firsts`: an account's first day with ARR and what it had that evening of what needs no conversion: its NEW, or what moved in. */
function firsts(reading: Reading): Fragment {
  const { sql, window } = reading;
  const moved = reading.unitsMove
    ? sql`union all select t.to_account_id, t.effective_on, case when ${isDomestic(reading, "t")} then t.amount_minor else 0 end
        from booked_transfers t where t.starts_unit and t.effective_on < ${window.untilOn}::date and ${ofAccounts(reading, sql`t.to_account_id`)}`
    : sql``;
  const foreign = converts(reading)
    ? sql`union all select account_id, effective_on, 0 from native_story where type = 'NEW' and is_taken`
    : sql``;
  return sql`firsts as (
    select account_id, min(first_on) as first_on, sum(first_arr_minor)::bigint as first_arr_minor from (
      select account_id, first_on, first_arr_minor from movements_before where first_on is not null
      union all select m.account_id, m.effective_on, m.amount_minor from entries m where m.type = 'NEW' and ${isDomestic(reading, "m")}
      ${moved} ${foreign}
    ) f group by account_id)`;
}

function lineEntries(reading: Reading): Fragment {
  const { sql, window } = reading;
  const by = listed(sql, [sql`m.account_id`, ...lineKeys(reading.keys).map(columnIn(sql, "m"))]);
  const eve = sql`${window.fromOn}::date - 1`;
  const isMove = (value: Fragment) => (reading.unitsMove ? sql`, ${value} as is_move` : sql``);
  const legs = needsTransfers(reading)
    ? sql`union all
      select ${by}, greatest(m.effective_on, ${eve}), ${linesPass(reading, "m")}, m.amount_minor ${isMove(sql`m.is_move`)}
      from line_legs m where ${isDomestic(reading, "m")}`
    : sql``;
  return sql`line_entries as not materialized (
    select ${by}, ${eve} as effective_on, m.passes, m.amount_minor ${isMove(sql`false`)} from movements_before m
    union all
    select ${by}, m.effective_on, ${linesPass(reading, "m")}, m.amount_minor ${isMove(sql`false`)} from entries m where ${isDomestic(reading, "m")}
    ${legs})`;
}

/** Of what was converted: the openings, the window's movements and its transfers; revaluations are the level's. */
function foreignEntries(reading: Reading): Fragment {
  const { sql, window } = reading;
  const by = listed(sql, [sql`m.account_id`, ...lineKeys(reading.keys).map(columnIn(sql, "m"))]);
  return sql`foreign_entries as not materialized (
    select ${by}, ${window.fromOn}::date - 1 as effective_on, m.passes, m.amount_minor from native_openings m
    union all
    select ${by}, m.effective_on, ${linesPass(reading, "m")}, m.amount_minor from entries m where not ${isDomestic(reading, "m")}
    union all
    select ${by}, m.effective_on, ${linesPass(reading, "m")}, m.amount_minor from line_legs m where not ${isDomestic(reading, "m")})`;
}
