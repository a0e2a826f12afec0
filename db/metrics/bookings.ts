// What is signed beside what is live: committed ARR, what of it is pending, and the bridges between the two over a window. At the level
// of accounts, with all usage, at constant rates: no policy of metrics enters.

import type { Tx } from "../kernel/database.ts";
import type { PlainDate, Window } from "../kernel/dates.ts";
import { badInput } from "../kernel/errors.ts";
import { allOf, type Fragment, listed, unprepared } from "../kernel/fragments.ts";
import type { AsOf } from "../kernel/knowledge.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPage } from "../kernel/pages.ts";
import { abs } from "../kernel/rational.ts";
import type { AccountDay } from "../movements/balances.ts";
import type { MovementFilter } from "../movements/condition.ts";
import { accountConditions, parentConditions, versionConditions } from "../movements/filter.ts";
import { getCommitAsOf } from "../workspaces/store.ts";
import type { Period } from "./answer.ts";
import { grainPeriod, periodsOf } from "./periods.ts";
import { type SignedAmounts, signedAmounts } from "./signed-amounts.ts";

export type BookingsQuestion = {
  readonly window: Window;
  /** Conditions on accounts, by what is said of them on the window's last day. */
  readonly filter: MovementFilter;
  readonly asOf: AsOf | null;
};

/** Signed changes told apart, both positive. */
export type Changes = { readonly increaseMinor: bigint; readonly decreaseMinor: bigint };

/** How things stand at a boundary: at the end of the day before it. */
export type Commitments = {
  /** Effective by then: live ARR. */
  readonly liveMinor: bigint;
  /** Effective or signed by then. */
  readonly committedMinor: bigint;
  /** Signed and not yet effective: committed less live, told apart. */
  readonly pending: Changes;
};

export type BookingsMonth = Changes & { readonly period: Period };

export type Bookings = {
  readonly window: Window;
  /** The reporting currency of every amount. */
  readonly currency: string;
  readonly ledgerVersion: bigint;
  readonly opening: Commitments;
  readonly closing: Commitments;
  /** Signed before the window, effective in it. */
  readonly wentLive: Changes;
  /** Signed in the window, effective after it. */
  readonly newlySigned: Changes;
  /** Effective in the window and not signed before it: never pending at either end. */
  readonly immediate: Changes;
  /** What is pending at the closing, by the calendar month in which it takes effect; the first one begins no earlier than the closing. */
  readonly schedule: readonly BookingsMonth[];
  /** What the bridges leave unexplained, summed without sign; 0 unless the books are broken. */
  readonly residualMinor: bigint;
  /** The movements pending at the closing, by the day on which they take effect. */
  pendingMovements(args: PageArgs): Promise<Page<PendingMovement>>;
  countPendingMovements(): Promise<number>;
};

export type PendingMovement = {
  readonly movementId: string;
  readonly effectiveOn: PlainDate;
  readonly signedOn: PlainDate;
  /** Signed; in the reporting currency. */
  readonly amountMinor: bigint;
};

/**
 * Bookings of a window. BAD_USER_INPUT for a window that holds no day and for a condition on lines, flows, segments or days (field
 * `filter.…`); RATE_MISSING for an amount in a currency without a constant rate.
 */
export async function askBookings(tx: Tx, { window, filter, asOf }: BookingsQuestion): Promise<Bookings> {
  periodsOf(window, "WHOLE", 1);
  requireAccountConditions(filter);
  const { version: ledgerVersion } = await getCommitAsOf(tx, asOf);
  const ofAccounts = accountsOn(tx, filter, { window, ledgerVersion });
  const amounts = await signedAmounts(tx, { ledgerVersion, ofAccounts });
  const sums = await readSums(tx, amounts, window);
  return {
    window,
    currency: amounts.currency,
    ledgerVersion,
    ...bridgesOf(sums),
    schedule: await readSchedule(tx, amounts, window),
    pendingMovements: (args) => listPending(tx, amounts, window, args),
    countPendingMovements: async () => Number(sums.pendingMovements),
  };
}

