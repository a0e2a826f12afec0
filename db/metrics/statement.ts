// The one statement of a question: the ledger read once, then summed per period and group, over the whole window, and between the rows.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { cellRelations } from "./balances.ts";
import { ledgerRelations } from "./entries.ts";
import { flowRelations } from "./flows.ts";
import { balanceParts, emptyPart, flowParts, type SumColumn, sumColumns, transferPart } from "./parts.ts";
import { type Level, narrowed, type Reading } from "./reading.ts";
import { sideRelations } from "./sides.ts";
import { transferRelations } from "./transfers.ts";
import { valueRelations } from "./values.ts";

/**
 * Which answer a row of the result belongs to: ROW, a row of the answer; BASE, the balances behind rows of flow dimensions; TOTAL, the
 * window as a whole; MOVED, what went between the rows of the window as a whole.
 */
export type Part = "ROW" | "BASE" | "TOTAL" | "MOVED";

/** One line of the result: the part, the period's number from 1, the keys' columns, and the sums. */
export type SumRow = { readonly part: Part; readonly p: number } & { readonly [C in SumColumn]: bigint } & {
  readonly [keyColumn: string]: unknown;
};

/** @param rowsMax no more lines of rows than one beyond this. */
export function metricsStatement(reading: Reading, level: Level, rowsMax: number): Fragment {
  const { sql, window } = reading;
  const whole: Level = { bounds: [window.fromOn, window.untilOn], keys: [], flowKeys: [] };
  const isWhole = level.bounds.length === 2;
  const hasKeys = level.keys.length + level.flowKeys.length > 0;
  const answers = [
    sql`(${levelStatement(reading, level, level.flowKeys.length > 0 ? "BASE" : "ROW", "ROW")} limit ${rowsMax + 1}::int)`,
  ];
  if (!isWhole || hasKeys) answers.push(sql`(${levelStatement(reading, whole, "TOTAL", "TOTAL")})`);
  // With one period, its rows' transfers are the window's.
  if (!isWhole && level.keys.length > 0) answers.push(...movedStatement(reading, { ...whole, keys: level.keys }));
  const base = [...ledgerRelations(reading), ...valueRelations(reading)];
  return sql`with ${listed(sql, base)} ${answers.map((answer, index) =>
    index === 0 ? sql`select * from ${answer} a` : sql`union all select * from ${answer} a`,
  )}`;
}

function levelStatement(whole: Reading, level: Level, balances: Part, flows: Part): Fragment {
  const reading = narrowed(whole, level);
  const transfers = transferRelations(reading, level);
  return summed(
    reading,
    [...levelRelations(reading, level), ...transfers],
    [
      ...balanceParts(reading, level.keys, balances),
      ...(transfers.length > 0 ? [transferPart(reading, level.keys, balances)] : []),
      ...flowParts(reading, [...level.keys, ...level.flowKeys], flows),
      ...(level.keys.length + level.flowKeys.length === 0 ? [emptyPart(reading, flows)] : []),
    ],
  );
}

/** What went in and out of all the rows that the keys would make of the level; nothing where nothing can. */
function movedStatement(whole: Reading, level: Level): Fragment[] {
  const reading = narrowed(whole, level);
  const transfers = transferRelations(reading, level);
  if (transfers.length === 0) return [];
  const relations = [...levelRelations(reading, level), ...transfers];
  return [reading.sql`(${summed(reading, relations, [transferPart(reading, [], "MOVED")])})`];
}

function levelRelations(reading: Reading, level: Level): Fragment[] {
  return [...cellRelations(reading, level), ...sideRelations(reading, level), ...flowRelations(reading, level)];
}

function summed(
  { sql, keys, flowKeys }: Reading,
  relations: readonly Fragment[],
  parts: readonly Fragment[],
): Fragment {
  const by = [sql`part`, sql`p`, ...[...keys, ...flowKeys].map(({ column }) => sql`${sql(column)}`)];
  const sums = sumColumns.map((column) => sql`sum(${sql(column)})::bigint as ${sql(column)}`);
  return sql`with ${listed(sql, relations)}
    select ${listed(sql, [...by, ...sums])}
    from (${parts.map((part, index) => (index === 0 ? part : sql`union all ${part}`))}) s group by ${listed(sql, by)}`;
}
