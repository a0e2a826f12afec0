// Which rates a question at changing rates needs, and which of them is missing first.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { cellsOf } from "./cells.ts";
import { conversionRelations } from "./conversion.ts";
import { firstNatives, monthFirstRelations } from "./first-arr.ts";
import { allEntries, bookedRelations, bookedTransferRelations } from "./ledger.ts";
import { nativeCells } from "./native.ts";
import { boundary, hasBeyondFirst, type Level, periodOf, type Reading } from "./reading.ts";
import { returnRelations } from "./returns.ts";

/**
 * The earliest day, then currency, without a rate: of the days on which something moved in the window, of the days before the boundaries
 * at which there is a balance, of the openings at whose rate the cohort's balances are read, and of the closings at which a first ARR is.
 */
export function missingRateStatement(reading: Reading, levels: readonly Level[]): Fragment {
  const { sql, window } = reading;
  const relations = [
    ...bookedRelations(reading),
    ...bookedTransferRelations(reading),
    ...returnRelations(reading),
    ...conversionRelations(reading),
    ...monthFirstRelations(reading),
    // Whether there is any ARR decides here, so currencies may stand side by side unconverted.
    sql`any_entries as (${allEntries(reading)})`,
  ];
  const needed = [
    sql`select s.currency, s.effective_on as on_day from native_story s where s.is_taken and s.effective_on >= ${window.fromOn}::date`,
    ...levels.flatMap((level) => neededAtEnds(reading, level)),
  ];
  return sql`with ${listed(sql, relations)}
    select n.currency, n.on_day as "on" from (${needed.map((part, index) => (index === 0 ? part : sql`union ${part}`))}) n
    left join day_rates r on r.currency = n.currency and r.on_day = n.on_day
    where r.factor is null order by n.on_day, n.currency limit 1`;
}

function neededAtEnds(reading: Reading, level: Level): Fragment[] {
  const { sql } = reading;
  const from = boundary(reading, level, sql`c.p`);
  const until = boundary(reading, level, sql`c.p + 1`);
  const cells = sql`(${nativeCells(reading, level)}) c`;
  const steps = sql`(
    select account_id, ${periodOf(reading, level, sql`effective_on`)} as p, sum(amount_minor)::bigint as net_minor, 0::bigint as moved_minor
    from any_entries group by account_id, p)`;
  const accounts = sql`join (${cellsOf(reading, level, { from: steps, columns: [sql`account_id`], taken: sql`true` })}) w
    on w.account_id = c.account_id and w.p = c.p`;
  const readsFirst = hasBeyondFirst(reading, level.keys) && level.flowKeys.length === 0;
  const firsts = sql`(
    select n.account_id, n.currency, p.p from (${firstNatives(reading)}) n cross join generate_series(1, ${level.bounds.length - 1}::int) p(p)) c`;
  return [
    sql`select c.currency, ${from} - 1 from ${cells} where c.opening_minor <> 0`,
    sql`select c.currency, ${until} - 1 from ${cells} where c.closing_minor <> 0`,
    sql`select c.currency, ${from} - 1 from ${cells} ${accounts} where c.kept_minor <> 0 and w.opening_minor > 0`,
    ...(readsFirst ? [sql`select c.currency, ${until} - 1 from ${firsts} ${accounts} where w.closing_minor > 0`] : []),
  ];
}
