// The one statement of a question: the ledger read once, then summed per period and group, over the whole window, and between the rows.

import { type Fragment, listed } from "../kernel/fragments.ts";
import { cellRelations, cellsOutlastPeriods, windowCells } from "./balances.ts";
import { ledgerRelations } from "./entries.ts";
import { flowRelations, flowsOutlastPeriods, fxRelations, windowFlows } from "./flows.ts";
import { balanceParts, emptyPart, flowParts, type SumColumn, sumColumns, transferPart } from "./parts.ts";
import { hasBalanceConditions, type Level, narrowed, type Reading } from "./reading.ts";
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
  const transfers = transferRelations(reading, level);
  const relations = [
    ...ledgerRelations(reading),
    ...valueRelations(reading),
    ...levelRelations(reading, level),
    ...transfers,
  ];
  const balances = level.flowKeys.length > 0 ? "BASE" : "ROW";
  const answers = [
    sql`(${summed(reading, [
      ...balanceParts(reading, level.keys, balances),
      ...(transfers.length > 0 ? [transferPart(reading, level.keys, balances)] : []),
      ...flowParts(reading, [...level.keys, ...level.flowKeys], "ROW"),
      ...(hasKeys ? [] : [emptyPart(reading, "ROW")]),
    ])} limit ${rowsMax + 1}::int)`,
  ];
  if (!isWhole || hasKeys) answers.push(totalStatement(narrowed(reading, whole), whole, level));
  if (!isWhole) answers.push(...movedStatement(reading, { ...whole, keys: level.keys }));
  return sql`with ${listed(sql, relations)} ${answers.map((answer, index) =>
    index === 0 ? sql`select * from ${answer} a` : sql`union all select * from ${answer} a`,
  )}`;
}

/** The window as one period, without groups. What the rows have read already is not read again. */
function totalStatement(reading: Reading, whole: Level, rows: Level): Fragment {
  const { sql } = reading;
  const isFiltered = hasBalanceConditions(reading);
  const cellsLast = !isFiltered && cellsOutlastPeriods(reading);
  const transfers = transferRelations(reading, whole);
  const relations = [
    ...(cellsLast ? [windowCells(reading, rows)] : cellRelations(reading, whole)),
    ...sideRelations(reading, whole),
    ...(!isFiltered && flowsOutlastPeriods(reading, rows) ? [windowFlows(reading)] : flowRelations(reading, whole)),
    ...fxRelations(reading, whole),
    ...transfers,
  ];
  return sql`(with ${listed(sql, relations)} ${summed(reading, [
    ...balanceParts(reading, [], "TOTAL"),
    ...(transfers.length > 0 ? [transferPart(reading, [], "TOTAL")] : []),
    ...flowParts(reading, [], "TOTAL"),
    emptyPart(reading, "TOTAL"),
  ])})`;
}

/** What went in and out of all the rows that the keys would make of the window, where the periods' own rows do not tell. */
function movedStatement(whole: Reading, level: Level): Fragment[] {
  const reading = narrowed(whole, level);
  const { sql } = reading;
  const transfers = transferRelations(reading, level);
  // Within a unit nothing leaves the band of the opening; between two units it depends on the bands that the window gives them.
  const bandsMove = reading.segmentAt === "CLOSING" || reading.unitsMove;
  const bandsDecide = Boolean(reading.filter.segment) || (reading.hasSegments && bandsMove);
  if (transfers.length === 0 || (reading.interval === "NONE" && !bandsDecide && !reading.revalues)) return [];
  const relations = [...levelRelations(reading, level), ...transfers];
  return [
    sql`(with ${listed(sql, relations)} ${summed(reading, [transferPart(reading, [], "MOVED"), emptyPart(reading, "MOVED")])})`,
  ];
}

function levelRelations(reading: Reading, level: Level): Fragment[] {
  return [
    ...cellRelations(reading, level),
    ...sideRelations(reading, level),
    ...flowRelations(reading, level),
    ...fxRelations(reading, level),
  ];
}

function summed({ sql, keys, flowKeys }: Reading, parts: readonly Fragment[]): Fragment {
  const by = [sql`part`, sql`p`, ...[...keys, ...flowKeys].map(({ column }) => sql`${sql(column)}`)];
  const sums = sumColumns.map((column) => sql`sum(${sql(column)})::bigint as ${sql(column)}`);
  return sql`select ${listed(sql, [...by, ...sums])}
    from (${parts.map((part, index) => (index === 0 ? part : sql`union all ${part}`))}) s group by ${listed(sql, by)}`;
}
