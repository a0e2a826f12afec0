// Facts taken out again, in the very columns that the import takes: what is known now, one record per row of a file. Derived movements
// leave as ready-made ones; reversed movements and their reversals, which cancel, stay behind.

import type { Tx } from "../kernel/database.ts";
import { dateMin, type PlainDate } from "../kernel/dates.ts";
import { publicId } from "../kernel/ids.ts";
import { formatMoney } from "../kernel/money.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import { attributePrefix } from "./columns.ts";
import type { ImportKind } from "./kinds.ts";

/** One row by column name; null is an empty cell. Numbers and dates are texts already, exact as stored. */
export type ExportRow = Readonly<Record<string, string | null>>;

export type Export = {
  /** In the order of the file. */
  readonly columns: readonly string[];
  /** Rows in a fixed order; read in blocks while the transaction is open. */
  readonly rows: AsyncIterable<ExportRow>;
};

/** The columns that hold numbers, which a spreadsheet may compute with; all others are text. */
export const numberColumns: ReadonlySet<string> = new Set([
  "rank",
  "quantity",
  "unit_price",
  "discount_percent",
  "discount_amount",
  "amount",
  "rate",
]);

const blockRows = 2_000;

/** Opens an export of one kind of fact. Use it inside the transaction, which gives it one snapshot. */
export async function openExport(tx: Tx, kind: ImportKind): Promise<Export> {
  switch (kind) {
    case "catalog":
      return { columns: catalogColumns, rows: inBlocks(catalogRows(tx)) };
    case "accounts":
      return accountExport(tx);
    case "contract-lines":
      return { columns: contractLineColumns, rows: inBlocks(contractLineRows(tx)) };
    case "movements":
      return { columns: movementColumns, rows: movementExport(tx) };
    case "rates":
      return { columns: rateColumns, rows: inBlocks(rateRows(tx)) };
    case "usage":
      return { columns: usageColumns, rows: inBlocks(usageRows(tx)) };
  }
}

type Cursor<Row> = { cursor(rows: number): AsyncIterable<Row[]> };

async function* inBlocks<Row>(query: Cursor<Row>): AsyncGenerator<Row> {
  for await (const block of query.cursor(blockRows)) yield* block;
}

const catalogColumns = ["product_id", "product_name", "family", "plan_id", "plan_name", "rank"] as const;

function catalogRows({ sql, workspaceId }: Tx): Cursor<ExportRow> {
  return sql<ExportRow[]>`
    select p.external_id as product_id, v.name as product_name, v.family, l.external_id as plan_id, w.name as plan_name,
      w.rank::text as rank
    from plans l
      join plan_versions w on w.workspace_id = l.workspace_id and w.plan_id = l.id and w.superseded_version = ${liveVersion}
      join products p on p.workspace_id = l.workspace_id and p.id = l.product_id
      join product_versions v on v.workspace_id = p.workspace_id and v.product_id = p.id
        and v.superseded_version = ${liveVersion}
    where l.workspace_id = ${workspaceId}
    order by p.external_id, w.rank, l.external_id`;
}

const accountColumns = [
  "account_id",
  "name",
  "parent_id",
  "channel",
  "region",
  "industry",
  "owner",
  "effective_on",
] as const;

type AccountRow = Readonly<Record<(typeof accountColumns)[number], string | null>> & {
  readonly from_on: PlainDate;
  readonly attributes: string;
};

async function accountExport(tx: Tx): Promise<Export> {
  const names = await tx.sql<{ name: string }[]>`
    select distinct jsonb_object_keys(attributes) as name from account_versions
    where workspace_id = ${tx.workspaceId} and superseded_version = ${liveVersion} order by 1`;
  const attributes = names.map(({ name }) => name);
  async function* rows(): AsyncGenerator<ExportRow> {
    for await (const row of inBlocks(accountRows(tx))) {
      const { from_on, attributes: text, ...cells } = row;
      const values = JSON.parse(text) as Record<string, string>;
      const own = attributes.map((name) => [attributePrefix + name, values[name] ?? null] as const);
      // What is true since always is written as it may be sent: empty.
      yield { ...cells, effective_on: from_on === dateMin ? null : from_on, ...Object.fromEntries(own) };
    }
  }
  return { columns: [...accountColumns, ...attributes.map((name) => attributePrefix + name)], rows: rows() };
}

/** One row per day on which an account's attributes or its parent change: a row states both. */
function accountRows({ sql, workspaceId }: Tx): Cursor<AccountRow> {
  return sql<AccountRow[]>`
    with days as (
      select account_id, from_on as day from account_versions
      where workspace_id = ${workspaceId} and superseded_version = ${liveVersion}
      union
      select account_id, from_on from account_parents
      where workspace_id = ${workspaceId} and superseded_version = ${liveVersion}
      union
      select account_id, until_on from account_parents
      where workspace_id = ${workspaceId} and superseded_version = ${liveVersion} and until_on is not null
    )
    select a.external_id as account_id, v.name, p.external_id as parent_id, v.channel, v.region, v.industry, v.owner,
      null as effective_on, d.day as from_on, v.attributes::text as attributes
    from days d
      join accounts a on a.workspace_id = ${workspaceId} and a.id = d.account_id
      join account_versions v on v.workspace_id = a.workspace_id and v.account_id = a.id
        and v.superseded_version = ${liveVersion} and v.from_on <= d.day and (v.until_on is null or v.until_on > d.day)
      left join account_parents r on r.workspace_id = a.workspace_id and r.account_id = a.id
        and r.superseded_version = ${liveVersion} and r.from_on <= d.day and (r.until_on is null or r.until_on > d.day)
      left join accounts p on p.workspace_id = r.workspace_id and p.id = r.parent_id
    order by a.external_id, d.day`;
}

