// The faults of one import, in a temporary table beside the staged rows: rules add to it in SQL, refused rows leave the staging.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { formatMoney } from "../kernel/money.ts";
import { describeFault, type Fault, type FaultCode } from "./faults.ts";
import type { RowRule } from "./row.ts";

/** Faults listed in a result; all of them are counted. */
const faultsListedMax = 1_000;

type StoredFault = {
  readonly row: number;
  readonly line: number;
  readonly field: string | null;
  readonly code: FaultCode;
  readonly value: string | null;
  readonly other: string | null;
  readonly otherLine: number | null;
};

/** Refuses the rows that reading has found faults in; returns how many. Rules follow, each with `refuse`. */
export async function refuseMisread(tx: Tx, rule: RowRule): Promise<number> {
  await tx.sql`create temporary table import_faults (row_number integer, line_number integer, field text, code text, value text,
    other text, other_line integer) on commit drop`;
  await tx.sql`create temporary table refused_keys (key text) on commit drop`;
  await tx.sql`
    insert into import_faults
    select s.row_number, s.line_number, f ->> 'field', f ->> 'code', f ->> 'value', f ->> 'other', (f ->> 'otherLine')::integer
    from ${tx.sql(rule.table)} s, jsonb_array_elements(s.faults) f where s.faults is not null`;
  return dropRefused(tx, rule);
}

/**
 * Refuses rows by a rule: `faults` is a select of row_number, line_number, field, code, value, other, other_line. Returns how many
 * faults it gave; their rows are no longer staged.
 */
export async function refuse(tx: Tx, rule: RowRule, faults: Fragment): Promise<number> {
  const result = await tx.sql`
    insert into import_faults (row_number, line_number, field, code, value, other, other_line) ${faults}`;
  if (result.count > 0) await dropRefused(tx, rule);
  return result.count;
}

/** Refused rows leave the staging; what they belong to is kept in refused_keys, so that a rule can pass over what is left of it. */
async function dropRefused(tx: Tx, rule: RowRule): Promise<number> {
  const { sql } = tx;
  const result = await sql`
    with refused as (
      delete from ${sql(rule.table)} s using (select distinct row_number from import_faults) f
      where f.row_number = s.row_number returning s.${sql(rule.groupKey)} as key)
    insert into refused_keys select key from refused`;
  return result.count;
}

export type ListedFaults = {
  readonly faults: readonly Fault[];
  readonly faultCounts: Readonly<Partial<Record<FaultCode, number>>>;
  readonly rowsRefused: number;
};

/** What was refused, in the order of the file: the first 1,000 faults, and all of them by code. */
export async function listFaults(tx: Tx): Promise<ListedFaults> {
  const faults = await selectFaults(tx, faultsListedMax);
  const counts = await tx.sql<{ code: FaultCode; faults: number }[]>`
    select code, count(*)::integer as faults from import_faults group by code order by code`;
  const [refused] = await tx.sql<{ rows: number }[]>`
    select count(distinct row_number)::integer as rows from import_faults`;
  return {
    faults: faults.map(describe),
    faultCounts: Object.fromEntries(counts.map(({ code, faults: count }) => [code, count])),
    rowsRefused: refused?.rows ?? 0,
  };
}

/** Hands over every fault, in the order of the file, page by page. */
export async function forEachFault(tx: Tx, take: (faults: readonly Fault[]) => Promise<void>): Promise<void> {
  await selectFaults(tx, null).cursor(faultsListedMax, async (page) => take(page.map(describe)));
}

function selectFaults(tx: Tx, limit: number | null) {
  return tx.sql<StoredFault[]>`
    select row_number as row, line_number as line, field, code, value, other, other_line as "otherLine" from import_faults
    order by row_number, field nulls first, code, other_line limit ${limit}`;
}

function describe({ row, line, field, code, value, other, otherLine }: StoredFault): Fault {
  const shown = code === "BALANCE_NEGATIVE" ? moneyOf(value ?? "") : value;
  const detail = { value: shown ?? undefined, other: other ?? undefined, otherLine: otherLine ?? undefined };
  return describeFault({ row, line }, { code, field, ...detail });
}

/** "-1250 USD", in minor units as SQL has it, as "-12.50 USD". */
function moneyOf(text: string): string {
  const [minor = "", currency = ""] = text.split(" ");
  return `${formatMoney(BigInt(minor), currency)} ${currency}`;
}