/** Each account's committed ARR at the end of its day, minor units of the reporting currency; accounts without any are left out. */
export async function sumCommitted(
  tx: Tx,
  asked: readonly AccountDay[],
  version: bigint,
): Promise<readonly (AccountDay & { readonly arrMinor: bigint })[]> {
  const { sql } = tx;
  const ids = [...new Set(asked.map(({ accountId }) => accountId))];
  const ofAccounts = (accountId: Fragment) => sql`${accountId} = any(${ids}::uuid[])`;
  const { relations } = await signedAmounts(tx, { ledgerVersion: version, ofAccounts });
  return unprepared(sql<(AccountDay & { arrMinor: bigint })[]>`
    with ${listed(sql, relations)}
    select asked.account_id as "accountId", asked.day as "on", sum(m.amount_minor)::bigint as "arrMinor"
    from unnest(${asked.map(({ accountId }) => accountId)}::uuid[], ${asked.map(({ on }) => on)}::date[]) as asked(account_id, day)
    join signed m on m.account_id = asked.account_id and (m.effective_on <= asked.day or m.signed_on <= asked.day)
    group by asked.account_id, asked.day`);
}

const accountFields: readonly string[] = [
  "accountIds",
  "accountExternalIds",
  "channel",
  "region",
  "industry",
  "owner",
  "parentIds",
  "attributes",
  "firstArr",
];

/** A balance by line moves by transfer, and one by flow is none: what is pending of it could not be told. */
function requireAccountConditions(filter: MovementFilter): void {
  for (const [field, value] of Object.entries(filter)) {
    if (value === undefined || accountFields.includes(field)) continue;
    badInput(`filter.${field}`, `Bookings are of whole accounts: leave '${field}' out of the filter.`);
  }
}

/** The filter's condition on an account's id: who fits on the window's last day. */
function accountsOn(
  { sql, workspaceId }: Tx,
  filter: MovementFilter,
  { window, ledgerVersion }: { readonly window: Window; readonly ledgerVersion: bigint },
): (accountId: Fragment) => Fragment {
  const context = { workspaceId, ledgerVersion };
  const inForce = (alias: string) => sql`${sql(alias)}.workspace_id = ${workspaceId} and ${sql(alias)}.account_id = a.id
    and ${sql(alias)}.from_on < ${window.untilOn}::date and (${sql(alias)}.until_on is null or ${sql(alias)}.until_on >= ${window.untilOn}::date)
    and ${sql(alias)}.recorded_version <= ${ledgerVersion} and ${sql(alias)}.superseded_version > ${ledgerVersion}`;
  const conditions = [...versionConditions(sql, filter, "v"), ...parentConditions(sql, filter, sql`h.parent_id`)];
  return (accountId) =>
    allOf(sql, [
      ...accountConditions(sql, filter, context, accountId),
      ...(conditions.length === 0
        ? []
        : [
            sql`${accountId} in (select a.id from accounts a left join account_versions v on ${inForce("v")}
              left join account_parents h on ${inForce("h")} where a.workspace_id = ${workspaceId} and ${allOf(sql, conditions)})`,
          ]),
    ]);
}

type Sums = Readonly<Record<string, bigint>>;

/** Every figure is a sum of its own, so that the bridges are a check. */
async function readSums(tx: Tx, { relations }: SignedAmounts, { fromOn, untilOn }: Window): Promise<Sums> {
  const { sql } = tx;
  const [s, e] = [sql`${fromOn}::date`, sql`${untilOn}::date`];
  const parts: Readonly<Record<string, Fragment>> = {
    openingLive: sql`effective_on < ${s}`,
    closingLive: sql`effective_on < ${e}`,
    openingCommitted: sql`effective_on < ${s} or signed_on < ${s}`,
    closingCommitted: sql`effective_on < ${e} or signed_on < ${e}`,
    ...toldApart(tx, {
      openingPending: sql`effective_on >= ${s} and signed_on < ${s}`,
      closingPending: sql`effective_on >= ${e} and signed_on < ${e}`,
      wentLive: sql`effective_on >= ${s} and effective_on < ${e} and signed_on < ${s}`,
      newlySigned: sql`effective_on >= ${e} and signed_on >= ${s} and signed_on < ${e}`,
      immediate: sql`effective_on >= ${s} and effective_on < ${e} and signed_on >= ${s}`,
    }),
  };
  const columns = Object.entries(parts).map(
    ([name, condition]) => sql`coalesce(sum(amount_minor) filter (where ${condition}), 0)::bigint as ${sql(name)}`,
  );
  const pending = sql`count(*) filter (where effective_on >= ${e} and signed_on < ${e}) as "pendingMovements"`;
  const [row] = await unprepared(sql<Sums[]>`
    with ${listed(sql, [...relations])} select ${listed(sql, [...columns, pending])} from signed`);
  return row ?? {};
}