const contractLineColumns = [
  "line_id",
  "contract_id",
  "account_id",
  "product_id",
  "plan_id",
  "kind",
  "is_add_on",
  "from_on",
  "until_on",
  "quantity",
  "unit_price",
  "discount_percent",
  "discount_amount",
  "billing_interval",
  "currency",
  "term_ends_on",
  "booked_on",
  "motion",
  "campaign",
] as const;

function contractLineRows({ sql, workspaceId }: Tx): Cursor<ExportRow> {
  return sql<ExportRow[]>`
    select l.external_id as line_id, c.external_id as contract_id, a.external_id as account_id, p.external_id as product_id,
      n.external_id as plan_id, v.kind, v.is_add_on::text as is_add_on, v.from_on, v.until_on, v.quantity::text as quantity,
      v.unit_price::text as unit_price, v.discount_percent::text as discount_percent,
      v.discount_amount::text as discount_amount, v.billing_interval, v.currency, v.term_ends_on, v.booked_on, v.motion,
      v.campaign
    from contract_line_versions v
      join contract_lines l on l.workspace_id = v.workspace_id and l.id = v.line_id
      join contracts c on c.workspace_id = v.workspace_id and c.id = v.contract_id
      join accounts a on a.workspace_id = v.workspace_id and a.id = v.account_id
      join products p on p.workspace_id = v.workspace_id and p.id = v.product_id
      join plans n on n.workspace_id = v.workspace_id and n.id = v.plan_id
    where v.workspace_id = ${workspaceId} and v.superseded_version = ${liveVersion}
    order by l.external_id, v.from_on`;
}

const movementColumns = [
  "movement_id",
  "account_id",
  "effective_on",
  "type",
  "driver",
  "amount",
  "currency",
  "product_id",
  "plan_id",
  "kind",
  "is_add_on",
  "motion",
  "campaign",
  "booked_on",
] as const;

type MovementRow = Readonly<Record<Exclude<(typeof movementColumns)[number], "amount" | "currency">, string | null>> & {
  readonly id: string;
  readonly amount_minor: bigint;
  readonly currency: string;
};

async function* movementExport(tx: Tx): AsyncGenerator<ExportRow> {
  for await (const { id, amount_minor, movement_id, ...cells } of inBlocks(movementRows(tx))) {
    yield {
      ...cells,
      movement_id: movement_id ?? publicId("movement", id),
      amount: formatMoney(amount_minor, cells.currency),
    };
  }
}

function movementRows({ sql, workspaceId }: Tx): Cursor<MovementRow> {
  return sql<MovementRow[]>`
    select m.id, m.external_id as movement_id, a.external_id as account_id, m.effective_on, m.type, m.driver, m.amount_minor,
      m.currency, p.external_id as product_id, n.external_id as plan_id, m.kind, m.is_add_on::text as is_add_on, m.motion,
      m.campaign, m.booked_on
    from movements m
      join accounts a on a.workspace_id = m.workspace_id and a.id = m.account_id
      left join products p on p.workspace_id = m.workspace_id and p.id = m.product_id
      left join plans n on n.workspace_id = m.workspace_id and n.id = m.plan_id
    where m.workspace_id = ${workspaceId} and m.reverses is null
      and not exists (select from movements r where r.workspace_id = m.workspace_id and r.reverses = m.id)
    order by m.effective_on, a.external_id, m.id`;
}

const rateColumns = ["rate_set", "kind", "from_currency", "to_currency", "from_on", "rate"] as const;

function rateRows({ sql, workspaceId }: Tx): Cursor<ExportRow> {
  return sql<ExportRow[]>`
    select s.name as rate_set, s.kind, r.from_currency, r.to_currency,
      case when s.kind = 'DATED' then r.from_on end as from_on, trim_scale(r.rate)::text as rate
    from exchange_rates r join rate_sets s on s.workspace_id = r.workspace_id and s.id = r.rate_set_id
    where r.workspace_id = ${workspaceId} and r.superseded_version = ${liveVersion}
    order by s.name, r.from_currency, r.to_currency, r.from_on`;
}

const usageColumns = ["line_id", "from_on", "until_on", "amount"] as const;

function usageRows({ sql, workspaceId }: Tx): Cursor<ExportRow> {
  return sql<ExportRow[]>`
    select l.external_id as line_id, u.from_on, u.until_on, u.amount::text as amount
    from usage_periods u
      join contract_lines l on l.workspace_id = u.workspace_id and l.id = u.line_id
    where u.workspace_id = ${workspaceId} and u.superseded_version = ${liveVersion}
    order by l.external_id, u.from_on`;
}
