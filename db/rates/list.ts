// Reads of rates for the API: page by page, as a ledger version knows them.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { allOf, type Fragment } from "../kernel/fragments.ts";
import { knownAt } from "../kernel/knowledge.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPage } from "../kernel/pages.ts";

/** One unit of `fromCurrency` is `rate` units of `toCurrency`, from `fromOn` until the next rate of the pair. */
export type ExchangeRate = {
  readonly fromCurrency: string;
  readonly toCurrency: string;
  readonly fromOn: PlainDate;
  /** The first day of the next rate of the pair; null for the last one. */
  readonly untilOn: PlainDate | null;
  /** A plain decimal without needless zeros. */
  readonly rate: string;
  readonly recordedVersion: bigint;
  readonly recordedAt: string;
};

export type RateFilter = {
  readonly rateSetId: string;
  /** As known at this ledger version. */
  readonly version: bigint;
  /** Only what holds on the day. */
  readonly on?: PlainDate | null | undefined;
  readonly fromCurrency?: string | null | undefined;
  readonly toCurrency?: string | null | undefined;
};

/** The rates of a set by pair and day. BAD_USER_INPUT for a page that cannot be answered. */
export async function listRates(tx: Tx, filter: RateFilter, args: PageArgs): Promise<Page<ExchangeRate>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: `rates ${filter.rateSetId}`,
    keys: [
      { name: "FROM_CURRENCY", direction: "ASC", type: "text", expression: sql`s.from_currency` },
      { name: "TO_CURRENCY", direction: "ASC", type: "text", expression: sql`s.to_currency` },
      { name: "FROM_ON", direction: "ASC", type: "date", expression: sql`s.from_on` },
    ],
  };
  const page = pageQuery(sql, listing, args);
  const rows = await sql<(ExchangeRate & SortedRow)[]>`
    select s.from_currency as "fromCurrency", s.to_currency as "toCurrency", s.from_on as "fromOn", s.until_on as "untilOn",
      trim_scale(s.rate)::text as rate, s.recorded_version as "recordedVersion", c.recorded_at::text as "recordedAt",
      ${page.sortedBy} as "sortedBy"
    from ${spans(tx, filter)} join commits c on c.workspace_id = ${tx.workspaceId} and c.version = s.recorded_version
    where ${holds(tx, filter)} and ${page.where}
    order by ${page.orderBy} limit ${page.limit}`;
  return toPage(listing, args, rows);
}

/** How many rates that list has. */
export async function countRates(tx: Tx, filter: RateFilter): Promise<number> {
  const [row] = await tx.sql<{ count: bigint }[]>`
    select count(*) as count from ${spans(tx, filter)} where ${holds(tx, filter)}`;
  return Number(row?.count ?? 0n);
}

function spans({ sql, workspaceId }: Tx, { rateSetId, version, fromCurrency, toCurrency }: RateFilter): Fragment {
  const pairs = [
    ...(fromCurrency == null ? [] : [sql`r.from_currency = ${fromCurrency}`]),
    ...(toCurrency == null ? [] : [sql`r.to_currency = ${toCurrency}`]),
  ];
  return sql`(
    select r.from_currency collate "C" as from_currency, r.to_currency collate "C" as to_currency, r.from_on, r.rate, r.recorded_version,
      lead(r.from_on) over (partition by r.from_currency, r.to_currency order by r.from_on) as until_on
    from exchange_rates r
    where r.workspace_id = ${workspaceId} and r.rate_set_id = ${rateSetId}::uuid and ${knownAt(sql, "r", version)}
      and ${allOf(sql, pairs)}) s`;
}

function holds({ sql }: Tx, { on }: RateFilter): Fragment {
  return on == null ? sql`true` : sql`s.from_on <= ${on}::date and (s.until_on is null or s.until_on > ${on}::date)`;
}
