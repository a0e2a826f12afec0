// Net changes: one per account and interval, typed on the balances around it, then shared over drivers, over the line values behind
// each driver, and over the motions and campaigns behind those. Only what has the sign of the change takes a share.

import { allOf, type Fragment, listed } from "../kernel/fragments.ts";
import { drivers } from "../movements/types.ts";
import { keepsApart } from "./cells.ts";
import { joinFirsts } from "./cohorts.ts";
import { looksAtMonthEnds } from "./first-arr.ts";
import { boundary, type Level, periodOf, type Reading } from "./reading.ts";
import { looksAtGaps, typeUnderPolicy } from "./returns.ts";
import { dividedParts } from "./shares.ts";
import { standing } from "./standing.ts";

/** An account that came back and counts as expansion: no driver shares it. */
const returnedLabel = "RETURNED";

/** `net_changes`, in the columns that flows.ts reads; `on_day` is the interval's last day. */
export function netRelations(reading: Reading, level: Level): Fragment[] {
  return [...intervalRelations(reading, level), ...driverRelations(reading), ...lineRelations(reading, level)];
}

/**
 * `interval_entries`, `net_before` and `typed`: each account's net change per interval, with its type. What came from other units counts as
 * there before it, what went to others as still there after it, so that neither makes an account come or leave.
 */
function intervalRelations(reading: Reading, level: Level): Fragment[] {
  const { sql, window } = reading;
  const day = sql`e.effective_on`;
  const [startsOn, onDay] = intervalOf(reading, level, day);
  const columns = sql`account_id, p, starts_on, on_day`;
  const gap = looksAtGaps(reading) ? sql`e.gap_days` : sql`null::int`;
  const isLater = looksAtMonthEnds(reading)
    ? sql`mf.from_on <= n.starts_on or w.opening_minor > 0`
    : sql`f.first_on < n.starts_on`;
  const earlier = looksAtMonthEnds(reading)
    ? sql`left join month_firsts mf on mf.account_id = n.account_id
        left join whole_cells w on w.account_id = n.account_id and w.p = n.p`
    : joinFirsts(sql, sql`n.account_id`);
  const came = typeUnderPolicy(
    reading,
    sql`case when ${isLater} then 'REACTIVATION' else 'NEW' end`,
    sql`n.gap_days`,
    returnedLabel,
  );
  return [
    sql`interval_entries as materialized (
      select e.account_id, e.p, ${startsOn} as starts_on, ${onDay} as on_day, coalesce(e.driver, '') as driver, e.product_id,
        e.plan_id, e.currency, e.motion, e.campaign, e.amount_minor, e.type, e.effective_on, ${gap} as gap_days
      from (select *, ${periodOf(reading, level, sql`effective_on`)} as p from entries) e)`,
    sql`net_before as (
      select account_id, sum(amount_minor)::bigint as opening_minor from ${standing(reading)}
      where effective_on < ${window.fromOn}::date group by account_id)`,
    sql`typed as materialized (
      select n.account_id, n.p, n.on_day, abs(n.net_minor) as total_minor, sign(n.net_minor)::int as direction,
        case when n.before_minor > 0 and n.after_minor > 0 then case when n.net_minor > 0 then 'EXPANSION' else 'CONTRACTION' end
          when n.after_minor > 0 or (n.before_minor <= 0 and n.net_minor > 0) then ${came}
          else 'CHURN' end as type
      from (
        select i.*, i.standing_minor - i.net_minor - i.other_minor + i.moved_out_minor as before_minor,
          i.standing_minor + i.moved_out_minor as after_minor
        from (
          select i.*, (sum(i.net_minor + i.other_minor + i.moved_in_minor - i.moved_out_minor)
            over (partition by i.account_id order by i.on_day) + coalesce(o.opening_minor, 0))::bigint as standing_minor
          from (
            select ${columns}, sum(amount_minor)::bigint as net_minor, sum(other_minor)::bigint as other_minor,
              sum(moved_in_minor)::bigint as moved_in_minor, sum(moved_out_minor)::bigint as moved_out_minor,
              ${firstGap(reading)} as gap_days
            from (
              select ${columns}, amount_minor, 0 as other_minor, 0 as moved_in_minor, 0 as moved_out_minor, type, effective_on, gap_days
              from interval_entries ${besideNets(reading, level)}
            ) e group by ${columns}
          ) i left join net_before o on o.account_id = i.account_id
        ) i
      ) n ${earlier}
      where n.net_minor <> 0)`,
  ];
}

