// Suspicions about what accounts were fed with: lines recorded twice, plans without ranks, movements without a driver, missing rates.

import type { Tx } from "../kernel/database.ts";
import { addDays, type Window } from "../kernel/dates.ts";
import { knownAt } from "../kernel/knowledge.ts";
import { formatMoney } from "../kernel/money.ts";
import { unreversed } from "../movements/filter.ts";
import { getSettings } from "../workspaces/store.ts";
import {
  findingsMax,
  type QualityCheck,
  type QualityFinding,
  type QualityQuestion,
  subjectsMax,
} from "./quality-codes.ts";

const staleDays = 45;

type Question = Pick<QualityQuestion, "known"> & { readonly window: Window };

export async function findFactSuspicions(tx: Tx, question: Question): Promise<readonly QualityCheck[]> {
  return [
    await findOverlaps(tx, question),
    await findUnranked(tx, question),
    await findOthers(tx, question),
    ...(await findRates(tx, question)),
  ];
}

type Row = { readonly count: number; readonly subjects: readonly string[]; readonly name: string };

function checkOf(
  code: QualityCheck["code"],
  rows: readonly Row[],
  kind: QualityFinding["kind"],
  message: (row: Row) => string,
): QualityCheck {
  const findings = rows.map((row) => ({ kind, subjects: row.subjects, message: message(row) }));
  return { code, count: rows[0]?.count ?? 0, findings };
}

async function findOverlaps(tx: Tx, { known }: Question): Promise<QualityCheck> {
  const { sql, workspaceId } = tx;
  const rows = await sql<Row[]>`
    with lines as (
      select v.account_id, v.plan_id, v.line_id, v.from_on, coalesce(v.until_on, 'infinity') as until_on,
        max(coalesce(v.until_on, 'infinity')) over (kin rows between unbounded preceding and 1 preceding) as before_until_on,
        lead(v.from_on) over kin as next_from_on
      from contract_line_versions v
      where v.workspace_id = ${workspaceId} and ${knownAt(sql, "v", known.version)} and v.arr_minor > 0
      window kin as (partition by v.account_id, v.plan_id, v.kind, v.currency, v.is_add_on order by v.from_on, v.until_on)
    ), twice as (
      -- Versions of one line never overlap: what does is of another line.
      select distinct account_id, plan_id, line_id from lines where before_until_on > from_on or next_from_on < until_on
    )
    select (count(*) over ())::integer as count, acc.external_id || ' has several lines of ' || p.external_id as name,
      (array_agg(l.external_id order by l.external_id collate "C"))[1:${subjectsMax}] as subjects
    from twice t
    join accounts acc on acc.workspace_id = ${workspaceId} and acc.id = t.account_id
    join plans p on p.workspace_id = ${workspaceId} and p.id = t.plan_id
    join contract_lines l on l.workspace_id = ${workspaceId} and l.id = t.line_id
    group by acc.external_id, p.external_id order by acc.external_id collate "C", p.external_id collate "C" limit ${findingsMax}`;
  return checkOf("LINES_OVERLAP", rows, "CONTRACT_LINE", ({ name }) => `${name} with ARR on the same days.`);
}

async function findUnranked(tx: Tx, { known }: Question): Promise<QualityCheck> {
  const { sql, workspaceId } = tx;
  const rows = await sql<Row[]>`
    with ranked as (
      select p.external_id, pr.external_id as product, v.rank, count(*) over (partition by p.product_id) as plans
      from plans p
      join plan_versions v on v.workspace_id = p.workspace_id and v.plan_id = p.id and ${knownAt(sql, "v", known.version)}
      join products pr on pr.workspace_id = p.workspace_id and pr.id = p.product_id
      where p.workspace_id = ${workspaceId}
    )
    select (count(*) over ())::integer as count, product as name,
      (array_agg(external_id order by external_id collate "C"))[1:${subjectsMax}] as subjects
    from ranked where rank is null and plans > 1 group by product order by product collate "C" limit ${findingsMax}`;
  return checkOf(
    "RANKS_MISSING",
    rows,
    "PLAN",
    ({ name }) => `The product '${name}' has several plans, and these have no rank.`,
  );
}

