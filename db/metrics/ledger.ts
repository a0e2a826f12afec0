// Which rows of the ledger a question reads: the stored ones, and those that the policy's level and usage derive anew, side by side.

import { textArray, wordArray } from "../kernel/arrays.ts";
import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import { unreversed } from "../movements/filter.ts";
import type { PolicyLedger } from "../movements/policy-ledger.ts";
import type { Reading } from "./reading.ts";

/**
 * `booked`: every movement that counts, in its own currency. Its `account_id` is the unit that balances are of, `own_account_id` the
 * account whose line it is.
 */
export function bookedRelations(reading: Reading): Fragment[] {
  const { sql, context, policyLedger } = reading;
  const stored = sql`
    select m.account_id, m.account_id as own_account_id, m.effective_on, m.type, m.driver, m.amount_minor, m.currency, m.line_id,
      m.external_id as source_id, m.product_id, m.plan_id, m.kind, m.is_add_on, m.motion, m.campaign, m.change_id,
      m.change_id <> m.id as is_later_part, null::int as gap_days
    from movements m where ${unreversed(sql, "m", context)} ${notReplaced(reading, "m")}`;
  if (!policyLedger) return [sql`booked as not materialized (${stored})`];
  return [
    sql`unit_movements as materialized (${unitMovements(sql, policyLedger)})`,
    sql`booked as not materialized (${stored} union all select * from unit_movements)`,
  ];
}

/**
 * `booked_transfers`: every transfer that counts, in its own currency, with the units and lines on both sides; the lines' source ids only
 * where amounts are converted.
 */
export function bookedTransferRelations(reading: Reading): Fragment[] {
  const { sql, context, policyLedger, foreign } = reading;
  const sources =
    foreign.length > 0
      ? {
          columns: sql`coalesce(f.external_id, '') as from_source_id, coalesce(o.external_id, '') as to_source_id`,
          joins: sql`left join contract_lines f on f.workspace_id = t.workspace_id and f.id = t.from_line_id
            left join contract_lines o on o.workspace_id = t.workspace_id and o.id = t.to_line_id`,
        }
      : { columns: sql`'' as from_source_id, '' as to_source_id`, joins: sql`` };
  const stored = sql`
    select t.id::text as transfer_id, t.effective_on, t.amount_minor, t.currency, t.account_id as from_account_id,
      t.account_id as to_account_id, t.account_id as from_own_account_id, t.account_id as to_own_account_id, t.from_line_id, t.to_line_id,
      ${sources.columns}, t.from_product_id, t.from_plan_id, t.to_product_id, t.to_plan_id, null::text as kind, null::boolean as is_add_on,
      false as starts_unit
    from transfers t ${sources.joins}
    where ${unreversed(sql, "t", context, "transfers")} ${notReplaced(reading, "t")}`;
  if (!policyLedger) return [sql`booked_transfers as not materialized (${stored})`];
  return [
    sql`unit_transfers as materialized (${unitTransfers(sql, policyLedger)})`,
    sql`booked_transfers as not materialized (${stored} union all select * from unit_transfers)`,
  ];
}

/**
 * `account_id` and `first_on` of every unit's first ARR, over `booked` and `booked_transfers`: a NEW, or what first came from another unit.
 * Nothing where the stored ledger says it.
 */
export function unitFirsts(sql: FragmentMaker, { policyLedger }: Pick<Reading, "policyLedger">): Fragment | undefined {
  if (!policyLedger) return undefined;
  const moved = policyLedger.transfers.some(({ startsUnit }) => startsUnit)
    ? sql`union all select t.to_account_id, t.effective_on from booked_transfers t where t.starts_unit`
    : sql``;
  return sql`(select n.account_id, n.effective_on as first_on from booked n where n.type = 'NEW' ${moved})`;
}

/** Everything that the balances of units are made of before the window's end, unconverted: account, day, currency, amount. */
export function allEntries({ sql, window, unitsMove }: Reading): Fragment {
  const moves = sql`
    union all select leg.account_id, t.effective_on, t.currency, leg.amount_minor
    from booked_transfers t
    cross join lateral (values (t.from_account_id, -t.amount_minor), (t.to_account_id, t.amount_minor)) leg(account_id, amount_minor)
    where t.from_account_id <> t.to_account_id and t.effective_on < ${window.untilOn}::date`;
  return sql`
    select b.account_id, b.effective_on, b.currency, b.amount_minor from booked b where b.effective_on < ${window.untilOn}::date
    ${unitsMove ? moves : sql``}`;
}

