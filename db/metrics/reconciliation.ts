// The ledger against the facts: what contract lines were worth before and after a window, summed from their versions, and every flow that
// the ledger has between. Two sums that share nothing; what is left over is 0, per group and currency, or the books are broken.

import { loadSurvivors } from "../accounts/merges.ts";
import { wordArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import type { Window } from "../kernel/dates.ts";
import { AccreteError, badInput } from "../kernel/errors.ts";
import { type Fragment, listed, unprepared } from "../kernel/fragments.ts";
import { knownAt } from "../kernel/knowledge.ts";
import { readingManyRows } from "../kernel/planner.ts";
import { type MeteredBalance, sumMetered } from "./metered-balances.ts";

export const reconciliationDimensions = [
  "PRODUCT",
  "PLAN",
  "ACCOUNT",
  "CHANNEL",
  "REGION",
  "INDUSTRY",
  "OWNER",
] as const;
export type ReconciliationDimension = (typeof reconciliationDimensions)[number];

export type ReconciliationQuestion = {
  readonly window: Window;
  /** At most three, each once. Accounts are grouped by what is known of them at the end of the window's last day. */
  readonly groupBy: readonly ReconciliationDimension[];
  readonly version: bigint;
};

/** Amounts in minor units of the currency, not converted; flows are positive as the metric is. */
export type ReconciliationRow = {
  /** External ids and names, in the order of `groupBy`; null is the group without a value. */
  readonly group: readonly (string | null)[];
  readonly currency: string;
  /** From the facts. */
  readonly openingMinor: bigint;
  readonly newMinor: bigint;
  readonly reactivationMinor: bigint;
  readonly expansionMinor: bigint;
  readonly contractionMinor: bigint;
  readonly churnedMinor: bigint;
  readonly transferInMinor: bigint;
  readonly transferOutMinor: bigint;
  /** From the facts. */
  readonly closingMinor: bigint;
  /** Closing − (opening + every flow): 0 unless the books are broken. */
  readonly residualMinor: bigint;
};

const dimensionsMax = 3;
const rowsMax = 10_000;

/**
 * One row per group and currency in which anything is not 0, by group and then currency. The opening and the closing of an account fed by
 * lines are sums of what its lines' versions, and their usage, are worth on the day; those of an account fed by movements are sums of all
 * rows of its ledger, reversals included. Flows are the ledger's rows that count. BAD_USER_INPUT (field `groupBy`, `window`); TOO_COMPLEX
 * for more than 10,000 rows.
 */
export async function reconcile(tx: Tx, question: ReconciliationQuestion): Promise<readonly ReconciliationRow[]> {
  const { window, groupBy } = question;
  if (window.untilOn <= window.fromOn) badInput("window", "The window is empty: 'untilOn' is the day after its last.");
  if (groupBy.length > dimensionsMax || new Set(groupBy).size < groupBy.length) {
    badInput("groupBy", `At most ${dimensionsMax} dimensions, each once.`);
  }
  const survivors = await loadSurvivors(tx, question.version);
  const metered = await sumMetered(tx, question);
  const rows = await readingManyRows(tx, () => unprepared(read(tx, question, { survivors, metered })));
  if (rows.length > rowsMax) {
    throw new AccreteError("TOO_COMPLEX", `The answer has more than ${rowsMax} rows: group by less.`, {
      field: "groupBy",
    });
  }
  // The driver reads a NULL within an array as a word.
  return rows.map(({ groupText, ...row }) => ({ ...row, group: JSON.parse(groupText) as (string | null)[] }));
}

type Known = {
  readonly survivors: ReadonlyMap<string, string>;
  readonly metered: readonly MeteredBalance[];
};

function read(tx: Tx, question: ReconciliationQuestion, { survivors, metered }: Known) {
  const { sql, workspaceId } = tx;
  const keys = question.groupBy.map((dimension) => keyOf(tx, dimension));
  const group = keys.length === 0 ? sql`array[]::text[]` : sql`array[${listed(sql, keys)}]`;
  const lastDay = sql`(${question.window.untilOn}::date - 1)`;
  return sql<(ReconciliationRow & { readonly groupText: string })[]>`
    with survivors as materialized (
      select * from unnest(${wordArray([...survivors.keys()])}::uuid[], ${wordArray([...survivors.values()])}::uuid[]) as s (account_id, survivor_id)
    ), parts as materialized (
      ${facts(tx, question)}
      union all ${meteredFacts(tx, metered)}
      union all ${readyMadeFacts(tx, question)}
      union all ${flows(tx, question)}
      union all ${transferLegs(tx, question)}
    ), sums as (
      select coalesce(s.survivor_id, p.account_id) as account_id, p.product_id, p.plan_id, p.currency, sum(p.opening) as opening,
        sum(p.new) as new, sum(p.reactivation) as reactivation, sum(p.expansion) as expansion, sum(p.contraction) as contraction,
        sum(p.churned) as churned, sum(p.transfer_in) as transfer_in, sum(p.transfer_out) as transfer_out, sum(p.closing) as closing
      from parts p left join survivors s on s.account_id = p.account_id group by 1, 2, 3, 4
    ), named as (
      select ${group} as "group", b.*
      from sums b
      join accounts a on a.workspace_id = ${workspaceId} and a.id = b.account_id
      left join account_versions v on v.workspace_id = ${workspaceId} and v.account_id = b.account_id and v.from_on <= ${lastDay}
        and (v.until_on is null or v.until_on > ${lastDay}) and ${knownAt(sql, "v", question.version)}
      left join products pr on pr.workspace_id = ${workspaceId} and pr.id = b.product_id
      left join plans pl on pl.workspace_id = ${workspaceId} and pl.id = b.plan_id
    ), totals as (
      select "group", currency, sum(opening)::bigint as "openingMinor", sum(new)::bigint as "newMinor",
        sum(reactivation)::bigint as "reactivationMinor", sum(expansion)::bigint as "expansionMinor",
        sum(contraction)::bigint as "contractionMinor", sum(churned)::bigint as "churnedMinor",
        sum(transfer_in)::bigint as "transferInMinor", sum(transfer_out)::bigint as "transferOutMinor",
        sum(closing)::bigint as "closingMinor",
        sum(closing - opening - new - reactivation - expansion + contraction + churned - transfer_in + transfer_out)::bigint as "residualMinor"
      from named group by "group", currency
    )
    select to_jsonb("group")::text as "groupText", totals.* from totals
    where ("openingMinor", "newMinor", "reactivationMinor", "expansionMinor", "contractionMinor", "churnedMinor", "transferInMinor",
      "transferOutMinor", "closingMinor") <> (0, 0, 0, 0, 0, 0, 0, 0, 0)
    order by "group", currency limit ${rowsMax + 1}`;
}

function keyOf({ sql }: Tx, dimension: ReconciliationDimension): Fragment {
  switch (dimension) {
    case "PRODUCT":
      return sql`pr.external_id`;
    case "PLAN":
      return sql`pl.external_id`;
    case "ACCOUNT":
      return sql`a.external_id`;
    case "CHANNEL":
      return sql`v.channel`;
    case "REGION":
      return sql`v.region`;
    case "INDUSTRY":
      return sql`v.industry`;
    case "OWNER":
      return sql`v.owner`;
  }
}

/** What the versions of lines without usage are worth at the end of the day before the window, and of its last day. */
function facts({ sql, workspaceId }: Tx, { window, version }: ReconciliationQuestion): Fragment {
  const inForce = (until: string) => sql`coalesce(sum(v.arr_minor)
    filter (where v.from_on < ${until}::date and (v.until_on is null or v.until_on >= ${until}::date)), 0)`;
  return sql`
    select v.account_id, v.product_id, v.plan_id, v.currency, ${inForce(window.fromOn)} as opening, 0 as new, 0 as reactivation,
      0 as expansion, 0 as contraction, 0 as churned, 0 as transfer_in, 0 as transfer_out, ${inForce(window.untilOn)} as closing
    from contract_line_versions v
    where v.workspace_id = ${workspaceId} and ${knownAt(sql, "v", version)} and not (v.kind = 'METERED' and exists (
      select from usage_periods u where u.workspace_id = v.workspace_id and u.line_id = v.line_id and ${knownAt(sql, "u", version)}))
    group by 1, 2, 3, 4`;
}

function meteredFacts({ sql }: Tx, metered: readonly MeteredBalance[]): Fragment {
  const words = (pick: (balance: MeteredBalance) => string | bigint) => wordArray(metered.map(pick));
  return sql`
    select m.account_id, m.product_id, m.plan_id, m.currency, m.opening, 0, 0, 0, 0, 0, 0, 0, m.closing
    from unnest(${words(({ accountId }) => accountId)}::uuid[], ${words(({ productId }) => productId)}::uuid[],
      ${words(({ planId }) => planId)}::uuid[], ${words(({ currency }) => currency)}::text[],
      ${words(({ openingMinor }) => openingMinor)}::bigint[], ${words(({ closingMinor }) => closingMinor)}::bigint[]
    ) as m (account_id, product_id, plan_id, currency, opening, closing)`;
}

/** Every row of the ledger of what sources state, taken back or not: another sum than that of the rows that count. */
function readyMadeFacts({ sql, workspaceId }: Tx, { window, version }: ReconciliationQuestion): Fragment {
  return sql`
    select m.account_id, m.product_id, m.plan_id, m.currency,
      coalesce(sum(m.amount_minor) filter (where m.effective_on < ${window.fromOn}::date), 0), 0, 0, 0, 0, 0, 0, 0, sum(m.amount_minor)
    from movements m
    where m.workspace_id = ${workspaceId} and m.external_id is not null and m.ledger_version <= ${version}
      and m.effective_on < ${window.untilOn}::date
    group by 1, 2, 3, 4`;
}

const counts = (
  { sql }: Tx,
  table: string,
  version: bigint,
) => sql`r.reverses is null and r.ledger_version <= ${version}
  and not exists (select from ${sql(table)} x where x.workspace_id = r.workspace_id and x.reverses = r.id and x.ledger_version <= ${version})`;

/** The movements of the window that count, by type. */
function flows(tx: Tx, { window, version }: ReconciliationQuestion): Fragment {
  const { sql, workspaceId } = tx;
  const of = (type: string) => sql`coalesce(sum(r.amount_minor) filter (where r.type = ${type}), 0)`;
  return sql`
    select r.account_id, r.product_id, r.plan_id, r.currency, 0, ${of("NEW")}, ${of("REACTIVATION")}, ${of("EXPANSION")},
      -${of("CONTRACTION")}, -${of("CHURN")}, 0, 0, 0
    from movements r
    where r.workspace_id = ${workspaceId} and r.effective_on >= ${window.fromOn}::date and r.effective_on < ${window.untilOn}::date
      and ${counts(tx, "movements", version)}
    group by 1, 2, 3, 4`;
}

/** The transfers of the window that count, once where they left and once where they came; within one plan they are none. */
function transferLegs(tx: Tx, { window, version }: ReconciliationQuestion): Fragment {
  const { sql, workspaceId } = tx;
  const legs = (product: string, plan: string, out: Fragment, into: Fragment) => sql`
    select r.account_id, ${sql(`r.${product}`)}, ${sql(`r.${plan}`)}, r.currency, 0, 0, 0, 0, 0, 0, ${into}, ${out}, 0
    from transfers r
    where r.workspace_id = ${workspaceId} and r.effective_on >= ${window.fromOn}::date and r.effective_on < ${window.untilOn}::date
      and r.from_plan_id <> r.to_plan_id and ${counts(tx, "transfers", version)}`;
  return sql`${legs("from_product_id", "from_plan_id", sql`r.amount_minor`, sql`0`)}
    union all ${legs("to_product_id", "to_plan_id", sql`0`, sql`r.amount_minor`)}`;
}