/**
 * How long the account was away before the interval's first rise. Where it came back before the interval, with so little of another
 * currency that its balance was 0 until now, it is that return's gap.
 */
function firstGap(reading: Reading): Fragment {
  const { sql } = reading;
  if (!looksAtGaps(reading)) return sql`null::int`;
  return sql`coalesce((array_agg(e.gap_days order by e.effective_on) filter (where e.type = 'REACTIVATION'))[1], (
    select g.gap_days from returns g where g.account_id = e.account_id and g.on_day < e.starts_on order by g.on_day desc limit 1))`;
}

/** What moves a balance without being a change of the account's own: rates, remainders of conversion, and other units. */
function besideNets(reading: Reading, level: Level): Fragment {
  const { sql, window } = reading;
  if (!keepsApart(reading)) return sql``;
  const [startsOn, onDay] = intervalOf(reading, level, sql`e.effective_on`);
  const isMove = reading.unitsMove ? sql`e.is_move` : sql`false`;
  const beside = (from: Fragment, move: Fragment) => sql`
    union all
    select e.account_id, e.p, ${startsOn}, ${onDay}, 0, case when ${move} then 0 else e.amount_minor end,
      case when ${move} then greatest(e.amount_minor, 0) else 0 end, case when ${move} then greatest(-e.amount_minor, 0) else 0 end,
      null, e.effective_on, null
    from (select *, ${periodOf(reading, level, sql`effective_on`)} as p from ${from} where effective_on >= ${window.fromOn}::date) e`;
  return sql`${beside(sql`line_legs`, isMove)} ${reading.revalues ? beside(sql`fx_entries`, sql`false`) : sql``}`;
}

/** The first and the last day of the interval that holds a day of period `e.p`. */
function intervalOf(reading: Reading, level: Level, day: Fragment): [Fragment, Fragment] {
  const { sql, interval } = reading;
  const startsOn = boundary(reading, level, sql`e.p`);
  const endsOn = sql`${boundary(reading, level, sql`e.p + 1`)} - 1`;
  switch (interval) {
    case "NONE":
    case "DAY":
      return [day, day];
    case "PERIOD":
      return [startsOn, endsOn];
    case "MONTH": {
      const monthStart = sql`date_trunc('month', ${day}::timestamp)`;
      return [
        sql`greatest(${monthStart}::date, ${startsOn})`,
        sql`least((${monthStart} + interval '1 month')::date - 1, ${endsOn})`,
      ];
    }
  }
}

/**
 * `driver_shares`: an expansion or contraction divided over its drivers, OTHER when none has its sign; other types have none. `behind`
 * is the driver whose movements stand behind a share; '' is all of the account's.
 */
function driverRelations({ sql }: Reading): Fragment[] {
  const order = sql`array_position(${[...drivers]}::text[], driver)`;
  return [
    sql`driver_weights as (
      select t.*, coalesce(d.driver, 'OTHER') as driver, coalesce(d.driver, '') as behind,
        coalesce(abs(d.net_minor), 1) as weight_minor
      from typed t left join (
        select account_id, on_day, driver, sum(amount_minor)::bigint as net_minor from interval_entries
        where driver <> '' group by account_id, on_day, driver
      ) d on d.account_id = t.account_id and d.on_day = t.on_day and sign(d.net_minor)::int = t.direction
      where t.type in ('EXPANSION', 'CONTRACTION'))`,
    sql`driver_shares as (
      select account_id, p, on_day, type, direction, driver, behind, part_minor as total_minor
      from (${dividedParts(sql, { from: sql`select * from driver_weights`, by: [sql`account_id`, sql`on_day`], ties: [order] })}) s
      where part_minor > 0
      union all
      select account_id, p, on_day, type, direction, '', '', total_minor from typed where type not in ('EXPANSION', 'CONTRACTION'))`,
  ];
}