/** The account's stored rows count: no others stand for them. */
function notReplaced({ sql, policyLedger }: Reading, alias: string): Fragment {
  const replaced = policyLedger?.replacedAccountIds ?? [];
  return replaced.length === 0
    ? sql``
    : sql`and ${sql(alias)}.account_id not in (select replaced.id from unnest(${wordArray(replaced)}::uuid[]) as replaced(id))`;
}

function unitMovements(sql: FragmentMaker, { movements }: PolicyLedger): Fragment {
  const words = (of: (movement: PolicyLedger["movements"][number]) => string | bigint | boolean | null) =>
    wordArray(movements.map(of));
  const texts = (of: (movement: PolicyLedger["movements"][number]) => string | null) => textArray(movements.map(of));
  return sql`
    select * from unnest(
      ${words((m) => m.unitId)}::uuid[], ${words((m) => m.accountId)}::uuid[], ${words((m) => m.effectiveOn)}::date[],
      ${words((m) => m.type)}::text[], ${words((m) => m.driver)}::text[], ${words((m) => m.amountMinor)}::bigint[],
      ${words((m) => m.currency)}::text[], ${words((m) => m.lineId)}::uuid[], ${texts((m) => m.sourceId)}::text[],
      ${words((m) => m.productId)}::uuid[], ${words((m) => m.planId)}::uuid[], ${words((m) => m.kind)}::text[],
      ${words((m) => m.isAddOn)}::boolean[], ${texts((m) => m.motion)}::text[], ${texts((m) => m.campaign)}::text[],
      ${words((m) => m.changeId)}::uuid[], ${words((m) => m.isLaterPart)}::boolean[],
      ${words((m) => (m.gapDays === null ? null : BigInt(m.gapDays)))}::int[]
    ) as u(account_id, own_account_id, effective_on, type, driver, amount_minor, currency, line_id, source_id, product_id, plan_id, kind,
      is_add_on, motion, campaign, change_id, is_later_part, gap_days)`;
}

function unitTransfers(sql: FragmentMaker, { transfers }: PolicyLedger): Fragment {
  const words = (of: (transfer: PolicyLedger["transfers"][number]) => string | bigint | boolean | null) =>
    wordArray(transfers.map(of));
  const texts = (of: (transfer: PolicyLedger["transfers"][number]) => string | null) => textArray(transfers.map(of));
  return sql`
    select * from unnest(
      ${wordArray(transfers.map((_, index) => `unit-${index}`))}::text[], ${words((t) => t.effectiveOn)}::date[],
      ${words((t) => t.amountMinor)}::bigint[], ${words((t) => t.currency)}::text[],
      ${words((t) => t.fromUnitId)}::uuid[], ${words((t) => t.toUnitId)}::uuid[],
      ${words((t) => t.fromAccountId)}::uuid[], ${words((t) => t.toAccountId)}::uuid[],
      ${words((t) => t.fromLineId)}::uuid[], ${words((t) => t.toLineId)}::uuid[],
      ${texts((t) => t.fromSourceId)}::text[], ${texts((t) => t.toSourceId)}::text[],
      ${words((t) => t.fromProductId)}::uuid[], ${words((t) => t.fromPlanId)}::uuid[],
      ${words((t) => t.toProductId)}::uuid[], ${words((t) => t.toPlanId)}::uuid[],
      ${words((t) => t.kind)}::text[], ${words((t) => t.isAddOn)}::boolean[], ${words((t) => t.startsUnit)}::boolean[]
    ) as u(transfer_id, effective_on, amount_minor, currency, from_account_id, to_account_id, from_own_account_id, to_own_account_id,
      from_line_id, to_line_id, from_source_id, to_source_id, from_product_id, from_plan_id, to_product_id, to_plan_id, kind, is_add_on,
      starts_unit)`;
}