type OtherRow = {
  readonly currency: string;
  readonly others: number;
  readonly all: number;
  readonly otherMinor: bigint;
  readonly allMinor: bigint;
  readonly subjects: readonly string[] | null;
};

/** One finding per currency: the share of OTHER, by number and by amount without sign, and the largest of them. */
async function findOthers(tx: Tx, { window, known }: Question): Promise<QualityCheck> {
  const { sql, workspaceId } = tx;
  const context = { workspaceId, ledgerVersion: known.version };
  const rows = await sql<OtherRow[]>`
    select m.currency, (count(*) filter (where m.driver = 'OTHER'))::integer as others, count(*)::integer as all,
      coalesce(sum(abs(m.amount_minor)) filter (where m.driver = 'OTHER'), 0)::bigint as "otherMinor",
      sum(abs(m.amount_minor))::bigint as "allMinor",
      (array_agg(m.external_id order by abs(m.amount_minor) desc, m.id) filter (where m.driver = 'OTHER'))[1:${subjectsMax}] as subjects
    from movements m
    where ${unreversed(sql, "m", context)} and m.driver is not null
      and m.effective_on >= ${window.fromOn}::date and m.effective_on < ${window.untilOn}::date
    group by m.currency having count(*) filter (where m.driver = 'OTHER') > 0 order by m.currency`;
  const findings = rows.map(({ currency, others, all, otherMinor, allMinor, subjects }): QualityFinding => {
    const amounts = `${formatMoney(otherMinor, currency)} of ${formatMoney(allMinor, currency)} ${currency}`;
    return {
      kind: "MOVEMENT",
      subjects: subjects ?? [],
      message: `${others} of ${all} expansions and contractions have the driver OTHER, ${amounts}.`,
    };
  });
  return { code: "DRIVERS_OTHER", count: rows.reduce((sum, { others }) => sum + others, 0), findings };
}

type RateRow = { readonly currency: string; readonly constant: boolean; readonly lastOn: string | null };

/** Every currency that the ledger has and reports have not. */
async function findRates(tx: Tx, { known }: Question): Promise<readonly QualityCheck[]> {
  const { sql, workspaceId } = tx;
  const settings = await getSettings(tx, known.version);
  const { reportingCurrency, constantRateSetId, reportedRateSetId } = settings;
  const rates = sql`from exchange_rates r where r.workspace_id = ${workspaceId} and r.from_currency = c.currency
    and r.to_currency = ${reportingCurrency} and ${knownAt(sql, "r", known.version)}`;
  const rows = await sql<RateRow[]>`
    select c.currency, exists (select ${rates} and r.rate_set_id = ${constantRateSetId}::uuid) as constant,
      (select max(r.from_on)::text ${rates} and r.rate_set_id = ${reportedRateSetId}::uuid and r.from_on <= ${known.on}::date) as "lastOn"
    from (
      select distinct m.currency from movements m
      where m.workspace_id = ${workspaceId} and m.ledger_version <= ${known.version} and m.currency <> ${reportingCurrency}
    ) c order by c.currency`;
  const finding = (currency: string, message: string): QualityFinding => ({
    kind: "CURRENCY",
    subjects: [currency],
    message,
  });
  const missing = rows.filter(({ constant }) => !constant);
  const oldest = addDays(known.on, -staleDays);
  const stale = reportedRateSetId === null ? [] : rows.filter(({ lastOn }) => lastOn === null || lastOn < oldest);
  return [
    {
      code: "RATES_MISSING",
      count: missing.length,
      findings: missing.map(({ currency }) =>
        finding(currency, `There is ARR in ${currency}, and no constant rate from it to ${reportingCurrency}.`),
      ),
    },
    {
      code: "RATES_STALE",
      count: stale.length,
      findings: stale.map(({ currency, lastOn }) =>
        finding(
          currency,
          `The last dated rate from ${currency} to ${reportingCurrency} is ${lastOn ? `of ${lastOn}` : "none"}.`,
        ),
      ),
    },
  ];
}