/** `net_changes`, from the shares of drivers, of their lines, and of those lines' ways: as deep as the question looks. */
function lineRelations(reading: Reading, level: Level): Fragment[] {
  const { sql, filter, context, hasLines } = reading;
  const asksWays =
    level.flowKeys.some(({ column }) => column !== "driver") || Boolean(filter.motion) || Boolean(filter.campaign);
  const lines: Division = {
    name: "line_shares",
    of: "driver_shares",
    within: [],
    over: ["product_id", "plan_id", "currency"],
    joins: sql`left join products x on x.workspace_id = ${context.workspaceId} and x.id = n.product_id
      left join plans y on y.workspace_id = ${context.workspaceId} and y.id = n.plan_id`,
    ties: [sql`x.external_id`, sql`y.external_id`, sql`n.currency`],
  };
  const ways: Division = {
    name: "way_shares",
    of: "line_shares",
    within: lines.over,
    over: ["motion", "campaign"],
    joins: sql``,
    ties: [sql`n.motion`, sql`n.campaign`],
  };
  const divisions = asksWays ? [lines, ways] : hasLines ? [lines] : [];
  const line =
    divisions.length > 0
      ? sql`product_id, plan_id, currency`
      : sql`null::uuid as product_id, null::uuid as plan_id, null::text as currency`;
  const way = asksWays ? sql`motion, campaign` : sql`null::text as motion, null::text as campaign`;
  return [
    ...divisions.flatMap((division) => divisionRelations(reading, division)),
    sql`net_changes as (
      select p, account_id, on_day, case when type = ${returnedLabel} then 'EXPANSION' else type end as type, nullif(driver, '') as driver, direction * total_minor as amount_minor,
        null::uuid as change_id, true as is_divided, ${line}, ${way}
      from ${sql(divisions.at(-1)?.name ?? "driver_shares")})`,
  ];
}

/** One step of sharing: what is divided, within which columns, over which, and in what order equal remainders are served. */
type Division = {
  readonly name: string;
  readonly of: string;
  readonly within: readonly string[];
  readonly over: readonly string[];
  readonly joins: Fragment;
  readonly ties: readonly Fragment[];
};

function divisionRelations({ sql }: Reading, { name, of, within, over, joins, ties }: Division): Fragment[] {
  const columns = (names: readonly string[]) => names.map((column) => sql`${sql(column)}`);
  const shared = [sql`account_id`, sql`on_day`, sql`driver`, sql`behind`, ...columns(within)];
  const nets = `${name}_nets`;
  const netColumns = listed(sql, columns([...within, ...over]));
  const candidates = listed(sql, [
    sql`s.*`,
    ...over.map((column) => sql`n.${sql(column)}`),
    sql`abs(n.net_minor) as weight_minor`,
    ...ties.map((tie, index) => sql`${tie} collate "C" as ${sql(`tie_${index}`)}`),
  ]);
  return [
    sql`${sql(nets)} as (
      select account_id, on_day, driver as behind, ${netColumns}, sum(amount_minor)::bigint as net_minor
      from interval_entries where driver <> '' group by account_id, on_day, driver, ${netColumns}
      union all
      select account_id, on_day, '', ${netColumns}, sum(amount_minor)::bigint
      from interval_entries
      where (account_id, on_day) in (select account_id, on_day from ${sql(of)} where behind = '')
      group by account_id, on_day, ${netColumns})`,
    // What is divided is a sum of what stands behind it, so something there always has its sign.
    sql`${sql(name)} as (
      select ${listed(sql, [...shared, ...columns(over)])}, p, type, direction, part_minor as total_minor
      from (${dividedParts(sql, {
        from: sql`
          select ${candidates} from ${sql(of)} s join ${sql(nets)} n on ${allOf(sql, [
            sql`n.account_id = s.account_id`,
            sql`n.on_day = s.on_day`,
            sql`n.behind = s.behind`,
            sql`sign(n.net_minor)::int = s.direction`,
            ...within.map((column) => sql`n.${sql(column)} is not distinct from s.${sql(column)}`),
          ])} ${joins}`,
        by: shared,
        ties: ties.map((_, index) => sql`${sql(`tie_${index}`)}`),
      })}) d
      where part_minor > 0)`,
  ];
}