function toldApart({ sql }: Tx, parts: Readonly<Record<string, Fragment>>): Readonly<Record<string, Fragment>> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, condition]) => [
      [`${name}Increase`, sql`${condition} and amount_minor > 0`],
      [`${name}Decrease`, sql`${condition} and amount_minor < 0`],
    ]),
  );
}

function bridgesOf(
  sums: Sums,
): Pick<Bookings, "opening" | "closing" | "wentLive" | "newlySigned" | "immediate" | "residualMinor"> {
  const of = (name: string) => sums[name] ?? 0n;
  const changes = (name: string) => ({ increaseMinor: of(`${name}Increase`), decreaseMinor: -of(`${name}Decrease`) });
  const at = (end: string) => ({
    liveMinor: of(`${end}Live`),
    committedMinor: of(`${end}Committed`),
    pending: changes(`${end}Pending`),
  });
  const [opening, closing] = [at("opening"), at("closing")];
  const [wentLive, newlySigned, immediate] = [changes("wentLive"), changes("newlySigned"), changes("immediate")];
  const left = [
    opening.liveMinor + net(wentLive) + net(immediate) - closing.liveMinor,
    opening.committedMinor + net(newlySigned) + net(immediate) - closing.committedMinor,
    net(opening.pending) - net(wentLive) + net(newlySigned) - net(closing.pending),
    opening.committedMinor - opening.liveMinor - net(opening.pending),
    closing.committedMinor - closing.liveMinor - net(closing.pending),
  ];
  const residualMinor = left.reduce((sum, amount) => sum + abs(amount), 0n);
  return { opening, closing, wentLive, newlySigned, immediate, residualMinor };
}

/** Increases less decreases. */
export function net({ increaseMinor, decreaseMinor }: Changes): bigint {
  return increaseMinor - decreaseMinor;
}

async function readSchedule(
  tx: Tx,
  { relations }: SignedAmounts,
  { untilOn }: Window,
): Promise<readonly BookingsMonth[]> {
  const { sql } = tx;
  const rows = await unprepared(sql<({ month: PlainDate } & Changes)[]>`
    with ${listed(sql, [...relations])}
    select date_trunc('month', effective_on::timestamp)::date as month,
      coalesce(sum(amount_minor) filter (where amount_minor > 0), 0)::bigint as "increaseMinor",
      coalesce(-sum(amount_minor) filter (where amount_minor < 0), 0)::bigint as "decreaseMinor"
    from signed where effective_on >= ${untilOn}::date and signed_on < ${untilOn}::date group by month order by month`);
  return rows.map(({ month, ...changes }) => {
    const whole = grainPeriod(month, "MONTH", 1);
    const partial = whole.fromOn < untilOn;
    return { ...changes, period: { ...whole, fromOn: partial ? untilOn : whole.fromOn, partial } };
  });
}

async function listPending(
  tx: Tx,
  { relations }: SignedAmounts,
  { untilOn }: Window,
  args: PageArgs,
): Promise<Page<PendingMovement>> {
  const { sql } = tx;
  const listing: Listing = {
    workspaceId: tx.workspaceId,
    name: "pendingMovements",
    keys: [
      { name: "EFFECTIVE_ON", direction: "ASC", type: "date", expression: sql`m.effective_on` },
      { name: "ID", direction: "ASC", type: "uuid", expression: sql`m.id` },
    ],
  };
  const page = pageQuery(sql, listing, args);
  const rows = await unprepared(sql<(PendingMovement & SortedRow)[]>`
    with ${listed(sql, [...relations])}
    select m.id as "movementId", m.effective_on as "effectiveOn", m.signed_on as "signedOn", m.amount_minor as "amountMinor",
      ${page.sortedBy} as "sortedBy"
    from signed m where m.effective_on >= ${untilOn}::date and m.signed_on < ${untilOn}::date and ${page.where}
    order by ${page.orderBy} limit ${page.limit}`);
  return toPage(listing, args, rows);
}
